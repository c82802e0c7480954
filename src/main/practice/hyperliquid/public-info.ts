import { type Decimal, unixMs } from '#shared/domain/basics';
import { add, div, isZero, places, sub, toFixed } from '#shared/domain/decimal';
import { TIMEFRAME_MS, Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PublicTrade } from '../types';
import { hashOf, printed, printedNumber } from './format';
import { type Listed, shownAsset, tokensOf } from './names';
import { nothingThere, unreadable } from './refusal';
import type { Side, WireState } from './wire-state';

type Json = Readonly<Record<string, unknown>>;

/** Levels a side: all there are on the plain stream, and those of the fast one. */
export const PLAIN_LEVELS = 20;
export const FAST_LEVELS = 5;
const TWO = '2' as Decimal;

/** A trade's number, below 2^50 and the same on the public tape and in the fills of both sides. */
export const tidOf = ({ asset }: Listed, tradeId: number): number => (asset + 1) * 2 ** 33 + tradeId;

export function bookImage({ view }: Side, { symbol, coin }: Listed, levels: number) {
  const { bids, asks } = view.core.matching.book(symbol.symbol, levels);
  const print = (rows: readonly (readonly [Decimal, Decimal])[]) =>
    rows.map(([px, sz]) => ({ px: printed(px), sz: printed(sz), n: 1 }));
  return { coin, time: view.core.clock.now(), levels: [print(bids), print(asks)] };
}

export function bboImage(side: Side, listed: Listed) {
  const { coin, time, levels } = bookImage(side, listed, 1);
  return { coin, time, bbo: levels.map((rows) => rows[0] ?? null) };
}

export const tradeImage = (listed: Listed, trade: PublicTrade) => ({
  coin: listed.coin,
  side: trade.side === 'buy' ? 'B' : 'A',
  px: printed(trade.price),
  sz: printed(trade.amount),
  time: trade.at,
  hash: hashOf(tidOf(listed, trade.tradeId)),
  tid: tidOf(listed, trade.tradeId),
  // Who traded is not part of the practice market's tape.
  users: [hashOf(0).slice(0, 42), hashOf(0).slice(0, 42)],
});

export function candleImage({ coin, symbol }: Listed, timeframe: Timeframe, candle: PracticeCandle) {
  const price = (value: number): string => printedNumber(value, places(symbol.tickSize));
  return {
    t: candle.openTime,
    T: candle.openTime + TIMEFRAME_MS[timeframe] - 1,
    s: coin,
    i: timeframe,
    o: price(candle.open),
    c: price(candle.close),
    h: price(candle.high),
    l: price(candle.low),
    v: printedNumber(candle.volume, places(symbol.stepSize)),
    n: candle.trades,
  };
}

/** Middle of the book; null while a side is empty. */
export function midOf({ view }: Side, { symbol }: Listed): Decimal | null {
  const { bids, asks } = view.core.matching.book(symbol.symbol, 1);
  const [bid] = bids[0] ?? [];
  const [ask] = asks[0] ?? [];
  return bid === undefined || ask === undefined ? null : div(add(bid, ask), TWO);
}

/** Numbers of one market. Funding is told for an hour: the shared market pays eight of them at once. */
export function contextImage(side: Side, listed: Listed): Json {
  const { core } = side.view;
  const { symbol } = listed.symbol;
  const day = core.ticker24h(symbol);
  const mid = midOf(side, listed);
  const common = {
    prevDayPx: printed(day.open),
    dayNtlVlm: printed(day.quoteVolume),
    midPx: mid === null ? null : printed(mid),
    dayBaseVlm: printed(day.volume),
  };
  if (listed.kind === 'spot')
    return {
      ...common,
      markPx: printed(mid ?? day.last),
      circulatingSupply: '0.0',
      coin: listed.coin,
      totalSupply: '0.0',
    };
  const { mark, index, fundingRate } = core.mark(symbol);
  const { bids, asks } = core.matching.book(symbol, 1);
  const [bid] = bids[0] ?? [];
  const [ask] = asks[0] ?? [];
  return {
    ...common,
    funding: div(fundingRate, '8' as Decimal),
    openInterest: printed(core.openInterest(symbol)),
    premium: isZero(index) ? null : toFixed(div(sub(mark, index), index), 10),
    oraclePx: printed(index),
    markPx: printed(mark),
    impactPxs: bid === undefined || ask === undefined ? null : [printed(bid), printed(ask)],
  };
}

