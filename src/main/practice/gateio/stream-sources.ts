import type { Decimal } from '#shared/domain/basics';
import type { PracticeSymbol, PublicTrade } from '../types';
import type { DepthDiff, DiffCollector } from '../wire-kit/book-sequence';
import {
  candleSource,
  diffSource,
  onChange,
  type StreamSource,
  silent,
  steady,
  tradeSource,
} from '../wire-kit/stream-sources';
import { candleRow, futureTicker, spotTicker } from './public-rest';
import type { PublicStream } from './stream-name';
import { seconds } from './times';
import type { GateMarket } from './wire-market';

const MOST_TRADES = 200;
type Levels = readonly (readonly [Decimal, Decimal])[];

/** What a stream says, as whole frames. */
export function createSource(market: GateMarket, stream: PublicStream): StreamSource {
  const { symbol } = stream;
  const frame = frames(market, stream.kind);
  switch (stream.kind) {
    case 'tickers':
      return steady(() =>
        market.kind === 'spot' ? frame(spotTicker(market, symbol)) : frame([futureTicker(market, symbol)]),
      );
    case 'trades':
      return tradeSource(market, symbol, MOST_TRADES, (trades) =>
        market.kind === 'spot'
          ? trades.map((trade) => frame(spotTrade(market, symbol, trade)))
          : [frame(trades.map((trade) => futureTrade(market, symbol, trade)))],
      );
    case 'book_ticker':
      return onChange(
        () => bookTicker(market, symbol),
        ({ b, B, a, A }) => `${b}|${B}|${a}|${A}`,
        frame,
      );
    case 'order_book_update':
      return diffSource(market.book(symbol), (diff) => frame(bookUpdate(market, symbol, diff)));
    case 'obu':
      return wholeBook(market, stream, frame);
    case 'candlesticks':
      return candleSource(market, symbol, stream.timeframe, (candle) => {
        const { t, o, h, l, c, v, a } = candleRow(market, symbol, candle);
        const n = `${stream.timeframe}_${market.nameOf(symbol)}`;
        const w = candle.closed;
        return market.kind === 'spot'
          ? frame({ t, v, c, h, l, o, n, a, w })
          : frame([{ t: Number(t), v: Number(v), c, h, l, o, n, a, w }]);
      });
    // The engine does not tell whom it closed to the world.
    case 'public_liquidates':
      return silent;
  }
}

/** Puts a result into a frame of its channel, at market time. */
export const frames =
  (market: GateMarket, kind: string) =>
  (result: unknown): unknown => {
    const now = market.core.clock.now();
    const channel = `${market.kind === 'spot' ? 'spot' : 'futures'}.${kind}`;
    return { time: seconds(now), time_ms: now, channel, event: 'update', result };
  };

const spotTrade = (market: GateMarket, symbol: PracticeSymbol, trade: PublicTrade) => ({
  id: trade.tradeId,
  id_market: trade.tradeId,
  create_time: seconds(trade.at),
  create_time_ms: `${trade.at}.000000`,
  side: trade.side,
  currency_pair: market.nameOf(symbol),
  amount: trade.amount,
  price: trade.price,
  range: `${trade.tradeId}-${trade.tradeId}`,
});
const futureTrade = (market: GateMarket, symbol: PracticeSymbol, trade: PublicTrade) => ({
  size: Number(market.toSize(symbol, trade.amount, trade.side)),
  id: trade.tradeId,
  create_time: seconds(trade.at),
  create_time_ms: trade.at,
  price: trade.price,
  contract: market.nameOf(symbol),
});

/** Amounts as text on spot, contracts as numbers on futures. */
const sizeOf = (market: GateMarket, symbol: PracticeSymbol, amount: Decimal): string | number =>
  market.kind === 'spot' ? amount : Number(market.toSize(symbol, amount, 'buy'));

function bookTicker(market: GateMarket, symbol: PracticeSymbol) {
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  const [bid] = bids;
  const [ask] = asks;
  if (bid === undefined || ask === undefined) return null;
  return {
    t: market.core.clock.now(),
    u: market.book(symbol).lastUpdateId,
    s: market.nameOf(symbol),
    b: bid[0],
    B: sizeOf(market, symbol, bid[1]),
    a: ask[0],
    A: sizeOf(market, symbol, ask[1]),
  };
}

/** Rows of a book: pairs of text, or of {p, s} where futures say so. */
const rows = (market: GateMarket, symbol: PracticeSymbol, levels: Levels, named: boolean) =>
  levels.map(([price, amount]) => {
    const size = sizeOf(market, symbol, amount);
    return named ? { p: price, s: size } : [price, String(size)];
  });

function bookUpdate(market: GateMarket, symbol: PracticeSymbol, { first, last, bids, asks }: DepthDiff) {
  const named = market.kind === 'future';
  const now = market.core.clock.now();
  return {
    t: now,
    ...(named ? {} : { e: 'depthUpdate', E: seconds(now) }),
    s: market.nameOf(symbol),
    U: first,
    u: last,
    l: '100',
    b: rows(market, symbol, bids, named),
    a: rows(market, symbol, asks, named),
  };
}

/** A snapshot first, then changes that follow it without a gap; every subscriber has one of its own. */
function wholeBook(
  market: GateMarket,
  stream: Extract<PublicStream, { kind: 'obu' }>,
  frame: (result: unknown) => unknown,
): StreamSource {
  const { symbol, name, levels } = stream;
  const book = market.book(symbol);
  let collector: DiffCollector | null = null;
  const side = (list: Levels) => rows(market, symbol, list, false);
  return {
    take() {
      const t = market.core.clock.now();
      if (collector === null) {
        collector = book.collect();
        const { bids, asks } = market.core.matching.book(symbol.symbol, levels);
        return [frame({ t, full: true, s: name, u: book.lastUpdateId, b: side(bids), a: side(asks) })];
      }
      const diff = collector.take();
      if (diff === null) return [];
      // An empty side is left out.
      const b = diff.bids.length === 0 ? {} : { b: side(diff.bids) };
      const a = diff.asks.length === 0 ? {} : { a: side(diff.asks) };
      return [frame({ t, s: name, U: diff.first, u: diff.last, ...b, ...a })];
    },
    close: () => collector?.close(),
  };
}
