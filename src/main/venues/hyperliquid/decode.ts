import { type Decimal, type UnixMs, unixMs } from '#shared/domain/basics';
import { mul } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, type Level, type MarketEvent, Timeframe, type TopEvent } from '#shared/domain/market';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  numberOf,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
  toDecimal,
} from '../core/fields';
import type { WholeBook } from './book-sync';
import { toSide } from './order-rows';

/** A public frame as ours. Topics are named as in {@link topicOf}. */
export type PublicMessage =
  | { readonly kind: 'events'; readonly topic: string; readonly events: readonly MarketEvent[] }
  | { readonly kind: 'book'; readonly topic: string; readonly coin: string; readonly book: WholeBook }
  | { readonly kind: 'control' };

export interface DecodeContext {
  readonly market: MarketKind;
  /** Undefined for a coin nobody asked for. */
  symbol(coin: string): Symbol | undefined;
  now(): UnixMs;
}

const CONTROL: PublicMessage = { kind: 'control' };
const HOUR_MS = 3_600_000;
/** Sent as plain text when a socket opens, before anything else. */
const GREETING = 'Websocket connection established.';

/** The topic that carries a subscription; ticker, mark and interest share one. */
export const topicOf = (kind: 'trades' | 'bbo' | 'l2Book' | 'context', coin: string): string =>
  `${kind}:${coin}`;
export const candleTopicOf = (coin: string, timeframe: string): string => `candle:${coin}:${timeframe}`;

/** The frame as {"channel","data"}; null for the greeting. @throws ProtocolError */
export function readFrame(data: string | Uint8Array): { channel: string; data: unknown } | null {
  const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
  if (text === GREETING) return null;
  const frame = fieldsOf(parseJson(text), 'frame');
  return { channel: textOf(frame, 'channel'), data: frame.data };
}

/**
 * Reads one public frame. Samples stand above each decoder; unknown keys are ignored.
 * @throws ProtocolError
 */
export function decodePublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  const frame = readFrame(data);
  if (frame === null) return CONTROL;
  switch (frame.channel) {
    case 'trades':
      return decodeTrades(frame.data, context);
    case 'l2Book':
      return decodeBookFrame(fieldsOf(frame.data, 'data'), context);
    case 'bbo':
      return decodeTop(fieldsOf(frame.data, 'data'), context);
    case 'candle':
      return decodeCandle(fieldsOf(frame.data, 'data'), context);
    case 'activeAssetCtx':
    case 'activeSpotAssetCtx':
      return decodeContext(fieldsOf(frame.data, 'data'), context);
    case 'pong':
    case 'subscriptionResponse':
      return CONTROL;
    case 'error':
      throw bad('the exchange refused a frame', frame.data);
    default:
      throw bad('unknown channel', frame.channel);
  }
}

type Base = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt'>;

function baseOf(coin: string, context: DecodeContext): Base {
  const symbol = context.symbol(coin);
  if (symbol === undefined) throw bad('frame of a symbol nobody asked for', coin);
  return { venue: venueKey('hyperliquid', context.market), symbol, seenAt: context.now() };
}

// [{"coin":"BTC","side":"A","px":"68010.0","sz":"0.015","time":1795187000123,"hash":"0x15…","tid":745210434703679,"users":["0x8c…","0x13…"]}]
function decodeTrades(data: unknown, context: DecodeContext): PublicMessage {
  const rows = listOf(data, 'trades');
  if (rows.length === 0) return CONTROL;
  const coin = textOf(fieldsOf(rows[0], 'trade'), 'coin');
  const base = baseOf(coin, context);
  const events = rows.map((row): MarketEvent => {
    const trade = fieldsOf(row, 'trade');
    if (trade.coin !== coin) throw bad('trades of two coins in one frame', row);
    return {
      ...base,
      type: 'trade',
      venueTime: timeOf(trade, 'time'),
      tradeId: idOf(trade, 'tid'),
      price: decimalOf(trade, 'px'),
      amount: decimalOf(trade, 'sz'),
      // The side of whoever took: B bought.
      side: toSide(trade.side),
    };
  });
  return { kind: 'events', topic: topicOf('trades', coin), events };
}

// {"coin":"BTC","time":1795187000130,"bbo":[{"px":"68009.0","sz":"1.2","n":3},null]}
function decodeTop(data: Fields, context: DecodeContext): PublicMessage {
  const coin = textOf(data, 'coin');
  const base = baseOf(coin, context);
  const [bid, ask] = listOf(data.bbo, 'bbo');
  // One empty side leaves no best price to tell.
  if (bid === null || ask === null) return CONTROL;
  const [bidPrice, bidAmount] = level(bid);
  const [askPrice, askAmount] = level(ask);
  const event: TopEvent = {
    ...base,
    type: 'top',
    venueTime: timeOf(data, 'time'),
    bid: bidPrice,
    bidAmount,
    ask: askPrice,
    askAmount,
  };
  return { kind: 'events', topic: topicOf('bbo', coin), events: [event] };
}

function decodeBookFrame(data: Fields, context: DecodeContext): PublicMessage {
  const coin = textOf(data, 'coin');
  baseOf(coin, context);
  return { kind: 'book', topic: topicOf('l2Book', coin), coin, book: decodeBook(data) };
}

