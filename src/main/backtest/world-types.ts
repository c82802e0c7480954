import type { EquityPoint } from '#shared/contract/params';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { ExchangeName, VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import type { EffectiveParams } from '#shared/domain/params';
import type { Settings } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';
import type { SignalFacts } from '../engine/index';
import type { CandleKey } from './candle-window';

/** A wave with what could be known of it then; the same for both runs but for its params. */
export interface PlannedWave {
  readonly at: UnixMs;
  readonly waveTime: UnixMs;
  readonly signals: readonly {
    readonly signal: Signal;
    readonly venue: VenueKey | null;
    readonly facts: SignalFacts;
  }[];
  readonly params: Readonly<Partial<Record<ExchangeName, EffectiveParams>>>;
}

export interface WorldParts {
  readonly from: UnixMs;
  readonly settings: Settings;
  /** All that is listed: its rules, and which bases there are. */
  readonly instruments: readonly Instrument[];
  /** Perpetuals that may be traded, by their account. */
  readonly venues: ReadonlyMap<VenueKey, readonly Instrument[]>;
  candleAt(key: CandleKey, time: number): Candle | undefined;
  /** USD at each exchange. */
  readonly startUsd: Decimal;
  readonly takerFee: Decimal;
  /** Says every point of every path, also where no rule acts: slower, for proof that it changes nothing. */
  readonly everyPoint?: boolean;
}

/** One run of the engine over a made-up market, minute by minute. */
export interface World {
  begin(): Promise<void>;
  /** Lives through the next minute with the waves that fall into it. */
  minute(waves: readonly PlannedWave[]): Promise<void>;
  /** Instruments with a position now. */
  held(): readonly CandleKey[];
  /** Values what is left at the end. */
  end(): Promise<WorldResult>;
  /** How much was done so far, to share the processor by. */
  readonly steps: number;
  close(): Promise<void>;
}

export interface WorldResult {
  readonly curve: readonly EquityPoint[];
  readonly trades: number;
  readonly profitUsd: number;
  readonly openAtEnd: readonly Symbol[];
  /** What the engine or the venue complained about; empty when all went as it should. */
  readonly troubles: readonly string[];
}
