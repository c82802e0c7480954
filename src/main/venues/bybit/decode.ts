import type { OrderSide, UnixMs } from '#shared/domain/basics';
import { type MarketKind, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle, Level, MarketEvent } from '#shared/domain/market';
import type { BookDelta } from '../core/book-sync';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  integerOf,
  listOf,
  numberOf,
  parseJson,
  textOf,
  timeOf,
  toDecimal,
} from '../core/fields';
import type { PushedBook } from '../core/pushed-book';
import { type Reply, TIMEFRAME } from './subscribe';
import type { Tickers } from './tickers';

/** A public frame as ours. `control`: a pong, or news that no topic waits for. */
export type PublicMessage =
  | { readonly kind: 'events'; readonly topic: string; readonly events: readonly MarketEvent[] }
  | { readonly kind: 'book'; readonly topic: string; readonly message: PushedBook }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'control' };

export interface DecodeContext {
  readonly market: MarketKind;
  /** Undefined for a symbol nobody asked for. */
  symbol(wireSymbol: string): Symbol | undefined;
  /** Keeps what the ticker deltas of contracts leave out. */
  readonly tickers: Tickers;
  now(): UnixMs;
}

const KEYS: Record<MarketKind, VenueKey> = {
  spot: venueKey('bybit', 'spot'),
  future: venueKey('bybit', 'future'),
};

/**
 * Reads one frame of a public socket, whose path tells the market. Samples stand above each decoder; unknown keys
 * are ignored, as Bybit adds some every few months.
 * @throws ProtocolError
 */
export function decodePublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  const frame = fieldsOf(parseJson(data), 'frame');
  return typeof frame.topic === 'string' ? decodeTopic(frame, frame.topic, context) : decodeControl(frame);
}

export type Base = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt'>;

function decodeTopic(frame: Fields, topic: string, context: DecodeContext): PublicMessage {
  const wire = topic.slice(topic.lastIndexOf('.') + 1);
  const symbol = context.symbol(wire);
  if (symbol === undefined) throw bad('frame of a symbol nobody asked for', frame);
  const base: Base = { venue: KEYS[context.market], symbol, seenAt: context.now() };
  const events = (list: readonly MarketEvent[]): PublicMessage => ({ kind: 'events', topic, events: list });
  switch (topic.slice(0, topic.indexOf('.'))) {
    case 'publicTrade':
      return events(rowsOf(frame, 's', wire).map((row) => decodeTrade(row, base)));
    case 'orderbook':
      return topic.startsWith('orderbook.1.')
        ? events(decodeTop(frame, wire, base))
        : { kind: 'book', topic, message: decodeBook(frame, wire) };
    case 'tickers':
      return events(context.tickers.take(frame, wire, context.market, base));
    case 'kline':
      return events(decodeKlines(frame, topic, base));
    case 'allLiquidation':
      return events(rowsOf(frame, 's', wire).map((row) => decodeLiquidation(row, base)));
    default:
      throw bad('unknown kind of frame', frame);
  }
}

// {"success":true,"ret_msg":"","conn_id":"…","req_id":"s-1","op":"subscribe"}; a pong of a public socket says "ping"
// in its op: {"success":true,"ret_msg":"pong","conn_id":"…","op":"ping"}
function decodeControl(frame: Fields): PublicMessage {
  if (typeof frame.op !== 'string') throw bad('unknown kind of frame', frame);
  if (frame.op === 'ping' || frame.op === 'pong' || frame.ret_msg === 'pong') return { kind: 'control' };
  if (frame.op !== 'subscribe' && frame.op !== 'unsubscribe') throw bad('unknown kind of frame', frame);
  return { kind: 'reply', reply: replyOf(frame) };
}

/** What a reply to a request says. @throws ProtocolError when it says neither yes nor no */
export function replyOf(frame: Fields): Reply {
  if (typeof frame.success !== 'boolean') throw bad('a reply without success', frame);
  return {
    success: frame.success,
    message: typeof frame.ret_msg === 'string' ? frame.ret_msg.slice(0, 200) : '',
    reqId: frame.req_id === undefined || frame.req_id === null ? null : String(frame.req_id),
  };
}

/** The rows of a frame, each about the symbol that the topic names. */
function rowsOf(frame: Fields, name: string, wire: string): Fields[] {
  return listOf(frame.data, 'data').map((row) => {
    const fields = fieldsOf(row, 'row');
    if (fields[name] !== wire) throw bad(`a row of another symbol than ${wire}`, row);
    return fields;
  });
}

/** Buy and Sell. @throws ProtocolError */
export function toSide(word: unknown): OrderSide {
  if (word === 'Buy') return 'buy';
  if (word === 'Sell') return 'sell';
  throw bad('unknown side', word);
}

// {"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1772536782136,"data":[{"T":1772536782135,"s":"BTCUSDT","S":"Sell",
//  "v":"0.001","p":"65000.50","L":"MinusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"RPI":false,"seq":1783284617}]}
const decodeTrade = (row: Fields, base: Base): MarketEvent => ({
  ...base,
  type: 'trade',
  venueTime: timeOf(row, 'T'),
  tradeId: textIdOf(row, 'i'),
  price: decimalOf(row, 'p'),
  amount: decimalOf(row, 'v'),
  side: toSide(row.S),
});

/** Ids of trades, fills and orders: uuids on contracts, digits on spot. @throws ProtocolError */
export function textIdOf(row: Fields, name: string): string {
  const value = row[name];
  if (typeof value === 'string' && value !== '' && value.length <= 64) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw bad(`field ${name} is not an id`, row);
}

