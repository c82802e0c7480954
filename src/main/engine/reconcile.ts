import type { PositionId } from '#shared/domain/basics';
import { isZero, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { isEnded } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { vanish } from './closing';
import { askNow, isLive } from './doubt';
import { handBackSilent } from './follow-price';
import { sameSide } from './held';
import {
  adjustAmount,
  agrees,
  askAboutPast,
  importPosition,
  inDoubt,
  isUnsettled,
  mayAdjust,
  type VenueRow,
} from './imports';
import { onOrderEvent } from './lifecycle';
import { cancelOrder } from './order-book';
import { isOpen, slot, venueOf, workOf } from './state';
import { askFills, intend, type Step, tell, wake } from './step';
import { noteStrays } from './strays';
import type { EngineEvent } from './types';
import { verifyTrailing } from './verify-trailing';
import { beginLook, noteHeld, noteListed } from './zombies';

export const RECONCILE_MS = 120_000;
/** Two looks at least this far apart before a position is believed gone. */
const PHANTOM_MS = 10_000;

/** The link to a venue came or went. After it came everything is asked before any entry. */
export function onLink(step: Step, venue: VenueKey, up: boolean): void {
  const view = venueOf(step.state, venue);
  const changed = view.up !== up;
  view.up = up;
  view.ordersSeen = false;
  if (!up) {
    if (changed) tell(step, 'venue_link_down', 'warning', `${venue} is not connected: no entries there.`);
    return;
  }
  lookAt(step, venue);
  for (const order of step.state.orders.values())
    if (order.request.venue === venue && !isEnded(order.status)) askNow(step, order);
  for (const position of step.state.positions.values())
    if (position.venue === venue && isOpen(position)) askFills(step, position);
}

/** Asks the venue for its whole truth now and again in two minutes. */
export function lookAt(step: Step, venue: VenueKey): void {
  look(step, venue);
  wake(step, `reconcile|${venue}`, RECONCILE_MS);
  handBackSilent(step, venue);
  // What could not be given a stop gets its three tries again.
  for (const position of step.state.positions.values())
    if (position.venue === venue && isOpen(position) && workOf(step.state, position.id).gaveUp) {
      workOf(step.state, position.id).stopTries = 0;
      step.touched.add(position.id);
    }
}

/** Asks the venue for its whole truth once. */
export function look(step: Step, venue: VenueKey): void {
  beginLook(step, venue);
  intend(step, { kind: 'reconcile', venue });
}

/** Open orders as the venue lists them. A list is a hint to ask, never a proof that something is gone. */
export function onVenueOrders(step: Step, event: Extract<EngineEvent, { type: 'venue-orders' }>): void {
  const { state } = step;
  const listed = new Set<string>();
  for (const row of event.orders) {
    if (row.clientOrderId === null) continue;
    listed.add(row.clientOrderId);
    const order = state.orders.get(row.clientOrderId);
    if (!order) continue;
    onOrderEvent(step, {
      type: 'order',
      clientOrderId: row.clientOrderId,
      evidence: { kind: 'seen', venueOrderId: row.venueOrderId, status: row.status, filled: row.filled },
    });
    const position = state.positions.get(order.positionId);
    const now = state.orders.get(row.clientOrderId)!;
    if (position && !isOpen(position) && isLive(now)) cancelOrder(step, now);
  }
  for (const order of state.orders.values()) {
    if (order.request.venue !== event.venue || listed.has(order.request.clientOrderId)) continue;
    if (isLive(order) || order.status === 'unknown') askNow(step, order);
  }
  venueOf(state, event.venue).ordersSeen = true;
  noteStrays(step, event.venue, event.orders);
  noteListed(step, event.venue, event.orders);
}

/** The venue's positions, whole list. Missing ones are believed only the second time, after asking for fills. */
export function onVenuePositions(step: Step, event: Extract<EngineEvent, { type: 'venue-positions' }>): void {
  const theirs = new Map(
    event.positions.filter((row) => !isZero(row.amount)).map((row) => [row.symbol, row]),
  );
  for (const position of [...step.state.positions.values()])
    if (position.venue === event.venue && isOpen(position))
      compare(step, position, theirs.get(position.symbol));
  noteExternal(step, event.venue, theirs);
  noteHeld(step, event.venue, new Set(theirs.keys()));
}

function compare(step: Step, before: Position, row: VenueRow | undefined): void {
  const position = verifyTrailing(step, before, row?.amount ?? ZERO);
  const work = workOf(step.state, position.id);
  if (agrees(position, row)) {
    work.missingSince = null;
    work.differSince = null;
    return;
  }
  askFills(step, position);
  if (row && sameSide(position, row.amount)) work.shown = true;
  // A rollback closes nothing on the other side: ours is gone, and what stands there is somebody else's.
  const gone = row !== undefined && position.closeReason === 'rollback' && !sameSide(position, row.amount);
  if (row && !gone) {
    work.missingSince = null;
    noteDifference(step, position, row);
    return;
  }
  work.differSince = null;
  if (position.entryPrice === null || isZero(position.amount)) return;
  if (inDoubt(step, position)) {
    work.missingSince = null;
    return;
  }
  if (work.missingSince === null) {
    work.missingSince = step.at.wall;
    tell(
      step,
      'missing_position_suspected',
      'warning',
      `The exchange does not show ${position.symbol}; it is asked again in 10 seconds.`,
      position,
    );
    wake(step, `look|${position.venue}`, PHANTOM_MS);
    return;
  }
  if (step.at.wall - work.missingSince >= PHANTOM_MS) vanish(step, position);
  else wake(step, `look|${position.venue}`, PHANTOM_MS - (step.at.wall - work.missingSince));
}

/** A difference that lasts ten seconds and that no order can explain: the exchange's amount is taken over. */
function noteDifference(step: Step, position: Position, row: VenueRow): void {
  const work = workOf(step.state, position.id);
  if (work.differSince === null || !mayAdjust(step, position, row)) {
    if (work.differSince === null) wake(step, `look|${position.venue}`, PHANTOM_MS);
    work.differSince ??= step.at.wall;
    return;
  }
  const lastedMs = step.at.wall - work.differSince;
  if (lastedMs < PHANTOM_MS) {
    wake(step, `look|${position.venue}`, PHANTOM_MS - lastedMs);
    return;
  }
  work.differSince = null;
  adjustAmount(step, position, row);
}

/** Positions nobody here opened: seen twice ten seconds apart, with nothing of ours that could explain them. */
function noteExternal(step: Step, venue: VenueKey, theirs: ReadonlyMap<Symbol, VenueRow>): void {
  const view = venueOf(step.state, venue);
  const before = view.external;
  view.external = new Map();
  for (const [symbol, row] of theirs) {
    if (step.state.open.has(slot(venue, symbol))) continue;
    const since = before.get(symbol) ?? step.at.wall;
    view.external.set(symbol, since);
    const lastedMs = step.at.wall - since;
    if (!before.has(symbol)) askAboutPast(step, venue, symbol);
    if (lastedMs < PHANTOM_MS) wake(step, `look|${venue}`, PHANTOM_MS - lastedMs);
    else if (step.state.recovered && !isUnsettled(step, venue, symbol)) importPosition(step, venue, row);
  }
}

/** True when any position of this venue is still being repaired after a restart. */
export const isRepairing = (step: Step, venue: VenueKey): boolean =>
  [...step.state.work].some(([id, work]) => work.recovering && venueHas(step, venue, id));

const venueHas = (step: Step, venue: VenueKey, id: PositionId): boolean => {
  const position = step.state.positions.get(id);
  return position !== undefined && position.venue === venue && isOpen(position);
};
