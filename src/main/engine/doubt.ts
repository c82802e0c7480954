import type { Decimal } from '#shared/domain/basics';
import { gt } from '#shared/domain/decimal';
import type { Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import { bookedFor } from './state';
import { askFills, intend, type Step, tell, wake } from './step';

/** A request that got no word for this long is asked about, wall ms. */
const SILENCE_MS = 10_000;
/** A market order that was accepted but shows no complete fill is asked about after this long. */
const ACCEPTED_MS = 2_000;
/** Fills the venue claims usually come with the stream a moment later. */
const MISSING_FILL_MS = 300;
const LONGEST_PAUSE_MS = 60_000;
/** A doubt this old is shouted about. */
const DOUBT_TRIES = 6;

/** True when the venue claims more fills than have been applied. */
export function lacksFills(step: Step, order: Order): boolean {
  return gt(order.filled, filledOf(step, order));
}
export const filledOf = (step: Step, order: Order): Decimal => bookedFor(step.state, order);

export const isUnconfirmed = (order: Order): boolean =>
  order.status === 'intended' || order.status === 'sent' || order.status === 'unknown';
export const isLive = (order: Order): boolean =>
  order.status === 'open' || order.status === 'partially_filled';

/** Asked often enough, yet unprovable: the venue offers no expiry, so the request might still arrive. */
export const isUnprovable = (step: Step, order: Order): boolean =>
  order.expiresAt === null && (step.state.chases.get(order.request.clientOrderId)?.absents ?? 0) >= 2;

const freshChase = () => ({ tries: 0, asked: [], absents: 0 });
export const chaseKey = (order: Order): string => `chase|${order.request.clientOrderId}`;

/** Whether time alone must make us ask about this order. */
function needsChase(step: Step, order: Order): boolean {
  if (lacksFills(step, order)) return true;
  if (isEnded(order.status)) return false;
  if (isUnconfirmed(order)) return true;
  // Once the venue said that it does not know it, the second answer must not wait for the next look.
  if ((step.state.chases.get(order.request.clientOrderId)?.absents ?? 0) > 0) return true;
  // A limit order may rest for long: its stream tells of it.
  const rests = order.leg === 'stop' || order.request.type === 'limit';
  return !rests || step.state.cancelling.has(order.request.clientOrderId);
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
