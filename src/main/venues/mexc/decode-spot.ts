import { unixMs } from '#shared/domain/basics';
import type { Level, MarketEvent } from '#shared/domain/market';
import type { BookDelta, BookSnapshot } from '../core/book-sync';
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
import { levelsOf } from './levels';
import { type DecodeContext, KEYS, type PublicMessage } from './messages';
import { decodeFrame } from './proto';
import { spotTopic, toTimeframe } from './subscribe';

const CONTROL: PublicMessage = { kind: 'control' };

/** Data comes as protobuf, answers as text. @throws ProtocolError */
export function decodeSpotPublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  return typeof data === 'string' ? decodeAnswer(data) : decodeSpotFields(decodeFrame(data), context);
}

/** The fields of one data frame. @throws ProtocolError */
export function decodeSpotFields(frame: Fields, context: DecodeContext): PublicMessage {
  const wire = textOf(frame, 'symbol');
  const channel = textOf(frame, 'channel');
  if (context.instrument(wire) === undefined) throw bad('frame of a symbol that was never listed', frame);
  if (!channel.split('@').includes(wire)) throw bad('the channel is of another symbol', frame);
  const message = decodeData(frame, wire, channel, context);
  if (message === null) throw bad('unknown channel', channel);
  return message;
}

/** Null for a channel we do not know. */
function decodeData(
  frame: Fields,
  wire: string,
  channel: string,
  context: DecodeContext,
): PublicMessage | null {
  const base = { venue: KEYS.spot, symbol: context.instrument(wire)!.symbol, seenAt: context.now() };
  if (frame.publicAggreDeals !== undefined)
    return { kind: 'events', topic: channel, events: decodeDeals(frame.publicAggreDeals, base) };
  if (frame.publicAggreDepths !== undefined)
    return { kind: 'book', topic: channel, delta: decodeDepth(frame) };
  if (frame.publicAggreBookTicker !== undefined)
    return { kind: 'events', topic: channel, events: [decodeTop(frame, frame.publicAggreBookTicker, base)] };
  if (frame.publicBookTickerBatch !== undefined) {
    const items = listOf(fieldsOf(frame.publicBookTickerBatch, 'batch').items ?? [], 'items');
    const events = items.map((item) => decodeTop(frame, item, base));
    return { kind: 'events', topic: channel, events };
  }
  if (frame.publicLimitDepths !== undefined) {
    const depth = fieldsOf(frame.publicLimitDepths, 'depth');
    const last = integerOf(depth, 'version');
    const snapshot: MarketEvent = {
      ...base,
      type: 'book-snapshot',
      venueTime: sentAt(frame),
      last,
      bids: sideOf(depth.bids),
      asks: sideOf(depth.asks),
    };
    return { kind: 'events', topic: channel, events: [snapshot] };
  }
  if (frame.publicSpotKline !== undefined) return decodeKline(frame, wire, base);
  return null;
}

type Base = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt'>;

const NOT_SUBSCRIBED = /^Not Subscribed successfully!\s*\[([^\]]*)\]\.?\s*(?:Reason\s*[:：]\s*)?(.*)$/s;

// {"id":0,"code":0,"msg":"spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT"} {"id":0,"code":0,"msg":"PONG"}
// {"id":0,"code":0,"msg":"Not Subscribed successfully! [spot@…].  Reason： Blocked!"}: refusals carry code 0 as well.
export function decodeAnswer(text: string): PublicMessage {
  const { msg, code } = fieldsOf(parseJson(text), 'frame');
  if (typeof msg !== 'string') throw bad('unknown kind of frame', text);
  const refusal = NOT_SUBSCRIBED.exec(msg);
  if (refusal !== null)
    return {
      kind: 'refused',
      topics: channelsOf(refusal[1]!),
      why: refusal[2]!.trim() || 'without a reason',
    };
  if (code !== 0 && code !== undefined) throw bad('the exchange refused a frame', text);
  const topics = channelsOf(msg);
  return topics.length > 0 ? { kind: 'confirmed', topics } : CONTROL;
}
const channelsOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one.startsWith('spot@'));

