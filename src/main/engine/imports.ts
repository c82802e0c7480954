import { type PositionId, type PositionSide, unixMs } from '#shared/domain/basics';
import { abs, eq, isNegative, isPositive, isZero, sub, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import { isEnded } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { isUnconfirmed, lacksFills } from './doubt';
import { rebook } from './fill-booking';
import { ledgerOf } from './fills';
import { fillsOf, ordersOf, slot, workOf } from './state';
import { askFills, intend, putPosition, type Step, tell } from './step';
import type { EngineEvent } from './types';

export type VenueRow = Extract<EngineEvent, { type: 'venue-positions' }>['positions'][number];

/**
 * What a past position of ours may still owe: an order or fill whose fate is not known could explain what the
 * exchange shows, so nothing is taken over before that is settled.
 */
export function isUnsettled(step: Step, venue: VenueKey, symbol: VenueRow['symbol']): boolean {
  for (const order of step.state.orders.values())
    if (order.request.venue === venue && order.request.symbol === symbol)
      if (!isEnded(order.status) || lacksFills(step, order)) return true;
  return false;
}

/** Asks for fills of whatever we once had there: a late one explains a position better than an import. */
export function askAboutPast(step: Step, venue: VenueKey, symbol: VenueRow['symbol']): void {
  for (const position of step.state.positions.values())
    if (position.venue === venue && position.symbol === symbol) askFills(step, position);
}

/**
 * Takes a position over that stands only on the exchange (spec M-104): it gets a stop from the default parameters and
 * is looked after, but never traded: no trailing, no ageing, no closing when a stop is refused.
 */
export function importPosition(step: Step, venue: VenueKey, row: VenueRow): void {
  const { state, at } = step;
  intend(step, { kind: 'watch', venue, symbol: row.symbol, on: true });
  const told = row.entryPrice && isPositive(row.entryPrice) ? row.entryPrice : null;
  const entry = told ?? state.prices.get(slot(venue, row.symbol))?.price ?? null;
  // Without any price there is nothing to put a stop at; the next look tries again.
  if (entry === null) return;
  const id = freshId(step);
  const side: PositionSide = isPositive(row.amount) ? 'long' : 'short';
  const amount = abs(row.amount);
  workOf(state, id);
  const position = putPosition(
    step,
    {
      id,
      venue,
      symbol: row.symbol,
      side,
      status: 'pending_sl',
      signalId: null,
      waveTime: null,
      intendedAmount: amount,
      amount,
      entryPrice: entry,
      exitPrice: null,
      realised: ZERO,
      fees: {},
      params: state.settings.defaultParams,
      stop: null,
      trailing: null,
      closeReason: null,
      note:
        told === null
          ? 'found on the exchange; its entry price is not known and is counted from the price when it was found'
          : 'found on the exchange',
      leverage: null,
      openedAt: at.market,
      closedAt: null,
      nakedSince: at.wall,
      correlationId: `import-${id}`,
      imported: true,
      outside: { amount, price: entry, asOf: at.market },
    },
    'the exchange holds it and no record here does',
  );
  tell(
    step,
    'position_imported',
    'warning',
    `${position.symbol} ${side} of ${amount} was found at ${venue} without a record here; it is protected from now on.`,
    position,
    { amount, entryPrice: told },
  );
}

function freshId(step: Step): PositionId {
  const base = `i${step.at.wall.toString(36)}`;
  for (let n = 0; ; n += 1) {
    const id = `${base}${n.toString(36)}` as PositionId;
    if (!step.state.positions.has(id)) return id;
  }
}

/** An order whose fate or fills are not known may explain everything. A standing stop does not count. */
export const inDoubt = (step: Step, position: Position): boolean =>
  ordersOf(step.state, position.id).some((order) => isUnconfirmed(order) || lacksFills(step, order));

/** True when the exchange's amount can be taken over: settled, and still the same side. */
export const mayAdjust = (step: Step, position: Position, row: VenueRow): boolean =>
  position.status !== 'pending_entry' &&
  position.status !== 'entry_placed' &&
  isNegative(row.amount) === (position.side === 'short') &&
  !inDoubt(step, position);

/** The exchange's amount becomes ours; what our fills do not explain is kept apart and says so (spec M-104). */
export function adjustAmount(step: Step, position: Position, row: VenueRow): void {
  const theirs = abs(row.amount);
  const fills = fillsOf(step.state, position.id);
  const { net } = ledgerOf(position.side, fills);
  const beyond = sub(theirs, net);
  const price = isPositive(beyond)
    ? (row.entryPrice ?? position.outside?.price ?? position.entryPrice)
    : null;
  const adjusted = rebook(
    step,
    {
      ...position,
      outside: isZero(beyond) ? null : { amount: beyond, price, asOf: unixMs(step.at.market) },
    },
    'the exchange, asked twice, shows another amount',
  );
  tell(
    step,
    'position_amount_updated',
    'warning',
    `The exchange shows ${theirs} of ${position.symbol}, our fills add up to ${net}; the exchange's amount counts.`,
    adjusted,
    { theirs, fills: net, before: position.amount },
  );
}

/** Signed amount as the exchange would show it. */
const signedAmount = (position: Position) =>
  position.side === 'long' ? position.amount : sub(ZERO, position.amount);

/** Whether the exchange shows what we hold. */
export const agrees = (position: Position, row: VenueRow | undefined): boolean =>
  eq(signedAmount(position), row?.amount ?? ZERO);
