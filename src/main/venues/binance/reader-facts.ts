import { mul } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { FrameFact, Where } from '../core/frame-facts';
import { decodeDepth } from './decode';
import { toSide } from './order-rows';

/** What reading a frame without a connection knows: which market, and how its names are spelled. */
export interface ReadContext {
  readonly where: Where;
  symbol(wire: string): Symbol;
}
type Facts = readonly FrameFact[];

const headOf = (frame: Fields, { where, symbol }: ReadContext, time = 'E') => ({
  ...where,
  symbol: symbol(textOf(frame, 's')),
  timestamp: timeOf(frame, time),
});

const REFUSED_KEY = new Set(['-1022', '-2014', '-2015']);

// {"result":null,"id":7} {"error":{"code":2,"msg":"…"},"id":1} {"id":"1","status":200,"result":{"subscriptionId":0}}
export function replyFact(where: Where, frame: Fields): FrameFact | null {
  const error = frame.error ?? (frame.code !== undefined && frame.msg !== undefined ? frame : undefined);
  const id = frame.id === undefined || frame.id === null ? null : String(frame.id);
  if (error !== undefined) {
    const { code, msg } = fieldsOf(error, 'error');
    const [number, message] = [code === undefined ? null : String(code), String(msg ?? '')];
    if (number !== null && REFUSED_KEY.has(number)) return { type: 'auth', ...where, ok: false, message };
    return { type: 'error', ...where, code: number, message };
  }
  if (id === null || frame.e !== undefined) return null;
  const result = frame.result;
  if (typeof result === 'object' && result !== null && 'subscriptionId' in result)
    return { type: 'auth', ...where, ok: true, message: null };
  return { type: 'ack', ...where, what: null, id };
}

// {"e":"24hrTicker","E":…,"s":"BTCUSDT","P":"1.5","c":"65010","b":"65000","B":"1","a":"65001","A":"2","q":"812500"};
// the mini one has neither the change nor bid and ask, USD-M's full one neither bid nor ask
export function ticker(frame: Fields, context: ReadContext): Facts {
  return [
    {
      type: 'ticker',
      ...headOf(frame, context),
      last: decimalOf(frame, 'c'),
      bid: optionalDecimal(frame, 'b'),
      bid_amount: optionalDecimal(frame, 'B'),
      ask: optionalDecimal(frame, 'a'),
      ask_amount: optionalDecimal(frame, 'A'),
      change_percent: optionalDecimal(frame, 'P'),
      quote_volume: optionalDecimal(frame, 'q'),
    },
  ];
}

// {"e":"kline","E":…,"s":"BTCUSDT","k":{"t":…,"i":"1m","o":"…","c":"…","h":"…","l":"…","v":"…","x":false}}; a
// continuous one names its pair (ps) and its contract (ct)
export function candle(frame: Fields, context: ReadContext): Facts {
  const k = fieldsOf(frame.k, 'k');
  if (typeof k.x !== 'boolean') throw bad('field x is not true or false', frame);
  if (frame.e === 'continuous_kline' && frame.ct !== 'PERPETUAL')
    return [
      {
        type: 'unknown',
        ...context.where,
        excerpt: `a candle of the contract ${String(frame.ct)}`.slice(0, 100),
      },
    ];
  return [
    {
      type: 'candle',
      ...context.where,
      symbol: context.symbol(textOf(frame, frame.e === 'kline' ? 's' : 'ps')),
      timestamp: timeOf(k, 't'),
      timeframe: textOf(k, 'i'),
      open: decimalOf(k, 'o'),
      high: decimalOf(k, 'h'),
      low: decimalOf(k, 'l'),
      close: decimalOf(k, 'c'),
      volume: decimalOf(k, 'v'),
      closed: k.x,
    },
  ];
}

// {"lastUpdateId":160,"bids":[["65000","1.5"]],"asks":[]}: the symbol stands in the stream's name only
export function partialBook(frame: Fields, context: ReadContext, stream: unknown): Facts {
  const wire = typeof stream === 'string' ? stream.split('@')[0]!.toUpperCase() : null;
  const { last, bids, asks } = decodeDepth(frame);
  const symbol = wire === null || wire === '' ? null : context.symbol(wire);
  return [
    {
      type: 'book_snapshot',
      ...context.where,
      symbol,
      timestamp: null,
      first: null,
      last: String(last),
      bids,
      asks,
    },
  ];
}

