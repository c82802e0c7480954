import { type UnixMs, unixMs } from '#shared/domain/basics';
import { type MarketKind, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, type Level, type MarketEvent, Timeframe } from '#shared/domain/market';
import type { BookDelta, BookSnapshot } from '../core/book-sync';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  integerOf,
  listOf,
  numberOf,
  optionalDecimal,
  parseJson,
  textOf,
  timeOf,
  toDecimal,
} from '../core/fields';
import { toSide } from './order-rows';
import { scanDelta, scanTrade } from './scan';

/** A public frame as ours. `control`: a reply, or news that no topic waits for. */
export type PublicMessage =
  | { readonly kind: 'event'; readonly topic: string; readonly event: MarketEvent }
  | { readonly kind: 'book'; readonly topic: string; readonly delta: BookDelta }
  | { readonly kind: 'control' };

export interface DecodeContext {
  readonly market: MarketKind;
  symbol(wireSymbol: string): Symbol | undefined;
  now(): UnixMs;
}

const CONTROL: PublicMessage = { kind: 'control' };
const KEYS: Record<MarketKind, VenueKey> = {
  spot: venueKey('binance', 'spot'),
  future: venueKey('binance', 'future'),
};

/**
 * Reads one frame of a raw public stream. Samples stand above each decoder; unknown keys are ignored, as Binance
 * adds some every few months.
 * @throws ProtocolError
 */
export function decodePublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  return (typeof data === 'string' ? decodeHot(data, context) : null) ?? decodeAny(data, context);
}

/** Topics of a symbol by its spelling on the wire, so that the hottest frames build no text. */
const hotTopics = new Map<string, Readonly<Record<'trade' | 'aggTrade' | 'depth', string>>>();
function topicsOf(wireSymbol: string) {
  let topics = hotTopics.get(wireSymbol);
  if (topics === undefined) {
    const wire = wireSymbol.toLowerCase();
    topics = { trade: `${wire}@trade`, aggTrade: `${wire}@aggTrade`, depth: `${wire}@depth@100ms` };
    hotTopics.set(wireSymbol, topics);
  }
  return topics;
}

/** Trades and book changes in their usual form; null for all else. */
function decodeHot(text: string, context: DecodeContext): PublicMessage | null {
  const trade = scanTrade(text);
  if (trade !== null) {
    const symbol = context.symbol(trade.symbol);
    if (symbol === undefined) return null;
    return {
      kind: 'event',
      topic: topicsOf(trade.symbol)[trade.event],
      event: {
        type: 'trade',
        venue: KEYS[context.market],
        symbol,
        seenAt: context.now(),
        venueTime: unixMs(trade.time),
        tradeId: trade.id,
        price: trade.price,
        amount: trade.amount,
        side: trade.buyerIsMaker ? 'sell' : 'buy',
      },
    };
  }
  const delta = scanDelta(text);
  if (delta === null || context.symbol(delta.symbol) === undefined) return null;
  const { first, last, previousLast, bids, asks } = delta;
  return {
    kind: 'book',
    topic: topicsOf(delta.symbol).depth,
    delta: { first, last, previousLast, bids, asks, venueTime: unixMs(delta.eventTime) },
  };
}

function decodeAny(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  const frame = fieldsOf(parseJson(data), 'frame');
  if (frame.e === 'forceOrder') return decodeNamed({ ...frame, s: fieldsOf(frame.o, 'o').s }, context);
  return decodeNamed(frame, context);
}