/**
 * {"coin":"BTC","time":1795187000500,"levels":[[{"px":"68009.0","sz":"1.2","n":3}],[{"px":"68010.0","sz":"0.7","n":2}]]}
 * @throws ProtocolError also for a book whose sides cross: such a one was cut or mixed on its way
 */
export function decodeBook(data: Fields): WholeBook {
  const [bids, asks] = listOf(data.levels, 'levels');
  const book = {
    bids: listOf(bids, 'bids').map(level),
    asks: listOf(asks, 'asks').map(level),
    time: timeOf(data, 'time'),
  };
  const [bestBid, bestAsk] = [book.bids[0]?.[0], book.asks[0]?.[0]];
  if (bestBid !== undefined && bestAsk !== undefined && Number(bestBid) >= Number(bestAsk))
    throw bad('the book is crossed', data);
  return book;
}

function level(row: unknown): Level {
  const fields = fieldsOf(row, 'level');
  return [toDecimal(fields.px, 'px'), toDecimal(fields.sz, 'sz')];
}

// {"t":1795186980000,"T":1795187039999,"s":"BTC","i":"1m","o":"68000.0","c":"68010.0","h":"68020.0","l":"67990.0","v":"12.51","n":231}
function decodeCandle(data: Fields, context: DecodeContext): PublicMessage {
  const coin = textOf(data, 's');
  const base = baseOf(coin, context);
  const timeframe = Timeframe.safeParse(data.i);
  if (!timeframe.success) throw bad('a candle of another interval', data);
  const event: MarketEvent = {
    ...base,
    type: 'candle',
    venueTime: null,
    timeframe: timeframe.data,
    candle: candleOf(data),
  };
  return { kind: 'events', topic: candleTopicOf(coin, timeframe.data), events: [event] };
}

/** The wire never says that a candle is final; whoever sees the next one knows. */
const candleOf = (row: Fields): Candle => ({
  openTime: timeOf(row, 't'),
  open: numberOf(row, 'o'),
  high: numberOf(row, 'h'),
  low: numberOf(row, 'l'),
  close: numberOf(row, 'c'),
  volume: numberOf(row, 'v'),
  closed: false,
});

/** Rows of candleSnapshot, ascending; all of them open. @throws ProtocolError */
export const decodeCandles = (data: unknown, coin: string): Candle[] =>
  listOf(data, 'candles').map((row) => {
    const fields = fieldsOf(row, 'candle');
    if (fields.s !== coin) throw bad(`a candle of another coin than ${coin}`, row);
    return candleOf(fields);
  });

// {"coin":"BTC","ctx":{"funding":"0.0000125","openInterest":"27353.17","prevDayPx":"67000.0","dayNtlVlm":"1516669192.1",
//  "premium":"0.0002","oraclePx":"68020.0","markPx":"68011.0","midPx":"68009.5","impactPxs":["68009.0","68010.0"]}}
function decodeContext(data: Fields, context: DecodeContext): PublicMessage {
  const coin = textOf(data, 'coin');
  const base = { ...baseOf(coin, context), venueTime: null };
  const ctx = fieldsOf(data.ctx, 'ctx');
  const events: MarketEvent[] = [];
  const mark = positiveOrNull(ctx, 'markPx');
  // The exchange shows the middle of its book as the price; an empty book has none.
  const last = positiveOrNull(ctx, 'midPx') ?? mark;
  if (last !== null) {
    const before = ctx.prevDayPx === undefined ? 0 : numberOf(ctx, 'prevDayPx');
    const change24h = before > 0 ? ((Number(last) - before) / before) * 100 : null;
    events.push({ ...base, type: 'ticker', last, change24h, volume24h: numberOf(ctx, 'dayNtlVlm') });
  }
  if (context.market === 'future' && mark !== null) {
    const interest = decimalOf(ctx, 'openInterest');
    events.push({
      ...base,
      type: 'mark',
      mark,
      index: positiveOrNull(ctx, 'oraclePx'),
      // For one hour, paid at each full hour.
      fundingRate: decimalOf(ctx, 'funding'),
      nextFundingAt: unixMs((Math.floor(base.seenAt / HOUR_MS) + 1) * HOUR_MS),
    });
    events.push({ ...base, type: 'interest', base: interest, quote: mul(interest, mark) });
  }
  return { kind: 'events', topic: topicOf('context', coin), events };
}

/** Open interest of one coin in quote units, out of metaAndAssetCtxs. @throws ProtocolError */
export function decodeOpenInterest(data: unknown, asset: number, coin: string): Decimal {
  const [meta, contexts] = listOf(data, 'metaAndAssetCtxs');
  const named = fieldsOf(listOf(fieldsOf(meta, 'meta').universe, 'universe')[asset] ?? {}, 'market');
  if (named.name !== coin) throw bad(`the market at ${asset} is not ${coin}`, named);
  const ctx = fieldsOf(listOf(contexts, 'ctxs')[asset], 'ctx');
  return mul(decimalOf(ctx, 'openInterest'), decimalOf(ctx, 'markPx'));
}