/** The time the server sent the frame; each frame has at least one of the two. */
const sentAt = (frame: Fields) => timeOf(frame, frame.sendTime === undefined ? 'createTime' : 'sendTime');

// {"deals":[{"price":"2500.10","quantity":"0.25","tradeType":1,"time":1782000000120,"tradeId":"900001"}],"eventType":"…"}
function decodeDeals(value: unknown, base: Base): MarketEvent[] {
  return listOf(fieldsOf(value, 'deals').deals ?? [], 'deals').map((row, at) => {
    const deal = fieldsOf(row, 'deal');
    const time = timeOf(deal, 'time');
    const price = decimalOf(deal, 'price');
    const amount = decimalOf(deal, 'quantity');
    const side = deal.tradeType === 1 ? 'buy' : deal.tradeType === 2 ? 'sell' : null;
    if (side === null) throw bad('a trade without a side', deal);
    // The id came in June 2026; without it a trade is named by what it says and its place in the frame.
    const tradeId =
      typeof deal.tradeId === 'string' ? deal.tradeId : `${time}-${side}-${price}-${amount}-${at}`;
    return { ...base, type: 'trade', venueTime: time, tradeId, price, amount, side };
  });
}

// {"bidPrice":"2500.09","bidQuantity":"3.1","askPrice":"2500.10","askQuantity":"7.6","version":"77001"}
function decodeTop(frame: Fields, value: unknown, base: Base): MarketEvent {
  const top = fieldsOf(value, 'top');
  return {
    ...base,
    type: 'top',
    venueTime: sentAt(frame),
    bid: decimalOf(top, 'bidPrice'),
    bidAmount: decimalOf(top, 'bidQuantity'),
    ask: decimalOf(top, 'askPrice'),
    askAmount: decimalOf(top, 'askQuantity'),
  };
}

// {"asks":[{"price":"2500.40","quantity":"0"}],"bids":[…],"fromVersion":"77002","toVersion":"77011"}; an empty side is absent
function decodeDepth(frame: Fields): BookDelta {
  const depth = fieldsOf(frame.publicAggreDepths, 'depth');
  const first = integerOf(depth, 'fromVersion');
  const last = integerOf(depth, 'toVersion');
  if (last < first) throw bad('depth range runs backwards', depth);
  return {
    first,
    last,
    previousLast: null,
    bids: sideOf(depth.bids),
    asks: sideOf(depth.asks),
    venueTime: sentAt(frame),
  };
}
const sideOf = (value: unknown): Level[] =>
  listOf(value ?? [], 'levels').map((row) => {
    const level = fieldsOf(row, 'level');
    return [toDecimal(level.price, 'price'), toDecimal(level.quantity, 'quantity')] as const;
  });

// {"interval":"Min1","windowStart":1781999940,"openingPrice":"2499",…,"volume":"31.25","windowEnd":1782000000}: seconds
function decodeKline(frame: Fields, wire: string, base: Base): PublicMessage {
  const kline = fieldsOf(frame.publicSpotKline, 'kline');
  const timeframe = toTimeframe(kline.interval);
  if (timeframe === undefined) throw bad('a candle of an unknown interval', kline);
  const candle = {
    openTime: unixMs(timeOf({ at: integerOf(kline, 'windowStart') * 1_000 }, 'at')),
    open: numberOf(kline, 'openingPrice'),
    high: numberOf(kline, 'highestPrice'),
    low: numberOf(kline, 'lowestPrice'),
    close: numberOf(kline, 'closingPrice'),
    volume: kline.volume === undefined ? 0 : numberOf(kline, 'volume'),
    closed: false,
  };
  return {
    kind: 'events',
    topic: spotTopic.kline(wire, String(kline.interval)),
    events: [{ ...base, type: 'candle', venueTime: sentAt(frame), timeframe, candle }],
  };
}

/** {"lastUpdateId":160,"bids":[["2500","1.5"]],"asks":[…]} @throws ProtocolError */
export function decodeSpotDepth(data: unknown): BookSnapshot {
  const fields = fieldsOf(data, 'depth');
  const { bids, asks } = fields;
  return { last: integerOf(fields, 'lastUpdateId'), bids: levelsOf(bids), asks: levelsOf(asks) };
}
