import {
  type ClientOrderId,
  type Decimal,
  exitSide,
  type OrderSide,
  unixMs,
  type VenueOrderId,
} from '#shared/domain/basics';
import { gt, isPositive, max, ZERO } from '#shared/domain/decimal';
import type { Order, OrderFact, OrderLeg, OrderRequest } from '#shared/domain/order';
import { isEnded, nextOrderStatus, ORDER_TRANSITIONS } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { clientOrderIdOf } from './client-order-id';
import { bookedFor, ordersOf } from './state';
import { askFills, halt, intend, putOrder, type Step, tell, wake } from './step';
import type { OrderEvidence } from './types';

/** A request that got no word for this long is asked about, wall ms. */
const SILENCE_MS = 10_000;
/** A market order that was accepted but shows no complete fill is asked about after this long. */
const ACCEPTED_MS = 2_000;
/** Fills the venue claims usually come with the stream a moment later. */
const MISSING_FILL_MS = 300;
const LONGEST_PAUSE_MS = 60_000;
/** A doubt this old is shouted about. */
const DOUBT_TRIES = 6;

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
const expiryFrom = (step: Step, request: OrderRequest) => {
  const expiry = step.state.expiry[request.venue] ?? null;
  return expiry === null ? null : unixMs(step.at.wall + expiry);
};

/** True when the venue claims more fills than have been applied. */
export function lacksFills(step: Step, order: Order): boolean {
  return gt(order.filled, filledOf(step, order));
}
export const filledOf = (step: Step, order: Order): Decimal => bookedFor(step.state, order);

export const isUnconfirmed = (order: Order): boolean =>
  order.status === 'intended' || order.status === 'sent' || order.status === 'unknown';
export const isLive = (order: Order): boolean =>
  order.status === 'open' || order.status === 'partially_filled';

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

/** Evidence about one order becomes a fact, or nothing. Unknown orders are nobody's: ignored. */
export function onEvidence(step: Step, id: ClientOrderId, evidence: OrderEvidence): void {
  const order = step.state.orders.get(id);
  if (!order) return;
  switch (evidence.kind) {
    case 'sent':
      applyFact(step, order, 'sent', { expiresAt: expiryFrom(step, order.request) }, 'handed to the venue');
      return;
    case 'accepted':
    case 'cancelled':
    case 'expired':
      applyFact(
        step,
        order,
        evidence.kind,
        named(order, evidence.venueOrderId),
        `the venue says ${evidence.kind}`,
      );
      return;
    case 'rejected':
      applyFact(
        step,
        order,
        'rejected',
        { note: `${evidence.code}: ${evidence.message}`.slice(0, 450) },
        'the venue refused it',
      );
      return;
    case 'not-sent':
      applyFact(
        step,
        order,
        'not-sent',
        { note: `not sent: ${evidence.message}`.slice(0, 450) },
        'it never left',
      );
      return;
    case 'reply-lost':
      applyFact(
        step,
        order,
        'reply-lost',
        { expiresAt: expiryFrom(step, order.request), note: `no answer: ${evidence.message}`.slice(0, 450) },
        'no answer came; it may be live',
      );
      return;
    case 'seen':
      onSeen(step, order, evidence);
      return;
    case 'absent':
      onAbsent(step, order);
      return;
    case 'question-failed':
      step.state.chases.get(id)?.asked.shift();
      return;
  }
}

const named = (order: Order, venueOrderId: Order['venueOrderId']) =>
  venueOrderId === null ? {} : { venueOrderId: order.venueOrderId ?? venueOrderId };

/** A triggered stop gets a new id at the venue. It replaces the old one as long as no fill names that. */
function venueIdOf(step: Step, order: Order, seen: VenueOrderId): VenueOrderId {
  if (order.venueOrderId === null || isEnded(order.status)) return order.venueOrderId ?? seen;
  return isPositive(filledOf(step, order)) ? order.venueOrderId : seen;
}

function onSeen(step: Step, order: Order, seen: Extract<OrderEvidence, { kind: 'seen' }>): void {
  const facts: Partial<Record<Order['status'], OrderFact>> = {
    open: 'accepted',
    partially_filled: 'part-filled',
    filled: 'filled',
    cancelled: 'cancelled',
    rejected: 'rejected',
    expired: 'expired',
  };
  const fact = facts[seen.status];
  const id = order.request.clientOrderId;
  const doubt = step.state.chases.get(id);
  const asked = doubt?.asked.shift() !== undefined;
  if (!fact) return;
  // Asked after a cancel and still there: the cancel did not take, so it may be sent again.
  if (asked && fact === 'accepted') step.state.cancelling.delete(id);
  step.touched.add(order.positionId);
  applyFact(
    step,
    order,
    fact,
    { venueOrderId: venueIdOf(step, order, seen.venueOrderId), filled: max(order.filled, seen.filled) },
    `the venue shows it ${seen.status.replace('_', ' ')}`,
  );
}

