import { type Decimal, unixMs } from '#shared/domain/basics';
import { div, fromNumber, isZero, mul, sub, toFixed } from '#shared/domain/decimal';
import type { Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import type { Call } from './call';
import { badParam } from './wire-error';
import type { WireMarket } from './wire-market';

/** Bybit's words for candle lengths; the longer ones are not kept here. */
export const TIMEFRAMES: Readonly<Record<string, Timeframe>> = {
  1: '1m',
  3: '3m',
  5: '5m',
  15: '15m',
  30: '30m',
  60: '1h',
  240: '4h',
  D: '1d',
};

/** [start, open, high, low, close, volume, turnover] */
function klineRow(market: WireMarket, symbol: PracticeSymbol, candle: PracticeCandle): string[] {
  const price = (value: number): string => market.price(symbol, fromNumber(value));
  return [
    String(candle.openTime),
    price(candle.open),
    price(candle.high),
    price(candle.low),
    price(candle.close),
    fromNumber(candle.volume),
    fromNumber(candle.quoteVolume),
  ];
}

/** Newest first. */
export function kline(market: WireMarket, { params }: Call) {
  const symbol = market.symbolOf(params);
  const timeframe = TIMEFRAMES[params.need('interval')];
  if (timeframe === undefined) throw badParam('Invalid period!');
  const start = params.integer('start');
  const end = params.integer('end');
  const limit = params.limit(200, 1_000);
  const rows = market.core.candles(symbol.symbol, timeframe, {
    ...(start === undefined ? {} : { start: unixMs(start) }),
    ...(end === undefined ? {} : { end: unixMs(end) }),
    // With a start alone the engine's rows begin there; Bybit gives the newest of the window.
    limit: start === undefined ? limit : 1_000,
  });
  const list = rows.slice(-limit).map((candle) => klineRow(market, symbol, candle));
  return { category: market.category, symbol: symbol.wireSymbol, list: list.reverse() };
}

export type Levels = readonly (readonly [Decimal, Decimal])[];
export const levelRows = (market: WireMarket, symbol: PracticeSymbol, levels: Levels): string[][] =>
  levels.map(([price, amount]) => [market.price(symbol, price), isZero(amount) ? '0' : amount]);

export function orderbook(market: WireMarket, { params }: Call) {
  const symbol = market.symbolOf(params);
  const { bids, asks } = market.core.matching.book(symbol.symbol, params.limit(25, 1_000));
  const now = market.core.clock.now();
  const id = market.book(symbol).lastUpdateId;
  return {
    s: symbol.wireSymbol,
    b: levelRows(market, symbol, bids),
    a: levelRows(market, symbol, asks),
    ts: now,
    u: id,
    seq: id,
    cts: now,
  };
}

/** Ids of public trades: a uuid on contracts, digits on spot. */
export const publicTradeId = (market: WireMarket, symbol: PracticeSymbol, trade: PublicTrade): string =>
  market.kind === 'spot'
    ? String(2_200_000_000_000_000_000n + BigInt(market.placeOf(symbol)) * 10n ** 12n + BigInt(trade.tradeId))
    : `20f43950-${market.placeOf(symbol).toString(16).padStart(4, '0')}-5b31-9112-${trade.tradeId.toString(16).padStart(12, '0')}`;

export function recentTrade(market: WireMarket, { params }: Call) {
  const symbol = market.symbolOf(params);
  const trades = market.core.trades(symbol.symbol, params.limit(market.kind === 'spot' ? 60 : 500, 1_000));
  const list = trades.map((trade) => ({
    execId: publicTradeId(market, symbol, trade),
    symbol: symbol.wireSymbol,
    price: market.price(symbol, trade.price),
    size: trade.amount,
    side: trade.side === 'buy' ? 'Buy' : 'Sell',
    time: String(trade.at),
    isBlockTrade: false,
    isRPITrade: false,
    seq: String(trade.tradeId),
  }));
  return { category: market.category, list: list.reverse() };
}

/** One instrument's ticker, as REST and the stream have it. */
export function tickerOf(market: WireMarket, symbol: PracticeSymbol): Record<string, string> {
  const day = market.core.ticker24h(symbol.symbol);
  const price = (value: Decimal): string => market.price(symbol, value);
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  const change = isZero(day.open) ? '0' : toFixed(div(sub(day.last, day.open), day.open), 6);
  const common = {
    symbol: symbol.wireSymbol,
    lastPrice: price(day.last),
    prevPrice24h: price(day.open),
    price24hPcnt: change,
    highPrice24h: price(day.high),
    lowPrice24h: price(day.low),
    turnover24h: day.quoteVolume,
    volume24h: day.volume,
  };
  if (market.kind === 'spot') return { ...common, usdIndexPrice: price(day.last) };
  const { mark, index, fundingRate, nextFundingAt } = market.core.mark(symbol.symbol);
  const interest = market.core.openInterest(symbol.symbol);
  return {
    ...common,
    markPrice: price(mark),
    indexPrice: price(index),
    prevPrice1h: price(day.last),
    openInterest: interest,
    openInterestValue: mul(interest, mark),
    fundingIntervalHour: '8',
    fundingCap: '0.005',
    fundingRate,
    nextFundingTime: String(nextFundingAt),
    bid1Price: price(bids[0]?.[0] ?? ('0' as Decimal)),
    bid1Size: bids[0]?.[1] ?? '0',
    ask1Price: price(asks[0]?.[0] ?? ('0' as Decimal)),
    ask1Size: asks[0]?.[1] ?? '0',
  };
}

/** Over REST the spot ticker has bid and ask, which its stream has not. */
export function tickers(market: WireMarket, { params }: Call) {
  const symbols = params.text('symbol') === undefined ? market.core.symbols : [market.symbolOf(params)];
  const list = symbols.map((symbol) => {
    const ticker = tickerOf(market, symbol);
    if (market.kind === 'future') return ticker;
    const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
    const [bid = ['0', '0'], ask = ['0', '0']] = [bids[0], asks[0]];
    return { ...ticker, bid1Price: bid[0], bid1Size: bid[1], ask1Price: ask[0], ask1Size: ask[1] };
  });
  return { category: market.category, list };
}

const INTEREST_STEP: Readonly<Record<string, number>> = {
  '5min': 300_000,
  '15min': 900_000,
  '30min': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** The market keeps no history of it: the newest figure alone is told. */
export function openInterest(market: WireMarket, { params }: Call) {
  const symbol = market.symbolOf(params);
  const step = INTEREST_STEP[params.need('intervalTime')];
  if (step === undefined) throw badParam('intervalTime invalid');
  const at = Math.floor(market.core.clock.now() / step) * step;
  const row = { openInterest: market.core.openInterest(symbol.symbol), timestamp: String(at) };
  return { symbol: symbol.wireSymbol, category: market.category, list: [row], nextPageCursor: '' };
}

const FUNDING_MS = 28_800_000;

/** The last funding; what it was before is not kept. */
export function fundingHistory(market: WireMarket, { params }: Call) {
  const symbol = market.symbolOf(params);
  const { fundingRate, nextFundingAt } = market.core.mark(symbol.symbol);
  const row = {
    symbol: symbol.wireSymbol,
    fundingRate,
    fundingRateTimestamp: String(nextFundingAt - FUNDING_MS),
  };
  return { category: market.category, list: [row] };
}
