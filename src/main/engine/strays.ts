import { type Decimal, exitSide } from '#shared/domain/basics';
import { abs, gt, gte, isZero, percentChange } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Order, OrderRequest } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { type OrderIdParts, parseClientOrderId } from './client-order-id';
import { ordersOf, slot, venueOf } from './state';
import { intend, putOrder, type Step, tell } from './step';
import { onRightSide } from './trailing';
import type { SeenRow } from './venue-state';

/** A stop found on the exchange counts as ours when it is this close to the wanted one (spec M-093). Percent. */
const CLOSE_ENOUGH = '5' as Decimal;
/** A list older than this says nothing about what stands now. Wall ms. */
const FRESH_MS = 10_000;

/** The parts of an id this installation made in this mode, or null: then the order is somebody else's. */
export function ownParts(step: Step, id: string | null): OrderIdParts | null {
  const parts = id === null ? null : parseClientOrderId(id);
  return parts?.prefix === step.state.prefix && parts.mode === step.state.mode ? parts : null;
}

/** Orders of ours that no record here knows, as the venue listed them. */
export function noteStrays(step: Step, venue: VenueKey, rows: readonly SeenRow[]): void {
  const view = venueOf(step.state, venue);
  view.straysAt = step.at.wall;
  view.strays = rows.filter(
    ({ clientOrderId }) =>
      clientOrderId !== null &&
      !step.state.orders.has(clientOrderId) &&
      ownParts(step, clientOrderId) !== null,
  );
  for (const row of view.strays) replace(step, venue, row);
}

/** A second stop of a position that is covered by another one is replaced by it: cancelled. */
function replace(step: Step, venue: VenueKey, row: SeenRow): void {
  const position = step.state.positions.get(step.state.open.get(slot(venue, row.symbol)) ?? ('' as never));
  if (!position || position.stop === null || position.nakedSince !== null) return;
  if (ownParts(step, row.clientOrderId)?.positionId !== position.id) return;
  tell(
    step,
    'stop_loss_replaced',
    'warning',
    `A second stop of ${position.symbol} stood at ${venue}; it is cancelled, the one at ${position.stop.price} stays.`,
    position,
    { clientOrderId: row.clientOrderId },
  );
  intend(step, { kind: 'cancel', request: requestOf(venue, row) });
}

/** The request that cancels a listed order: enough for the venue to find it by our id. */
export const requestOf = (venue: VenueKey, row: SeenRow): OrderRequest => ({
  clientOrderId: row.clientOrderId!,
  venue,
  symbol: row.symbol,
  side: row.side ?? 'sell',
  type: row.triggerPrice === null ? 'market' : 'stop-market',
  amount: row.amount,
  price: null,
  triggerPrice: row.triggerPrice,
  timeInForce: null,
  reduceOnly: row.reduceOnly,
  closePosition: false,
});

/** Takes a stop of ours that already stands as this position's stop. True when one fitted (spec M-093). */
export function reuseStop(step: Step, position: Position, wanted: Decimal, amount: Decimal): boolean {
  const view = venueOf(step.state, position.venue);
  if (step.at.wall - view.straysAt > FRESH_MS) return false;
  const row = view.strays.find((each) => fits(step, position, each, wanted, amount));
  if (!row) return false;
  const parts = ownParts(step, row.clientOrderId)!;
  const newest = ordersOf(step.state, position.id).reduce(
    (most, order) => (order.leg === 'stop' ? Math.max(most, order.attempt) : most),
    0,
  );
  const order: Order = {
    request: requestOf(position.venue, row),
    positionId: position.id,
    leg: 'stop',
    // Its own attempt number, so that the next one never gets the same id.
    attempt: parts.positionId === position.id ? Math.max(parts.attempt, newest + 1) : newest + 1,
    status: 'open',
    venueOrderId: row.venueOrderId,
    filled: row.filled,
    averagePrice: null,
    intendedAt: step.at.wall,
    expiresAt: null,
    updatedAt: step.at.wall,
    note: 'found on the exchange and used again',
  };
  putOrder(step, order, 'accepted', 'a stop of ours already stands there');
  tell(
    step,
    'stop_loss_reused',
    'info',
    `A stop for ${position.symbol} already stood at ${row.triggerPrice}.`,
    position,
  );
  return true;
}

function fits(step: Step, position: Position, row: SeenRow, wanted: Decimal, amount: Decimal): boolean {
  const { clientOrderId, triggerPrice } = row;
  if (row.symbol !== position.symbol || clientOrderId === null || triggerPrice === null) return false;
  if (step.state.orders.has(clientOrderId) || row.status !== 'open' || !isZero(row.filled)) return false;
  if (!row.reduceOnly || row.side !== exitSide(position.side)) return false;
  if (row.amount === null || !gte(row.amount, amount)) return false;
  if (gt(abs(percentChange(wanted, triggerPrice)), CLOSE_ENOUGH)) return false;
  const price = step.state.prices.get(slot(position.venue, position.symbol))?.price;
  return price === undefined || onRightSide(position.side, triggerPrice, price);
}
