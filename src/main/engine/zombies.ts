import type { ClientOrderId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { isUnsettled } from './imports';
import { cancelOrder } from './order-book';
import { isOpen, slot, venueOf } from './state';
import { intend, type Step, tell, wake } from './step';
import { ownParts, requestOf } from './strays';
import type { EmptyWatch, SeenRow, Suspect, VenueView } from './venue-state';

/** Seen as a zombie this long before anything is said or done: a list and a fill may cross. Wall ms. */
const RECHECK_MS = 10_000;
/** An order that is still open after this long is stuck. */
const STUCK_MS = 24 * 3_600_000;
/** The first run on an account only reports; its re-check is part of it. Wall ms. */
const FIRST_RUN_MS = 60_000;
/** Both lists must be of one look. Wall ms. */
const SAME_LOOK_MS = 10_000;
const CONFIRMATIONS = 3;

type ZombieKind = 'protective_without_position' | 'orphan_leg' | 'stuck';

/** Whether a list may be believed: an empty one after a full one only the third time in a row (spec M-109). */
export function isBelieved(watch: EmptyWatch, length: number): boolean {
  if (length > 0) {
    Object.assign(watch, { wasFull: true, empties: 0 });
    return true;
  }
  if (!watch.wasFull) return true;
  watch.empties += 1;
  if (watch.empties < CONFIRMATIONS) return false;
  Object.assign(watch, { wasFull: false, empties: 0 });
  return true;
}

/** A new look begins: what an earlier one half-read no longer counts. */
export const beginLook = (step: Step, venue: VenueKey): void => {
  Object.assign(venueOf(step.state, venue).look, { positions: null, orders: null });
};

export function noteHeld(step: Step, venue: VenueKey, held: ReadonlySet<Symbol>): void {
  const view = venueOf(step.state, venue);
  if (isBelieved(view.emptyPositions, held.size)) {
    view.look.positions = { held, at: step.at.wall };
    scan(step, venue, view);
  } else wake(step, `look|${venue}`, RECHECK_MS);
}

export function noteListed(step: Step, venue: VenueKey, rows: readonly SeenRow[]): void {
  const view = venueOf(step.state, venue);
  if (isBelieved(view.emptyOrders, rows.length)) {
    view.look.orders = { rows, at: step.at.wall };
    scan(step, venue, view);
  } else wake(step, `look|${venue}`, RECHECK_MS);
}

/**
 * Finds orders that protect nothing (spec M-108). Runs only when positions and orders of one look were both read.
 * Only orders that carry this installation's prefix are ever cancelled; what a person placed is named, not touched.
 */
function scan(step: Step, venue: VenueKey, view: VenueView): void {
  const { positions, orders } = view.look;
  const { mode, protectedOrderIds } = step.state.settings.zombies;
  if (!positions || !orders || Math.abs(positions.at - orders.at) > SAME_LOOK_MS) return;
  beginLook(step, venue);
  if (mode === 'off' || !step.state.recovered) return;
  noteFirstRun(step, venue, view);
  const isProtected = (row: SeenRow): boolean =>
    protectedOrderIds.includes(row.venueOrderId) ||
    (row.clientOrderId !== null && protectedOrderIds.includes(row.clientOrderId));
  const found = new Set<string>();
  let again = false;
  for (const row of orders.rows) {
    const kind = isProtected(row) ? null : kindOf(step, venue, row, positions.held);
    if (kind === null) continue;
    found.add(row.venueOrderId);
    const suspect = view.suspects.get(row.venueOrderId) ?? {
      since: step.at.wall,
      reported: false,
      cancelling: false,
    };
    view.suspects.set(row.venueOrderId, suspect);
    if (step.at.wall - suspect.since < RECHECK_MS) again = true;
    else deal(step, venue, view, row, kind, suspect);
  }
  for (const id of view.suspects.keys()) if (!found.has(id)) view.suspects.delete(id);
  if (again) wake(step, `look|${venue}`, RECHECK_MS);
}

/** The end of the first run on an account is a fact: the shell keeps it, so that a restart begins no second one. */
function noteFirstRun(step: Step, venue: VenueKey, view: VenueView): void {
  view.firstScanAt ??= step.at.wall;
  if (view.firstRunOver || step.at.wall - view.firstScanAt < FIRST_RUN_MS) return;
  view.firstRunOver = true;
  tell(
    step,
    'zombie_first_run_over',
    'info',
    `The first look for left-over orders at ${venue} is over; it only reported. From now on the setting counts.`,
    null,
    { venue },
  );
}

/** Another account stands behind this venue: nothing seen before is about it. */
export function onAccountChanged(step: Step, venue: VenueKey): void {
  const view = venueOf(step.state, venue);
  Object.assign(view, { firstScanAt: null, firstRunOver: false });
  view.suspects.clear();
  beginLook(step, venue);
}

function deal(
  step: Step,
  venue: VenueKey,
  view: VenueView,
  row: SeenRow,
  kind: ZombieKind,
  suspect: Suspect,
): void {
  const own = ownParts(step, row.clientOrderId) !== null;
  const dryRun = step.state.settings.zombies.mode === 'dry-run' || !view.firstRunOver;
  if (!suspect.reported) {
    suspect.reported = true;
    tell(
      step,
      'zombie_found',
      'warning',
      `An order at ${venue} looks left over (${kind.replaceAll('_', ' ')})${own ? '' : '; it is not ours and stays'}.`,
      null,
      { ...dataOf(venue, row), kind, own, dryRun },
    );
  }
  if (dryRun || !own || suspect.cancelling) return;
  suspect.cancelling = true;
  tell(
    step,
    'zombie_cancel_sent',
    'warning',
    `A left-over order of ours at ${venue} is cancelled (${kind.replaceAll('_', ' ')}).`,
    null,
    { ...dataOf(venue, row), kind },
  );
  const known = step.state.orders.get(row.clientOrderId!);
  if (known) cancelOrder(step, known);
  else intend(step, { kind: 'cancel', request: requestOf(venue, row) });
}

const dataOf = (venue: VenueKey, row: SeenRow) => ({
  venue,
  symbol: row.symbol as string,
  venueOrderId: row.venueOrderId as string,
  clientOrderId: row.clientOrderId as string | null,
  triggerPrice: row.triggerPrice as string | null,
});

/** Why an order is a zombie, or null when it is none. */
function kindOf(step: Step, venue: VenueKey, row: SeenRow, held: ReadonlySet<Symbol>): ZombieKind | null {
  if (row.status !== 'open' && row.status !== 'partially_filled') return null;
  const known = row.clientOrderId === null ? undefined : step.state.orders.get(row.clientOrderId);
  if (known) {
    const position = step.state.positions.get(known.positionId);
    // Orders of ended positions are cancelled at once where they are seen; a standing stop may grow old.
    const old = step.at.wall - known.intendedAt > STUCK_MS;
    return position && isOpen(position) && known.leg !== 'stop' && old ? 'stuck' : null;
  }
  const holder = step.state.open.has(slot(venue, row.symbol));
  const empty = !holder && !held.has(row.symbol) && !isUnsettled(step, venue, row.symbol);
  if (row.reduceOnly && empty) return 'protective_without_position';
  if (ownParts(step, row.clientOrderId) === null) return null;
  if (!row.reduceOnly) return ageMs(step, row) > STUCK_MS ? 'stuck' : 'orphan_leg';
  // The position it stands beside is about to be taken over, and may use it.
  return holder ? 'orphan_leg' : null;
}

const ageMs = (step: Step, row: SeenRow): number =>
  row.updatedAt === undefined ? 0 : step.at.market - row.updatedAt;

/** The venue's answer to the cancel of an order that no record here knows. */
export function onZombieReply(
  step: Step,
  id: ClientOrderId,
  outcome: 'cancelled' | 'not-open' | 'unknown',
): void {
  if (ownParts(step, id) === null) return;
  // Whatever was answered: if it is still listed at the next look, it is tried again.
  for (const view of step.state.venues.values())
    for (const suspect of view.suspects.values()) suspect.cancelling = false;
  tell(
    step,
    outcome === 'cancelled'
      ? 'zombie_cancelled'
      : outcome === 'not-open'
        ? 'zombie_gone'
        : 'zombie_cancel_unknown',
    outcome === 'unknown' ? 'warning' : 'info',
    outcome === 'unknown'
      ? `Whether the left-over order ${id} is cancelled is not known; it is looked at again.`
      : `The left-over order ${id} is gone.`,
    null,
    { clientOrderId: id },
  );
}