// {"topic":"orderbook.1.BTCUSDT","ts":1772536782136,"type":"snapshot","data":{"s":"BTCUSDT","b":[["65000.0","1.2"]],
//  "a":[["65000.1","0.9"]],"u":18521288,"seq":7961638724},"cts":1772536782134}
function decodeTop(frame: Fields, wire: string, base: Base): MarketEvent[] {
  const { bids, asks } = bookOf(frame, wire);
  const [bid] = bids;
  const [ask] = asks;
  // An empty side has no best price; a picture without one is not told, so that none is invented.
  if (bid === undefined || ask === undefined) return [];
  return [
    {
      ...base,
      type: 'top',
      venueTime: venueTimeOf(frame),
      bid: bid[0],
      bidAmount: bid[1],
      ask: ask[0],
      askAmount: ask[1],
    },
  ];
}

// {"topic":"orderbook.200.BTCUSDT","type":"delta","ts":1772536782156,"data":{"s":"BTCUSDT","b":[["64999.9","0"]],
//  "a":[["65000.1","0.7"]],"u":18521289,"seq":7961638790},"cts":1772536782154}
function decodeBook(frame: Fields, wire: string): PushedBook {
  const { bids, asks, last } = bookOf(frame, wire);
  const venueTime = venueTimeOf(frame);
  // u = 1 is a restart of the service: whatever the frame is called, it is the whole book.
  if (frame.type === 'snapshot' || last === 1)
    return { kind: 'snapshot', snapshot: { last, bids, asks }, venueTime };
  if (frame.type !== 'delta') throw bad('a book that is neither snapshot nor delta', frame);
  const delta: BookDelta = { first: last, last, previousLast: null, bids, asks, venueTime };
  return { kind: 'delta', delta };
}

function bookOf(frame: Fields, wire: string) {
  const data = fieldsOf(frame.data, 'data');
  if (data.s !== wire) throw bad(`a book of another symbol than ${wire}`, frame);
  return { bids: levels(data.b), asks: levels(data.a), last: integerOf(data, 'u') };
}
/** The matching engine's time where it is told, else the time of sending, which may be quoted. */
const venueTimeOf = (frame: Fields): UnixMs => timeOf(frame, frame.cts === undefined ? 'ts' : 'cts');

export function levels(value: unknown): Level[] {
  return listOf(value, 'levels').map((row) => {
    if (!Array.isArray(row)) throw bad('a level is not a list', row);
    return [toDecimal(row[0], 'price'), toDecimal(row[1], 'amount')] as const;
  });
}

// {"topic":"kline.1.BTCUSDT","type":"snapshot","ts":1772536782136,"data":[{"start":1772536740000,"end":1772536799999,"interval":"1",
//  "open":"64990","close":"65000.1","high":"65010","low":"64985","volume":"12.081","turnover":"785166.4","confirm":false,"timestamp":1772536782120}]}
function decodeKlines(frame: Fields, topic: string, base: Base): MarketEvent[] {
  const interval = topic.split('.')[1] ?? '';
  const timeframe = TIMEFRAME[interval];
  return listOf(frame.data, 'data').map((row) => {
    const k = fieldsOf(row, 'kline');
    if (timeframe === undefined || k.interval !== interval || typeof k.confirm !== 'boolean')
      throw bad('unreadable kline', frame);
    const candle: Candle = {
      openTime: timeOf(k, 'start'),
      open: numberOf(k, 'open'),
      high: numberOf(k, 'high'),
      low: numberOf(k, 'low'),
      close: numberOf(k, 'close'),
      volume: numberOf(k, 'volume'),
      closed: k.confirm,
    };
    return { ...base, type: 'candle', venueTime: timeOf(frame, 'ts'), timeframe, candle };
  });
}

// {"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":1772536782136,"data":[{"T":1772536782001,"s":"BTCUSDT","S":"Buy","v":"0.020","p":"64321.10"}]}
const decodeLiquidation = (row: Fields, base: Base): MarketEvent => ({
  ...base,
  type: 'liquidation',
  venueTime: timeOf(row, 'T'),
  // S is the side of the position: "Buy" says that a long was liquidated, which is a sell.
  side: toSide(row.S) === 'buy' ? 'sell' : 'buy',
  price: decimalOf(row, 'p'),
  amount: decimalOf(row, 'v'),
});

/**
 * Rows of GET market/kline, newest first on the wire, ascending here:
 * {"category":"linear","symbol":"BTCUSDT","list":[["1772536740000","64990","65010","64985","65000.1","12.081","785166.4"]]}
 * @throws ProtocolError
 */
export function decodeKlineRows(data: unknown, wire: string): Candle[] {
  const fields = fieldsOf(data, 'kline');
  if (textOf(fields, 'symbol') !== wire) throw bad(`candles of another symbol than ${wire}`, fields.symbol);
  const rows = listOf(fields.list, 'list').map((row) => {
    const [start, o, h, l, c, volume] = listOf(row, 'kline');
    const k: Fields = { start, o, h, l, c, volume };
    return {
      openTime: timeOf(k, 'start'),
      open: numberOf(k, 'o'),
      high: numberOf(k, 'h'),
      low: numberOf(k, 'l'),
      close: numberOf(k, 'c'),
      volume: numberOf(k, 'volume'),
      closed: false,
    };
  });
  return rows.reverse();
}