const meta = ({ listed }: Side) => ({
  universe: listed.map(({ coin, sizeDecimals, symbol }) => ({
    szDecimals: sizeDecimals,
    name: coin,
    maxLeverage: symbol.maxLeverage,
    marginTableId: symbol.maxLeverage,
  })),
  marginTables: [],
  collateralToken: 0,
});

function spotMeta({ listed }: Side) {
  const tokens = tokensOf(listed);
  const indexOf = (asset: string): number => tokens.findIndex(({ name }) => name === shownAsset(asset));
  return {
    tokens: tokens.map(({ name, sizeDecimals }, index) => ({
      name,
      szDecimals: sizeDecimals,
      weiDecimals: 8,
      index,
      tokenId: hashOf(index).slice(0, 34),
      isCanonical: index === 0,
      evmContract: null,
      fullName: null,
    })),
    universe: listed.map(({ coin, index, symbol }) => ({
      tokens: [indexOf(symbol.base), indexOf(symbol.quote)],
      name: coin,
      index,
      isCanonical: false,
    })),
  };
}

const withContexts = (told: unknown, side: Side): unknown[] => [
  told,
  side.listed.map((listed) => contextImage(side, listed)),
];

function candles(state: WireState, question: Json) {
  const req = typeof question.req === 'object' && question.req !== null ? (question.req as Json) : null;
  const timeframe = Timeframe.safeParse(req?.interval);
  if (req === null || !timeframe.success) throw unreadable();
  const { side, listed } = known(state, req.coin);
  const range = {
    ...(typeof req.startTime === 'number' ? { start: unixMs(req.startTime) } : {}),
    ...(typeof req.endTime === 'number' ? { end: unixMs(req.endTime) } : {}),
    limit: 5_000,
  };
  return side.view.core
    .candles(listed.symbol.symbol, timeframe.data, range)
    .map((candle) => candleImage(listed, timeframe.data, candle));
}

/** @throws HttpRefusal for a coin nobody lists */
export function known(state: WireState, coin: unknown) {
  const found = state.find(coin);
  if (found === undefined) throw nothingThere();
  return found;
}

/** Middles of every market, by coin. */
export const mids = (state: WireState): Record<string, string> =>
  Object.fromEntries(
    [state.future, state.spot].flatMap((side) =>
      side.listed.flatMap((listed) => {
        const mid = midOf(side, listed);
        return mid === null ? [] : [[listed.coin, printed(mid)] as const];
      }),
    ),
  );

/** Answers a question about the market; undefined when it is none of those. @throws HttpRefusal */
export function answerPublic(state: WireState, question: Json): unknown {
  switch (question.type) {
    case 'meta':
      return meta(state.future);
    case 'metaAndAssetCtxs':
      return withContexts(meta(state.future), state.future);
    case 'spotMeta':
      return spotMeta(state.spot);
    case 'spotMetaAndAssetCtxs':
      return withContexts(spotMeta(state.spot), state.spot);
    case 'perpDexs':
      return [null];
    case 'allMids':
      return mids(state);
    case 'l2Book': {
      const { side, listed } = known(state, question.coin);
      return bookImage(side, listed, PLAIN_LEVELS);
    }
    case 'recentTrades': {
      const { side, listed } = known(state, question.coin);
      const trades = side.view.core.trades(listed.symbol.symbol, 10);
      return trades.map((trade) => tradeImage(listed, trade)).reverse();
    }
    case 'candleSnapshot':
      return candles(state, question);
    case 'exchangeStatus':
      return { specialStatuses: null, time: state.seams.clock.now() };
    default:
      return undefined;
  }
}
