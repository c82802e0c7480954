import type { UnixMs } from '#shared/domain/basics';
import { places, toFixed } from '#shared/domain/decimal';
import { TIMEFRAME_MS, Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { exactSeconds, seconds } from './times';
import { badParam } from './wire-error';
import type { GateMarket } from './wire-market';

const FUNDING_S = 28_800;
const RISK_LIMIT = '1000000';

export const currencyPair = (_market: GateMarket, symbol: PracticeSymbol) => ({
  id: `${symbol.base}_${symbol.quote}`,
  base: symbol.base,
  base_name: symbol.base,
  quote: symbol.quote,
  quote_name: symbol.quote,
  fee: percent(symbol.takerFee),
  min_base_amount: symbol.minAmount,
  min_quote_amount: symbol.minNotional,
  max_base_amount: symbol.maxAmount,
  max_quote_amount: '5000000',
  amount_precision: places(symbol.stepSize),
  precision: places(symbol.tickSize),
  trade_status: 'tradable',
  sell_start: 0,
  buy_start: 0,
  type: 'normal',
});
const percent = (fraction: string): string => String(Number((Number(fraction) * 100).toFixed(6)));

export function contract(market: GateMarket, symbol: PracticeSymbol) {
  const mark = market.core.mark(symbol.symbol);
  const size = market.contractSize(symbol);
  return {
    name: `${symbol.base}_${symbol.quote}`,
    type: 'direct',
    quanto_multiplier: size,
    ref_discount_rate: '0',
    order_price_deviate: '0.5',
    maintenance_rate: symbol.maintenanceRate,
    mark_type: 'index',
    last_price: market.core.ticker24h(symbol.symbol).last,
    mark_price: mark.mark,
    index_price: mark.index,
    funding_rate_indicative: mark.fundingRate,
    funding_rate: mark.fundingRate,
    mark_price_round: symbol.tickSize,
    order_price_round: symbol.tickSize,
    funding_interval: FUNDING_S,
    funding_next_apply: seconds(mark.nextFundingAt),
    maker_fee_rate: symbol.makerFee,
    taker_fee_rate: symbol.takerFee,
    leverage_min: '1',
    leverage_max: String(symbol.maxLeverage),
    order_size_min: Number(market.toSize(symbol, symbol.minAmount, 'buy')),
    order_size_max: Number(market.toSize(symbol, symbol.maxAmount, 'buy')),
    market_order_size_max: Number(market.toSize(symbol, symbol.maxAmount, 'buy')),
    risk_limit_base: RISK_LIMIT,
    risk_limit_step: RISK_LIMIT,
    risk_limit_max: RISK_LIMIT,
    orders_limit: 100,
    enable_decimal: false,
    in_delisting: false,
    status: 'trading',
    trade_id: 0,
    create_time: 0,
  };
}

export function spotTicker(market: GateMarket, symbol: PracticeSymbol) {
  const day = market.core.ticker24h(symbol.symbol);
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  return {
    currency_pair: market.nameOf(symbol),
    last: day.last,
    lowest_ask: asks[0]?.[0] ?? '',
    highest_bid: bids[0]?.[0] ?? '',
    change_percentage: changePercent(day.open, day.last),
    base_volume: day.volume,
    quote_volume: day.quoteVolume,
    high_24h: day.high,
    low_24h: day.low,
  };
}
const changePercent = (open: string, last: string): string =>
  Number(open) > 0 ? ((Number(last) / Number(open) - 1) * 100).toFixed(2) : '0';

export function futureTicker(market: GateMarket, symbol: PracticeSymbol) {
  const day = market.core.ticker24h(symbol.symbol);
  const mark = market.core.mark(symbol.symbol);
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  const size = (amount: (typeof day)['volume'] | undefined): string =>
    amount === undefined ? '0' : market.toSize(symbol, amount, 'buy');
  return {
    contract: market.nameOf(symbol),
    last: day.last,
    lowest_ask: asks[0]?.[0] ?? '',
    lowest_size: size(asks[0]?.[1]),
    highest_bid: bids[0]?.[0] ?? '',
    highest_size: size(bids[0]?.[1]),
    change_percentage: changePercent(day.open, day.last),
    total_size: market.toSize(symbol, market.core.openInterest(symbol.symbol), 'buy'),
    volume_24h: size(day.volume),
    volume_24h_base: day.volume,
    volume_24h_quote: day.quoteVolume,
    volume_24h_settle: day.quoteVolume,
    high_24h: day.high,
    low_24h: day.low,
    mark_price: mark.mark,
    index_price: mark.index,
    funding_rate: mark.fundingRate,
    funding_rate_indicative: mark.fundingRate,
    funding_next_apply: seconds(mark.nextFundingAt),
    quanto_multiplier: market.contractSize(symbol),
  };
}

/** One row when a symbol is named, else all. */
export function oneOrAll<T>(
  market: GateMarket,
  params: Params,
  row: (market: GateMarket, symbol: PracticeSymbol) => T,
): readonly T[] {
  const name = market.kind === 'spot' ? 'currency_pair' : 'contract';
  const symbols = params.text(name) === undefined ? market.core.symbols : [market.symbolOf(params)];
  return symbols.map((symbol) => row(market, symbol));
}

export function orderBook(market: GateMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const { bids, asks } = market.core.matching.book(symbol.symbol, params.limit(10, 1_000));
  const id = params.flag('with_id') ? { id: market.book(symbol).snapshotId() } : {};
  const now = market.core.clock.now();
  if (market.kind === 'spot') return { ...id, current: now, update: now, asks, bids };
  const levels = (side: typeof bids) =>
    side.map(([p, amount]) => ({ p, s: Number(market.toSize(symbol, amount, 'buy')) }));
  return {
    ...id,
    current: exactSeconds(now),
    update: exactSeconds(now),
    asks: levels(asks),
    bids: levels(bids),
  };
}

export function trades(market: GateMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const name = market.nameOf(symbol);
  const recent = [...market.core.trades(symbol.symbol, params.limit(100, 1_000))].reverse();
  return recent.map(({ tradeId, at, price, amount, side }) =>
    market.kind === 'spot'
      ? {
          id: String(tradeId),
          create_time: String(seconds(at)),
          create_time_ms: `${at}.000000`,
          currency_pair: name,
          side,
          amount,
          price,
          sequence_id: String(tradeId),
        }
      : {
          id: tradeId,
          create_time: exactSeconds(at),
          create_time_ms: exactSeconds(at),
          contract: name,
          size: Number(market.toSize(symbol, amount, side)),
          price,
        },
  );
}

/** Gate offers no three minutes. @throws WireError */
export function timeframeOf(interval: string): Timeframe {
  const timeframe = Timeframe.safeParse(interval);
  if (!timeframe.success || timeframe.data === '3m')
    throw badParam(`Invalid interval ${interval.slice(0, 10)}`);
  return timeframe.data;
}

export function candlesticks(market: GateMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const timeframe = timeframeOf(params.text('interval') ?? '30m');
  const from = params.integer('from');
  const to = params.integer('to');
  if (params.text('limit') !== undefined && (from !== undefined || to !== undefined))
    throw badParam('limit conflicts with from and to');
  const most = market.kind === 'spot' ? 1_000 : 2_000;
  const limit = params.limit(100, most);
  const stepMs = TIMEFRAME_MS[timeframe];
  const range =
    from === undefined && to === undefined
      ? { limit }
      : {
          start: (from === undefined ? (to ?? 0) * 1_000 - 100 * stepMs : from * 1_000) as UnixMs,
          ...(to === undefined ? {} : { end: (to * 1_000) as UnixMs }),
          limit: most,
        };
  return market.core.candles(symbol.symbol, timeframe, range).map((candle) => {
    const row = candleRow(market, symbol, candle);
    return market.kind === 'spot'
      ? [row.t, row.v, row.c, row.h, row.l, row.o, row.a, String(candle.closed)]
      : { t: Number(row.t), v: Number(row.v), c: row.c, h: row.h, l: row.l, o: row.o, sum: row.sum };
  });
}

/** The figures of a candle as the market writes them: `v` is quote on spot and contracts on futures, `a` base. */
export function candleRow(market: GateMarket, symbol: PracticeSymbol, candle: PracticeCandle) {
  const price = (value: number): string =>
    toFixed(String(value) as PracticeSymbol['tickSize'], places(symbol.tickSize));
  const digits = places(symbol.stepSize);
  const base = candle.volume.toFixed(digits);
  const quote = candle.quoteVolume.toFixed(2);
  return {
    t: String(seconds(candle.openTime)),
    o: price(candle.open),
    h: price(candle.high),
    l: price(candle.low),
    c: price(candle.close),
    v: market.kind === 'spot' ? quote : String(Math.round(candle.volume / Number(symbol.stepSize))),
    a: base,
    sum: quote,
  };
}

export function contractStats(market: GateMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const now = market.core.clock.now();
  const interest = market.core.openInterest(symbol.symbol);
  const mark = market.core.mark(symbol.symbol).mark;
  return [
    {
      time: seconds(now),
      open_interest: Number(market.toSize(symbol, interest, 'buy')),
      open_interest_usd: Number((Number(interest) * Number(mark)).toFixed(2)),
      mark_price: Number(mark),
    },
  ];
}

export function fundingRates(market: GateMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const now = market.core.clock.now();
  const last = Math.floor(now / (FUNDING_S * 1_000)) * FUNDING_S;
  return Array.from({ length: params.limit(10, 100) }, (_, back) => {
    const at = last - back * FUNDING_S;
    return { t: at, r: market.core.mark(symbol.symbol, (at * 1_000) as UnixMs).fundingRate };
  });
}
