import { unixMs } from '#shared/domain/basics';
import { Timeframe } from '#shared/domain/market';
import type { PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { candleV2, printLevels, tickerV2, tickerV3, tradeV2 } from './public-image';
import { invalid } from './wire-error';
import type { WireMarket } from './wire-market';

/** "1min", "1m", "1H", "1h", "1day", "1Dutc": the words of both markets. @throws WireError */
export function readGranularity(text: string): Timeframe {
  const short = text.replace(/utc$/, '').replace(/min$/, 'm').replace(/day$/, 'd');
  const timeframe = Timeframe.safeParse(/^1M$/.test(text) ? '' : short.toLowerCase());
  if (!timeframe.success) throw invalid('granularity');
  return timeframe.data;
}

export function candles(market: WireMarket, params: Params, most: number) {
  const symbol = market.symbolOf(params);
  const timeframe = readGranularity(params.need('granularity'));
  const limit = params.limit(100, most);
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  // The newest ones inside the times; the end itself is outside.
  const all = market.core.candles(symbol.symbol, timeframe, {
    ...(end === undefined ? {} : { end: unixMs(end - 1) }),
    limit,
  });
  return all
    .filter(({ openTime }) => start === undefined || openTime >= start)
    .map((one) => candleV2(symbol, one));
}

/** Spot's `type` and futures' `precision` merge prices; only the finest step is offered. */
export function orderBook(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const limit = params.text('limit') === 'max' ? 150 : params.limit(100, 150);
  const { bids, asks } = market.core.matching.book(symbol.symbol, limit);
  const print = (levels: typeof bids) =>
    market.kind === 'spot'
      ? printLevels(symbol, levels)
      : // Futures print this one answer in numbers.
        levels.map((level) => level.map(Number));
  return {
    asks: print(asks),
    bids: print(bids),
    ts: String(market.core.clock.now()),
    ...(market.kind === 'spot' ? {} : { scale: symbol.tickSize, precision: 'scale0', isMaxPrecision: 'YES' }),
  };
}

export const tickersV2 = (market: WireMarket, params: Params) =>
  market.symbolsOf(params).map((symbol) => tickerV2(market, symbol));

export const tickersV3 = (market: WireMarket, params: Params) =>
  market.symbolsOf(params).map((symbol) => ({
    category: params.need('category').toUpperCase(),
    symbol: symbol.wireSymbol,
    ts: String(market.core.clock.now()),
    ...tickerV3(market, symbol),
  }));

/** Newest first. */
export function publicTrades(market: WireMarket, params: Params, fallback: number, most: number) {
  const symbol = market.symbolOf(params);
  const start = params.integer('startTime') ?? Number.NEGATIVE_INFINITY;
  const end = params.integer('endTime') ?? Number.POSITIVE_INFINITY;
  return market.core
    .trades(symbol.symbol, params.limit(fallback, most))
    .filter(({ at }) => at >= start && at <= end)
    .map((trade) => ({ symbol: symbol.wireSymbol, ...tradeV2(market, trade) }))
    .reverse();
}

export const openInterest = (market: WireMarket, params: Params) => {
  const symbol = market.symbolOf(params);
  return {
    openInterestList: [{ symbol: symbol.wireSymbol, size: market.core.openInterest(symbol.symbol) }],
    ts: String(market.core.clock.now()),
  };
};

const HOUR_MS = 3_600_000;
const fundingRow = (market: WireMarket, symbol: PracticeSymbol) => {
  const { fundingRate, nextFundingAt } = market.core.mark(symbol.symbol);
  return {
    symbol: symbol.wireSymbol,
    fundingRate,
    fundingRateInterval: '8',
    nextUpdate: String(nextFundingAt),
    fundingTime: String(nextFundingAt - 8 * HOUR_MS),
    minFundingRate: '-0.003',
    maxFundingRate: '0.003',
  };
};
export const fundingRate = (market: WireMarket, params: Params) => [
  fundingRow(market, market.symbolOf(params)),
];

export const symbolPrice = (market: WireMarket, params: Params) => {
  const symbol = market.symbolOf(params);
  const { mark, index } = market.core.mark(symbol.symbol);
  const price = market.core.ticker24h(symbol.symbol).last;
  return [
    {
      symbol: symbol.wireSymbol,
      price,
      indexPrice: index,
      markPrice: mark,
      ts: String(market.core.clock.now()),
    },
  ];
};
