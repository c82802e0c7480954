import type { Decimal, UnixMs } from '#shared/domain/basics';
import { abs, isNegative, isZero, mul } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Fill } from '#shared/domain/order';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  optionalDecimal,
  parseJson,
  textOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent } from '../venue';
import { sideOf } from './decode';
import {
  clientIdOf,
  decodeFutureOrder,
  decodeFutureTrigger,
  decodeSpotOrder,
  decodeSpotTriggerNews,
  endOf,
  type TriggerRow,
  toVenueId,
  triggerName,
} from './order-rows';
import { refusalOf } from './socket';
import type { GateInstrument } from './symbols';
import { timeOf } from './times';

/** A private frame as ours. `stale-account`: balances or positions changed, ask for them whole. */
export type AccountNews =
  | { readonly kind: 'events'; readonly events: readonly AccountEvent[] }
  | { readonly kind: 'stale-account' }
  | { readonly kind: 'reply'; readonly id: unknown; readonly refused: string | null; readonly code: string }
  | { readonly kind: 'control' };

export interface AccountContext {
  readonly market: MarketKind;
  readonly names: OrderNames;
  now(): UnixMs;
  /** @throws ProtocolError for a symbol the venue never listed */
  known(wireSymbol: string): GateInstrument;
}

const CONTROL: AccountNews = { kind: 'control' };
const STALE: AccountNews = { kind: 'stale-account' };

/** A frame of the private socket. @throws ProtocolError */
export function decodeAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  return decodeAccountFrame(fieldsOf(parseJson(data), 'frame'), context);
}

export function decodeAccountFrame(frame: Fields, context: AccountContext): AccountNews {
  const { channel } = frame;
  if (typeof channel !== 'string') throw bad('a frame without a channel', frame);
  if (frame.event === 'subscribe' || frame.event === 'unsubscribe' || frame.error != null) {
    const refusal = refusalOf(frame);
    return { kind: 'reply', id: frame.id, refused: refusal?.message ?? null, code: refusal?.code ?? '' };
  }
  const [section, name] = channel.split('.');
  if (section !== (context.market === 'spot' ? 'spot' : 'futures'))
    throw bad('a frame of another market', frame);
  switch (name) {
    case 'orders':
      return events(rowsOf(frame).map((row) => orderNews(row, context)));
    case 'usertrades':
      return events(rowsOf(frame).map((row) => fillNews(row, context)));
    case 'autoorders':
    case 'priceorders':
      return events(rowsOf(frame).flatMap((row) => triggerNews(row, context)));
    case 'balances':
    case 'positions':
      return STALE;
    case 'pong':
    case 'system':
      return CONTROL;
    default:
      throw bad('unknown kind of frame', frame);
  }
}

const events = (list: readonly AccountEvent[]): AccountNews => ({ kind: 'events', events: list });

/** News come in lists, all of which count; spot.priceorders alone sends one object. */
const rowsOf = (frame: Fields): readonly Fields[] =>
  (Array.isArray(frame.result) ? listOf(frame.result, 'result') : [frame.result]).map((row) =>
    fieldsOf(row, 'row'),
  );

export const instrumentOf = (row: Fields, context: AccountContext): GateInstrument =>
  context.known(textOf(row, context.market === 'spot' ? 'currency_pair' : 'contract'));

function orderNews(row: Fields, context: AccountContext): AccountEvent {
  const instrument = instrumentOf(row, context);
  const decode = context.market === 'spot' ? decodeSpotOrder : decodeFutureOrder;
  const order = decode(row, instrument, context.names);
  if (order.clientOrderId !== null) context.names.set(order.symbol, order.venueOrderId, order.clientOrderId);
  return { type: 'order', order, note: endOf(row), seenAt: context.now() };
}

function fillNews(row: Fields, context: AccountContext): AccountEvent {
  return { type: 'fill', fill: decodeFill(row, instrumentOf(row, context), context.names, context.now()) };
}

