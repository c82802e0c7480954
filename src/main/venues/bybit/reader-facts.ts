import type { Decimal } from '#shared/domain/basics';
import { mul } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { FrameFact, Where } from '../core/frame-facts';
import { decodeCoin, decodePosition } from './account';
import { TIMEFRAME } from './subscribe';

/** What reading a frame without a connection knows: which market, and how its names are spelled. */
export interface ReadContext {
  readonly where: Where;
  symbol(wire: string): Symbol;
}
type Facts = readonly FrameFact[];

/**
 * What one ticker message says by itself: a delta has only what changed, and the rest reads null.
 * {"symbol":"BTCUSDT","markPrice":"65001.90","bid1Price":"65000.20","bid1Size":"3.1"}
 */
export function ticker(frame: Fields, { where, symbol }: ReadContext): Facts {
  const data = fieldsOf(frame.data, 'data');
  const head = { ...where, symbol: symbol(textOf(data, 'symbol')), timestamp: timeOf(frame, 'ts') };
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => optionalDecimal(data, name) !== null);
  const facts: FrameFact[] = [];
  const change = optionalDecimal(data, 'price24hPcnt');
  if (has('lastPrice', 'bid1Price', 'bid1Size', 'ask1Price', 'ask1Size', 'price24hPcnt', 'turnover24h'))
    facts.push({
      type: 'ticker',
      ...head,
      last: optionalDecimal(data, 'lastPrice'),
      bid: optionalDecimal(data, 'bid1Price'),
      bid_amount: optionalDecimal(data, 'bid1Size'),
      ask: optionalDecimal(data, 'ask1Price'),
      ask_amount: optionalDecimal(data, 'ask1Size'),
      change_percent: change === null ? null : mul(change, '100' as Decimal),
      quote_volume: optionalDecimal(data, 'turnover24h'),
    });
  if (has('markPrice'))
    facts.push({
      type: 'mark_price',
      ...head,
      price: decimalOf(data, 'markPrice'),
      index: optionalDecimal(data, 'indexPrice'),
    });
  if (has('fundingRate')) {
    const next = optionalDecimal(data, 'nextFundingTime');
    facts.push({
      type: 'funding',
      ...head,
      rate: decimalOf(data, 'fundingRate'),
      next_at: next === null ? null : Number(next),
    });
  }
  if (has('openInterest', 'openInterestValue'))
    facts.push({
      type: 'open_interest',
      ...head,
      amount: optionalDecimal(data, 'openInterest'),
      value: optionalDecimal(data, 'openInterestValue'),
    });
  return facts;
}

/** Lengths that Bybit has and the adapter does not subscribe to. */
const OTHER_INTERVALS: Readonly<Record<string, string>> = {
  '120': '2h',
  '360': '6h',
  '720': '12h',
  W: '1w',
  M: '1M',
};

// {"start":1772536740000,"end":1772536799999,"interval":"1","open":"64990","close":"65000.1","high":"65010","low":"64985",
//  "volume":"12.081","turnover":"785166.4","confirm":false,"timestamp":1772536782120}; the symbol stands in the topic
export function candles(frame: Fields, { where, symbol }: ReadContext): Facts {
  const wire = textOf(frame, 'topic').split('.').at(-1)!;
  return listOf(frame.data, 'data').map((row) => {
    const k = fieldsOf(row, 'kline');
    const interval = textOf(k, 'interval');
    const timeframe = TIMEFRAME[interval] ?? OTHER_INTERVALS[interval];
    if (timeframe === undefined || typeof k.confirm !== 'boolean') throw bad('unreadable kline', frame);
    return {
      type: 'candle',
      ...where,
      symbol: symbol(wire),
      timestamp: timeOf(k, 'start'),
      timeframe,
      open: decimalOf(k, 'open'),
      high: decimalOf(k, 'high'),
      low: decimalOf(k, 'low'),
      close: decimalOf(k, 'close'),
      volume: decimalOf(k, 'volume'),
      closed: k.confirm,
    };
  });
}

/** Balances of a wallet message: of each coin that it names. */
export function wallet(frame: Fields, { where }: ReadContext): Facts {
  const timestamp = frame.creationTime === undefined ? null : timeOf(frame, 'creationTime');
  return listOf(frame.data, 'data').flatMap((account) =>
    listOf(fieldsOf(account, 'account').coin, 'coin').map((coin) => {
      const { asset, free, locked } = decodeCoin(fieldsOf(coin, 'coin'));
      return { type: 'balance' as const, ...where, asset, free, locked, timestamp };
    }),
  );
}

/** A position as it is told, flat ones included. */
export function position(row: Fields, { where, symbol }: ReadContext): FrameFact {
  const held = decodePosition({ ...row, positionIdx: 0 });
  return {
    type: 'position',
    ...where,
    symbol: symbol(textOf(row, 'symbol')),
    timestamp: row.updatedTime === undefined ? null : timeOf(row, 'updatedTime'),
    amount: held?.amount ?? ('0' as Decimal),
    entry_price: held?.entryPrice ?? null,
    liquidation_price: held === null ? null : positiveOrNull(row, 'liqPrice'),
  };
}

/**
 * Replies of every socket and of REST, in all their shapes; null for a frame that is none.
 * {"success":true,"ret_msg":"","op":"auth","conn_id":"…"} {"retCode":0,"retMsg":"OK","op":"order.create","reqId":"t-5",…}
 * {"retCode":10004,"retMsg":"error sign!","result":{},…}
 */
export function replyFact(where: Where, frame: Fields): FrameFact | null {
  const { success, op } = frame;
  const code = frame.retCode ?? frame.ret_code;
  const isReply = typeof op === 'string' || typeof success === 'boolean' || typeof code === 'number';
  if (!isReply || frame.topic !== undefined) return null;
  const message = words(frame.ret_msg ?? frame.retMsg);
  // A public pong says "ping" in its op; a private one has neither success nor code.
  if (op === 'pong' || op === 'ping' || message === 'pong') return { type: 'pong', ...where };
  const failed = success === false || (typeof code === 'number' && code !== 0);
  if (op === 'auth')
    return { type: 'auth', ...where, ok: !failed, message: failed ? (message ?? 'refused') : null };
  if (failed)
    return {
      type: 'error',
      ...where,
      code: typeof code === 'number' ? String(code) : null,
      message: message ?? '',
    };
  if (typeof op !== 'string') return null;
  const id = frame.req_id ?? frame.reqId;
  return { type: 'ack', ...where, what: op, id: id === undefined || id === null ? null : String(id) };
}
const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
