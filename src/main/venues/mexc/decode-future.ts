import { type OrderSide, unixMs } from '#shared/domain/basics';
import { mul, toNumber } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import type { BookDelta, BookSnapshot } from '../core/book-sync';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  integerOf,
  numberOf,
  optionalDecimal,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import { toBase } from './contracts';
import { levelsOf } from './levels';
import { type DecodeContext, KEYS, type PublicMessage } from './messages';
import { futureTopic, toTimeframe } from './subscribe';

const CONTROL: PublicMessage = { kind: 'control' };

/** @throws ProtocolError, also for a compressed frame: none was asked for, and none is inflated */
export function decodeFuturePublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  if (typeof data !== 'string')
    throw bad('a binary frame, where text was asked for', Buffer.from(data.subarray(0, 24)).toString('hex'));
  const frame = fieldsOf(parseJson(data), 'frame');
  const channel = textOf(frame, 'channel');
  // {"channel":"rs.sub.deal","data":"success","ts":"…"} {"channel":"rs.error","data":"Contract doesn't exist!","ts":…}
  if (channel === 'pong' || channel === 'rs.login' || channel === 'push.tickers') return CONTROL;
  if (channel === 'rs.error') throw bad('the exchange refused a frame', frame);
  if (channel.startsWith('rs.')) {
    if (frame.data !== 'success') throw bad('the exchange refused a frame', frame);
    return CONTROL;
  }
  const wire = textOf(frame, 'symbol');
  const instrument = context.instrument(wire);
  if (instrument === undefined) throw bad('frame of a contract that was never listed', frame);
  return decodePush(channel, frame, instrument, context);
}

function decodePush(
  channel: string,
  frame: Fields,
  instrument: Instrument,
  context: DecodeContext,
): PublicMessage {
  const wire = instrument.wireSymbol;
  const base = { venue: KEYS.future, symbol: instrument.symbol, seenAt: context.now() };
  const events = (topic: string, list: readonly MarketEvent[]): PublicMessage => ({
    kind: 'events',
    topic: futureTopic(topic, wire),
    events: list,
  });
  switch (channel) {
    case 'push.deal':
      return events('deal', decodeDeals(frame, instrument, base));
    case 'push.depth':
      return { kind: 'book', topic: futureTopic('depth', wire), delta: decodeDelta(frame, instrument) };
    case 'push.depth.full':
      return events('depth.full', decodeTop(frame, instrument, base));
    case 'push.ticker':
      return events('ticker', decodeTicker(frame, instrument, base));
    case 'push.funding.rate':
      return {
        kind: 'funding',
        topic: futureTopic('funding.rate', wire),
        funding: decodeFunding(frame, wire),
      };
    case 'push.fair.price':
      return events('fair.price', [decodeFair(frame, base)]);
    case 'push.index.price':
      return CONTROL;
    case 'push.kline':
      return decodeKline(frame, instrument, base);
    default:
      throw bad('unknown channel', channel);
  }
}

type Base = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt'>;

// {"p":114350.4,"v":4,"T":2,"O":3,"M":2,"t":1760368563597,"i":"778123"}; one object before 2025-08-21, a list since
function decodeDeals(frame: Fields, instrument: Instrument, base: Base): MarketEvent[] {
  const rows = Array.isArray(frame.data) ? (frame.data as unknown[]) : [frame.data];
  return rows.map((row, at) => {
    const deal = fieldsOf(row, 'deal');
    const time = timeOf(deal, 't');
    const price = decimalOf(deal, 'p');
    const contracts = decimalOf(deal, 'v');
    const side: OrderSide | null = deal.T === 1 ? 'buy' : deal.T === 2 ? 'sell' : null;
    if (side === null) throw bad('a trade without a side', deal);
    // The id is newer than the channel; without it a trade is named by what it says and its place in the frame.
    const tradeId =
      deal.i === undefined || deal.i === null
        ? `${time}-${side}-${price}-${contracts}-${at}`
        : String(deal.i);
    const amount = toBase(contracts, instrument);
    return { ...base, type: 'trade', venueTime: time, tradeId, price, amount, side };
  });
}

// {"asks":[[50001.5,112,2],[50003,0,0]],"bids":[…],"begin":96801931,"end":96801934,"version":96801934}
function decodeDelta(frame: Fields, instrument: Instrument): BookDelta {
  const data = fieldsOf(frame.data, 'depth');
  const merged = data.begin !== undefined && data.end !== undefined;
  const first = integerOf(data, merged ? 'begin' : 'version');
  const last = integerOf(data, merged ? 'end' : 'version');
  if (last < first) throw bad('depth range runs backwards', frame);
  return {
    first,
    last,
    previousLast: null,
    bids: levelsOf(data.bids, instrument),
    asks: levelsOf(data.asks, instrument),
    venueTime: timeOf(frame, 'ts'),
  };
}

