import type { Decimal } from '#shared/domain/basics';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import type { DepthDiff } from '../wire-kit/book-sequence';
import { pad } from '../wire-kit/digits';
import { candleTexts, dayNumbers } from './public-rest';
import type { WireMarket } from './wire-market';

/** USD-M marks its payloads since the coin-margined market shares its hosts (2026-06-30). */
const USD_M = { st: 1 };

type Levels = readonly (readonly [Decimal, Decimal])[];
const printLevels = (market: WireMarket, symbol: PracticeSymbol, levels: Levels) => {
  const digits = market.digits(symbol);
  return levels.map(([price, amount]) => [pad(price, digits.price), pad(amount, digits.amount)]);
};

export function tradeMessage(market: WireMarket, symbol: PracticeSymbol, trade: PublicTrade) {
  const digits = market.digits(symbol);
  return {
    e: 'trade',
    E: market.core.clock.now(),
    ...(market.kind === 'future' ? { T: trade.at } : {}),
    s: symbol.wireSymbol,
    t: trade.tradeId,
    p: pad(trade.price, digits.price),
    q: pad(trade.amount, digits.amount),
    ...(market.kind === 'future' ? { X: 'MARKET' } : { T: trade.at }),
    // True when the buyer rested: then the seller was the aggressor.
    m: trade.side === 'sell',
    ...(market.kind === 'spot' ? { M: true } : {}),
  };
}

export function aggTradeMessage(market: WireMarket, symbol: PracticeSymbol, trade: PublicTrade) {
  const digits = market.digits(symbol);
  const amount = pad(trade.amount, digits.amount);
  return {
    e: 'aggTrade',
    E: market.core.clock.now(),
    s: symbol.wireSymbol,
    a: trade.tradeId,
    p: pad(trade.price, digits.price),
    q: amount,
    ...(market.kind === 'future' ? { nq: amount } : {}),
    f: trade.tradeId,
    l: trade.tradeId,
    T: trade.at,
    m: trade.side === 'sell',
    ...(market.kind === 'spot' ? { M: true } : USD_M),
  };
}

export function bookTickerMessage(market: WireMarket, symbol: PracticeSymbol) {
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  const [bid] = bids;
  const [ask] = asks;
  if (bid === undefined || ask === undefined) return null;
  const digits = market.digits(symbol);
  const top = {
    b: pad(bid[0], digits.price),
    B: pad(bid[1], digits.amount),
    a: pad(ask[0], digits.price),
    A: pad(ask[1], digits.amount),
  };
  const u = market.book(symbol).lastUpdateId;
  if (market.kind === 'spot') return { u, s: symbol.wireSymbol, ...top };
  const now = market.core.clock.now();
  const names = { s: symbol.wireSymbol, ps: symbol.wireSymbol };
  return { e: 'bookTicker', u, E: now, T: now, ...names, ...top, ...USD_M };
}

export function diffMessage(market: WireMarket, symbol: PracticeSymbol, diff: DepthDiff) {
  const now = market.core.clock.now();
  const future = market.kind === 'future';
  return {
    e: 'depthUpdate',
    E: now,
    ...(future ? { T: now } : {}),
    s: symbol.wireSymbol,
    ...(future ? { ps: symbol.wireSymbol } : {}),
    U: diff.first,
    u: diff.last,
    ...(future ? { pu: diff.previousLast } : {}),
    b: printLevels(market, symbol, diff.bids),
    a: printLevels(market, symbol, diff.asks),
    ...(future ? USD_M : {}),
  };
}

export function partialMessage(
  market: WireMarket,
  symbol: PracticeSymbol,
  levels: number,
  previousLast: number,
) {
  const book = market.core.matching.book(symbol.symbol, levels);
  const last = market.book(symbol).lastUpdateId;
  if (market.kind === 'future')
    return diffMessage(market, symbol, { first: previousLast + 1, last, previousLast, ...book });
  return {
    lastUpdateId: last,
    bids: printLevels(market, symbol, book.bids),
    asks: printLevels(market, symbol, book.asks),
  };
}

export function klineMessage(
  market: WireMarket,
  symbol: PracticeSymbol,
  timeframe: Timeframe,
  candle: PracticeCandle,
) {
  const texts = candleTexts(market, symbol, candle);
  const none = candle.trades === 0;
  return {
    e: 'kline',
    E: market.core.clock.now(),
    s: symbol.wireSymbol,
    k: {
      t: candle.openTime,
      T: candle.openTime + TIMEFRAME_MS[timeframe] - 1,
      s: symbol.wireSymbol,
      i: timeframe,
      f: none ? -1 : candle.firstTradeId,
      L: none ? -1 : candle.lastTradeId,
      o: texts.open,
      c: texts.close,
      h: texts.high,
      l: texts.low,
      v: texts.volume,
      n: candle.trades,
      x: candle.closed,
      q: texts.quoteVolume,
      V: texts.takerBase,
      Q: texts.takerQuote,
      B: '0',
    },
    ...(market.kind === 'future' ? USD_M : {}),
  };
}

export function miniTickerMessage(market: WireMarket, symbol: PracticeSymbol) {
  const { day, digits } = dayNumbers(market, symbol);
  return {
    e: '24hrMiniTicker',
    E: market.core.clock.now(),
    s: symbol.wireSymbol,
    c: pad(day.last, digits.price),
    o: pad(day.open, digits.price),
    h: pad(day.high, digits.price),
    l: pad(day.low, digits.price),
    v: pad(day.volume, digits.amount),
    q: pad(day.quoteVolume, digits.price),
    ...(market.kind === 'future' ? USD_M : {}),
  };
}

export function tickerMessage(market: WireMarket, symbol: PracticeSymbol) {
  const { day, digits, change, percent, weighted, bid, ask } = dayNumbers(market, symbol);
  const price = (value: Decimal) => pad(value, digits.price);
  const amount = (value: Decimal) => pad(value, digits.amount);
  return {
    e: '24hrTicker',
    E: market.core.clock.now(),
    s: symbol.wireSymbol,
    p: change,
    P: percent,
    w: weighted,
    ...(market.kind === 'spot' ? { x: price(day.open) } : {}),
    c: price(day.last),
    Q: amount(day.lastAmount),
    ...(market.kind === 'spot'
      ? { b: price(bid[0]), B: amount(bid[1]), a: price(ask[0]), A: amount(ask[1]) }
      : {}),
    o: price(day.open),
    h: price(day.high),
    l: price(day.low),
    v: amount(day.volume),
    q: price(day.quoteVolume),
    O: day.openTime,
    C: day.closeTime,
    F: day.firstTradeId,
    L: day.lastTradeId,
    n: day.count,
    ...(market.kind === 'future' ? USD_M : {}),
  };
}

export function markPriceMessage(market: WireMarket, symbol: PracticeSymbol) {
  const { mark, index, fundingRate, nextFundingAt } = market.core.mark(symbol.symbol);
  return {
    e: 'markPriceUpdate',
    E: market.core.clock.now(),
    s: symbol.wireSymbol,
    p: pad(mark, 8),
    ap: pad(mark, 8),
    P: pad(index, 8),
    i: pad(index, 8),
    r: pad(fundingRate, 8),
    T: nextFundingAt,
    ...USD_M,
  };
}
