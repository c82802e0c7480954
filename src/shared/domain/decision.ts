import { z } from 'zod';
import type { Decimal, PositionId, UnixMs } from './basics';
import type { VenueKey } from './exchange';
import type { EffectiveParams } from './params';
import type { ProviderMode } from './provider';
import type { Signal } from './signal';

/** Why a signal was not traded. Words for people live in the renderer's text file under the same code. */
export const ReasonCode = z.enum([
  'invalid_signal',
  'unknown_exchange',
  'venue_not_connected',
  'already_executed',
  'too_old',
  'stop_listed',
  'not_whitelisted',
  'excluded_pattern',
  'index_symbol',
  'stablecoin_pair',
  'leveraged_token',
  'delisted',
  'duplicate_position',
  'unknown_symbol',
  'market_inactive',
  'no_price',
  'stale_price',
  'below_minimum_notional',
  'low_open_interest',
  'low_volume',
  'price_overheated',
  'price_oversold',
  'not_selected',
  'target_reached',
  'kill_switch',
  'halted',
  'max_positions',
  'max_exposure',
  'insufficient_balance',
  'size_too_small',
  'size_too_large',
  'entry_rejected',
  'entry_not_filled',
  'entry_not_confirmed',
  'stop_not_placed',
  'unreconciled',
  'daily_loss',
  'drawdown',
  'loss_streak',
  'order_rate',
  'order_too_large',
  'symbol_exposure',
  'wave_exposure',
  'provider_exposure',
  'price_collar',
  'crossed_book',
  'trades_per_day',
  'observe_only',
  'not_approved',
  'approval_refused',
  'wave_paused',
  'spread_too_wide',
  'leverage_too_high',
  'missed',
]);
export type ReasonCode = z.infer<typeof ReasonCode>;

/** One rule applied to one signal, with the numbers it saw. Unknown is null. */
export interface RuleCheck {
  readonly rule: string;
  readonly passed: boolean;
  /** What was compared, e.g. { openInterest: "812000", limit: "1000000" }. */
  readonly numbers: Readonly<Record<string, string | number | boolean | null>>;
  readonly note?: string;
}

/** pending: received, its wave not decided yet. awaiting: a person is asked. */
export const SignalFate = z.enum([
  'pending',
  'awaiting',
  'refused',
  'unused',
  'opening',
  'executed',
  'failed',
]);
export type SignalFate = z.infer<typeof SignalFate>;

/** The record that answers "why was this (not) traded?" for one signal. */
export interface Decision {
  readonly signal: Signal;
  readonly venue: VenueKey | null;
  readonly fate: SignalFate;
  readonly reason: ReasonCode | null;
  readonly checks: readonly RuleCheck[];
  readonly params: EffectiveParams | null;
  readonly positionId: PositionId | null;
  /** Price seen when deciding and how old it was (wall ms). */
  readonly price: Decimal | null;
  readonly priceAgeMs: number | null;
  /** Rank in the selection order of its exchange, 1 is best; null before selection. */
  readonly rank: number | null;
  readonly decidedAt: UnixMs;
  /** How the provider was followed when this was decided; absent in records made before there were modes. */
  readonly providerMode?: ProviderMode;
  /** Set while awaiting: size and risk as they would be, and when silence becomes a no (wall). */
  readonly approval?: {
    readonly sizeBase: Decimal;
    readonly sizeUsd: Decimal;
    readonly stopPrice: Decimal;
    readonly riskUsd: Decimal;
    readonly expiresAt: UnixMs;
  } | null;
  /** What was known of the account: free balance, open positions, exposure. Unknown is null. */
  readonly account?: {
    readonly freeUsd: Decimal | null;
    readonly openPositions: number;
    readonly exposureUsd: Decimal | null;
  };
}

/** Per exchange outcome of a wave (spec M-079). */
export interface WaveResult {
  readonly venue: VenueKey | null;
  readonly total: number;
  readonly filtered: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly validated: number;
  readonly executed: number;
  readonly failed: number;
  readonly target: number;
  readonly targetReached: boolean;
  readonly bufferUsed: number;
  /** Signals left out because the same exchange and symbol was open or opening. */
  readonly duplicates?: number;
  /** Where the values came from: any lock or value of mine is an override. Null when there were none. */
  readonly paramsSource?: 'override' | 'wave' | 'database' | 'settings' | null;
}

export interface Wave {
  /** Opening time of the 15-minute candle, market time. */
  readonly waveTime: UnixMs;
  readonly status: 'processing' | 'completed' | 'not_found' | 'failed';
  readonly startedAt: UnixMs;
  readonly completedAt: UnixMs | null;
  readonly signalCount: number;
  readonly results: Readonly<Record<string, WaveResult>>;
  readonly note: string | null;
  /** The rest of this wave was called off by a person. */
  readonly paused?: boolean;
}
