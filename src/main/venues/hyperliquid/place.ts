import { type Decimal, VenueOrderId } from '#shared/domain/basics';
import { eq, fromText, lt, minusPercent, places, plusPercent } from '#shared/domain/decimal';
import type { OrderRequest, OrderStatus } from '#shared/domain/order';
import type { Answer } from '../core/answer';
import { decimalOf, type Fields, fieldsOf, idOf, listOf } from '../core/fields';
import type { CancelOutcome, PlaceOutcome } from '../venue';
import { isAbsentText, isDuplicateText } from './answer';
import { toCloid } from './client-ids';
import type { Listing } from './listings';
import { toValidPrice } from './prices';
import type { RestCall } from './rest';

/**
 * There is no market order: one that takes what is there is an immediate-or-cancel at an outer price, and a stop is a
 * trigger with such a price. A stop must fill where a market order may be refused, so its price lies further out.
 */
const MARKET_REACH = '5' as Decimal;
const TRIGGER_REACH = '10' as Decimal;
/** More decimals cannot be signed. */
const MOST_PLACES = 8;

export const isConditional = (request: Pick<OrderRequest, 'type'>): boolean =>
  request.type === 'stop-market' || request.type === 'take-profit-market';
/** Needs a price to reach out from. */
export const isMarket = (request: Pick<OrderRequest, 'type'>): boolean => request.type === 'market';

/** In words why the order cannot be written down for Hyperliquid, null when it can. */
export function problemOf(request: OrderRequest): string | null {
  if (toCloid(request.clientOrderId) === null)
    return 'the client id does not fit: Hyperliquid takes at most 24 letters of a-z, 0-9 and "-"';
  if (request.type === 'trailing-stop') return 'Hyperliquid has no trailing stop; use a stop at a price';
  if (request.closePosition)
    return 'Hyperliquid closes a position by its amount; name the amount and reduce-only';
  if (request.amount === null) return 'the order has no amount';
  if (places(request.amount) > MOST_PLACES)
    return `the amount ${request.amount} has more than ${MOST_PLACES} decimals`;
  if (request.type === 'limit' && request.price === null) return 'a limit order needs a price';
  if (request.timeInForce === 'fok')
    return 'Hyperliquid has no fill-or-kill; use immediate-or-cancel and mind that it may fill in part';
  return isConditional(request) && request.triggerPrice === null ? 'a stop needs a trigger price' : null;
}

/** The one action that places this order; `touch` is the price a market order would take now. */
export function placeCall(request: OrderRequest, listing: Listing, touch: Decimal | null): RestCall {
  const { asset, instrument, sizeDecimals } = listing;
  const buy = request.side === 'buy';
  const valid = (price: Decimal, rounding: 'down' | 'up' | 'half-up'): Decimal =>
    toValidPrice(instrument.market, sizeDecimals, price, rounding);
  const reach = (from: Decimal, percent: Decimal): Decimal =>
    buy ? valid(plusPercent(from, percent), 'up') : valid(minusPercent(from, percent), 'down');
  let price: Decimal;
  let type: object;
  if (isConditional(request)) {
    const triggerPx = valid(request.triggerPrice!, 'half-up');
    price = reach(triggerPx, TRIGGER_REACH);
    const tpsl = request.type === 'stop-market' ? 'sl' : 'tp';
    type = { trigger: { isMarket: true, triggerPx, tpsl } };
  } else if (isMarket(request)) {
    price = reach(touch!, MARKET_REACH);
    type = { limit: { tif: 'Ioc' } };
  } else {
    // Never worse than asked for.
    price = valid(request.price!, buy ? 'down' : 'up');
    type = { limit: { tif: TIME_IN_FORCE[request.timeInForce ?? 'gtc'] } };
  }
  const order = {
    a: asset,
    b: buy,
    p: price,
    s: fromText(request.amount!),
    r: request.reduceOnly,
    t: type,
    c: toCloid(request.clientOrderId)!,
  };
  // Neither a builder nor a referrer: nobody else earns on the order.
  return { kind: 'action', action: { type: 'order', orders: [order], grouping: 'na' }, expires: true };
}
const TIME_IN_FORCE = { gtc: 'Gtc', ioc: 'Ioc', fok: 'Ioc', 'post-only': 'Alo' } as const;

