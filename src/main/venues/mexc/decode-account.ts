import type { UnixMs } from '#shared/domain/basics';
import { VenueOrderId } from '#shared/domain/basics';
import { ZERO } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import {
  bad,
  type Fields,
  fieldsOf,
  integerOf,
  optionalDecimal,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent, VenueOrder } from '../venue';
import { decodeAnswer } from './decode-spot';
import { decodeFutureFill, decodeSpotDeal } from './fills';
import {
  decodeFutureRow,
  decodePlanRow,
  decodeTrackRow,
  toClientId,
  toSpotSide,
  toSpotStatus,
} from './order-rows';
import type { PlanNames } from './plan-names';
import { decodeFrame } from './proto';

/** A private frame as ours. `stale-account`: balances or positions changed, ask for them whole. */
export type AccountNews =
  | { readonly kind: 'events'; readonly events: readonly AccountEvent[] }
  | { readonly kind: 'stale-account' }
  | { readonly kind: 'confirmed'; readonly topics: readonly string[] }
  | { readonly kind: 'refused'; readonly topics: readonly string[]; readonly why: string }
  /** The key of the stream, or of the account, is no longer taken. */
  | { readonly kind: 'stream-ended'; readonly why: string }
  | { readonly kind: 'control' };

export interface AccountContext {
  readonly names: OrderNames;
  readonly plans: PlanNames;
  now(): UnixMs;
  /** @throws ProtocolError for a symbol the venue never listed */
  known(wireSymbol: string): Instrument;
  /** A trigger order has told which ordinary order it became. */
  learnt?(): void;
}

const CONTROL: AccountNews = { kind: 'control' };
const STALE: AccountNews = { kind: 'stale-account' };
/** The one frame that is neither protobuf nor JSON. */
export const INVALID_LISTEN_KEY = 'Invalid listen key';

/** A frame of the private spot socket. @throws ProtocolError */
export function decodeSpotAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  if (typeof data === 'string') {
    if (data.startsWith(INVALID_LISTEN_KEY))
      return { kind: 'stream-ended', why: 'the listen key of the account stream is no longer valid' };
    const answer = decodeAnswer(data);
    return answer.kind === 'confirmed' || answer.kind === 'refused' ? answer : CONTROL;
  }
  return decodeSpotAccountFields(decodeFrame(data), context);
}

/** The fields of one data frame. @throws ProtocolError */
export function decodeSpotAccountFields(frame: Fields, context: AccountContext): AccountNews {
  if (frame.privateAccount !== undefined) return STALE;
  const seenAt = context.now();
  if (frame.privateDeals !== undefined) {
    const instrument = context.known(textOf(frame, 'symbol'));
    const fill = decodeSpotDeal(fieldsOf(frame.privateDeals, 'deal'), instrument, seenAt);
    if (fill.clientOrderId !== null) context.names.set(fill.symbol, fill.venueOrderId, fill.clientOrderId);
    const clientOrderId = fill.clientOrderId ?? context.names.get(fill.symbol, fill.venueOrderId) ?? null;
    return { kind: 'events', events: [{ type: 'fill', fill: { ...fill, clientOrderId } }] };
  }
  if (frame.privateOrders !== undefined) {
    const order = spotOrder(frame, context.known(textOf(frame, 'symbol')));
    if (order.clientOrderId !== null)
      context.names.set(order.symbol, order.venueOrderId, order.clientOrderId);
    return { kind: 'events', events: [{ type: 'order', order, note: null, seenAt }] };
  }
  throw bad('unknown channel', frame);
}

// {"id":"C02__900001","clientId":"wd-7","price":"2500.10","quantity":"1","avgPrice":"2500.10","orderType":1,"tradeType":2,
//  "remainQuantity":"0.75","cumulativeQuantity":"0.25","status":3,"createTime":1781999990000}
function spotOrder(frame: Fields, instrument: Instrument): VenueOrder {
  const row = fieldsOf(frame.privateOrders, 'order');
  // A page of the documentation shows the order's id under `clientId`; taken for it only where it is shaped like one.
  const misplaced = typeof row.clientId === 'string' && row.clientId.startsWith('C02__');
  const id = row.id === undefined && misplaced ? textOf(row, 'clientId') : textOf(row, 'id');
  return {
    venueOrderId: VenueOrderId.parse(id),
    clientOrderId: misplaced ? null : toClientId(row.clientId),
    symbol: instrument.symbol,
    status: toSpotStatus(row.status),
    filled: optionalDecimal(row, 'cumulativeQuantity') ?? ZERO,
    averagePrice: positiveOrNull(row, 'avgPrice'),
    side: toSpotSide(row.tradeType),
    amount: positiveOrNull(row, 'quantity'),
    triggerPrice: null,
    reduceOnly: false,
    updatedAt: timeOf(frame, frame.sendTime === undefined ? 'createTime' : 'sendTime'),
  };
}

