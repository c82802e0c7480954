import type { UnixMs } from '#shared/domain/basics';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';

/** Kept of every watched market; the other lengths are folded from these. */
export const KEPT_TIMEFRAMES: readonly Timeframe[] = ['1m', '15m', '1h'];

/** The longest kept candles that a length can be folded from, itself first; null when there are none. */
export const foldedFrom = (timeframe: Timeframe): Timeframe | null =>
  KEPT_TIMEFRAMES.findLast(
    (kept) =>
      TIMEFRAME_MS[kept] < TIMEFRAME_MS[timeframe] && TIMEFRAME_MS[timeframe] % TIMEFRAME_MS[kept] === 0,
  ) ?? null;

/**
 * Longer candles from shorter ones, both ascending. Only what is whole is told: a first period that the short ones
 * do not cover from its beginning would have a wrong open, low and high. A last one that is not over stays open.
 */
export function foldCandles(short: readonly Candle[], from: Timeframe, to: Timeframe): readonly Candle[] {
  const periodMs = TIMEFRAME_MS[to];
  const folded: Candle[] = [];
  for (const candle of short) {
    const openTime = (Math.floor(candle.openTime / periodMs) * periodMs) as UnixMs;
    const last = folded.at(-1);
    const closesIt = candle.openTime + TIMEFRAME_MS[from] === openTime + periodMs;
    if (last?.openTime === openTime) folded[folded.length - 1] = joined(last, candle, closesIt);
    else if (candle.openTime === openTime) folded.push({ ...candle, closed: candle.closed && closesIt });
    // The middle of a period whose beginning is missing: nothing true can be said about it.
  }
  return folded;
}

const joined = (one: Candle, next: Candle, closesIt: boolean): Candle => ({
  openTime: one.openTime,
  open: one.open,
  high: Math.max(one.high, next.high),
  low: Math.min(one.low, next.low),
  close: next.close,
  volume: one.volume + next.volume,
  closed: next.closed && closesIt,
});
