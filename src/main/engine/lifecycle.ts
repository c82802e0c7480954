import type { PositionId } from '#shared/domain/basics';
import { isPositive } from '#shared/domain/decimal';
import type { Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { CloseReason, Position } from '#shared/domain/position';
import { beginExit, driveExit, fail, finish, isFlat, onExitFailed, settle } from './closing';
import { NOT_CONFIRMED } from './confirm';
import { isLive, isUnconfirmed, lacksFills } from './doubt';
import { onEvidence } from './evidence';
import { armNakedAlarm } from './naked';
import { cancelOrder } from './order-book';
import { closable, onStopRefused, protect } from './protect';
import { isWantedQuote } from './quote-state';
import { isOpen, ordersOf, workOf } from './state';
import { askFills, putPosition, type Step, tell, waitLeft, wake } from './step';
import type { EngineEvent } from './types';

/** How long a half-filled entry may stay without a stop while the rest is awaited. */
const PARTIAL_MS = 2_000;

/**
 * Looks at one position and does the next thing it needs. Everything is read from its orders and fills, so a
 * restart, a lost answer and an ordinary fill take the same path.
 */
export function advance(step: Step, id: PositionId): void {
  const position = step.state.positions.get(id);
  if (!position) {
    if (isWantedQuote(step.state, id)) return;
    // Left over from a position that ended in an earlier run: nothing of it may stay at the venue.
    for (const order of ordersOf(step.state, id)) if (isLive(order)) cancelOrder(step, order);
    return;
  }
  if (!isOpen(position)) settle(step, position);
  else if (position.status === 'pending_entry' || position.status === 'entry_placed')
    advanceEntry(step, position);
  else advanceHeld(step, position);
}

function advanceEntry(step: Step, before: Position): void {
  const entry = ordersOf(step.state, before.id).find((order) => order.leg === 'entry');
  if (!entry) {
    fail(step, before, 'entry_not_filled', 'no entry order was written');
    return;
  }
  const position = noteEntry(step, before, entry);
  if (position.openFailedAt !== undefined) {
    if (isLive(entry)) cancelOrder(step, entry);
    if (isPositive(position.amount)) {
      beginExit(step, position, 'rollback', NOT_CONFIRMED);
      return;
    }
  }
  if (isEnded(entry.status) && !lacksFills(step, entry)) {
    if (position.entryPrice !== null) hold(step, position, 'the entry is complete');
    else if (entry.status === 'rejected')
      fail(step, position, 'entry_rejected', entry.note ?? 'the entry was refused');
    else {
      askFills(step, position);
      fail(
        step,
        position,
        'entry_not_filled',
        entry.note ?? `the entry ended ${entry.status} without a fill`,
      );
    }
    return;
  }
  if (!isPositive(position.amount)) return;
  const work = workOf(step.state, position.id);
  work.partialSince ??= step.at.wall;
  const leftMs = waitLeft(step, work.partialSince, PARTIAL_MS);
  if (leftMs > 0) wake(step, `advance|${position.id}`, leftMs);
  else hold(step, position, 'the part that is filled needs its stop');
}

/** The venue has the entry; what is filled counts as naked from the first fill on. */
function noteEntry(step: Step, position: Position, entry: Order): Position {
  const placed =
    position.status === 'pending_entry' &&
    !isUnconfirmed(entry) &&
    entry.status !== 'rejected' &&
    entry.status !== 'absent';
  const naked = isPositive(position.amount) && position.nakedSince === null;
  if (!placed && !naked) return position;
  const next = putPosition(
    step,
    {
      ...position,
      status: placed ? 'entry_placed' : position.status,
      nakedSince: naked ? step.at.wall : position.nakedSince,
    },
    naked ? 'the entry is filling' : 'the venue has the entry',
  );
  if (naked) armNakedAlarm(step, next);
  return next;
}

function hold(step: Step, position: Position, why: string): void {
  advanceHeld(step, putPosition(step, { ...position, status: 'pending_sl' }, why));
}

function advanceHeld(step: Step, position: Position): void {
  if (isFlat(step, position)) {
    finish(step, position);
    return;
  }
  if (position.entryPrice === null || !isPositive(closable(step, position))) return;
  if (position.status === 'closing') {
    driveExit(step, position);
    return;
  }
  if (position.closeReason !== null) {
    beginExit(step, position, position.closeReason, position.note);
    return;
  }
  const unexplained = ordersOf(step.state, position.id).some(
    (order) => order.leg !== 'entry' && lacksFills(step, order),
  );
  // The venue says something closed; until those fills are here the size of a stop is a guess.
  if (!unexplained) protect(step, position);
}

/** Applies evidence and reacts to protective and closing orders that ended without doing their work. */
export function onOrderEvent(step: Step, event: Extract<EngineEvent, { type: 'order' }>): void {
  const before = step.state.orders.get(event.clientOrderId);
  onEvidence(step, event.clientOrderId, event.evidence);
  const after = step.state.orders.get(event.clientOrderId);
  if (!before || !after || isEnded(before.status) || !isEnded(after.status)) return;
  step.state.cancelling.delete(event.clientOrderId);
  onOrderEnded(step, before, after);
}

/** The end of an order that was still expected to do something. */
export function onOrderEnded(step: Step, before: Order, after: Order): void {
  const position = step.state.positions.get(after.positionId);
  if (!position || !isOpen(position) || after.status === 'filled') return;
  if (after.leg === 'exit') onExitFailed(step, position);
  if (after.leg === 'stop' && isUnconfirmed(before) && position.status !== 'closing')
    onStopRefused(step, position, after);
}

/** The user's or a rule's wish to close. While the entry is still under way it is remembered. */
export function closePosition(step: Step, id: PositionId, reason: CloseReason): void {
  const position = step.state.positions.get(id);
  if (!position || !isOpen(position)) {
    tell(step, 'close_ignored', 'warning', `There is no open position ${id} to close.`);
    return;
  }
  if (position.status === 'closing') return;
  if (position.status === 'pending_sl' || position.status === 'active') {
    beginExit(step, position, reason, null);
    return;
  }
  putPosition(
    step,
    { ...position, closeReason: reason },
    `to be closed as soon as its entry is known: ${reason}`,
  );
  for (const order of ordersOf(step.state, id))
    if (order.leg === 'entry' && isLive(order)) cancelOrder(step, order);
}
