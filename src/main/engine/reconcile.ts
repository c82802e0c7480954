import { type Decimal, exitSide, type PositionId } from '#shared/domain/basics';
import { abs, eq, isZero, neg, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { isEnded } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { parseClientOrderId } from './client-order-id';
import { vanish } from './closing';
import { askNow, isLive, isUnconfirmed, lacksFills } from './doubt';
import { onOrderEvent } from './lifecycle';
import { cancelOrder } from './order-book';
import { isOpen, ordersOf, slot, venueOf, workOf } from './state';
import { askFills, intend, type Step, tell, wake } from './step';
import type { EngineEvent } from './types';

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
  intend(step, { kind: 'reconcile', venue });
  wake(step, `reconcile|${venue}`, RECONCILE_MS);
}

/** Open orders as the venue lists them. A list is a hint to ask, never a proof that something is gone. */
export function onVenueOrders(step: Step, event: Extract<EngineEvent, { type: 'venue-orders' }>): void {
  const { state } = step;
  const listed = new Set<string>();
  for (const row of event.orders) {
    if (row.clientOrderId === null) continue;
    listed.add(row.clientOrderId);
    const order = state.orders.get(row.clientOrderId);
    if (!order) {
      noteStranger(step, event.venue, row.clientOrderId, row.symbol);
      continue;
    }
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
}

/** An order with our prefix that no position here knows: said, not touched. */
function noteStranger(step: Step, venue: VenueKey, id: string, symbol: Symbol): void {
  const parts = parseClientOrderId(id);
  if (parts?.prefix !== step.state.prefix) return;
  tell(
    step,
    'orphan_order',
    'warning',
    `An order of ours without a position stands at ${venue}: ${id}.`,
    null,
    {
      clientOrderId: id,
      symbol,
      positionId: parts.positionId,
    },
  );
}

/** The venue's positions, whole list. Missing ones are believed only the second time, after asking for fills. */
export function onVenuePositions(step: Step, event: Extract<EngineEvent, { type: 'venue-positions' }>): void {
  const theirs = new Map(
    event.positions.filter((row) => !isZero(row.amount)).map((row) => [row.symbol, row.amount]),
  );
  for (const position of [...step.state.positions.values()])
    if (position.venue === event.venue && isOpen(position))
      compare(step, position, theirs.get(position.symbol) ?? ZERO);
  noteExternal(step, event.venue, theirs);
}

function compare(step: Step, position: Position, amount: Decimal): void {
  const work = workOf(step.state, position.id);
  const ours = position.side === 'long' ? position.amount : neg(position.amount);
  if (eq(ours, amount)) {
    work.missingSince = null;
    work.differSince = null;
    return;
  }
  askFills(step, position);
  if (!isZero(amount)) {
    work.missingSince = null;
    noteDifference(step, position, amount);
    return;
  }
  if (position.entryPrice === null || isZero(position.amount)) return;
  if (inDoubt(step, position)) {
    work.missingSince = null;
    return;
  }
  if (work.missingSince === null) {
    work.missingSince = step.at.wall;
    wake(step, `look|${position.venue}`, PHANTOM_MS);
    return;
  }
  if (step.at.wall - work.missingSince >= PHANTOM_MS) vanish(step, position);
  else wake(step, `look|${position.venue}`, PHANTOM_MS - (step.at.wall - work.missingSince));
}

/** An order whose fate or fills are not known may explain everything. A standing stop does not count. */
const inDoubt = (step: Step, position: Position): boolean =>
  ordersOf(step.state, position.id).some((order) => isUnconfirmed(order) || lacksFills(step, order));

function noteDifference(step: Step, position: Position, amount: Decimal): void {
  const work = workOf(step.state, position.id);
  if (work.differSince === null) {
    work.differSince = step.at.wall;
    wake(step, `look|${position.venue}`, PHANTOM_MS);
    return;
  }
  if (work.differSince < 0 || step.at.wall - work.differSince < PHANTOM_MS) return;
  // Said once; the fills stay the truth for what is ours.
  work.differSince = -1;
  tell(
    step,
    'amount_differs',
    'warning',
    `The exchange shows ${abs(amount)} of ${position.symbol}, our fills add up to ${position.amount}.`,
    position,
    { theirs: amount, ours: position.amount, closingSide: exitSide(position.side) },
  );
}

/** Positions nobody here opened: named once when seen twice in a row, neither fought nor adopted. */
function noteExternal(step: Step, venue: VenueKey, theirs: ReadonlyMap<Symbol, Decimal>): void {
  const view = venueOf(step.state, venue);
  const before = view.external;
  view.external = new Map();
  for (const [symbol, amount] of theirs) {
    if (step.state.open.has(slot(venue, symbol))) continue;
    const times = (before.get(symbol) ?? 0) + 1;
    view.external.set(symbol, times);
    if (times === 2)
      tell(
        step,
        'external_position',
        'warning',
        `${venue} holds ${amount} of ${symbol} that Wavedesk did not open; it is left alone.`,
        null,
        { symbol, amount, venue },
      );
  }
}

/** True when any position of this venue is still being repaired after a restart. */
export const isRepairing = (step: Step, venue: VenueKey): boolean =>
  [...step.state.work].some(([id, work]) => work.recovering && venueHas(step, venue, id));

const venueHas = (step: Step, venue: VenueKey, id: PositionId): boolean => {
  const position = step.state.positions.get(id);
  return position !== undefined && position.venue === venue && isOpen(position);
};