function decodeNamed(frame: Fields, context: DecodeContext): PublicMessage {
  if (typeof frame.s !== 'string') return decodeControl(frame);
  // The stream hosts of USD-M carry COIN-M too since 2026-06-30, marked st = 2.
  if (frame.st === 2) return CONTROL;
  const symbol = context.symbol(frame.s);
  if (symbol === undefined) throw bad('frame of a symbol nobody asked for', frame);
  const wire = frame.s.toLowerCase();
  if (frame.e === 'depthUpdate')
    return { kind: 'book', topic: `${wire}@depth@100ms`, delta: decodeDelta(frame) };
  const base = { venue: KEYS[context.market], symbol, seenAt: context.now() };
  switch (frame.e) {
    case 'trade':
      return event(`${wire}@trade`, decodeTrade(frame, 't', base));
    case 'aggTrade':
      return event(`${wire}@aggTrade`, decodeTrade(frame, 'a', base));
    case 'bookTicker':
    case undefined:
      return event(`${wire}@bookTicker`, decodeTop(frame, base));
    case '24hrMiniTicker':
      return event(`${wire}@miniTicker`, decodeTicker(frame, base));
    case 'markPriceUpdate':
      return event(`${wire}@markPrice@1s`, decodeMark(frame, base));
    case 'kline':
      return decodeKline(frame, wire, base);
    case 'forceOrder':
      return event(`${wire}@forceOrder`, decodeLiquidation(frame, base));
    default:
      throw bad('unknown kind of frame', frame);
  }
}

type Base = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt'>;

const event = (topic: string, decoded: MarketEvent): PublicMessage => ({
  kind: 'event',
  topic,
  event: decoded,
});

// {"result":null,"id":7} {"error":{"code":2,"msg":"…"},"id":1} {"code":2,"msg":"…","id":1} {"e":"serverShutdown"}
function decodeControl(frame: Fields): PublicMessage {
  if (frame.error !== undefined || frame.code !== undefined) throw bad('the exchange refused a frame', frame);
  if (frame.id !== undefined || frame.e === 'serverShutdown') return CONTROL;
  throw bad('unknown kind of frame', frame);
}

// {"e":"trade","E":1772536782136,"s":"BTCUSDT","t":5012345678,"p":"65000.01","q":"0.0012","T":1772536782135,"m":true}
function decodeTrade(frame: Fields, idField: string, base: Base): MarketEvent {
  if (typeof frame.m !== 'boolean') throw bad('field m is not true or false', frame);
  return {
    ...base,
    type: 'trade',
    venueTime: timeOf(frame, 'T'),
    tradeId: idOf(frame, idField),
    price: decimalOf(frame, 'p'),
    amount: decimalOf(frame, 'q'),
    // m: the buyer was the maker, so the seller hit the book.
    side: frame.m ? 'sell' : 'buy',
  };
}

// {"u":400900217,"s":"BNBUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}; USD-M adds e, E and T
function decodeTop(frame: Fields, base: Base): MarketEvent {
  return {
    ...base,
    type: 'top',
    venueTime: frame.T === undefined ? null : timeOf(frame, 'T'),
    bid: decimalOf(frame, 'b'),
    bidAmount: decimalOf(frame, 'B'),
    ask: decimalOf(frame, 'a'),
    askAmount: decimalOf(frame, 'A'),
  };
}

// {"e":"24hrMiniTicker","E":…,"s":"BTCUSDT","c":"65010","o":"64000","h":"…","l":"…","v":"…","q":"…"}
function decodeTicker(frame: Fields, base: Base): MarketEvent {
  const open = numberOf(frame, 'o');
  return {
    ...base,
    type: 'ticker',
    venueTime: timeOf(frame, 'E'),
    last: decimalOf(frame, 'c'),
    change24h: open > 0 ? ((numberOf(frame, 'c') - open) / open) * 100 : null,
    volume24h: numberOf(frame, 'q'),
  };
}

// {"e":"markPriceUpdate","E":…,"s":"BTCUSDT","p":"65000.15","i":"64998.60","r":"0.00010000","T":1772553600000}
function decodeMark(frame: Fields, base: Base): MarketEvent {
  return {
    ...base,
    type: 'mark',
    venueTime: timeOf(frame, 'E'),
    mark: decimalOf(frame, 'p'),
    index: optionalDecimal(frame, 'i'),
    fundingRate: optionalDecimal(frame, 'r'),
    nextFundingAt: frame.T === undefined || frame.T === 0 ? null : timeOf(frame, 'T'),
  };
}