/** A frame of the futures socket after its login. @throws ProtocolError */
export function decodeFutureAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  if (typeof data !== 'string')
    throw bad('a binary frame, where text was asked for', Buffer.from(data.subarray(0, 24)).toString('hex'));
  const frame = fieldsOf(parseJson(data), 'frame');
  const channel = textOf(frame, 'channel');
  switch (channel) {
    case 'push.personal.order.deal':
      return { kind: 'events', events: [futureFill(fieldsOf(frame.data, 'deal'), context)] };
    case 'push.personal.order':
      return { kind: 'events', events: [futureOrder(fieldsOf(frame.data, 'order'), context)] };
    case 'push.personal.plan.order':
      return planOrder(fieldsOf(frame.data, 'plan'), context);
    case 'push.personal.track.order': {
      const row = fieldsOf(frame.data, 'track');
      const order = decodeTrackRow(row, context.known(textOf(row, 'symbol')));
      return {
        kind: 'events',
        events: [{ type: 'order', order, note: errorWords(row), seenAt: context.now() }],
      };
    }
    case 'push.personal.asset':
    case 'push.personal.position':
      return STALE;
    case 'rs.error':
      throw bad('the exchange refused a frame', frame);
    default:
      // Risk limits, deleveraging ranks, leverage and other news that nobody waits for.
      if (channel === 'pong' || channel.startsWith('rs.') || channel.startsWith('push.')) return CONTROL;
      throw bad('unknown channel', frame);
  }
}

function futureFill(row: Fields, context: AccountContext): AccountEvent {
  const instrument = context.known(textOf(row, 'symbol'));
  const fill = decodeFutureFill(row, instrument, context.now());
  const { symbol, venueOrderId } = fill;
  if (fill.clientOrderId !== null) context.names.set(symbol, venueOrderId, fill.clientOrderId);
  const clientOrderId = fill.clientOrderId ?? context.names.get(symbol, venueOrderId) ?? null;
  return { type: 'fill', fill: { ...fill, clientOrderId } };
}

function futureOrder(row: Fields, context: AccountContext): AccountEvent {
  const order = decodeFutureRow(row, context.known(textOf(row, 'symbol')));
  const { symbol, venueOrderId } = order;
  if (order.clientOrderId !== null) context.names.set(symbol, venueOrderId, order.clientOrderId);
  const clientOrderId = order.clientOrderId ?? context.names.get(symbol, venueOrderId) ?? null;
  return { type: 'order', order: { ...order, clientOrderId }, note: errorWords(row), seenAt: context.now() };
}

/** From the trigger on the ordinary order reports; its news may be here already, so nothing older is said. */
function planOrder(row: Fields, context: AccountContext): AccountNews {
  // A sample of the fee deduction is labelled with this channel.
  if (row.id === undefined && row.deductFee !== undefined) return CONTROL;
  const { order, childId, triggered } = decodePlanRow(row, context.known(textOf(row, 'symbol')));
  const { symbol, venueOrderId } = order;
  const clientOrderId = context.plans.clientOf(symbol, venueOrderId) ?? null;
  if (clientOrderId !== null && childId !== null) context.names.set(symbol, childId, clientOrderId);
  context.learnt?.();
  if ((triggered && childId !== null) || order.status !== 'open') context.plans.ended(symbol, venueOrderId);
  if (triggered) return CONTROL;
  const told = { ...order, clientOrderId };
  return {
    kind: 'events',
    events: [{ type: 'order', order: told, note: errorWords(row), seenAt: context.now() }],
  };
}

const ERRORS: Readonly<Record<number, string>> = {
  1: 'a wrong parameter',
  2: 'not enough balance',
  3: 'there is no position',
  4: 'the position is smaller than the order',
  5: 'the position is being liquidated',
  6: 'the price is beyond the liquidation price',
  7: 'the risk level forbids it',
  8: 'cancelled by the exchange',
  9: 'the position mode does not fit',
  10: 'it would not only reduce',
  11: 'the contract is switched off',
  12: 'delivery',
  13: 'cancelled by a liquidation',
  14: 'deleveraging',
  15: 'the user is blocked',
  16: 'funding is being settled',
  17: 'the margin changed',
  18: 'the rest of an immediate-or-cancel order ended',
  19: 'fill-or-kill could not be filled',
  20: 'post-only would have taken',
  21: 'the rest of a market order ended',
};

/** Why an order ended, in words; null where nothing is wrong. */
function errorWords(row: Fields): string | null {
  if (row.errorCode === undefined || row.errorCode === null) return null;
  const code = integerOf(row, 'errorCode');
  return code === 0 ? null : (ERRORS[code] ?? `code ${code} of the exchange`);
}
