import type { UnixMs } from '#shared/domain/basics';
import { mul, toNumber } from '#shared/domain/decimal';
import { type MarketKind, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Level, MarketEvent } from '#shared/domain/market';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  numberOf,
  optionalDecimal,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
  toDecimal,
} from '../core/fields';
import type { PushedBook } from '../core/pushed-book';
import { quoteUpdateIds, sequenceOf } from './book-frame';
import { type CandleRow, decodeCandleRow } from './klines';
import { toSide } from './order-rows';
import { type Topic, timeframeOf, topicName } from './subscribe';
import { PRODUCT } from './symbols';

/** A public frame as ours. */
export type PublicMessage =
  | { readonly kind: 'events'; readonly topic: Topic; readonly events: readonly MarketEvent[] }
  | { readonly kind: 'book'; readonly topic: Topic; readonly book: PushedBook }
  | {
      readonly kind: 'candles';
      readonly topic: Topic;
      readonly symbol: Symbol;
      readonly rows: readonly CandleRow[];
      /** A picture of what was before the subscription, not news. */
      readonly history: boolean;
      readonly venueTime: UnixMs;
    }
  | { readonly kind: 'confirmed'; readonly topic: Topic }
  | { readonly kind: 'refused'; readonly topic: Topic | null; readonly why: string }
  | { readonly kind: 'control' };

export interface DecodeContext {
  readonly market: MarketKind;
  symbol(wireSymbol: string): Symbol | undefined;
  now(): UnixMs;
}

const CONTROL: PublicMessage = { kind: 'control' };
const KEYS: Record<MarketKind, VenueKey> = {
  spot: venueKey('bitget', 'spot'),
  future: venueKey('bitget', 'future'),
};

/**
 * Reads one frame of a public socket, of the unified interface (v3: `topic`, `symbol`) or the classic one (v2:
 * `channel`, `instId`). Samples stand above each decoder; unknown keys are ignored.
 * @throws ProtocolError
 */
export function decodePublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
  if (text === 'pong') return CONTROL;
  const frame = fieldsOf(parseJson(quoteUpdateIds(text)), 'frame');
  if (frame.event !== undefined) return decodeControl(frame);
  const arg = fieldsOf(frame.arg, 'arg');
  if (String(arg.instType).toUpperCase() !== PRODUCT[context.market])
    throw bad('frame of another product', frame);
  const { channel, interval, wire } = readArg(arg);
  if (channel === 'liquidation') return decodeLiquidations(frame, context);
  const symbol = context.symbol(wire);
  if (symbol === undefined) throw bad('frame of a symbol nobody asked for', frame);
  const base = { venue: KEYS[context.market], symbol, seenAt: context.now() };
  const topic = topicName(channel, interval, wire);
  switch (channel) {
    case 'publicTrade':
      return events(topic, decodeTrades(frame, base));
    case 'books1':
      return events(topic, [decodeTop(firstOf(frame), base)]);
    case 'ticker':
      return events(topic, decodeTicker(frame, context.market, base));
    case 'books':
      return { kind: 'book', topic, book: decodeBook(frame) };
    case 'kline':
      return decodeKline(frame, topic, interval, symbol);
    default:
      throw bad('unknown channel', frame);
  }
}

export type Base = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt'>;
const events = (topic: Topic, list: readonly MarketEvent[]): PublicMessage => ({
  kind: 'events',
  topic,
  events: list,
});

/** Channel in the words of v3, interval of a kline, and the symbol in capitals. */
function readArg(arg: Fields): { channel: string; interval: string | null; wire: string } {
  const name = arg.topic ?? arg.channel;
  if (typeof name !== 'string') throw bad('an arg without a topic', arg);
  const symbol = arg.symbol ?? arg.instId;
  const wire = typeof symbol === 'string' ? symbol.toUpperCase() : '';
  if (name === 'trade') return { channel: 'publicTrade', interval: null, wire };
  if (name.startsWith('candle')) return { channel: 'kline', interval: name.slice(6), wire };
  return { channel: name, interval: typeof arg.interval === 'string' ? arg.interval : null, wire };
}

