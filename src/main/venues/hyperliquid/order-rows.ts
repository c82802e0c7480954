import type { ClientOrderId, Decimal, OrderSide } from '#shared/domain/basics';
import { VenueOrderId } from '#shared/domain/basics';
import { gt, isZero, sub } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderStatus } from '#shared/domain/order';
import { bad, decimalOf, type Fields, idOf, optionalDecimal, positiveOrNull, timeOf } from '../core/fields';
import type { VenueOrder } from '../venue';
import { fromCloid } from './client-ids';

/** Our side of B (bid) and A (ask). @throws ProtocolError */
export function toSide(word: unknown): OrderSide {
  if (word === 'B') return 'buy';
  if (word === 'A') return 'sell';
  throw bad('unknown side', word);
}

export const toVenueId = (fields: Fields, name: string): VenueOrderId =>
  VenueOrderId.parse(idOf(fields, name));

export const clientIdOf = (fields: Fields): ClientOrderId | null => fromCloid(fields.cloid);

/**
 * The exchange has some forty words and adds more; their endings tell what became of the order. A triggered order goes
 * on under its own id until it has filled.
 * @throws ProtocolError on a word of another kind
 */
export function toStatus(word: unknown, filled: Decimal): OrderStatus {
  if (word === 'open' || word === 'triggered') return isZero(filled) ? 'open' : 'partially_filled';
  if (word === 'filled') return 'filled';
  if (typeof word === 'string') {
    if (/rejected$/i.test(word)) return 'rejected';
    if (/cancel(ed)?$/i.test(word)) return 'cancelled';
  }
  throw bad('unknown order status', word);
}

/** Why an order ended, where its status says more than that; "marginCanceled" reads "margin canceled". */
export function noteOf(word: unknown): string | null {
  if (typeof word !== 'string' || ['open', 'filled', 'canceled', 'triggered', 'rejected'].includes(word))
    return null;
  return word.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/**
 * An order of openOrders, frontendOpenOrders, orderStatus and orderUpdates; the short form lacks the fields of
 * triggers, which reads as "not known".
 * {"coin":"BTC","side":"A","limitPx":"61200.0","sz":"0.02","oid":481029460007,"timestamp":1795187004000,
 *  "triggerCondition":"Price below 63000","isTrigger":true,"triggerPx":"63000.0","children":[],"isPositionTpsl":false,
 *  "reduceOnly":true,"orderType":"Stop Market","origSz":"0.02","tif":null,"cloid":null}
 */
export function decodeOrder(
  row: Fields,
  symbol: Symbol,
  state: { readonly status: unknown; readonly at: VenueOrder['updatedAt'] | null },
): VenueOrder {
  const remaining = decimalOf(row, 'sz');
  const original = optionalDecimal(row, 'origSz');
  const filled = filledOf(original, remaining, state.status);
  return {
    venueOrderId: toVenueId(row, 'oid'),
    clientOrderId: clientIdOf(row),
    symbol,
    status: toStatus(state.status, filled),
    filled,
    averagePrice: null,
    side: toSide(row.side),
    amount: original !== null && !isZero(original) ? original : null,
    triggerPrice: row.isTrigger === true ? positiveOrNull(row, 'triggerPx') : null,
    reduceOnly: row.reduceOnly === true,
    updatedAt: state.at ?? timeOf(row, 'timestamp'),
  };
}

/** `sz` is what is left. An order that was cancelled with nothing left does not say how much of it had filled. */
function filledOf(original: Decimal | null, remaining: Decimal, status: unknown): Decimal {
  const none = '0' as Decimal;
  if (original === null || gt(remaining, original)) return none;
  if (status === 'filled') return original;
  const ended = status !== 'open' && status !== 'triggered';
  return ended && isZero(remaining) ? none : sub(original, remaining);
}