// {"openInterest":"10659.509","symbol":"BTCUSDT","time":1589437530011}, base units
export const interest = (frame: Fields, { where, symbol }: ReadContext): Facts => [
  {
    type: 'open_interest',
    ...where,
    symbol: symbol(textOf(frame, 'symbol')),
    timestamp: timeOf(frame, 'time'),
    amount: decimalOf(frame, 'openInterest'),
    value: null,
  },
];

// {"e":"TRADE_LITE","E":…,"T":…,"s":"BTCUSDT","q":"0.01","p":"0","m":false,"c":"wd-2","S":"SELL","L":"64999.1","l":"0.01",
//  "t":12345678,"i":8886774}: the early copy of a fill, whose fee comes with the full one under the same id
export function liteFill(frame: Fields, context: ReadContext): Facts {
  const [price, amount] = [decimalOf(frame, 'L'), decimalOf(frame, 'l')];
  return [
    {
      type: 'fill',
      ...headOf(frame, context, 'T'),
      id: idOf(frame, 't'),
      order_id: idOf(frame, 'i'),
      client_order_id: typeof frame.c === 'string' && frame.c !== '' ? frame.c : null,
      side: toSide(frame.S),
      price,
      amount,
      cost: mul(price, amount),
      fee: null,
      maker: typeof frame.m === 'boolean' ? frame.m : null,
    },
  ];
}

// {"e":"outboundAccountPosition","E":…,"u":…,"B":[{"a":"ETH","f":"10000.000000","l":"0.000000"}]}
export const spotBalances = (frame: Fields, { where }: ReadContext): Facts =>
  listOf(frame.B, 'B').map((row) => {
    const fields = fieldsOf(row, 'balance');
    return {
      type: 'balance' as const,
      ...where,
      asset: textOf(fields, 'a'),
      free: decimalOf(fields, 'f'),
      locked: decimalOf(fields, 'l'),
      timestamp: timeOf(frame, 'E'),
    };
  });

// {"e":"balanceUpdate","E":…,"a":"BTC","d":"100.0","T":…}: by how much, not how much there is
export const balanceChange = (frame: Fields, { where }: ReadContext): Facts => [
  {
    type: 'balance',
    ...where,
    asset: textOf(frame, 'a'),
    free: null,
    locked: null,
    timestamp: timeOf(frame, 'T'),
  },
];

// {"e":"ACCOUNT_UPDATE","E":…,"a":{"m":"ORDER","B":[{"a":"USDT","wb":"122624.1","cw":"100.1"}],"P":[{"s":"BTCUSDT","pa":"0","ep":"0"}]}}
export function futureAccount(frame: Fields, context: ReadContext): Facts {
  const { where, symbol } = context;
  const update = fieldsOf(frame.a, 'a');
  const timestamp = timeOf(frame, 'E');
  const balances = listOf(update.B ?? [], 'B').map((row): FrameFact => {
    const asset = textOf(fieldsOf(row, 'balance'), 'a');
    // Only the wallet balance is told; what of it is free is not.
    return { type: 'balance', ...where, asset, free: null, locked: null, timestamp };
  });
  const positions = listOf(update.P ?? [], 'P').map((row): FrameFact => {
    const fields = fieldsOf(row, 'position');
    return {
      type: 'position',
      ...where,
      symbol: symbol(textOf(fields, 's')),
      timestamp,
      amount: decimalOf(fields, 'pa'),
      entry_price: positiveOrNull(fields, 'ep'),
      liquidation_price: null,
    };
  });
  return [...balances, ...positions];
}

const ENDS: Readonly<Record<string, string>> = {
  listenKeyExpired: 'the listen key of the account stream expired',
  eventStreamTerminated: 'the exchange ended the account stream',
  serverShutdown: 'the exchange is shutting this socket',
};
export const endOfStream = (frame: Fields, { where }: ReadContext): Facts => [
  { type: 'error', ...where, code: String(frame.e), message: ENDS[String(frame.e)] ?? '' },
];