// {"event":"subscribe","arg":{…}} {"event":"unsubscribe","arg":{…}} {"event":"error","arg":{…},"code":30001,"msg":"…"}
function decodeControl(frame: Fields): PublicMessage {
  const arg = frame.arg === undefined || frame.arg === null ? null : readArg(fieldsOf(frame.arg, 'arg'));
  const topic =
    arg === null ? null : topicName(arg.channel, arg.interval, arg.wire === '' ? 'all' : arg.wire);
  if (frame.event === 'subscribe' && topic !== null) return { kind: 'confirmed', topic };
  if (frame.event === 'error')
    return {
      kind: 'refused',
      topic,
      why: `${String(frame.msg ?? '')} (${String(frame.code)})`.slice(0, 200),
    };
  if (frame.event === 'unsubscribe' || frame.op === 'unsubscribe') return CONTROL;
  throw bad('unknown kind of frame', frame);
}

const firstOf = (frame: Fields): Fields => fieldsOf(listOf(frame.data, 'data')[0], 'data');

// v3 {"i":"1361000000000000002","L":"…","p":"68012.4","v":"0.021","S":"sell","T":"1795187000123","isRPI":"no"}
// v2 {"ts":"1795187000123","price":"68012.4","size":"0.021","side":"sell","tradeId":"1361000000000000002"}
function decodeTrades(frame: Fields, base: Base): MarketEvent[] {
  const rows = listOf(frame.data, 'data');
  // What was traded before the subscription is no news; some would count it twice.
  if (frame.action === 'snapshot') return [];
  const trades: MarketEvent[] = [];
  // Newest first on the wire.
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = fieldsOf(rows[at], 'trade');
    const v2 = row.tradeId !== undefined;
    trades.push({
      ...base,
      type: 'trade',
      venueTime: timeOf(row, v2 ? 'ts' : 'T'),
      tradeId: idOf(row, v2 ? 'tradeId' : 'i'),
      price: decimalOf(row, v2 ? 'price' : 'p'),
      amount: decimalOf(row, v2 ? 'size' : 'v'),
      side: toSide(v2 ? row.side : row.S),
    });
  }
  return trades;
}

// {"a":[["68012.5","1.07"]],"b":[["68012.4","4.21"]],"ts":"1795187000300"}; v2 says asks and bids
function decodeTop(row: Fields, base: Base): MarketEvent {
  const [bid] = levels(row.b ?? row.bids);
  const [ask] = levels(row.a ?? row.asks);
  if (bid === undefined || ask === undefined) throw bad('a best price without both sides', row);
  return {
    ...base,
    type: 'top',
    venueTime: timeOf(row, 'ts'),
    bid: bid[0],
    bidAmount: bid[1],
    ask: ask[0],
    askAmount: ask[1],
  };
}

