import { type UnixMs, unixMs } from '#shared/domain/basics';
import { venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { BookDelta } from '../core/book-sync';
import {
  decimalOf,
  type Fields,
  fieldsOf,
  listOf,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument } from '../core/guess-symbol';
import { OrderNames } from '../core/order-names';
import type { VenueModule } from '../module';
import { type DecodeContext, decodePublic } from './decode';
import { type AccountContext, accountDecoder } from './decode-account';

const PUBLIC = new Set([
  'trade',
  'aggTrade',
  'bookTicker',
  '24hrMiniTicker',
  'markPriceUpdate',
  'kline',
  'depthUpdate',
  'forceOrder',
]);

/** Reads frames of every Binance socket: raw streams, combined ones, the WS-API and both account streams. */
export const createReader: VenueModule['reader'] = (market, options) => {
  const where: Where = { exchange: 'binance', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const instrument = (wire: string) => listed.get(wire) ?? guessInstrument('binance', wire, market);
  const now = (): UnixMs => unixMs(options.now());
  const open: DecodeContext = { market, symbol: (wire) => instrument(wire)?.symbol, now };
  const names = new OrderNames();
  const mine: AccountContext = {
    names,
    now,
    known(wire) {
      const found = instrument(wire);
      if (found === null) throw new RangeError(`no unified name for ${wire}`);
      return found;
    },
  };
  return {
    read(frame) {
      const outer = fieldsOf(parseJson(frame), 'frame');
      // A combined stream wraps each frame with its stream's name, the WS-API with its subscription's id.
      const inner = fieldsOf(outer.data ?? outer.event ?? outer, 'frame');
      const reply = replyFact(where, outer);
      if (reply !== null) return [reply];
      const text = JSON.stringify(inner);
      if (isPublic(inner)) return publicFacts(where, text, inner, open);
      if (inner.e === 'outboundAccountPosition') return spotBalances(where, inner);
      if (inner.e === 'ACCOUNT_UPDATE') return futureAccount(where, inner, open);
      const news = accountDecoder[market](outer.event === undefined ? text : JSON.stringify(outer), mine);
      return news.kind === 'events'
        ? news.events.flatMap((event) => accountFacts(where, event))
        : [unknownFact(where, text)];
    },
  };
};

const isPublic = (frame: Fields): boolean =>
  PUBLIC.has(String(frame.e)) || (frame.e === undefined && frame.u !== undefined && frame.b !== undefined);

function publicFacts(
  where: Where,
  text: string,
  frame: Fields,
  context: DecodeContext,
): readonly FrameFact[] {
  const message = decodePublic(text, context);
  if (message.kind === 'event') return marketFacts(where, message.event);
  if (message.kind === 'control') return [unknownFact(where, text)];
  const delta: BookDelta = message.delta;
  const symbol = context.symbol(textOf(frame, 's')) as Symbol;
  const head = { venue: venueKey('binance', where.market), symbol, seenAt: context.now() };
  return marketFacts(where, { ...head, type: 'book-delta', ...delta });
}

// {"result":null,"id":7} {"error":{"code":2,"msg":"…"},"id":1} {"id":"1","status":200,"result":{"subscriptionId":0}}
function replyFact(where: Where, frame: Fields): FrameFact | null {
  const error = frame.error ?? (frame.code !== undefined && frame.msg !== undefined ? frame : undefined);
  const id = frame.id === undefined || frame.id === null ? null : String(frame.id);
  if (error !== undefined) {
    const { code, msg } = fieldsOf(error, 'error');
    return {
      type: 'error',
      ...where,
      code: code === undefined ? null : String(code),
      message: String(msg ?? ''),
    };
  }
  if (id === null) return null;
  const result = frame.result;
  if (typeof result === 'object' && result !== null && 'subscriptionId' in result)
    return { type: 'auth', ...where, ok: true, message: null };
  return { type: 'ack', ...where, what: null, id };
}

// {"e":"outboundAccountPosition","E":…,"u":…,"B":[{"a":"ETH","f":"10000.000000","l":"0.000000"}]}
const spotBalances = (where: Where, frame: Fields): readonly FrameFact[] =>
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

// {"e":"ACCOUNT_UPDATE","E":…,"a":{"m":"ORDER","B":[{"a":"USDT","wb":"122624.1","cw":"100.1"}],"P":[{"s":"BTCUSDT","pa":"0","ep":"0"}]}}
function futureAccount(where: Where, frame: Fields, context: DecodeContext): readonly FrameFact[] {
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
      symbol: context.symbol(textOf(fields, 's')) ?? null,
      timestamp,
      amount: decimalOf(fields, 'pa'),
      entry_price: positiveOrNull(fields, 'ep'),
      liquidation_price: null,
    };
  });
  return [...balances, ...positions];
}
