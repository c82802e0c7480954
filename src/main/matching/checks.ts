import type { UnixMs } from '#shared/domain/basics';
import { markOf } from './margin';
import { SCALE, times, toText, tryScaled } from './scaled';
import { type Account, type Book, isConditional, isFuture, type Order, oppositeOf } from './state';
import { reached } from './triggers';
import type { MatchOrder, RejectCode } from './types';

export interface Refusal {
  readonly code: RejectCode;
  readonly message: string;
}
export const refuse = (code: RejectCode, message: string): Refusal => ({ code, message });

const MIN_CALLBACK = SCALE / 10n;
const MAX_CALLBACK = 20n * SCALE;

/** The engine's own order from a request. Numbers it cannot hold exactly become null and fail the checks. */
export function draft(account: Account, book: Book, request: MatchOrder, id: number, now: UnixMs): Order {
  const limit = request.type === 'limit';
  return {
    id,
    account,
    book,
    clientOrderId: request.clientOrderId,
    side: request.side,
    type: request.type,
    amount: request.closePosition ? null : tryScaled(request.amount),
    quoteAmount: request.amount === null ? tryScaled(request.quoteAmount) : null,
    price: limit ? tryScaled(request.price) : null,
    trigger: isConditional(request) ? tryScaled(request.triggerPrice) : null,
    triggerBy: request.triggerBy ?? 'last',
    callback: request.type === 'trailing-stop' ? tryScaled(request.callbackPercent) : null,
    timeInForce: limit ? (request.timeInForce ?? 'gtc') : null,
    reduceOnly: request.reduceOnly || request.closePosition,
    closePosition: request.closePosition,
    status: isConditional(request) ? 'waiting' : 'new',
    filled: 0n,
    filledQuote: 0n,
    createdAt: now,
    updatedAt: now,
    expireReason: null,
    childOrderId: null,
    sequence: 0,
    locked: 0n,
    peak: null,
  };
}

/** Filters of the symbol: prices on the tick, amounts on the step, sizes and values within bounds. */
export function checkFilters(order: Order, request: MatchOrder): Refusal | null {
  return checkPrices(order, request) ?? checkAmount(order, request) ?? checkValue(order);
}

function checkPrices(order: Order, request: MatchOrder): Refusal | null {
  const { tick, spec } = order.book;
  if (order.type === 'limit' && (request.price === null || (order.price !== null && order.price <= 0n)))
    return refuse('bad-price', 'a limit order needs a price above 0');
  if (order.type === 'limit' && (order.price === null || order.price % tick !== 0n))
    return refuse('bad-tick', `price ${request.price} is not a multiple of ${spec.tickSize}`);
  if (!isConditional(order)) return null;
  if (order.type === 'trailing-stop') {
    if (order.callback === null || order.callback < MIN_CALLBACK || order.callback > MAX_CALLBACK)
      return refuse('bad-price', 'a trailing stop needs a callback from 0.1 to 20 percent');
    if (request.triggerPrice === null) return null;
  }
  if (request.triggerPrice === null || (order.trigger !== null && order.trigger <= 0n))
    return refuse('bad-price', 'a conditional order needs a trigger price above 0');
  if (order.trigger === null || order.trigger % tick !== 0n)
    return refuse('bad-tick', `trigger price ${request.triggerPrice} is not a multiple of ${spec.tickSize}`);
  return null;
}

function checkAmount(order: Order, request: MatchOrder): Refusal | null {
  const { book } = order;
  if (order.closePosition) return null;
  if (request.amount === null) {
    const byQuote = order.type === 'market' && !isFuture(book) && order.quoteAmount !== null;
    if (byQuote && (order.quoteAmount as bigint) > 0n) return null;
    return refuse('too-small', 'an amount above 0 is needed');
  }
  if (order.amount === null) return refuse('bad-step', `amount ${request.amount} has too many places`);
  if (order.amount <= 0n || order.amount < book.minAmount)
    return refuse('too-small', `amount ${request.amount} is below ${book.spec.minAmount}`);
  if (order.amount > book.maxAmount)
    return refuse('too-large', `amount ${request.amount} is above ${book.spec.maxAmount}`);
  if (order.amount % book.step !== 0n)
    return refuse('bad-step', `amount ${request.amount} is not a multiple of ${book.spec.stepSize}`);
  return null;
}

function checkValue(order: Order): Refusal | null {
  const { book } = order;
  // As on Binance, an order that only reduces may be of any value: a small rest must be closable.
  if (order.reduceOnly) return null;
  const price = order.price ?? order.trigger ?? markOf(book) ?? oppositeOf(book, order.side).bestPrice();
  const value =
    order.quoteAmount ?? (price === null || order.amount === null ? null : times(price, order.amount));
  if (value === null || value >= book.minNotional) return null;
  return refuse('notional-too-small', `value ${toText(value)} is below ${book.spec.minNotional}`);
}

/** Price a trigger is compared with now; null when there has been none yet. */
export const triggerReference = (order: Order): bigint | null =>
  order.triggerBy === 'mark' ? (order.book.mark ?? order.book.last) : (order.book.last ?? order.book.mark);

/** A trigger the market has already passed would be a market order in disguise. */
export function checkTrigger(order: Order): Refusal | null {
  const now = triggerReference(order);
  if (now === null || order.trigger === null || !reached(order, now)) return null;
  return refuse('would-trigger-at-once', `price ${toText(now)} is already past ${toText(order.trigger)}`);
}
