import type { ClientOrderId, VenueOrderId } from '#shared/domain/basics';
import { isPositive, max } from '#shared/domain/decimal';
import type { Order, OrderFact } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import { chase, chaseKey, filledOf } from './doubt';
import { applyFact, expiryFrom } from './order-book';
import { type Step, tell, wake } from './step';
import type { OrderEvidence } from './types';

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
  if (doubt) doubt.absents = 0;
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
  // What the venue once acknowledged did arrive: for it no late copy has to be waited for.
  const arrived = order.status === 'open';
  if (arrived ? askedAt < order.updatedAt : order.expiresAt !== null && askedAt <= order.expiresAt) return;
  doubt.absents += 1;
  step.touched.add(order.positionId);
  if (!arrived && order.expiresAt === null) return;
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
  if (arrived)
    tell(
      step,
      'zombie_phantom',
      'warning',
      `The exchange no longer knows ${order.request.clientOrderId}, which it had taken.`,
      step.state.positions.get(order.positionId) ?? null,
      { clientOrderId: order.request.clientOrderId, leg: order.leg },
    );
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
