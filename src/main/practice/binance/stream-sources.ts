import type { Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import {
  aggTradeMessage,
  bookTickerMessage,
  diffMessage,
  klineMessage,
  markPriceMessage,
  miniTickerMessage,
  partialMessage,
  tickerMessage,
  tradeMessage,
} from './stream-messages';
import type { StreamName } from './stream-name';
import type { WireMarket } from './wire-market';

/** What one stream has to say now; empty when nothing changed. Called at the stream's own pace. */
export interface StreamSource {
  take(): readonly unknown[];
  close(): void;
}

/** Closed candles sent per flush at most; at 1000x a minute lasts 60 ms and several close between two flushes. */
const MAX_CLOSED = 50;

const steady = (read: () => unknown): StreamSource => ({ take: () => [read()], close: () => {} });

/** Says something only when its text is new. */
function onChange(read: () => unknown, same: (message: unknown) => string): StreamSource {
  let told = '';
  return {
    take() {
      const message = read();
      if (message === null) return [];
      const text = same(message);
      if (text === told) return [];
      told = text;
      return [message];
    },
    close: () => {},
  };
}

function trades(
  market: WireMarket,
  symbol: PracticeSymbol,
  print: (trade: PublicTrade) => unknown,
): StreamSource {
  const most = market.limits.tradesPerFlush;
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
      return due.map(print);
    },
    close: undo,
  };
}

function diffs(market: WireMarket, symbol: PracticeSymbol): StreamSource {
  const collector = market.book(symbol).collect();
  return {
    take() {
      const diff = collector.take();
      return diff === null ? [] : [diffMessage(market, symbol, diff)];
    },
    close: () => collector.close(),
  };
}

function partial(market: WireMarket, symbol: PracticeSymbol, levels: number): StreamSource {
  const book = market.book(symbol);
  let told = -1;
  return {
    take() {
      if (book.lastUpdateId === told) return [];
      const previous = told < 0 ? book.lastUpdateId : told;
      told = book.lastUpdateId;
      return [partialMessage(market, symbol, levels, previous)];
    },
    close: () => {},
  };
}

function klines(market: WireMarket, symbol: PracticeSymbol, timeframe: Timeframe): StreamSource {
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
      return due.map((candle) => klineMessage(market, symbol, timeframe, candle));
    },
    close: undo,
  };
}

/** The source behind a stream of one symbol. */
function sourceOf(market: WireMarket, stream: StreamName, symbol: PracticeSymbol): StreamSource {
  switch (stream.kind) {
    case 'trade':
      return trades(market, symbol, (trade) => tradeMessage(market, symbol, trade));
    case 'aggTrade':
      return trades(market, symbol, (trade) => aggTradeMessage(market, symbol, trade));
    case 'diff':
      return diffs(market, symbol);
    case 'partial':
      return partial(market, symbol, stream.levels);
    case 'bookTicker':
      return onChange(
        () => bookTickerMessage(market, symbol),
        (message) => {
          const { b, B, a, A } = message as Record<'b' | 'B' | 'a' | 'A', string>;
          return `${b}|${B}|${a}|${A}`;
        },
      );
    case 'kline':
      return klines(market, symbol, stream.timeframe);
    case 'ticker':
      return steady(() => tickerMessage(market, symbol));
    case 'miniTicker':
      return steady(() => miniTickerMessage(market, symbol));
    case 'markPrice':
      return steady(() => markPriceMessage(market, symbol));
  }
}

const silent: StreamSource = { take: () => [], close: () => {} };

/** Makes the source of any stream; an unlisted symbol is silent, "all symbols" is one array. */
export function createSource(market: WireMarket, stream: StreamName): StreamSource {
  if (stream.symbol === undefined) return silent;
  if (stream.symbol !== null) return sourceOf(market, stream, stream.symbol);
  const all = market.core.symbols.map((symbol) => sourceOf(market, stream, symbol));
  return {
    take() {
      const messages = all.flatMap((source) => source.take());
      // "!bookTicker" speaks of one symbol per message, the others send an array.
      if (stream.kind === 'bookTicker') return messages;
      return messages.length === 0 ? [] : [messages];
    },
    close: () => {
      for (const source of all) source.close();
    },
  };
}
