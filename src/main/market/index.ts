import type { UnixMs } from '#shared/domain/basics';
import type { LinkStatus } from '#shared/domain/connection';
import { ONE } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import type { MarketEvent, Timeframe } from '#shared/domain/market';
import { createRanges } from './atr';
import { createCache } from './cache';
import type { CandleBuffer } from './candle-buffer';
import { createCandles } from './candles';
import { connectionOf } from './connection';
import { createFacts } from './facts';
import { createKeeping } from './keeping';
import { OrderBook } from './order-book';
import { createQuotes } from './quotes';
import { instrumentKey, type LocalMarket, type MarketSource, type MarketTimers, Sources } from './source';
import type { Market } from './types';
import { createWatching } from './watching';

export { OrderBook } from './order-book';
export type { LocalMarket, MarketSource, MarketTimers } from './source';
export type { Market, MarketConnection, MarketFacts } from './types';

export interface MarketOptions {
  /** Wall clock. */
  now(): UnixMs;
  readonly timers: MarketTimers;
  /** Left out, no candle and no price survives a restart. */
  readonly local?: LocalMarket;
  /** The sockets behind the venues. Left out, no venue counts as connected. */
  links?(): readonly LinkStatus[];
  /** Hears what the local store threw; the market goes on without it. */
  cacheFailed?(error: unknown): void;
}

/** The market with what only the composition root and other rooms inside need. */
export interface RunningMarket extends Market {
  /** From now on this venue answers; streams already wanted are opened on it. Returns its undo. */
  attach(venue: VenueKey, source: MarketSource): () => void;
  /** A living book: called after each change. Until the first call nothing is known. Returns its undo. */
  onBook(venue: VenueKey, symbol: Symbol, listener: (book: OrderBook) => void): () => void;
  /** Closed candles without a hole, at most 200, and the open one; undefined while nobody listens to them. */
  candleBuffer(venue: VenueKey, symbol: Symbol, timeframe: Timeframe): CandleBuffer | undefined;
}

type PriceListener = Parameters<Market['onPrice']>[0];
const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USD']);

/** Latest prices with age, candles, books and facts. Opens nothing before it is asked to. */
export function createMarket(options: MarketOptions): RunningMarket {
  const { now, timers } = options;
  const cache = createCache(options.local, options.cacheFailed ?? (() => {}));
  const sources = new Sources();
  const quotes = createQuotes(timers);
  const priceListeners = new Set<{ tell: PriceListener }>();
  const receive = (event: MarketEvent): void => {
    quotes.apply(event);
    if (event.type !== 'trade') return;
    for (const listener of [...priceListeners])
      listener.tell(event.venue, event.symbol, event.price, event.seenAt);
  };
  const watching = createWatching(sources, receive);
  const candles = createCandles(sources, timers, cache.saveCandles);
  const ranges = createRanges({ candles, timers, now });
  const facts = createFacts({ sources, quotes, watching, timers, now });
  const keeping = createKeeping({
    cache,
    sources,
    timers,
    now,
    quotes: quotes.all,
    watched: watching.listed,
  });
  const instruments = new Map<string, Instrument>();
  const watches = new Map<string, (() => void)[]>();
  const valued = new Set<string>();
  const books = new Set<() => void>();
  const statusOf = (venue: VenueKey) => connectionOf(venue, options.links?.() ?? [], watching.symbols(venue));

  return {
    quotes: quotes.all,
    quote: quotes.get,
    onQuotes: quotes.onQuotes,
    onPrice(listener) {
      const entry = { tell: listener };
      priceListeners.add(entry);
      return () => void priceListeners.delete(entry);
    },
    watch(venue, symbol, on) {
      const key = instrumentKey(venue, symbol);
      const undos = watches.get(key) ?? [];
      if (on) watches.set(key, [...undos, watching.want(venue, symbol, 'full')]);
      else {
        undos.pop()?.();
        if (undos.length === 0) watches.delete(key);
      }
    },
    watchList(owner, list) {
      watching.setList(owner, list);
      keeping.wake();
    },
    lastKnown: () =>
      cache.prices().map((quote) => ({ ...quote, bid: null, ask: null, mark: null, kept: true })),
    async candlePage({ venue, symbol, timeframe, before, limit }) {
      try {
        const source = sources.get(venue);
        if (source === undefined) throw new Error(`${venue} is not connected`);
        const range = before === undefined ? { limit } : { limit, before };
        const page = await source.candles(symbol, timeframe, range);
        cache.saveCandles(venue, symbol, timeframe, page);
        return { candles: page, offline: false };
      } catch (error) {
        const kept = cache.page(venue, symbol, timeframe, before, limit);
        if (kept.length > 0) return { candles: kept, offline: true };
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`no candles of ${symbol} from the exchange (${why}), and none kept here`);
      }
    },
    onCandle: candles.listen,
    candleBuffer: candles.buffer,
    async factsFor(venue, symbol, withinMs, signalAt) {
      const asked = await facts.of(venue, symbol, withinMs, signalAt);
      // A paper account trades the exchange's perpetual, so it shares its instruments.
      const listed = instruments.get(instrumentKey(venue.replace(/_paper$/, '_future') as VenueKey, symbol));
      return { instrument: listed ?? null, ...asked };
    },
    atr: ranges.atr,
    isConnected: (venue) => statusOf(venue).connected,
    getConnectionStatus: statusOf,
    setInstruments(list) {
      instruments.clear();
      for (const one of list)
        instruments.set(instrumentKey(`${one.exchange}_${one.market}`, one.symbol), one);
    },
    lastPriceInUsd(venue, asset) {
      if (DOLLARS.has(asset)) return ONE;
      const symbol = Symbol.safeParse(`${asset}/USDT${venue.endsWith('_spot') ? '' : ':USDT'}`);
      if (!symbol.success) return null;
      const key = instrumentKey(venue, symbol.data);
      // A coin without a USDT market must not open a stream that stays silent for ever.
      if (!instruments.has(key)) return null;
      if (!valued.has(key)) {
        valued.add(key);
        watching.want(venue, symbol.data, 'light');
      }
      return quotes.price(venue, symbol.data)?.price ?? null;
    },
    attach(venue, source) {
      sources.set(venue, source);
      return () => {
        if (sources.get(venue) === source) sources.set(venue, undefined);
      };
    },
    onBook(venue, symbol, listener) {
      const undo = followBook(sources, venue, symbol, listener);
      books.add(undo);
      return () => {
        books.delete(undo);
        undo();
      };
    },
    close() {
      keeping.close();
      facts.close();
      ranges.close();
      watching.close();
      candles.close();
      quotes.close();
      priceListeners.clear();
      for (const undo of books) undo();
      books.clear();
    },
  };
}

/** Follows the book through whichever source the venue has; a new source begins with a snapshot of its own. */
function followBook(
  sources: Sources,
  venue: VenueKey,
  symbol: Symbol,
  listener: (book: OrderBook) => void,
): () => void {
  const book = new OrderBook();
  const subscribe = () =>
    sources.get(venue)?.subscribe({ kind: 'book', symbol }, (event) => {
      if (event.type === 'book-snapshot') book.applySnapshot(event);
      else if (event.type === 'book-delta') book.applyDelta(event);
      else return;
      listener(book);
    });
  let undo = subscribe();
  const undoSources = sources.onChange((changed) => {
    if (changed !== venue) return;
    undo?.();
    undo = subscribe();
  });
  return () => {
    undoSources();
    undo?.();
  };
}
