import { isPositive, isZero } from '#shared/domain/decimal';
import { isEnded } from '#shared/domain/order-machine';
import type { CloseReason, Position } from '#shared/domain/position';
import { filledOf, isLive, lacksFills } from './doubt';
import { closableAmount } from './fills';
import { shownAmount } from './held';
import { cancelOrder, placeExit } from './order-book';
import { instrumentOf, isOpen, isWaitedFor, ordersOf, slot, type Wait, workOf } from './state';
import { askFills, intend, putPosition, type Step, tell, waitLeft, wake } from './step';
import { decisionFate } from './verdicts';

/** How long a closing may take before it is shouted about. */
const EXIT_ALARM_MS = 10_000;
const LONGEST_EXIT_WAIT_MS = 60_000;

const leftOf = (step: Step, position: Position) =>
  closableAmount(position, position.venue, instrumentOf(step.state, position.venue, position.symbol));

/** True when nothing that an order could close is left and no more entry can come. */
export function isFlat(step: Step, position: Position): boolean {
  const orders = ordersOf(step.state, position.id);
  if (orders.some((order) => order.leg === 'entry' && (!isEnded(order.status) || lacksFills(step, order))))
    return false;
  return position.entryPrice !== null && !isPositive(leftOf(step, position));
}

/** Starts closing at market. The stop stays until the position is flat: it protects meanwhile. */
export function beginExit(step: Step, position: Position, reason: CloseReason, note: string | null): void {
  const work = workOf(step.state, position.id);
  work.exitSince ??= step.at.wall;
  const closing = putPosition(
    step,
    { ...position, status: 'closing', closeReason: reason, note: note?.slice(0, 450) ?? position.note },
    `closing: ${reason}`,
  );
  wake(step, `exit|${position.id}`, EXIT_ALARM_MS);
  driveExit(step, closing);
}

/** Sends an exit for what is left, one at a time, until flat. Exits are never refused by us. */
export function driveExit(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  const orders = ordersOf(step.state, position.id);
  if (orders.some((order) => lacksFills(step, order))) return;
  if (orders.some((order) => order.leg === 'exit' && !isEnded(order.status))) return;
  const left = leftOf(step, position);
  if (!isPositive(left)) return;
  if (mustWait(step, position, work.exitWait)) return;
  work.exitSince ??= step.at.wall;
  const amount = position.closeReason === 'rollback' ? shownAmount(step, position, left) : left;
  if (amount === 'not-yet') return;
  work.held = null;
  if (isZero(amount)) {
    onExitFailed(step, position);
    return;
  }
  placeExit(step, position, 'exit', amount, null, `exit: ${position.closeReason ?? 'manual'}`);
}

/** True while a pause lasts; the next look is then planned for its end, whatever called this one. */
export function mustWait(step: Step, position: Position, wait: Wait | null): boolean {
  const leftMs = wait === null ? 0 : waitLeft(step, wait.since, wait.ms);
  if (leftMs > 0) wake(step, `advance|${position.id}`, leftMs);
  return leftMs > 0;
}

/** An exit ended without closing: refused (perhaps already flat), not sent, or absent. Look, wait, try again. */
export function onExitFailed(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  work.exitTries += 1;
  const waitMs = Math.min(LONGEST_EXIT_WAIT_MS, 1_000 * 2 ** Math.min(work.exitTries - 1, 6));
  work.exitWait = { since: step.at.wall, ms: waitMs };
  askFills(step, position);
  intend(step, { kind: 'reconcile', venue: position.venue });
  wake(step, `advance|${position.id}`, waitMs);
}

/** Wake: a closing that could not be verified in time is said loudly, once; asking goes on. */
export function onExitAlarm(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  if (position.status !== 'closing' || work.exitAlarm) return;
  work.exitAlarm = true;
  tell(
    step,
    'exit_not_verified',
    'critical',
    `Closing ${position.symbol} could not be verified within 10 seconds; it may still be open.`,
    position,
    { left: leftOf(step, position), reason: position.closeReason },
  );
  askFills(step, position);
  intend(step, { kind: 'reconcile', venue: position.venue });
}

/** Longest time without a full stop, with the gap that ends now. */
export const withNakedTime = (position: Position, wall: number): Position =>
  position.nakedSince === null
    ? position
    : {
        ...position,
        longestNakedMs: Math.max(position.longestNakedMs ?? 0, wall - position.nakedSince),
      };

