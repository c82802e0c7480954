import { isPositive } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import { askNow, isUnconfirmed } from './doubt';
import { ordersOf, workOf } from './state';
import { askFills, intend, putPosition, type Step, tell, waitLeft, wake } from './step';

/** An entry that nothing confirmed by then is asked about on every way there is. Wall ms. */
const ASK_MS = 5_000;
/** And by then its opening has failed (spec M-088). Wall ms since it was sent, or since a restart took it up. */
const CONFIRM_MS = 10_000;

/** Note of a position that is closed because its entry showed up too late. */
export const NOT_CONFIRMED = 'its entry was not confirmed within 10 seconds';

const isAwaited = (position: Position): boolean =>
  position.status === 'pending_entry' && position.openFailedAt === undefined;

/** Starts the time within which the exchange has to confirm an entry. A restart gives it anew, a mark stays. */
export function armConfirm(step: Step, position: Position): void {
  if (!isAwaited(position)) return;
  workOf(step.state, position.id).confirmSince = step.at.wall;
  wake(step, `confirm|${position.id}`, ASK_MS);
}

/**
 * Wake: half-way everything is asked; at the end the opening has failed. The order itself stays in doubt until there
 * is evidence: proven absent, the position ends failed; filled after all, it is closed at once.
 */
export function onConfirmWake(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  const entry = ordersOf(step.state, position.id).find((order) => order.leg === 'entry');
  if (!isAwaited(position) || !entry || work.confirmSince === null) return;
  if (!isUnconfirmed(entry) || isPositive(position.amount) || work.shown) return;
  const leftMs = waitLeft(step, work.confirmSince, CONFIRM_MS);
  if (leftMs > 0) {
    wake(step, `confirm|${position.id}`, leftMs);
    askNow(step, entry);
    askFills(step, position);
    intend(step, { kind: 'reconcile', venue: position.venue });
    return;
  }
  const failed = putPosition(step, { ...position, openFailedAt: step.at.wall }, NOT_CONFIRMED);
  tell(
    step,
    'order_unconfirmed',
    'critical',
    `Nothing confirmed the entry of ${position.symbol} within 10 seconds: its opening has failed, and what shows up later is closed.`,
    failed,
    { clientOrderId: entry.request.clientOrderId, status: entry.status },
  );
}
