import { z } from 'zod';
import type { Percent, SignalId, UnixMs } from './basics';
import type { ExchangeName } from './exchange';
import type { Symbol } from './instrument';

/** Which of the four wave values a signal carries; an absent key means the signal did not say. */
export interface FilterParams {
  readonly maxTrades?: number;
  readonly stopLoss?: Percent;
  readonly trailingActivation?: Percent;
  readonly trailingDistance?: Percent;
}
export const PARAM_NAMES = ['maxTrades', 'stopLoss', 'trailingActivation', 'trailingDistance'] as const;
export type ParamName = (typeof PARAM_NAMES)[number];

/** A signal after validation at the edge (domain: adapted signal). */
export interface Signal {
  readonly id: SignalId;
  readonly symbol: Symbol;
  /** As the server wrote it, for the record. */
  readonly pairSymbol: string;
  readonly action: 'buy' | 'sell';
  readonly exchange: ExchangeName;
  readonly exchangeId: number;
  readonly scoreWeek: number;
  readonly scoreMonth: number;
  readonly scoreWeekFilter: number | null;
  readonly scoreMonthFilter: number | null;
  /** Opening time of the 15-minute candle, or null when the server left it out. */
  readonly timestamp: UnixMs | null;
  readonly createdAt: UnixMs | null;
  /** Opening time of the wave's candle, floored to 15 minutes. */
  readonly waveTime: UnixMs;
  readonly filterParams: FilterParams | null;
  /** Wall time. */
  readonly receivedAt: UnixMs;
  readonly correlationId: string;
}

/** A signal that could not be read; the rest of its snapshot was. */
export interface BadSignal {
  readonly reason: string;
  readonly field: string;
  /** The offending value, printed and cut to 100 characters. */
  readonly value: string;
  readonly signalId: number | null;
}

export const WaveStatus = z.enum(['processing', 'completed', 'not_found', 'failed']);
export type WaveStatus = z.infer<typeof WaveStatus>;

/** Selection order: score_week + score_month, then score_week, both descending, then id ascending. */
export const compareSignals = (a: Signal, b: Signal): number =>
  b.scoreWeek + b.scoreMonth - (a.scoreWeek + a.scoreMonth) || b.scoreWeek - a.scoreWeek || a.id - b.id;
