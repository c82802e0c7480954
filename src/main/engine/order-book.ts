import { type Decimal, exitSide, type OrderSide, unixMs } from '#shared/domain/basics';
import { ZERO } from '#shared/domain/decimal';
import type { Order, OrderFact, OrderLeg, OrderRequest } from '#shared/domain/order';
import { nextOrderStatus, ORDER_TRANSITIONS } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { clientOrderIdOf } from './client-order-id';
import { chase } from './doubt';
import { ordersOf } from './state';
import { halt, intend, putOrder, type Step, tell } from './step';

interface Draft {
  readonly leg: OrderLeg;
  readonly side: OrderSide;
  readonly type: 'market' | 'stop-market';
  readonly amount: Decimal;
  readonly triggerPrice: Decimal | null;
}

/** Writes the intent of a new order and asks the shell to send it. The only place that makes a place intent. */
export function placeOrder(step: Step, position: Position, draft: Draft, why: string): Order {
  const { state, at } = step;
  const attempt =
    ordersOf(state, position.id).reduce(
      (most, order) => (order.leg === draft.leg ? Math.max(most, order.attempt) : most),
      0,
    ) + 1;
  const request: OrderRequest = {
    clientOrderId: clientOrderIdOf({
      prefix: state.prefix,
      mode: state.mode,
      positionId: position.id,
      leg: draft.leg,
      attempt,
    }),
    venue: position.venue,
    symbol: position.symbol,
    side: draft.side,
    type: draft.type,
    amount: draft.amount,
    price: null,
    triggerPrice: draft.triggerPrice,
    timeInForce: null,
    reduceOnly: draft.leg !== 'entry',
    closePosition: false,
  };
  const order: Order = {
    request,
    positionId: position.id,
    leg: draft.leg,
    attempt,
    status: 'intended',
    venueOrderId: null,
    filled: ZERO,
    averagePrice: null,
    intendedAt: at.wall,
    expiresAt: expiryFrom(step, request),
    updatedAt: at.wall,
    note: null,
  };
  putOrder(step, order, 'intended', why);
  intend(step, { kind: 'place', request });
  chase(step, order);
  return order;
}

/** A protective or closing order: always on the exit side and reduce-only. */
export const placeExit = (
  step: Step,
  position: Position,
  leg: 'stop' | 'exit',
  amount: Decimal,
  triggerPrice: Decimal | null,
  why: string,
): Order =>
  placeOrder(
    step,
    position,
    {
      leg,
      side: exitSide(position.side),
      type: leg === 'stop' ? 'stop-market' : 'market',
      amount,
      triggerPrice,
    },
    why,
  );

/** The request was signed before now, so from now on its expiry bounds a late arrival. */
export const expiryFrom = (step: Step, request: OrderRequest) => {
  const expiry = step.state.expiry[request.venue] ?? null;
  return expiry === null ? null : unixMs(step.at.wall + expiry);
};

/** Applies a fact by the table. A pair that cannot happen halts entries and changes nothing. */
export function applyFact(
  step: Step,
  order: Order,
  fact: OrderFact,
  changes: Partial<Pick<Order, 'venueOrderId' | 'filled' | 'averagePrice' | 'expiresAt' | 'note'>>,
  why: string,
): Order {
  if (ORDER_TRANSITIONS[order.status][fact] === 'impossible') {
    const text = `order ${order.request.clientOrderId} is ${order.status}, yet the venue says ${fact}`;
    tell(step, 'order_contradiction', 'critical', text, step.state.positions.get(order.positionId) ?? null);
    halt(step, text);
    return order;
  }
  const status = nextOrderStatus(order.status, fact);
  const next = putOrder(step, { ...order, ...changes, status, updatedAt: step.at.wall }, fact, why);
  if (status !== order.status) step.state.chases.delete(next.request.clientOrderId);
  chase(step, next);
  return next;
}

/** Asks the venue to cancel, once per doubt; the answer, not the asking, ends the order. */
export function cancelOrder(step: Step, order: Order): void {
  const id = order.request.clientOrderId;
  if (step.state.cancelling.has(id)) return;
  step.state.cancelling.add(id);
  intend(step, { kind: 'cancel', request: order.request });
  chase(step, order, 5_000);
}
