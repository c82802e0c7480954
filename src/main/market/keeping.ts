import type { InstrumentRef } from '#shared/contract/market';
import type { UnixMs } from '#shared/domain/basics';
import type { Candle, Quote, Timeframe } from '#shared/domain/market';
import type { Cache } from './cache';
import { CLOSED_KEPT } from './candle-buffer';
import { KEPT_TIMEFRAMES } from './fold';
import { instrumentKey, type MarketTimers, type Sources } from './source';

/** Last prices are written together this often. */
const PRICES_EVERY_MS = 30_000;
/** Candles of a watched market are asked for this often, one question a second; an answer reaches back 200 candles. */
const CANDLES_EVERY_MS: Partial<Record<Timeframe, number>> = { '1m': 900_000, '15m': 3_600_000 };
const OTHERS_EVERY_MS = 6 * 3_600_000;
const BETWEEN_MS = 1_000;

export interface KeepingParts {
  readonly cache: Cache;
  readonly sources: Sources;
  readonly timers: MarketTimers;
  readonly now: () => UnixMs;
  readonly quotes: () => readonly Quote[];
  /** What all windows have on their lists. */
  readonly watched: () => readonly InstrumentRef[];
}

/** Writes down the last price and the last candles of every watched market, so that they can be seen offline. */
export function createKeeping({ cache, sources, timers, now, quotes, watched }: KeepingParts) {
  const askedAt = new Map<string, number>();
  const savedAt = new Map<string, number>();
  let undoPrices: (() => void) | null = null;
  let undoCandles: (() => void) | null = null;

  const savePrices = (): void => {
    undoPrices = null;
    const wanted = new Set(watched().map(({ venue, symbol }) => instrumentKey(venue, symbol)));
    if (wanted.size === 0) return;
    const fresh = quotes().filter((quote) => {
      const key = instrumentKey(quote.venue, quote.symbol);
      return quote.last !== null && wanted.has(key) && savedAt.get(key) !== quote.seenAt;
    });
    if (fresh.length > 0) cache.savePrices(fresh);
    for (const quote of fresh) savedAt.set(instrumentKey(quote.venue, quote.symbol), quote.seenAt);
    undoPrices = timers.after(PRICES_EVERY_MS, savePrices);
  };

  const keyOf = (ref: InstrumentRef, timeframe: Timeframe): string =>
    `${instrumentKey(ref.venue, ref.symbol)}|${timeframe}`;
  const nextDue = (): { ref: InstrumentRef; timeframe: Timeframe } | null => {
    for (const ref of watched())
      for (const timeframe of KEPT_TIMEFRAMES) {
        const last = askedAt.get(keyOf(ref, timeframe));
        if (last === undefined || now() - last >= (CANDLES_EVERY_MS[timeframe] ?? OTHERS_EVERY_MS))
          return { ref, timeframe };
      }
    return null;
  };
  const askNext = async (): Promise<void> => {
    undoCandles = null;
    const due = nextDue();
    if (watched().length === 0) return;
    if (due !== null) {
      const { ref, timeframe } = due;
      // Also when it fails: asked again in its turn, and by every chart that is opened.
      askedAt.set(keyOf(ref, timeframe), now());
      const ask = sources.get(ref.venue)?.candles(ref.symbol, timeframe, { limit: CLOSED_KEPT + 1 });
      const candles: readonly Candle[] = await (ask ?? Promise.resolve([])).catch(() => []);
      cache.saveCandles(ref.venue, ref.symbol, timeframe, candles);
    }
    undoCandles ??= timers.after(due === null ? PRICES_EVERY_MS : BETWEEN_MS, () => void askNext());
  };

  return {
    /** Something is watched: keeping begins, and ends by itself with the last list. */
    wake(): void {
      if (watched().length === 0) return;
      undoPrices ??= timers.after(PRICES_EVERY_MS, savePrices);
      undoCandles ??= timers.after(BETWEEN_MS, () => void askNext());
    },
    /** Writes what is known now. */
    close(): void {
      savePrices();
      undoPrices?.();
      undoCandles?.();
    },
  };
}
