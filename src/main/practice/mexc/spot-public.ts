import type { Decimal } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import { mul, places, toNumber } from '#shared/domain/decimal';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { WireError } from './wire-error';
import type { WireMarket } from './wire-market';

export const SPOT_INTERVALS: Readonly<Record<string, Timeframe>> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '60m': '1h',
  '4h': '4h',
  '1d': '1d',
};

/** Names as on the exchange: baseSizePrecision is the smallest amount, quoteAmountPrecision the smallest value. */
const symbolRow = (symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  status: '1',
  baseAsset: symbol.base,
  baseAssetPrecision: places(symbol.stepSize),
  quoteAsset: symbol.quote,
  quotePrecision: places(symbol.tickSize),
  quoteAssetPrecision: places(symbol.tickSize),
  baseCommissionPrecision: places(symbol.stepSize),
  quoteCommissionPrecision: places(symbol.tickSize),
  orderTypes: ['LIMIT', 'MARKET', 'LIMIT_MAKER', 'IMMEDIATE_OR_CANCEL', 'FILL_OR_KILL'],
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  quoteAmountPrecision: symbol.minNotional,
  baseSizePrecision: symbol.minAmount,
  permissions: ['SPOT'],
  filters: [],
  maxQuoteAmount: '2000000',
  makerCommission: symbol.makerFee,
  takerCommission: symbol.takerFee,
  quoteAmountPrecisionMarket: symbol.minNotional,
  maxQuoteAmountMarket: '100000',
  fullName: symbol.base,
  tradeSideType: 1,
});

export function exchangeInfo(market: WireMarket, params: Params) {
  const one = params.text('symbol');
  const symbols = one === undefined ? market.core.symbols : [market.symbolOf(params)];
  return {
    timezone: 'CST',
    serverTime: market.seams.clock.now(),
    rateLimits: [],
    exchangeFilters: [],
    symbols: symbols.map(symbolRow),
  };
}

export function depth(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const { bids, asks } = market.core.matching.book(symbol.symbol, params.limit(100, 5_000));
  const lastUpdateId = market.book(symbol).snapshotId();
  return { lastUpdateId, bids, asks, timestamp: market.core.clock.now() };
}

export function trades(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  return market.core
    .trades(symbol.symbol, params.limit(500, 1_000))
    .toReversed()
    .map((trade) => ({
      id: null,
      price: trade.price,
      qty: trade.amount,
      quoteQty: mul(trade.price, trade.amount),
      time: trade.at,
      isBuyerMaker: trade.side === 'sell',
      isBestMatch: true,
      tradeType: trade.side === 'sell' ? 'ASK' : 'BID',
    }));
}

export function aggTrades(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  return market.core
    .trades(symbol.symbol, params.limit(500, 1_000))
    .toReversed()
    .map((trade) => ({
      a: null,
      f: null,
      l: null,
      p: trade.price,
      q: trade.amount,
      T: trade.at,
      m: trade.side === 'sell',
      M: true,
    }));
}

const text = (value: number): string => (/e/i.test(String(value)) ? value.toFixed(12) : String(value));

export function klines(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const timeframe = SPOT_INTERVALS[params.need('interval')];
  if (timeframe === undefined) throw new WireError(-1121, 'Invalid interval.');
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  const candles = market.core.candles(symbol.symbol, timeframe, {
    ...(start === undefined ? {} : { start: unixMs(start) }),
    ...(end === undefined ? {} : { end: unixMs(end) }),
    limit: params.limit(500, 500),
  });
  return candles.map((candle) => [
    candle.openTime,
    text(candle.open),
    text(candle.high),
    text(candle.low),
    text(candle.close),
    text(candle.volume),
    candle.openTime + TIMEFRAME_MS[timeframe],
    text(candle.quoteVolume),
  ]);
}

/** One row for a symbol, all rows without one. */
export const oneOrAll = <T>(
  market: WireMarket,
  params: Params,
  row: (symbol: PracticeSymbol) => T,
): T | T[] =>
  params.text('symbol') === undefined ? market.core.symbols.map(row) : row(market.symbolOf(params));

const best = (market: WireMarket, symbol: PracticeSymbol) => {
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  const none = ['0', '0'] as unknown as readonly [Decimal, Decimal];
  return { bid: bids[0] ?? none, ask: asks[0] ?? none };
};

export function ticker24(market: WireMarket, symbol: PracticeSymbol) {
  const day = market.core.ticker24h(symbol.symbol);
  const { bid, ask } = best(market, symbol);
  const change = toNumber(day.last) - toNumber(day.open);
  return {
    symbol: symbol.wireSymbol,
    priceChange: change.toFixed(places(symbol.tickSize)),
    // A fraction, whatever its name says.
    priceChangePercent: (change / toNumber(day.open)).toFixed(6),
    prevClosePrice: day.open,
    lastPrice: day.last,
    bidPrice: bid[0],
    bidQty: bid[1],
    askPrice: ask[0],
    askQty: ask[1],
    openPrice: day.open,
    highPrice: day.high,
    lowPrice: day.low,
    volume: day.volume,
    quoteVolume: day.quoteVolume,
    openTime: day.openTime,
    closeTime: day.closeTime,
    count: null,
  };
}

export const tickerPrice = (market: WireMarket, symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  price: market.core.ticker24h(symbol.symbol).last,
});

export function bookTicker(market: WireMarket, symbol: PracticeSymbol) {
  const { bid, ask } = best(market, symbol);
  return { symbol: symbol.wireSymbol, bidPrice: bid[0], bidQty: bid[1], askPrice: ask[0], askQty: ask[1] };
}