// {"e":"forceOrder","E":…,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910","ap":"9910","X":"FILLED","l":"0.014","z":"0.014","T":1568014460893}}
function decodeLiquidation(frame: Fields, base: Base): MarketEvent {
  const order = fieldsOf(frame.o, 'o');
  return {
    ...base,
    type: 'liquidation',
    venueTime: timeOf(order, 'T'),
    side: toSide(order.S),
    price: decimalOf(order, 'ap'),
    amount: decimalOf(order, 'z'),
  };
}

// {"e":"kline","E":…,"s":"BTCUSDT","k":{"t":1772536740000,"i":"1m","o":"…","c":"…","h":"…","l":"…","v":"…","x":false}}
function decodeKline(frame: Fields, wire: string, base: Base): PublicMessage {
  const k = fieldsOf(frame.k, 'k');
  const timeframe = Timeframe.safeParse(k.i);
  if (!timeframe.success || typeof k.x !== 'boolean') throw bad('unreadable kline', frame);
  return event(`${wire}@kline_${timeframe.data}`, {
    ...base,
    type: 'candle',
    venueTime: timeOf(frame, 'E'),
    timeframe: timeframe.data,
    candle: candle(k, k.x),
  });
}

const candle = (k: Fields, closed: boolean): Candle => ({
  openTime: timeOf(k, 't'),
  open: numberOf(k, 'o'),
  high: numberOf(k, 'h'),
  low: numberOf(k, 'l'),
  close: numberOf(k, 'c'),
  volume: numberOf(k, 'v'),
  closed,
});

// {"e":"depthUpdate","E":…,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[["65000.00","1.5"]],"a":[["65000.10","0"]]}
function decodeDelta(frame: Fields): BookDelta {
  const first = integerOf(frame, 'U');
  const last = integerOf(frame, 'u');
  if (last < first) throw bad('depth range runs backwards', frame);
  return {
    first,
    last,
    previousLast: frame.pu === undefined ? null : integerOf(frame, 'pu'),
    bids: levels(frame.b),
    asks: levels(frame.a),
    venueTime: timeOf(frame, 'E'),
  };
}

/** {"lastUpdateId":160,"bids":[["65000","1.5"]],"asks":[…]} @throws ProtocolError */
export function decodeDepth(data: unknown): BookSnapshot {
  const fields = fieldsOf(data, 'depth');
  return {
    last: integerOf(fields, 'lastUpdateId'),
    bids: levels(fields.bids),
    asks: levels(fields.asks),
  };
}

function levels(value: unknown): Level[] {
  return listOf(value, 'levels').map((row) => {
    if (!Array.isArray(row)) throw bad('a level is not a list', row);
    return [toDecimal(row[0], 'price'), toDecimal(row[1], 'amount')] as const;
  });
}

export interface KlineRow {
  /** Its `closed` is false: a row does not say. */
  readonly candle: Candle;
  /** Last millisecond of the candle. */
  readonly closeTime: UnixMs;
}

/** Rows of /klines: [openTime, open, high, low, close, volume, closeTime, …], ascending. @throws ProtocolError */
export const decodeKlines = (data: unknown): KlineRow[] =>
  listOf(data, 'klines').map((row) => {
    const [t, o, h, l, c, v, end] = listOf(row, 'kline');
    const fields = { t, o, h, l, c, v, end };
    return { candle: candle(fields, false), closeTime: timeOf(fields, 'end') };
  });

/** {"openInterest":"10659.509","symbol":"BTCUSDT","time":…}, in base units. @throws ProtocolError */
export const decodeOpenInterest = (data: unknown) =>
  decimalOf(fieldsOf(data, 'openInterest'), 'openInterest');

/** {"symbol":"BTCUSDT","markPrice":"65000.1",…} @throws ProtocolError */
export const decodeMarkPrice = (data: unknown) => decimalOf(fieldsOf(data, 'premiumIndex'), 'markPrice');

/** The wire symbol an answer is about, checked against the one asked for. @throws ProtocolError */
export function expectSymbol(data: unknown, wireSymbol: string): void {
  const said = textOf(fieldsOf(data, 'answer'), 'symbol');
  if (said !== wireSymbol) throw bad(`answer about ${said} instead of ${wireSymbol}`, data);
}
