import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle, Quote, Timeframe } from '#shared/domain/market';
import { foldCandles, foldedFrom } from './fold';
import type { LocalMarket } from './source';

/** Rows read from the local store, from which a page before some time is cut. */
const LOCAL_ROWS = 2_000;

/**
 * What rests on this machine for the time without a network. It may be switched off or fail at any moment: then
 * nothing is kept and nothing found, and everything else goes on.
 */
export function createCache(local: LocalMarket | undefined, failed: (error: unknown) => void) {
  const attempt = <T>(run: (store: LocalMarket) => T, otherwise: T): T => {
    if (local === undefined) return otherwise;
    try {
      return run(local);
    } catch (error) {
      failed(error);
      return otherwise;
    }
  };
  const rowsOf = (venue: VenueKey, symbol: Symbol, timeframe: Timeframe): readonly Candle[] =>
    attempt((store) => store.candles(venue, symbol, timeframe, LOCAL_ROWS), []);

  return {
    saveCandles(venue: VenueKey, symbol: Symbol, timeframe: Timeframe, candles: readonly Candle[]): void {
      if (candles.length > 0)
        attempt((store) => store.saveCandles(venue, symbol, timeframe, candles), undefined);
    },
    /** The newest candles before a time; folded from shorter ones where those reach further to now. */
    page(
      venue: VenueKey,
      symbol: Symbol,
      timeframe: Timeframe,
      before: UnixMs | undefined,
      limit: number,
    ): readonly Candle[] {
      const own = rowsOf(venue, symbol, timeframe);
      const short = foldedFrom(timeframe);
      const folded = short === null ? [] : foldCandles(rowsOf(venue, symbol, short), short, timeframe);
      const all = merged(own, folded);
      return all.filter((row) => before === undefined || row.openTime < before).slice(-limit);
    },
    savePrices: (quotes: readonly Quote[]): void => attempt((store) => store.savePrices(quotes), undefined),
    prices: (): readonly Quote[] => attempt((store) => store.prices(), []),
  };
}
export type Cache = ReturnType<typeof createCache>;

/** Both ascending: the exchange's own candles as far as they go, then those folded from shorter ones. */
function merged(own: readonly Candle[], folded: readonly Candle[]): readonly Candle[] {
  const end = own.findLast((row) => row.closed)?.openTime ?? Number.NEGATIVE_INFINITY;
  const newer = folded.filter((row) => row.openTime > end);
  if (newer.length === 0) return own;
  return [...own.filter((row) => row.openTime < newer[0]!.openTime), ...newer];
}
