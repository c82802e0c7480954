import type { ClientOrderId, Decimal, PositionId, PositionSide, SignalId, UnixMs } from './basics';
import type { VenueKey } from './exchange';
import type { Symbol } from './instrument';
import type { ParamValues } from './params';

/**
 * pending_entry: intent on disk, nothing confirmed. entry_placed: the venue has the entry. pending_sl: filled,
 * stop not confirmed. active: filled and protected by a stop on the exchange. closing: an exit is on its way.
 * Ends: closed; failed (no entry happened); rolled_back (entered, no stop possible, closed); phantom (venue does
 * not know it).
 */
export type PositionStatus =
  | 'pending_entry'
  | 'entry_placed'
  | 'pending_sl'
  | 'active'
  | 'closing'
  | 'closed'
  | 'failed'
  | 'rolled_back'
  | 'phantom';

export const OPEN_POSITION_STATUSES: ReadonlySet<PositionStatus> = new Set([
  'pending_entry',
  'entry_placed',
  'pending_sl',
  'active',
  'closing',
]);

export type CloseReason =
  | 'stop_loss'
  | 'trailing_stop'
  | 'take_profit'
  | 'aged_grace'
  | 'aged_progressive'
  | 'manual'
  | 'emergency'
  | 'rollback'
  | 'phantom'
  | 'expired'
  | 'liquidation';

/**
 * domain: trailing stop states. inactive: activation not reached. active: it moves the stop. waiting: it has been active
 * but must not act now, as no price came for five minutes or the exchange has not shown the position since a restart.
 * triggered: its stop filled.
 */
export type TrailingState = 'inactive' | 'waiting' | 'active' | 'triggered';

export interface Trailing {
  readonly state: TrailingState;
  readonly activationPrice: Decimal;
  /** Best price since entry: highest for long, lowest for short. */
  readonly peak: Decimal;
  /** The stop the rule wants now; the exchange's own is `stop.price`. */
  readonly wanted: Decimal | null;
  /** Wall time of the last change the exchange accepted. */
  readonly lastAcceptedAt: UnixMs | null;
  readonly updates: number;
}

/** The protective order that lives on the exchange. */
export interface ExchangeStop {
  readonly clientOrderId: ClientOrderId;
  readonly price: Decimal;
  readonly amount: Decimal;
  /** Wall time at which the exchange confirmed it. */
  readonly confirmedAt: UnixMs;
}

export interface Position {
  readonly id: PositionId;
  readonly venue: VenueKey;
  readonly symbol: Symbol;
  readonly side: PositionSide;
  readonly status: PositionStatus;
  readonly signalId: SignalId | null;
  readonly waveTime: UnixMs | null;
  /** What the intent asked for; base units. */
  readonly intendedAmount: Decimal;
  /** What the fills add up to now, base units, never negative. */
  readonly amount: Decimal;
  /** Average of the entry fills; null before the first. */
  readonly entryPrice: Decimal | null;
  /** Average of the exit fills; null before the first. */
  readonly exitPrice: Decimal | null;
  /** Realised profit in quote before fees, from fills. */
  readonly realised: Decimal;
  /** Fees paid per currency. */
  readonly fees: Readonly<Record<string, Decimal>>;
  /** Copied at opening; later waves never change them. */
  readonly params: ParamValues;
  readonly stop: ExchangeStop | null;
  readonly trailing: Trailing | null;
  readonly closeReason: CloseReason | null;
  readonly note: string | null;
  readonly leverage: Decimal | null;
  /** Market time. */
  readonly openedAt: UnixMs;
  readonly closedAt: UnixMs | null;
  /** Wall time since when an open position has had no confirmed stop on the exchange; null when protected or flat. */
  readonly nakedSince: UnixMs | null;
  readonly correlationId: string;
  /** Version of the exchange's params the values above came from. */
  readonly paramsVersion?: number;
  /** Longest time without any stop on the exchange so far, wall ms. */
  readonly longestNakedMs?: number;
  /** Set once the aged rule applies: its phase and the price at which it closes (market hours old at `at`). */
  readonly aged?: {
    readonly phase: 'grace' | 'progressive';
    readonly target: Decimal;
    readonly at: UnixMs;
  } | null;
  /** Wall time at which its opening was given up because nothing confirmed the entry; what turns up is closed. */
  readonly openFailedAt?: UnixMs;
  /** Found on the exchange without a record here, and protected since. */
  readonly imported?: boolean;
  /**
   * What the exchange holds beyond our fills (negative: less), taken from its own list at market time `asOf`.
   * `price` is the entry price it was counted at; null when the amount only shrank, at a price nobody told.
   */
  readonly outside?: {
    readonly amount: Decimal;
    readonly price: Decimal | null;
    readonly asOf: UnixMs;
  } | null;
}