function triggerNews(row: Fields, context: AccountContext): AccountEvent[] {
  const spot = context.market === 'spot';
  const wire = spot ? textOf(row, 'market') : textOf(fieldsOf(row.initial, 'initial'), 'contract');
  const read = spot ? decodeSpotTriggerNews : decodeFutureTrigger;
  const trigger = read(row, context.known(wire), context.names);
  rememberTrigger(context.names, trigger);
  // From the trigger on the ordinary order reports; its news may be here already, so nothing older is said.
  if (trigger.childId !== null) return [];
  return [{ type: 'order', order: trigger.order, note: reasonOf(row), seenAt: context.now() }];
}

const reasonOf = (row: Fields): string | null =>
  typeof row.reason === 'string' && row.reason !== '' ? row.reason.slice(0, 200) : null;

/** Keeps our id for the trigger order and for what it became. */
export function rememberTrigger(names: OrderNames, { id, order, childId }: TriggerRow): void {
  if (order.clientOrderId === null) return;
  names.set(order.symbol, triggerName(id), order.clientOrderId);
  if (childId !== null) names.set(order.symbol, childId, order.clientOrderId);
}

/**
 * One fill of the stream or of the history, with its own price and amount.
 * spot {"id":309143099,"order_id":"1036717689726","currency_pair":"ETH_USDT","create_time_ms":"1782000001299.123","side":"sell",
 *  "amount":"0.25","role":"maker","price":"2500.1","fee":"0","fee_currency":"USDT","point_fee":"0","gt_fee":"0.0625","text":"t-wd-7"}
 * futures {"id":"3335260","create_time_ms":1782000002098,"contract":"BTC_USDT","order_id":"4872461","size":4,"price":"50000",
 *  "role":"maker","text":"t-wd-9","fee":-0.005,"point_fee":0,"close_size":0}; the history says trade_id and create_time
 */
export function decodeFill(row: Fields, instrument: GateInstrument, names: OrderNames, seenAt: UnixMs): Fill {
  const spot = instrument.market === 'spot';
  const size = decimalOf(row, spot ? 'amount' : 'size');
  const venueOrderId = toVenueId(row, 'order_id');
  return {
    venue: venueKey('gateio', instrument.market),
    symbol: instrument.symbol,
    tradeId: row.trade_id === undefined ? idOf(row, 'id') : idOf(row, 'trade_id'),
    venueOrderId,
    clientOrderId: clientIdOf(names, instrument, venueOrderId, row.text),
    side: spot ? sideOf(row.side) : isNegative(size) ? 'sell' : 'buy',
    price: decimalOf(row, 'price'),
    amount: spot ? size : mul(abs(size), instrument.contractSize),
    fee: feeOf(row, instrument),
    maker: row.role === 'maker' ? true : row.role === 'taker' ? false : null,
    venueTime: timeOf(row, 'create_time_ms', 'create_time'),
    seenAt,
  };
}

/** A fee is paid in one of three ways: as `fee`, in GT, or in points; the other two then say 0. Untold is unknown. */
function feeOf(row: Fields, instrument: GateInstrument): Fill['fee'] {
  const plain = optionalDecimal(row, 'fee');
  if (plain !== null && !isZero(plain)) return { cost: plain, currency: currencyOf(row, instrument) };
  const paid = (name: string): Decimal | null => {
    const value = optionalDecimal(row, name);
    return value === null || isZero(value) ? null : value;
  };
  const gt = paid('gt_fee');
  if (gt !== null) return { cost: gt, currency: 'GT' };
  const points = paid('point_fee');
  if (points !== null) return { cost: points, currency: 'POINT' };
  return plain === null ? null : { cost: plain, currency: currencyOf(row, instrument) };
}

/** Older spot frames leave the currency out: it is what was bought, or the quote of what was sold. */
function currencyOf(row: Fields, { market, base, quote }: GateInstrument): string {
  if (typeof row.fee_currency === 'string' && row.fee_currency !== '') return row.fee_currency;
  return market === 'spot' && row.side === 'buy' ? base : quote;
}