/** Ends a flat position under the reason its own fills tell. */
export function finish(step: Step, position: Position): void {
  const reason = reasonOf(step, position);
  const byStop = reason === 'stop_loss' || reason === 'trailing_stop';
  const ended = putPosition(
    step,
    {
      ...withNakedTime(position, step.at.wall),
      status: reason === 'rollback' ? 'rolled_back' : 'closed',
      closeReason: reason,
      closedAt: step.at.market,
      stop: null,
      nakedSince: null,
      trailing:
        position.trailing && byStop && wasTrailing(position)
          ? { ...position.trailing, state: 'triggered' }
          : position.trailing,
    },
    `flat: ${reason}`,
  );
  if (reason === 'rollback') decisionFate(step, ended, 'failed', rollbackReason(ended));
  else decisionFate(step, ended, 'executed', null);
  tell(step, 'position_closed', 'info', `${ended.symbol} ${ended.side} is closed: ${reason}.`, ended, {
    realised: ended.realised,
    exitPrice: ended.exitPrice,
  });
  settle(step, ended);
}

/** A rollback has one of two causes: the entry showed up too late (spec M-088), or no stop could be placed (M-090). */
const rollbackReason = (position: Position) =>
  position.openFailedAt === undefined ? 'stop_not_placed' : 'entry_not_confirmed';

/** A stop that filled is the reason, whatever was asked for; else what was asked; else somebody outside. */
function reasonOf(step: Step, position: Position): CloseReason {
  const orders = ordersOf(step.state, position.id);
  const closedBy = (leg: 'stop' | 'exit'): boolean =>
    orders.some((order) => order.leg === leg && isPositive(filledOf(step, order)));
  if (position.closeReason !== null && closedBy('exit')) return position.closeReason;
  if (closedBy('stop')) return wasTrailing(position) ? 'trailing_stop' : 'stop_loss';
  return position.closeReason ?? 'manual';
}

/** Once active, the stop on the exchange is the trailing one, also while it waits for prices. */
const wasTrailing = (position: Position): boolean =>
  position.trailing?.state === 'active' || position.trailing?.state === 'waiting';

/** Leaves nothing behind: standing orders are cancelled, timers and prices let go. */
export function settle(step: Step, position: Position): void {
  if (isOpen(position)) return;
  for (const order of ordersOf(step.state, position.id)) if (isLive(order)) cancelOrder(step, order);
  if (!step.state.work.delete(position.id)) return;
  for (const key of ['advance', 'exit', 'naked', 'aged', 'confirm', 'held'])
    intend(step, { kind: 'cancel-wake', key: `${key}|${position.id}` });
  if (
    !isWaitedFor(step.state, position.venue, position.symbol) &&
    !step.state.open.has(slot(position.venue, position.symbol))
  )
    intend(step, { kind: 'watch', venue: position.venue, symbol: position.symbol, on: false });
}

/** Ends a position that never held anything. */
export function fail(
  step: Step,
  position: Position,
  reason: 'entry_rejected' | 'entry_not_filled',
  note: string,
): void {
  const ended = putPosition(
    step,
    {
      ...position,
      status: 'failed',
      closedAt: step.at.market,
      nakedSince: null,
      stop: null,
      note: note.slice(0, 450),
    },
    `no entry: ${reason}`,
  );
  decisionFate(step, ended, 'failed', reason);
  settle(step, ended);
}

/** Gone from the exchange without a fill we could find: ended here, at an unknown price. */
export function vanish(step: Step, position: Position): void {
  const rolledBack = position.closeReason === 'rollback';
  const ended = putPosition(
    step,
    {
      ...position,
      status: rolledBack ? 'rolled_back' : 'phantom',
      closeReason: rolledBack ? 'rollback' : 'phantom',
      closedAt: step.at.market,
      stop: null,
      nakedSince: null,
      note: 'the exchange shows no such position; its closing price is not known',
    },
    'the exchange, asked twice, does not have it',
  );
  decisionFate(step, ended, rolledBack ? 'failed' : 'executed', rolledBack ? rollbackReason(ended) : null);
  tell(
    step,
    'phantom_position_closed',
    'critical',
    `${ended.symbol} is gone from the exchange; no fill explains it.`,
    ended,
    {
      amount: ended.amount,
    },
  );
  settle(step, ended);
}
