import type { PracticeSymbol } from '../types';
import {
  candleSource,
  diffSource,
  onChange,
  pictureSource,
  type StreamSource,
  silent,
  steady,
  tradeSource,
} from '../wire-kit/stream-sources';
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

/** The source behind a stream of one symbol. */
function sourceOf(market: WireMarket, stream: StreamName, symbol: PracticeSymbol): StreamSource {
  switch (stream.kind) {
    case 'trade':
      return tradeSource(market, symbol, market.limits.tradesPerFlush, (trades) =>
        trades.map((trade) => tradeMessage(market, symbol, trade)),
      );
    case 'aggTrade':
      return tradeSource(market, symbol, market.limits.tradesPerFlush, (trades) =>
        trades.map((trade) => aggTradeMessage(market, symbol, trade)),
      );
    case 'diff':
      return diffSource(market.book(symbol), (diff) => diffMessage(market, symbol, diff));
    case 'partial':
      return pictureSource(market.book(symbol), (previous) =>
        partialMessage(market, symbol, stream.levels, previous),
      );
    case 'bookTicker':
      return onChange(
        () => bookTickerMessage(market, symbol),
        ({ b, B, a, A }) => `${b}|${B}|${a}|${A}`,
      );
    case 'kline':
      return candleSource(market, symbol, stream.timeframe, (candle) =>
        klineMessage(market, symbol, stream.timeframe, candle),
      );
    case 'ticker':
      return steady(() => tickerMessage(market, symbol));
    case 'miniTicker':
      return steady(() => miniTickerMessage(market, symbol));
    case 'markPrice':
      return steady(() => markPriceMessage(market, symbol));
  }
}

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