/** "Not there" counts only when asked after the expiry, and only the second time. Never without an expiry. */
function onAbsent(step: Step, order: Order): void {
  const doubt = step.state.chases.get(order.request.clientOrderId);
  const askedAt = doubt?.asked.shift();
  if (!doubt || askedAt === undefined) return;
  // Still in the shell's hands, ended already, or money moved: absence proves nothing here.
  if (order.status !== 'unknown' && order.status !== 'open') return;
  if (order.expiresAt !== null && askedAt <= order.expiresAt) return;
  doubt.absents += 1;
  step.touched.add(order.positionId);
  if (order.expiresAt === null) return;
  if (doubt.absents < 2) {
    wake(step, chaseKey(order), 1_000);
    return;
  }
  applyFact(
    step,
    order,
    'absent',
    { note: 'asked twice after its expiry: the venue does not know it' },
    'proven absent',
  );
}

/** Asked often enough, yet unprovable: the venue offers no expiry, so the request might still arrive. */
export const isUnprovable = (step: Step, order: Order): boolean =>
  order.expiresAt === null && (step.state.chases.get(order.request.clientOrderId)?.absents ?? 0) >= 2;

const freshChase = () => ({ tries: 0, asked: [], absents: 0 });
const chaseKey = (order: Order): string => `chase|${order.request.clientOrderId}`;

/** Whether time alone must make us ask about this order. */
function needsChase(step: Step, order: Order): boolean {
  if (lacksFills(step, order)) return true;
  if (isEnded(order.status)) return false;
  if (isUnconfirmed(order)) return true;
  return order.leg !== 'stop' || step.state.cancelling.has(order.request.clientOrderId);
}

function firstPause(order: Order): number {
  if (isEnded(order.status)) return MISSING_FILL_MS;
  if (order.status === 'intended' || order.status === 'sent') return SILENCE_MS;
  // A naked position cannot wait; an entry in doubt can, and its request may still be on the way.
  if (order.status === 'unknown') return order.leg === 'entry' ? 1_000 : 0;
  return ACCEPTED_MS;
}

/** Keeps a question running while an order owes us an answer; stops it when it does not. */
export function chase(step: Step, order: Order, pauseMs = firstPause(order)): void {
  const id = order.request.clientOrderId;
  if (!needsChase(step, order)) {
    if (step.state.chases.delete(id)) intend(step, { kind: 'cancel-wake', key: chaseKey(order) });
    return;
  }
  if (step.state.chases.has(id)) return;
  step.state.chases.set(id, freshChase());
  if (pauseMs === 0) ask(step, order);
  else wake(step, chaseKey(order), pauseMs);
}

/** Asks now and plans the next question; called when a chase's wake comes. */
export function ask(step: Step, order: Order): void {
  const doubt = step.state.chases.get(order.request.clientOrderId);
  const position = step.state.positions.get(order.positionId);
  if (!doubt || !needsChase(step, order)) return;
  doubt.tries += 1;
  doubt.asked.push(step.at.wall);
  if (!isEnded(order.status)) intend(step, { kind: 'ask-order', request: order.request });
  if (position && (lacksFills(step, order) || isLive(order))) askFills(step, position);
  if (doubt.tries === DOUBT_TRIES && position)
    tell(
      step,
      'order_unresolved',
      'critical',
      `What became of ${order.leg} order ${order.request.clientOrderId} is not known; the exchange is asked again and again.`,
      position,
      { status: order.status, tries: doubt.tries },
    );
  wake(step, chaseKey(order), pauseAfter(step, order, doubt.tries));
}

/** 1, 2, 4, 8 … s; while the expiry is ahead, at the latest just after it, so that the answer can count. */
function pauseAfter(step: Step, order: Order, tries: number): number {
  const pause = Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(tries, 10));
  if (order.expiresAt === null || order.expiresAt < step.at.wall) return pause;
  return Math.min(pause, order.expiresAt - step.at.wall + 1);
}

/** Asks at once, whatever was planned: after a restart, a new link, or a hint that something is wrong. */
export function askNow(step: Step, order: Order): void {
  const id = order.request.clientOrderId;
  if (!step.state.chases.has(id)) step.state.chases.set(id, freshChase());
  const doubt = step.state.chases.get(id)!;
  doubt.tries += 1;
  doubt.asked.push(step.at.wall);
  intend(step, { kind: 'ask-order', request: order.request });
  wake(step, chaseKey(order), pauseAfter(step, order, doubt.tries));
}

/** Asks the venue to cancel, once per doubt; the answer, not the asking, ends the order. */
export function cancelOrder(step: Step, order: Order): void {
  const id = order.request.clientOrderId;
  if (step.state.cancelling.has(id)) return;
  step.state.cancelling.add(id);
  intend(step, { kind: 'cancel', request: order.request });
  chase(step, order, 5_000);
}

/** The answer to a cancel. Anything but "cancelled" is looked up. */
export function onCancelReply(
  step: Step,
  id: ClientOrderId,
  outcome: 'cancelled' | 'not-open' | 'unknown',
): void {
  const order = step.state.orders.get(id);
  if (!order) return;
  if (outcome === 'cancelled') {
    step.state.cancelling.delete(id);
    applyFact(step, order, 'cancelled', {}, 'the venue cancelled it on our word');
    return;
  }
  if (isEnded(order.status)) {
    step.state.cancelling.delete(id);
    return;
  }
  step.state.chases.delete(id);
  chase(step, order, 1_000);
}
