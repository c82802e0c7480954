import { type UnixMs, unixMs } from '#shared/domain/basics';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';

const bucketOf = (time: number, stepMs: number): UnixMs => unixMs(time - (time % stepMs));

/** Longer candles out of single minutes, ascending. A first one whose beginning is missing is left out. */
export function mergeCandles(minutes: readonly Candle[], timeframe: Timeframe): Candle[] {
  const stepMs = TIMEFRAME_MS[timeframe];
  const merged: Candle[] = [];
  for (const minute of minutes) {
    const openTime = bucketOf(minute.openTime, stepMs);
    const last = merged.at(-1);
    if (last?.openTime === openTime) merged[merged.length - 1] = joined(last, minute, stepMs);
    else if (merged.length > 0 || minute.openTime === openTime)
      merged.push({ ...minute, openTime, closed: isLast(minute, stepMs) });
  }
  // One whose last minute had no trade is over all the same once the next one has begun.
  return merged.map((one, at) => (at < merged.length - 1 ? { ...one, closed: true } : one));
}

const isLast = (minute: Candle, stepMs: number): boolean =>
  minute.closed && minute.openTime % stepMs === stepMs - TIMEFRAME_MS['1m'];

const joined = (candle: Candle, minute: Candle, stepMs: number): Candle => ({
  openTime: candle.openTime,
  open: candle.open,
  high: Math.max(candle.high, minute.high),
  low: Math.min(candle.low, minute.low),
  close: minute.close,
  volume: candle.volume + minute.volume,
  closed: isLast(minute, stepMs),
});

/**
 * The same for a living stream of minutes, begun with those of the running stretch that came before it. Each minute may
 * come many times, the newest image counts.
 */
export function createMerger(timeframe: Timeframe) {
  const stepMs = TIMEFRAME_MS[timeframe];
  let minutes = new Map<number, Candle>();
  return {
    /** The merged candle after this minute; null while its beginning is not known. */
    take(minute: Candle): Candle | null {
      const bucket = bucketOf(minute.openTime, stepMs);
      const [first] = minutes.keys();
      if (first !== undefined && bucketOf(first, stepMs) !== bucket) minutes = new Map();
      minutes.set(minute.openTime, minute);
      const ordered = [...minutes.values()].sort((a, b) => a.openTime - b.openTime);
      return mergeCandles(ordered, timeframe).at(-1) ?? null;
    },
  };
}
