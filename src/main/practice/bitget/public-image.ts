import type { Decimal } from '#shared/domain/basics';
import { div, fromNumber, isZero, places, sub, toFixed, toStep } from '#shared/domain/decimal';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import { pad } from '../wire-kit/digits';
import { wireTradeId } from './ids';
import type { WireMarket } from './wire-market';

const NOTHING = '0' as Decimal;

/** Prices and amounts of a book side as the exchange prints them. */
export const printLevels = (symbol: PracticeSymbol, levels: readonly (readonly [Decimal, Decimal])[]) =>
  levels.map(([price, amount]) => [pad(price, places(symbol.tickSize)), amount]);

/** The day of a symbol with its best prices. */
function dayOf({ core }: WireMarket, symbol: PracticeSymbol) {
  const day = core.ticker24h(symbol.symbol);
  const top = core.matching.book(symbol.symbol, 1);
  const [bidPrice, bidSize] = top.bids[0] ?? [NOTHING, NOTHING];
  const [askPrice, askSize] = top.asks[0] ?? [NOTHING, NOTHING];
  // A fraction: 0.015 is 1.5 %.
  const change = isZero(day.open) ? '0' : toFixed(div(sub(day.last, day.open), day.open), 5);
  // The running day of UTC, beside the last 24 hours.
  const utc = core.candles(symbol.symbol, '1d', { limit: 1 }).at(-1);
  const openUtc = utc === undefined ? day.open : toStep(fromNumber(utc.open), symbol.tickSize, 'half-up');
  const changeUtc = isZero(openUtc) ? '0' : toFixed(div(sub(day.last, openUtc), openUtc), 5);
  return { day, bidPrice, bidSize, askPrice, askSize, change, openUtc, changeUtc };
}

function derivativeOf({ kind, core }: WireMarket, symbol: PracticeSymbol) {
  if (kind === 'spot') return null;
  const { mark, index, fundingRate, nextFundingAt } = core.mark(symbol.symbol);
  return { mark, index, fundingRate, nextFundingAt, held: core.openInterest(symbol.symbol) };
}

/** A ticker in the words of v2; REST and stream differ in a few names. */
export function tickerV2(market: WireMarket, symbol: PracticeSymbol) {
  const { day, bidPrice, bidSize, askPrice, askSize, change, openUtc, changeUtc } = dayOf(market, symbol);
  const more = derivativeOf(market, symbol);
  return {
    instId: symbol.wireSymbol,
    symbol: symbol.wireSymbol,
    lastPr: day.last,
    bidPr: bidPrice,
    askPr: askPrice,
    bidSz: bidSize,
    askSz: askSize,
    open: day.open,
    open24h: day.open,
    high24h: day.high,
    low24h: day.low,
    change24h: change,
    changeUtc24h: changeUtc,
    openUtc,
    baseVolume: day.volume,
    quoteVolume: day.quoteVolume,
    usdtVolume: day.quoteVolume,
    ...(more === null
      ? {}
      : {
          fundingRate: more.fundingRate,
          nextFundingTime: String(more.nextFundingAt),
          markPrice: more.mark,
          indexPrice: more.index,
          holdingAmount: more.held,
          symbolType: '1',
          deliveryPrice: '0',
        }),
    ts: String(market.core.clock.now()),
  };
}

/** A ticker in the words of v3; on the stream it carries neither symbol nor time. */
export function tickerV3(market: WireMarket, symbol: PracticeSymbol) {
  const { day, bidPrice, bidSize, askPrice, askSize, change } = dayOf(market, symbol);
  const more = derivativeOf(market, symbol);
  return {
    lastPrice: day.last,
    openPrice24h: day.open,
    highPrice24h: day.high,
    lowPrice24h: day.low,
    bid1Price: bidPrice,
    bid1Size: bidSize,
    ask1Price: askPrice,
    ask1Size: askSize,
    price24hPcnt: change,
    volume24h: day.volume,
    turnover24h: day.quoteVolume,
    ...(more === null
      ? {}
      : {
          markPrice: more.mark,
          indexPrice: more.index,
          fundingRate: more.fundingRate,
          nextFundingTime: String(more.nextFundingAt),
          openInterest: more.held,
        }),
  };
}

export const tradeV2 = (market: WireMarket, trade: PublicTrade) => ({
  ts: String(trade.at),
  price: trade.price,
  size: trade.amount,
  side: trade.side,
  tradeId: wireTradeId(market.kind, trade.tradeId),
});
/** `p` is what the exchange sends; ccxt reads `P`, which is sent beside it so that it can be practised with. */
export const tradeV3 = (market: WireMarket, trade: PublicTrade) => ({
  i: wireTradeId(market.kind, trade.tradeId),
  L: wireTradeId(market.kind, trade.tradeId),
  p: trade.price,
  P: trade.price,
  v: trade.amount,
  S: trade.side,
  T: String(trade.at),
  isRPI: 'no',
});

/** The seven numbers of a candle as text: start, open, high, low, close, volume in base and in quote. */
export function candleTexts(symbol: PracticeSymbol, candle: PracticeCandle): readonly string[] {
  const price = (value: number) => value.toFixed(places(symbol.tickSize));
  return [
    String(candle.openTime),
    price(candle.open),
    price(candle.high),
    price(candle.low),
    price(candle.close),
    candle.volume.toFixed(places(symbol.stepSize)),
    candle.quoteVolume.toFixed(8),
  ];
}
/** v2 adds the volume in USDT, which is the quote here. */
export const candleV2 = (symbol: PracticeSymbol, candle: PracticeCandle) => {
  const texts = candleTexts(symbol, candle);
  return [...texts, texts[6]];
};
export function candleV3(symbol: PracticeSymbol, candle: PracticeCandle) {
  const [start, open, high, low, close, volume, turnover] = candleTexts(symbol, candle);
  return { start, open, high, low, close, volume, turnover };
}
