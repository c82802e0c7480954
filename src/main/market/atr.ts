import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { createCandles } from './candles';
import { instrumentKey, type MarketTimers } from './source';

/**
 * Average true range by J. Welles Wilder (New Concepts in Technical Trading Systems, 1978): the mean of the first
 * `n` true ranges, then (previous x (n - 1) + range) / n. In quote units; null with fewer than n + 1 closed candles,
 * because the first one has no close before it.
 */
export function wilderAtr(candles: readonly Candle[], n: number): number | null {
  if (!(n >= 1) || candles.length <= n) return null;
  let atr = 0;
  for (let at = 1; at < candles.length; at++) {
    const range = trueRange(candles[at]!, candles[at - 1]!.close);
    atr = at <= n ? atr + range / n : (atr * (n - 1) + range) / n;
  }
  return Number.isFinite(atr) ? atr : null;
}

const trueRange = ({ high, low }: Candle, closeBefore: number): number =>
  Math.max(high, closeBefore) - Math.min(low, closeBefore);

/** Whoever wants a range asks again within this time, or its candles stop. */
const KEPT_MS = 600_000;

interface Followed {
  askedAt: UnixMs;
  /** Wall time of the newest candle heard, closed or not. */
  heardAt: UnixMs;
  /** The values for the newest closed candle, by length. */
  values: Map<number, number | null>;
  of: Candle | undefined;
  end(): void;
}

export interface RangeParts {
  readonly candles: ReturnType<typeof createCandles>;
  readonly timers: MarketTimers;
  now(): UnixMs;
}

/** Average true ranges, fed by the shared candle streams only while somebody asks. */
export function createRanges({ candles, timers, now }: RangeParts) {
  const followed = new Map<string, Followed>();

  const follow = (key: string, venue: VenueKey, symbol: Symbol, timeframe: Timeframe): Followed => {
    const entry: Followed = {
      askedAt: now(),
      heardAt: now(),
      values: new Map(),
      of: undefined,
      end: () => {
        undoTimer();
        undoCandles();
        followed.delete(key);
      },
    };
    followed.set(key, entry);
    const undoCandles = candles.listen(venue, symbol, timeframe, () => {
      entry.heardAt = now();
    });
    let undoTimer: () => void = () => {};
    const checkAfter = (delayMs: number): void => {
      undoTimer = timers.after(delayMs, () => {
        const leftMs = entry.askedAt + KEPT_MS - now();
        if (leftMs <= 0) entry.end();
        else checkAfter(leftMs);
      });
    };
    checkAfter(KEPT_MS);
    return entry;
  };

  return {
    /** Null until the candles are there, and again when none was heard for a whole period: an old range misleads. */
    atr(venue: VenueKey, symbol: Symbol, timeframe: Timeframe = '1h', n = 14): number | null {
      const key = `${instrumentKey(venue, symbol)}|${timeframe}`;
      const entry = followed.get(key) ?? follow(key, venue, symbol, timeframe);
      entry.askedAt = now();
      if (now() - entry.heardAt > TIMEFRAME_MS[timeframe]) return null;
      const closed = candles.buffer(venue, symbol, timeframe)?.closed ?? [];
      const newest = closed.at(-1);
      if (entry.of !== newest) {
        entry.of = newest;
        entry.values.clear();
      }
      const before = entry.values.get(n);
      if (before !== undefined) return before;
      const value = wilderAtr(closed, n);
      entry.values.set(n, value);
      return value;
    },
    close(): void {
      for (const entry of [...followed.values()]) entry.end();
    },
  };
}
