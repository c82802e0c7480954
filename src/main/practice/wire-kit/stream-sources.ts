import type { Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import type { BookSequence, DepthDiff } from './book-sequence';
import type { MarketView } from './market-view';

/** What one stream has to say now; empty when nothing changed. Called at the stream's own pace. */
export interface StreamSource {
  take(): readonly unknown[];
  close(): void;
}

/** Closed candles sent per flush at most; at 1000x a minute lasts 60 ms and several close between two flushes. */
const MAX_CLOSED = 50;

/** Never says anything. */
export const silent: StreamSource = { take: () => [], close: () => {} };

/** Says how things are every time it is asked. */
export const steady = (read: () => unknown): StreamSource => ({ take: () => [read()], close: () => {} });

/** Says something only when its text is new; null says nothing. `print` makes the message; left out, it is what was read. */
export function onChange<T>(
  read: () => T | null,
  same: (message: T) => string,
  print: (message: T) => unknown = (message) => message,
): StreamSource {
  let told = '';
  return {
    take() {
      const message = read();
      if (message === null) return [];
      const text = same(message);
      if (text === told) return [];
      told = text;
      return [print(message)];
    },
    close: () => {},
  };
}

/** Public trades of a symbol, oldest first; the newest `most` of a burst. */
export function tradeSource(
  market: MarketView,
  symbol: PracticeSymbol,
  most: number,
  print: (trades: readonly PublicTrade[]) => readonly unknown[],
): StreamSource {
  let waiting: PublicTrade[] = [];
  const undo = market.onEvent((event) => {
    if (event.type !== 'trade' || event.symbol !== symbol.symbol) return;
    const { tradeId, price, amount, at } = event;
    waiting.push({ tradeId, price, amount, side: event.aggressor, at });
    // The newest ones stay together: a reader sees one gap, not many.
    if (waiting.length > 2 * most) waiting = waiting.slice(-most);
  });
  return {
    take() {
      const due = waiting.slice(-most);
      waiting = [];
      return due.length === 0 ? [] : print(due);
    },
    close: undo,
  };
}

/** What changed in a book since the last time. */
export function diffSource(book: BookSequence, print: (diff: DepthDiff) => unknown): StreamSource {
  const collector = book.collect();
  return {
    take() {
      const diff = collector.take();
      return diff === null ? [] : [print(diff)];
    },
    close: () => collector.close(),
  };
}

/** A picture of a book whenever it changed; `print` gets the update id of the picture before (its own at first). */
export function pictureSource(book: BookSequence, print: (previous: number) => unknown): StreamSource {
  let told = -1;
  return {
    take() {
      if (book.lastUpdateId === told) return [];
      const previous = told < 0 ? book.lastUpdateId : told;
      told = book.lastUpdateId;
      return [print(previous)];
    },
    close: () => {},
  };
}

/** Candles of a symbol: those that closed since the last time, then the open one when it changed. */
export function candleSource(
  market: MarketView,
  symbol: PracticeSymbol,
  timeframe: Timeframe,
  print: (candle: PracticeCandle) => unknown,
): StreamSource {
  const closed = new Map<number, PracticeCandle>();
  let open: PracticeCandle | null =
    market.core.candles(symbol.symbol, timeframe, { limit: 1 }).at(-1) ?? null;
  const undo = market.core.subscribe((event) => {
    if (event.type !== 'candle' || event.symbol !== symbol.symbol || event.timeframe !== timeframe) return;
    if (!event.candle.closed) {
      open = event.candle;
      return;
    }
    closed.set(event.candle.openTime, event.candle);
    if (open !== null && open.openTime <= event.candle.openTime) open = null;
    const oldest = closed.keys().next();
    if (closed.size > MAX_CLOSED && !oldest.done) closed.delete(oldest.value);
  });
  return {
    take() {
      const due = open === null ? [...closed.values()] : [...closed.values(), open];
      closed.clear();
      open = null;
      return due.map(print);
    },
    close: undo,
  };
}