/** Best prices out of the five best levels; none while a side is empty. */
function decodeTop(frame: Fields, instrument: Instrument, base: Base): MarketEvent[] {
  const data = fieldsOf(frame.data, 'depth');
  const [bid] = levelsOf(data.bids, instrument);
  const [ask] = levelsOf(data.asks, instrument);
  if (bid === undefined || ask === undefined) return [];
  return [
    {
      ...base,
      type: 'top',
      venueTime: timeOf(frame, 'ts'),
      bid: bid[0],
      bidAmount: bid[1],
      ask: ask[0],
      askAmount: ask[1],
    },
  ];
}

// {"symbol":"BTC_USDT","lastPrice":76376.1,"fairPrice":76374.4,"indexPrice":76385.8,"holdVol":95479623,
//  "amount24":7344207079.96,"riseFallRate":-0.0006,"fundingRate":0.0001,"timestamp":1731137509138}
function decodeTicker(frame: Fields, instrument: Instrument, base: Base): MarketEvent[] {
  const data = fieldsOf(frame.data, 'ticker');
  if (data.symbol !== instrument.wireSymbol) throw bad('the ticker is of another contract', frame);
  const venueTime = timeOf(data, 'timestamp');
  const rate = optionalDecimal(data, 'riseFallRate');
  const turnover = optionalDecimal(data, 'amount24');
  const mark = positiveOrNull(data, 'fairPrice');
  const held = optionalDecimal(data, 'holdVol');
  const events: MarketEvent[] = [
    {
      ...base,
      type: 'ticker',
      venueTime,
      last: decimalOf(data, 'lastPrice'),
      change24h: rate === null ? null : toNumber(rate) * 100,
      volume24h: turnover === null ? null : toNumber(turnover),
    },
  ];
  if (mark !== null)
    events.push({
      ...base,
      type: 'mark',
      venueTime,
      mark,
      index: positiveOrNull(data, 'indexPrice'),
      fundingRate: optionalDecimal(data, 'fundingRate'),
      nextFundingAt: null,
    });
  if (held !== null) {
    const interest = toBase(held, instrument);
    const quote = mark === null ? null : mul(interest, mark);
    events.push({ ...base, type: 'interest', venueTime, base: interest, quote });
  }
  return events;
}

// {"symbol":"BTC_USDT","rate":-0.000021,"nextSettleTime":1771084800000}
function decodeFunding(frame: Fields, wire: string) {
  const data = fieldsOf(frame.data, 'funding');
  const next = data.nextSettleTime;
  return {
    wire,
    rate: decimalOf(data, 'rate'),
    nextFundingAt: next === undefined || next === 0 ? null : timeOf(data, 'nextSettleTime'),
    venueTime: timeOf(frame, 'ts'),
  };
}

// {"symbol":"BTC_USDT","price":76374.4}
const decodeFair = (frame: Fields, base: Base): MarketEvent => ({
  ...base,
  type: 'mark',
  venueTime: timeOf(frame, 'ts'),
  mark: decimalOf(fieldsOf(frame.data, 'fair price'), 'price'),
  index: null,
  fundingRate: null,
  nextFundingAt: null,
});

// {"symbol":"BTC_USDT","interval":"Min1","t":1651230660,"o":38901.5,"c":38839,"h":38909.5,"l":38833,"a":325653.3,"q":83808}
function decodeKline(frame: Fields, instrument: Instrument, base: Base): PublicMessage {
  const data = fieldsOf(frame.data, 'kline');
  const timeframe = toTimeframe(data.interval);
  if (timeframe === undefined) throw bad('a candle of an unknown interval', frame);
  const candle = {
    openTime: unixMs(timeOf({ at: integerOf(data, 't') * 1_000 }, 'at')),
    open: numberOf(data, 'o'),
    high: numberOf(data, 'h'),
    low: numberOf(data, 'l'),
    close: numberOf(data, 'c'),
    volume: toNumber(toBase(decimalOf(data, 'q'), instrument)),
    closed: false,
  };
  return {
    kind: 'events',
    topic: futureTopic('kline', instrument.wireSymbol, String(data.interval)),
    events: [{ ...base, type: 'candle', venueTime: timeOf(frame, 'ts'), timeframe, candle }],
  };
}

/** {"asks":[[50001,120,3]],"bids":[[50000.5,88,2]],"version":96801930,"timestamp":…} @throws ProtocolError */
export function decodeFutureDepth(data: unknown, instrument: Instrument): BookSnapshot {
  const fields = fieldsOf(data, 'depth');
  return {
    last: integerOf(fields, 'version'),
    bids: levelsOf(fields.bids, instrument),
    asks: levelsOf(fields.asks, instrument),
  };
}
