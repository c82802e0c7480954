import { type Decimal, unixMs } from '#shared/domain/basics';
import { div, places, toNumber } from '#shared/domain/decimal';
import type { Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import type { Params } from '../wire-kit/params';
import { WireError } from './wire-error';
import { contractsOf, futureDealId, type WireMarket } from './wire-market';

export const INTERVALS: Readonly<Record<string, Timeframe>> = {
  Min1: '1m',
  Min5: '5m',
  Min15: '15m',
  Min30: '30m',
  Min60: '1h',
  Hour4: '4h',
  Day1: '1d',
};
const MOST_CANDLES = 2_000;

const detailRow = (market: WireMarket, symbol: PracticeSymbol, at: number) => ({
  id: 10 + at,
  symbol: market.nameOf(symbol),
  displayName: `${symbol.base}_${symbol.quote} PERPETUAL`,
  displayNameEn: `${symbol.base}_${symbol.quote} PERPETUAL`,
  positionOpenType: 3,
  baseCoin: symbol.base,
  quoteCoin: symbol.quote,
  settleCoin: symbol.quote,
  futureType: 1,
  contractSize: Number(symbol.stepSize),
  minLeverage: 1,
  maxLeverage: symbol.maxLeverage,
  priceScale: places(symbol.tickSize),
  volScale: 0,
  amountScale: 4,
  priceUnit: Number(symbol.tickSize),
  volUnit: 1,
  minVol: contractsOf(symbol.minAmount, symbol),
  maxVol: contractsOf(symbol.maxAmount, symbol),
  takerFeeRate: Number(symbol.takerFee),
  makerFeeRate: Number(symbol.makerFee),
  maintenanceMarginRate: Number(symbol.maintenanceRate),
  initialMarginRate: 1 / symbol.maxLeverage,
  state: 0,
  isNew: false,
  isHot: false,
  isHidden: false,
  apiAllowed: true,
});

export function detail(market: WireMarket, params: Params) {
  if (params.text('symbol') !== undefined) return detailRow(market, market.symbolOf(params), 0);
  return market.core.symbols.map((symbol, at) => detailRow(market, symbol, at));
}

export type Rows = readonly (readonly [Decimal, Decimal])[];
/** [price, contracts, orders] */
export const levels = (rows: Rows, symbol: PracticeSymbol) =>
  rows.map(([price, amount]) => {
    const contracts = contractsOf(amount, symbol);
    return [Number(price), contracts, contracts === 0 ? 0 : 1];
  });

export function depth(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const { bids, asks } = market.core.matching.book(symbol.symbol, params.limit(1_000, 1_000));
  return {
    asks: levels(asks, symbol),
    bids: levels(bids, symbol),
    version: market.book(symbol).snapshotId(),
    timestamp: market.core.clock.now(),
  };
}

export function tickerRow(market: WireMarket, symbol: PracticeSymbol) {
  const { core } = market;
  const day = core.ticker24h(symbol.symbol);
  const { mark, index, fundingRate } = core.mark(symbol.symbol);
  const { bids, asks } = core.matching.book(symbol.symbol, 1);
  const change = toNumber(day.last) - toNumber(day.open);
  return {
    contractId: 10,
    symbol: market.nameOf(symbol),
    lastPrice: Number(day.last),
    bid1: Number(bids[0]?.[0] ?? 0),
    ask1: Number(asks[0]?.[0] ?? 0),
    volume24: contractsOf(day.volume, symbol),
    amount24: Number(day.quoteVolume),
    holdVol: contractsOf(core.openInterest(symbol.symbol), symbol),
    lower24Price: Number(day.low),
    high24Price: Number(day.high),
    riseFallRate: Number((change / toNumber(day.open)).toFixed(4)),
    riseFallValue: Number(change.toFixed(8)),
    indexPrice: Number(index),
    fairPrice: Number(mark),
    fundingRate: Number(fundingRate),
    maxBidPrice: Number((toNumber(mark) * 1.1).toFixed(8)),
    minAskPrice: Number((toNumber(mark) * 0.9).toFixed(8)),
    timestamp: core.clock.now(),
  };
}

export const ticker = (market: WireMarket, params: Params) =>
  params.text('symbol') === undefined
    ? market.core.symbols.map((symbol) => tickerRow(market, symbol))
    : tickerRow(market, market.symbolOf(params));

export const dealRow = (trade: PublicTrade, symbol: PracticeSymbol) => ({
  p: Number(trade.price),
  v: contractsOf(trade.amount, symbol),
  T: trade.side === 'buy' ? 1 : 2,
  O: 3,
  M: 2,
  t: trade.at,
  i: futureDealId(trade.tradeId),
});

export function deals(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  return market.core
    .trades(symbol.symbol, params.limit(100, 100))
    .toReversed()
    .map((trade) => dealRow(trade, symbol));
}

const seconds = (ms: number): number => Math.floor(ms / 1_000);
const volumeOf = (candle: PracticeCandle, symbol: PracticeSymbol): number =>
  Math.round(candle.volume / toNumber(symbol.stepSize));

/** Columns; times in seconds. */
export function kline(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const timeframe = INTERVALS[params.text('interval') ?? 'Min1'];
  if (timeframe === undefined) throw new WireError(600, 'Parameter error: interval');
  const start = params.integer('start');
  const end = params.integer('end');
  const rows = market.core.candles(symbol.symbol, timeframe, {
    ...(start === undefined ? {} : { start: unixMs(start * 1_000) }),
    ...(end === undefined ? {} : { end: unixMs(end * 1_000 + 999) }),
    limit: MOST_CANDLES,
  });
  const column = (read: (candle: PracticeCandle) => number) => rows.map(read);
  return {
    time: column((one) => seconds(one.openTime)),
    open: column((one) => one.open),
    close: column((one) => one.close),
    high: column((one) => one.high),
    low: column((one) => one.low),
    vol: column((one) => volumeOf(one, symbol)),
    amount: column((one) => Number(one.quoteVolume.toFixed(4))),
    realOpen: column((one) => one.open),
    realClose: column((one) => one.close),
    realHigh: column((one) => one.high),
    realLow: column((one) => one.low),
  };
}

export const klinePush = (
  market: WireMarket,
  symbol: PracticeSymbol,
  interval: string,
  candle: PracticeCandle,
) => ({
  channel: 'push.kline',
  symbol: market.nameOf(symbol),
  data: {
    symbol: market.nameOf(symbol),
    interval,
    t: seconds(candle.openTime),
    o: candle.open,
    c: candle.close,
    h: candle.high,
    l: candle.low,
    a: Number(candle.quoteVolume.toFixed(4)),
    q: volumeOf(candle, symbol),
    ro: candle.open,
    rc: candle.close,
    rh: candle.high,
    rl: candle.low,
  },
  ts: market.core.clock.now(),
});

export function fundingRate(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const { mark, index, fundingRate: rate, nextFundingAt } = market.core.mark(symbol.symbol);
  return {
    symbol: market.nameOf(symbol),
    fundingRate: Number(rate),
    maxFundingRate: 0.0018,
    minFundingRate: -0.0018,
    collectCycle: 8,
    nextSettleTime: nextFundingAt,
    idxPrice: Number(index),
    fairPrice: Number(mark),
    timestamp: market.core.clock.now(),
  };
}

export function markOf(market: WireMarket, params: Params, which: 'mark' | 'index') {
  const symbol = market.symbolOf(params);
  const price = Number(market.core.mark(symbol.symbol)[which]);
  const name = which === 'mark' ? 'fairPrice' : 'indexPrice';
  return { symbol: market.nameOf(symbol), [name]: price, timestamp: market.core.clock.now() };
}

export const averageOf = (quote: Decimal, base: Decimal): number => Number(div(quote, base));
