import type { Moment, PositionId, SignalId, UnixMs } from './basics';
import type { Decision, Wave } from './decision';
import type { ExchangeName, Mode, VenueKey } from './exchange';
import type { Fill, Order, OrderFact } from './order';
import type { EffectiveParams, StoredParams } from './params';
import type { Position } from './position';
import type { Settings } from './settings';
import type { BadSignal, Signal } from './signal';

export type Severity = 'debug' | 'info' | 'warning' | 'error' | 'critical';

/**
 * Everything worth remembering, as facts. Rows that change a thing carry its whole new image, so a projection is
 * "put by id" and the state after a restart is the last image of each thing.
 */
export type JournalRecord =
  | { readonly kind: 'app_started'; readonly version: string; readonly mode: Mode; readonly host: string }
  | { readonly kind: 'app_stopped'; readonly reason: string }
  | { readonly kind: 'signal_received'; readonly signal: Signal }
  | { readonly kind: 'signal_rejected'; readonly bad: BadSignal }
  | { readonly kind: 'wave_changed'; readonly wave: Wave }
  | { readonly kind: 'decision_made'; readonly decision: Decision }
  | {
      readonly kind: 'params_changed';
      readonly exchange: ExchangeName;
      readonly before: StoredParams | null;
      readonly after: StoredParams;
      readonly source: 'wave' | 'lock' | 'unlock' | 'rollback';
    }
  | {
      readonly kind: 'params_used';
      readonly params: EffectiveParams;
      readonly waveTime: UnixMs;
      readonly signalId: SignalId | null;
    }
  | { readonly kind: 'position_changed'; readonly position: Position; readonly why: string }
  | {
      readonly kind: 'order_changed';
      readonly order: Order;
      readonly fact: OrderFact | 'intended';
      readonly why: string;
    }
  | { readonly kind: 'fill_applied'; readonly fill: Fill; readonly positionId: PositionId | null }
  | { readonly kind: 'settings_changed'; readonly before: Settings | null; readonly after: Settings }
  | {
      readonly kind: 'key_changed';
      readonly venue: VenueKey | 'signals';
      readonly action: 'stored' | 'removed';
      readonly last4: string | null;
    }
  | {
      readonly kind: 'link_changed';
      readonly link: string;
      readonly state: string;
      readonly problem: string | null;
    }
  | { readonly kind: 'halt_changed'; readonly halted: boolean; readonly cause: string }
  | {
      readonly kind: 'event';
      readonly type: string;
      readonly severity: Severity;
      readonly text: string;
      readonly correlationId: string | null;
      readonly positionId: PositionId | null;
      readonly symbol: string | null;
      readonly exchange: string | null;
      readonly data: Readonly<Record<string, string | number | boolean | null>>;
    };

export type JournalKind = JournalRecord['kind'];

/** A row as stored. `hash` covers the row and the hash before it, so a changed or missing row shows. */
export interface JournalRow {
  readonly seq: number;
  readonly at: Moment;
  readonly record: JournalRecord;
  readonly hash: string;
}
