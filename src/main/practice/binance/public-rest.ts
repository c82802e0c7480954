import { type Decimal, unixMs } from '#shared/domain/basics';
import { div, isZero, mul, percentChange, sub, toFixed } from '#shared/domain/decimal';
import { TIMEFRAME_MS, Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import type { Params } from './params';
import { invalidSymbol, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

const NOTHING = '0' as Decimal;

export function timeframeOf(params: Params): Timeframe {
  const parsed = Timeframe.safeParse(params.need('interval'));
  if (!parsed.success) throw new WireError(-1120, 'Invalid interval.');
  return parsed.data;
}

/** A snapshot whose id fits the diff stream. `limit` above what Binance knows is refused like there. */
export function depth(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const spot = market.kind === 'spot';
  const limit = params.integer('limit') ?? (spot ? 100 : 500);
  if (limit < 1 || (!spot && ![5, 10, 20, 50, 100, 500, 1000].includes(limit)))
    throw new WireError(spot ? -1130 : -4021, `${limit} is not valid depth limit.`);
  const digits = market.digits(symbol);
  const { bids, asks } = market.core.matching.book(symbol.symbol, Math.min(limit, 5000));
  const print = (levels: readonly (readonly [Decimal, Decimal])[]) =>
    levels.map(([price, amount]) => [pad(price, digits.price), pad(amount, digits.amount)]);
  const now = market.core.clock.now();
  return {
    lastUpdateId: market.book(symbol).snapshotId(),
    ...(spot ? {} : { E: now, T: now }),
    bids: print(bids),
    asks: print(asks),
  };
}

export function trades(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const digits = market.digits(symbol);
  return market.core.trades(symbol.symbol, params.limit(500, 1000)).map((trade) => ({
    id: trade.tradeId,
    price: pad(trade.price, digits.price),
    qty: pad(trade.amount, digits.amount),
    quoteQty: pad(mul(trade.price, trade.amount), digits.price),
    time: trade.at,
    isBuyerMaker: trade.side === 'sell',
    ...(market.kind === 'spot' ? { isBestMatch: true } : {}),
  }));
}

/** Every trade is its own aggregate, so stream and REST agree on ids. */
export function aggTrades(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const digits = market.digits(symbol);
  const fromId = params.integer('fromId');
  const start = params.integer('startTime') ?? Number.NEGATIVE_INFINITY;
  const end = params.integer('endTime') ?? Number.POSITIVE_INFINITY;
  const limit = params.limit(500, 1000);
  const bounded = fromId !== undefined || start > Number.NEGATIVE_INFINITY;
  const all = market.core
    .trades(symbol.symbol, bounded ? 10_000 : limit)
    .filter((one) => one.at >= start && one.at <= end && one.tradeId >= (fromId ?? 0));
  return (bounded ? all.slice(0, limit) : all.slice(-limit)).map((trade) => ({
    a: trade.tradeId,
    p: pad(trade.price, digits.price),
    q: pad(trade.amount, digits.amount),
    f: trade.tradeId,
    l: trade.tradeId,
    T: trade.at,
    m: trade.side === 'sell',
    ...(market.kind === 'spot' ? { M: true } : {}),
  }));
}

/** One candle's numbers as text, in the places the market prints. */
export function candleTexts(market: WireMarket, symbol: PracticeSymbol, candle: PracticeCandle) {
  const digits = market.digits(symbol);
  const price = (value: number) => value.toFixed(digits.price);
  const base = (value: number) => value.toFixed(digits.amount);
  const quoted = (value: number) => value.toFixed(market.kind === 'spot' ? 8 : Math.max(2, digits.price));
  return {
    open: price(candle.open),
    high: price(candle.high),
    low: price(candle.low),
    close: price(candle.close),
    volume: base(candle.volume),
    quoteVolume: quoted(candle.quoteVolume),
    takerBase: base(candle.takerBase),
    takerQuote: quoted(candle.takerQuote),
  };
}

export function klines(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  const timeframe = timeframeOf(params);
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  const limit = params.limit(500, market.kind === 'spot' ? 1000 : 1500);
  const range = {
    ...(start === undefined ? {} : { start: unixMs(start) }),
    ...(end === undefined ? {} : { end: unixMs(end) }),
    limit,
  };
  return market.core.candles(symbol.symbol, timeframe, range).map((candle) => {
    const texts = candleTexts(market, symbol, candle);
    return [
      candle.openTime,
      texts.open,
      texts.high,
      texts.low,
      texts.close,
      texts.volume,
      candle.openTime + TIMEFRAME_MS[timeframe] - 1,
      texts.quoteVolume,
      candle.trades,
      texts.takerBase,
      texts.takerQuote,
      '0',
    ];
  });
}

/** The symbols a call names: one, a JSON list, or all. @throws WireError -1121 */
export function readSymbols(market: WireMarket, params: Params): readonly PracticeSymbol[] {
  if (params.text('symbol') !== undefined) return [market.symbolOf(params)];
  const list = params.text('symbols');
  if (list === undefined) return market.core.symbols;
  return readNames(list).map((name) => {
    const symbol = market.byWire(name);
    if (symbol === undefined) throw invalidSymbol();
    return symbol;
  });
}

/** Runs a reader for one symbol, or for several when none was named. */
export function oneOrAll<T>(
  market: WireMarket,
  params: Params,
  read: (symbol: PracticeSymbol) => T,
): T | T[] {
  const symbols = readSymbols(market, params);
  const [first] = symbols;
  return params.text('symbol') !== undefined && first !== undefined ? read(first) : symbols.map(read);
}

function readNames(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.map(String);
  } catch {
    // Falls through: not JSON is as wrong as JSON of another shape.
  }
  throw new WireError(-1130, "Data sent for parameter 'symbols' is not valid.");
}

/** The 24 h numbers both the REST ticker and the stream are made of. */
export function dayNumbers(market: WireMarket, symbol: PracticeSymbol) {
  const day = market.core.ticker24h(symbol.symbol);
  const digits = market.digits(symbol);
  const top = market.core.matching.book(symbol.symbol, 1);
  const change = sub(day.last, day.open);
  return {
    day,
    digits,
    change: pad(change, digits.price),
    percent: isZero(day.open) ? '0.000' : toFixed(percentChange(day.open, day.last), 3),
    weighted: isZero(day.volume)
      ? pad(day.last, digits.price)
      : toFixed(div(day.quoteVolume, day.volume), digits.price),
    bid: top.bids[0] ?? ([NOTHING, NOTHING] as const),
    ask: top.asks[0] ?? ([NOTHING, NOTHING] as const),
  };
}

export function ticker24(market: WireMarket, symbol: PracticeSymbol) {
  const { day, digits, change, percent, weighted, bid, ask } = dayNumbers(market, symbol);
  const price = (value: Decimal) => pad(value, digits.price);
  const amount = (value: Decimal) => pad(value, digits.amount);
  return {
    symbol: symbol.wireSymbol,
    priceChange: change,
    priceChangePercent: percent,
    weightedAvgPrice: weighted,
    ...(market.kind === 'spot' ? { prevClosePrice: price(day.open) } : {}),
    lastPrice: price(day.last),
    lastQty: amount(day.lastAmount),
    ...(market.kind === 'spot'
      ? { bidPrice: price(bid[0]), bidQty: amount(bid[1]), askPrice: price(ask[0]), askQty: amount(ask[1]) }
      : {}),
    openPrice: price(day.open),
    highPrice: price(day.high),
    lowPrice: price(day.low),
    volume: amount(day.volume),
    quoteVolume: price(day.quoteVolume),
    openTime: day.openTime,
    closeTime: day.closeTime,
    firstId: day.firstTradeId,
    lastId: day.lastTradeId,
    count: day.count,
  };
}

export function tickerPrice(market: WireMarket, symbol: PracticeSymbol) {
  const price = pad(market.core.ticker24h(symbol.symbol).last, market.digits(symbol).price);
  return {
    symbol: symbol.wireSymbol,
    price,
    ...(market.kind === 'spot' ? {} : { time: market.core.clock.now() }),
  };
}

export function bookTicker(market: WireMarket, symbol: PracticeSymbol) {
  const digits = market.digits(symbol);
  const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
  const [bid, bidAmount] = bids[0] ?? [NOTHING, NOTHING];
  const [ask, askAmount] = asks[0] ?? [NOTHING, NOTHING];
  return {
    symbol: symbol.wireSymbol,
    bidPrice: pad(bid, digits.price),
    bidQty: pad(bidAmount, digits.amount),
    askPrice: pad(ask, digits.price),
    askQty: pad(askAmount, digits.amount),
    ...(market.kind === 'spot'
      ? {}
      : { time: market.core.clock.now(), lastUpdateId: market.book(symbol).lastUpdateId }),
  };
}
