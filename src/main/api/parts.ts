import type { AppInfo } from '#shared/contract/app';
import type { WhatIf } from '#shared/contract/params';
import type { ProviderStatus } from '#shared/contract/signals';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { VenueClock } from '#shared/domain/connection';
import type { ExchangeName, VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { StoredParams } from '#shared/domain/params';
import type { QuotingStatus } from '#shared/domain/quoting';
import type { Recording } from '#shared/domain/recording';
import type { Settings } from '#shared/domain/settings';
import type { Pool } from '../connectivity/index';
import type { Engine, EngineEvent } from '../engine/index';
import type { Market } from '../market/index';
import type { Timers } from '../seams/index';
import type { Vault } from '../secrets/index';
import type { ParamsChange } from '../signals/index';
import type { Store } from '../store/index';

/** Free and locked amount per asset of each venue, as last heard; a venue is absent until it has answered. */
export type Balances = ReadonlyMap<
  VenueKey,
  Readonly<Record<string, { readonly free: Decimal; readonly locked: Decimal }>>
>;

export interface WhatIfQuestion {
  readonly exchange: ExchangeName;
  readonly values: StoredParams['values'];
  readonly from: UnixMs;
  readonly to: UnixMs;
}

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
  /** The keys can be read from now on: accounts that were refused for want of them try again. */
  readonly vaultUnlocked: () => void;
  /** Accounts that there is a key for: what they hold is equity, known or not. */
  readonly accounts: () => readonly VenueKey[];
  readonly instruments: () => readonly Instrument[];
  readonly settings: () => Settings;
  /** Stores and applies; the caller has validated. */
  readonly applySettings: (settings: Settings) => void;
  /** A stored or removed key takes effect: links restart with it. */
  readonly keyChanged: (name: string, action: 'stored' | 'removed', last4: string | null) => void;
  readonly reconnect: (linkKey: string) => void;
  /** What the passive quoting strategy does. */
  readonly quoting: { follow(signal: AbortSignal | undefined): AsyncGenerator<QuotingStatus, void, void> };
  /** Records raw frames of all sockets into the profile. */
  readonly recorder: {
    follow(signal: AbortSignal | undefined): AsyncGenerator<Recording, void, void>;
    set(wish: { readonly on: boolean; readonly scrub: boolean }): Recording;
  };
  /** Market data could not be handed to the screens five times in a row; it goes on in 5 s. */
  readonly pushFailed: (error: unknown) => void;
  /** Clocks of the exchanges; the same list until a measurement. */
  readonly clocks: () => readonly VenueClock[];
  readonly waves: () => {
    readonly nextCheckAt: UnixMs | null;
    readonly nextWaveTime: UnixMs | null;
    readonly searching: UnixMs | null;
  };
  /** The signal provider as the Connections panel shows it. */
  readonly provider: () => ProviderStatus;
  /** A person changed the stored params of an exchange. */
  readonly paramsChanged: (before: StoredParams | null, change: ParamsChange) => void;
  /** Stored waves run again under other values; progress, then the result. */
  readonly whatIf: (
    question: WhatIfQuestion,
    signal: AbortSignal | undefined,
  ) => AsyncGenerator<{ readonly progress: number; readonly result: WhatIf | null }, void, void>;
  readonly killed: () => boolean;
  readonly halted: () => { readonly cause: string; readonly since: UnixMs } | null;
  readonly notices: () => readonly string[];
  readonly leaveAsked: () => number;
  /** A person has read the list, and goes or stays. */
  readonly leave: (go: boolean) => void;
}