/** What the answer to a placement proves. Anything that proves nothing is unknown. */
export function toPlaceOutcome(answer: Answer, request: OrderRequest): PlaceOutcome {
  switch (answer.kind) {
    case 'not-sent':
      return { kind: 'not-sent', message: answer.message };
    case 'lost':
      return { kind: 'unknown', message: answer.message };
    case 'refused':
      return toRejected(answer.message, answer.status === 200 ? 'refused' : `http-${answer.status}`);
    case 'ok':
      return toAccepted(answer.data, request);
  }
}

function toRejected(message: string, code: string): PlaceOutcome {
  // The id is taken: an earlier copy of this very order may be the one that has it.
  if (isDuplicateText(message))
    return { kind: 'unknown', message: `the exchange already has this order id: ${message}` };
  return { kind: 'rejected', code, message };
}

// {"status":"ok","response":{"type":"order","data":{"statuses":[{"resting":{"oid":481029460001}}]}}}
// … [{"filled":{"totalSz":"0.01","avgPx":"68010.0","oid":481029460002}}] … [{"error":"Order has zero size."}]
function toAccepted(data: unknown, request: OrderRequest): PlaceOutcome {
  try {
    const [status] = statusesOf(data);
    // "waitingForTrigger" and "waitingForFill": taken, without a number. The exchange is asked for it by name.
    if (typeof status === 'string')
      return { kind: 'unknown', message: `the exchange took the order without naming it (${status})` };
    const { error, resting, filled } = fieldsOf(status, 'status');
    if (typeof error === 'string') return toRejected(error, 'refused');
    if (filled !== undefined) {
      const fields = fieldsOf(filled, 'filled');
      return accepted(fields, statusOf(decimalOf(fields, 'totalSz'), request));
    }
    return accepted(fieldsOf(resting, 'resting'), 'open');
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

const accepted = (fields: Fields, status: OrderStatus): PlaceOutcome => ({
  kind: 'accepted',
  venueOrderId: VenueOrderId.parse(idOf(fields, 'oid')),
  status,
});

/** What an immediate order did not get is cancelled with the same answer; a resting one keeps waiting for it. */
function statusOf(filled: Decimal, request: OrderRequest): OrderStatus {
  if (request.amount === null || eq(filled, request.amount)) return 'filled';
  const rests = request.type === 'limit' && request.timeInForce !== 'ioc';
  if (!lt(filled, request.amount)) return 'filled';
  return rests ? 'partially_filled' : 'cancelled';
}

/** @throws ProtocolError for an answer of another shape, or about no order */
function statusesOf(data: unknown): readonly [unknown, ...unknown[]] {
  const response = fieldsOf(fieldsOf(data, 'answer').response, 'response');
  const [first, ...rest] = listOf(fieldsOf(response.data, 'data').statuses, 'statuses');
  return [first, ...rest];
}

/** The one action that cancels this order. Plain orders and triggers are one family here. */
export function cancelCall(request: OrderRequest, { asset }: Listing): RestCall {
  const cancels = [{ asset, cloid: toCloid(request.clientOrderId) }];
  return { kind: 'action', action: { type: 'cancelByCloid', cancels }, expires: false };
}

/** What the answer to a cancel proves: "success", or an error that names the order as not open. */
export function toCancelOutcome(answer: Answer): CancelOutcome {
  if (answer.kind === 'refused' && isAbsentText(answer.message))
    return { kind: 'not-open', message: answer.message };
  if (answer.kind !== 'ok') return { kind: 'unknown', message: answer.message };
  try {
    const [status] = statusesOf(answer.data);
    if (status === 'success') return { kind: 'cancelled' };
    const message = String(fieldsOf(status, 'status').error);
    return isAbsentText(message) ? { kind: 'not-open', message } : { kind: 'unknown', message };
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}
