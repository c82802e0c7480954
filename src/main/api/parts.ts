import type { AppInfo } from '#shared/contract/app';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Settings } from '#shared/domain/settings';
import type { Pool } from '../connectivity/index';
import type { Engine, EngineEvent } from '../engine/index';
import type { Market } from '../market/index';
import type { Timers } from '../seams/index';
import type { Vault } from '../secrets/index';
import type { Store } from '../store/index';

/** Free and locked amount per asset of each venue, as last heard; a venue is absent until it has answered. */
export type Balances = ReadonlyMap<
  VenueKey,
  Readonly<Record<string, { readonly free: Decimal; readonly locked: Decimal }>>
>;

/** What the contract is implemented with: the running parts of one desk. */
export interface DeskParts {
  readonly info: AppInfo;
  readonly wallNow: () => UnixMs;
  readonly marketNow: () => UnixMs;
  readonly timers: Timers;
  readonly store: Store;
  readonly engine: Engine;
  readonly post: (event: EngineEvent) => void;
  readonly market: Market;
  readonly pool: Pool;
  readonly vault: Vault;
  readonly balances: () => Balances;
  readonly instruments: () => readonly Instrument[];
  readonly settings: () => Settings;
  /** Stores and applies; the caller has validated. */
  readonly applySettings: (settings: Settings) => void;
  /** A stored or removed key takes effect: links restart with it. */
  readonly keyChanged: (name: string, action: 'stored' | 'removed', last4: string | null) => void;
  readonly reconnect: (linkKey: string) => void;
  readonly waves: () => {
    readonly nextCheckAt: UnixMs | null;
    readonly nextWaveTime: UnixMs | null;
    readonly searching: UnixMs | null;
  };
  readonly killed: () => boolean;
  readonly halted: () => { readonly cause: string; readonly since: UnixMs } | null;
  readonly notices: () => readonly string[];
}
