import type { UnixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { bad, type Fields, fieldsOf, listOf, parseJson, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent } from '../venue';
import { replyOf } from './decode';
import { decodeFill, isFill } from './fill-rows';
import { decodeOrderRow, noteOf } from './order-rows';
import type { Reply } from './subscribe';
import { marketOf } from './symbols';

/** A private frame as ours. `stale-account`: balances or positions changed, ask for them whole. */
export type AccountNews =
  | {
      readonly kind: 'events';
      readonly events: readonly AccountEvent[];
      /** Balances changed as well. */
      readonly stale: boolean;
      /** A row of the batch that could not be read; the others are among the events all the same. */
      readonly problem: Error | null;
    }
  | { readonly kind: 'stale-account' }
  | { readonly kind: 'reply'; readonly reply: Reply; readonly op: string }
  | { readonly kind: 'control' };

export interface AccountContext {
  readonly market: MarketKind;
  readonly names: OrderNames;
  /** Last picture of each position, because Bybit sends it with every order, changed or not. */
  readonly positions: Map<string, string>;
  now(): UnixMs;
  /** Undefined for what we do not trade (dated contracts). */
  instrument(wireSymbol: string): Instrument | undefined;
}

const CONTROL: AccountNews = { kind: 'control' };
const STALE: AccountNews = { kind: 'stale-account' };

/**
 * A frame of the account socket, which carries all markets of the account: only the rows of this one are told.
 * Topics may be named with their market ("order.linear").
 * @throws ProtocolError
 */
export function decodeAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  const frame = fieldsOf(parseJson(data), 'frame');
  if (typeof frame.topic !== 'string') return decodeControl(frame);
  switch (frame.topic.split('.')[0]) {
    case 'order':
      return orders(rowsOf(frame, context.market), context);
    case 'execution':
      return executions(rowsOf(frame, context.market), context);
    case 'position':
      return rowsOf(frame, context.market)
        .map((row) => isNews(row, context))
        .some(Boolean)
        ? STALE
        : CONTROL;
    case 'wallet':
      return STALE;
    default:
      throw bad('unknown kind of frame', frame);
  }
}

const rowsOf = (frame: Fields, market: MarketKind): Fields[] =>
  listOf(frame.data, 'data')
    .map((row) => fieldsOf(row, 'row'))
    .filter((row) => marketOf(row) === market);

const orders = (rows: readonly Fields[], context: AccountContext): AccountNews =>
  eachOf(rows, context, false, (row, { symbol }) => {
    const order = decodeOrderRow(row, symbol, context.market);
    if (order.clientOrderId !== null) context.names.set(symbol, order.venueOrderId, order.clientOrderId);
    return { type: 'order', order, note: noteOf(row), seenAt: context.now() };
  });

/** All fills of a batch. A funding payment is none, but it changes what the account owns. */
function executions(rows: readonly Fields[], context: AccountContext): AccountNews {
  const fills = rows.filter(isFill);
  return eachOf(fills, context, fills.length < rows.length, (row, instrument) => {
    const named = context.names.get(instrument.symbol, textOf(row, 'orderId')) ?? null;
    return { type: 'fill', fill: decodeFill(row, instrument, named, context.now()) };
  });
}

/** Reads each row by itself: one that is broken must not cost the others, which may be money. */
function eachOf(
  rows: readonly Fields[],
  context: AccountContext,
  stale: boolean,
  read: (row: Fields, instrument: Instrument) => AccountEvent,
): AccountNews {
  const events: AccountEvent[] = [];
  let problem: Error | null = null;
  for (const row of rows)
    try {
      const instrument = context.instrument(textOf(row, 'symbol'));
      if (instrument !== undefined) events.push(read(row, instrument));
    } catch (error) {
      problem = error instanceof Error ? error : new Error(String(error));
    }
  return { kind: 'events', events, stale, problem };
}

/** True when the position is not as it was last told. */
function isNews(row: Fields, { positions }: AccountContext): boolean {
  const name = `${textOf(row, 'symbol')}|${String(row.positionIdx)}`;
  const picture = [row.side, row.size, row.entryPrice, row.liqPrice, row.leverage].join('|');
  if (positions.get(name) === picture) return false;
  positions.set(name, picture);
  return true;
}

// {"req_id":"p1","op":"pong","args":["1675418560633"],"conn_id":"…"} {"success":true,"ret_msg":"","op":"subscribe","conn_id":"…"}
function decodeControl(frame: Fields): AccountNews {
  const { op } = frame;
  if (typeof op !== 'string') throw bad('unknown kind of frame', frame);
  if (op === 'pong' || op === 'ping') return CONTROL;
  return { kind: 'reply', op, reply: replyOf(frame) };
}