// v3, without time and symbol inside: {"lastPrice":"68012.4","openPrice24h":"67000","price24hPcnt":"0.01511",
//  "turnover24h":"3501000000.2","markPrice":"68012.0","indexPrice":"68030.2","fundingRate":"0.0001",
//  "nextFundingTime":"1795190400000","openInterest":"34278.06",…}; v2 in the table of the page
function decodeTicker(frame: Fields, market: MarketKind, base: Base): MarketEvent[] {
  const row = firstOf(frame);
  const venueTime = row.ts === undefined ? timeOf(frame, 'ts') : timeOf(row, 'ts');
  const v2 = row.lastPr !== undefined;
  const volume = v2 ? 'quoteVolume' : 'turnover24h';
  const change = optionalDecimal(row, v2 ? 'change24h' : 'price24hPcnt');
  const ticker: MarketEvent = {
    ...base,
    type: 'ticker',
    venueTime,
    last: decimalOf(row, v2 ? 'lastPr' : 'lastPrice'),
    change24h: change === null ? null : toNumber(mul(change, HUNDRED)),
    volume24h: optionalDecimal(row, volume) === null ? null : numberOf(row, volume),
  };
  if (market === 'spot') return [ticker];
  const mark = positiveOrNull(row, 'markPrice');
  const held = optionalDecimal(row, v2 ? 'holdingAmount' : 'openInterest');
  const more: MarketEvent[] = [];
  if (mark !== null)
    more.push({
      ...base,
      type: 'mark',
      venueTime,
      mark,
      index: positiveOrNull(row, 'indexPrice'),
      fundingRate: optionalDecimal(row, 'fundingRate'),
      nextFundingAt: positiveOrNull(row, 'nextFundingTime') === null ? null : timeOf(row, 'nextFundingTime'),
    });
  if (held !== null)
    more.push({
      ...base,
      type: 'interest',
      venueTime,
      base: held,
      quote: mark === null ? null : mul(held, mark),
    });
  return [ticker, ...more];
}
const HUNDRED = toDecimal('100', 'percent');

// {"action":"update","arg":{…,"topic":"books"},"data":[{"a":[["68012.5","0"]],"b":[],"seq":…,"pseq":…,"ts":"…"}]}
function decodeBook(frame: Fields): PushedBook {
  const row = firstOf(frame);
  const bids = levels(row.b ?? row.bids);
  const asks = levels(row.a ?? row.asks);
  const { last, previousLast } = sequenceOf(row);
  const venueTime = timeOf(row, 'ts');
  if (frame.action === 'snapshot') return { kind: 'snapshot', snapshot: { last, bids, asks }, venueTime };
  if (frame.action !== 'update') throw bad('unknown action of a book', frame);
  return { kind: 'delta', delta: { first: last, last, previousLast, bids, asks, venueTime } };
}

function levels(value: unknown): Level[] {
  return listOf(value, 'levels').map((row) => {
    if (!Array.isArray(row)) throw bad('a level is not a list', row);
    return [toDecimal(row[0], 'price'), toDecimal(row[1], 'amount')] as const;
  });
}

// v3 {"start":"1795186980000","open":"68000","high":"68020.1","low":"67990","close":"68012.4","volume":"12.51","turnover":"850712.3"}
// v2 ["1795186980000","68000","68020.1","67990","68012.4","12.51","850712.3","850712.3"]
function decodeKline(frame: Fields, topic: Topic, interval: string | null, symbol: Symbol): PublicMessage {
  const timeframe = timeframeOf(interval ?? '');
  if (timeframe === undefined) throw bad('a candle of an unknown interval', frame);
  const rows = listOf(frame.data, 'data').map((row) => decodeCandleRow(row, timeframe));
  return {
    kind: 'candles',
    topic,
    symbol,
    rows,
    history: frame.action === 'snapshot',
    venueTime: timeOf(frame, 'ts'),
  };
}

// {"symbol":"BTCUSDT","side":"buy","price":"68000","amount":"0.5","ts":"…"}; side is that of the position
function decodeLiquidations(frame: Fields, context: DecodeContext): PublicMessage {
  const seenAt = context.now();
  const list: MarketEvent[] = [];
  for (const item of listOf(frame.data, 'data')) {
    const row = fieldsOf(item, 'liquidation');
    // The topic carries every symbol of the product; only those somebody listens to are told.
    const symbol = context.symbol(textOf(row, 'symbol').toUpperCase());
    if (symbol === undefined) continue;
    list.push({
      venue: KEYS[context.market],
      symbol,
      seenAt,
      type: 'liquidation',
      venueTime: timeOf(row, 'ts'),
      side: toSide(row.side) === 'buy' ? 'sell' : 'buy',
      price: decimalOf(row, 'price'),
      amount: decimalOf(row, 'amount'),
    });
  }
  return events('liquidation:all', list);
}
