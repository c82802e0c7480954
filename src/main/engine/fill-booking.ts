import type { Decimal } from '#shared/domain/basics';
import { gt, gte, isNegative, max } from '#shared/domain/decimal';
import { type Fill, fillKey, type Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { parseClientOrderId } from './client-order-id';
import { askNow, isLive } from './doubt';
import { closableAmount, ledgerOf, totalOf, totalOfOrder, withLedger } from './fills';
import { applyFact } from './order-book';
import { couldClose, explain } from './outside';
import { isQuote } from './quote-state';
import { type EngineState, fillsOf, instrumentOf, isOpen, orderOfFill, slot } from './state';
import { halt, putPosition, type Step, tell, wake } from './step';

const PARKED_KEPT = 1_000;
/** How long a fill waits for its order to be known before it counts as somebody else's. Wall ms. */
const PARKED_MS = 5_000;

/** Books one execution exactly once: fill, order and position change in one turn, so in one transaction. */
export function onFill(step: Step, fill: Fill): void {
  const { state } = step;
  if (isRepeat(state, fill)) return;
  const order = orderOfFill(state, fill);
  if (!order && park(step, fill)) return;
  book(step, fill, order);
}

/** A copy is remembered too: the one it is a copy of may stand without a trade id. */
function isRepeat(state: EngineState, fill: Fill): boolean {
  const layer = state.sightings.knownBy(fill);
  if (layer === null) return false;
  state.sightings.remember(fill);
  const count = state.captured[fill.source ?? 'stream'];
  count.repeated += 1;
  count.byLayer[layer] += 1;
  return true;
}

function book(step: Step, fill: Fill, order: Order | undefined): void {
  step.state.sightings.remember(fill);
  step.state.captured[fill.source ?? 'stream'].applied += 1;
  if (order) bookToOrder(step, order, fill);
  else bookFromOutside(step, fill);
}

/** Tries again the fills whose order was not known by the venue's id before. */
export function unpark(step: Step): void {
  if (step.state.parked.length === 0) return;
  const waiting = step.state.parked;
  step.state.parked = [];
  for (const { fill, since } of waiting) {
    const order = orderOfFill(step.state, fill);
    if (!order && step.at.wall - since < PARKED_MS) step.state.parked.push({ fill, since });
    else if (!isRepeat(step.state, fill)) book(step, fill, order);
  }
}

/** Holds a fill back while an order of ours may still turn out to be its order, and asks that order. */
function park(step: Step, fill: Fill): boolean {
  const { state } = step;
  const key = fillKey(fill);
  if (state.parked.some((parked) => fillKey(parked.fill) === key)) return true;
  const suspects = suspectsOf(state, fill);
  if (suspects.length === 0 || state.parked.length >= PARKED_KEPT) return false;
  state.parked.push({ fill, since: step.at.wall });
  for (const order of suspects) if (isLive(order)) askNow(step, order);
  wake(step, 'unpark|fills', PARKED_MS);
  return true;
}

/**
 * A fill that names only the venue's order id may belong to an order whose acknowledgement is still due, or to a stop
 * that went on under another id when it triggered.
 */
function suspectsOf(state: EngineState, fill: Fill): Order[] {
  if (fill.clientOrderId !== null) return [];
  return [...state.orders.values()].filter(
    ({ request, venueOrderId, status }) =>
      request.venue === fill.venue &&
      request.symbol === fill.symbol &&
      request.side === fill.side &&
      (isEnded(status)
        ? venueOrderId === null && status !== 'rejected'
        : venueOrderId === null || request.type === 'stop-market'),
  );
}

function bookToOrder(step: Step, order: Order, told: Fill): void {
  const { state } = step;
  // Histories leave our id out; with it the journal alone tells whose fill it is.
  const fill = { ...told, clientOrderId: order.request.clientOrderId };
  const fills = fillsOf(state, order.positionId);
  fills.push(fill);
  step.records.push({ kind: 'fill_applied', fill, positionId: order.positionId });
  const own = totalOfOrder(
    fills,
    (each) => each.clientOrderId === order.request.clientOrderId || each.venueOrderId === fill.venueOrderId,
  );
  const complete = order.request.amount !== null && gte(own.amount, order.request.amount);
  applyFact(
    step,
    order,
    complete ? 'filled' : 'part-filled',
    {
      venueOrderId: order.venueOrderId ?? fill.venueOrderId,
      filled: max(order.filled, own.amount),
      averagePrice: own.price,
    },
    `fill ${fill.tradeId}: ${fill.amount} at ${fill.price}`,
  );
  const position = state.positions.get(order.positionId);
  if (position) rebook(step, explain(position, fill), `fill ${fill.tradeId}`);
  else if (isQuote(order.positionId))
    tell(
      step,
      'quote_filled',
      'info',
      `A quote was hit: ${fill.side} ${fill.amount} of ${fill.symbol} at ${fill.price}.`,
      null,
      { tradeId: fill.tradeId, clientOrderId: fill.clientOrderId },
    );
  else
    tell(
      step,
      'late_fill',
      'warning',
      `A fill of the finished position ${order.positionId} arrived late.`,
      null,
      {
        tradeId: fill.tradeId,
        symbol: fill.symbol,
        amount: fill.amount,
        price: fill.price,
      },
    );
}

/** Recomputes the image from its fills. A position thought to be over comes back when money says otherwise. */
export function rebook(step: Step, position: Position, why: string): Position {
  const ledger = ledgerOf(position.side, fillsOf(step.state, position.id), position.outside);
  const booked = withLedger(position, ledger);
  if (isNegative(ledger.net) && everyOrderKnown(step, position)) {
    tell(step, 'closed_too_much', 'critical', `More of ${position.symbol} was closed than was open.`, booked);
    halt(step, `more was closed than opened in ${position.id}`);
  }
  if (isOpen(position)) return putPosition(step, booked, why);
  const instrument = instrumentOf(step.state, position.venue, position.symbol);
  if (!gt(closableAmount(booked, position.venue, instrument), '0' as Decimal))
    return putPosition(step, booked, why);
  return revive(step, booked, why);
}

/** Entry fills may be on their way while exit fills are here; only a complete entry makes an excess real. */
function everyOrderKnown(step: Step, position: Position): boolean {
  const entries = [...step.state.orders.values()].filter(
    (order) => order.positionId === position.id && order.leg === 'entry',
  );
  const fills = fillsOf(step.state, position.id);
  return entries.every((order) => {
    const own = totalOf(
      fills.filter(
        (fill) =>
          fill.clientOrderId === order.request.clientOrderId || fill.venueOrderId === order.venueOrderId,
      ),
    ).amount;
    return order.request.amount !== null && gte(own, order.request.amount);
  });
}

function revive(step: Step, booked: Position, why: string): Position {
  const givenUp = booked.openFailedAt !== undefined;
  const other = step.state.open.get(slot(booked.venue, booked.symbol));
  if (other !== undefined && other !== booked.id) {
    tell(
      step,
      'late_fill',
      'critical',
      `A late fill reopened ${booked.symbol} while another position is open there; look at the exchange.`,
      booked,
      { amount: booked.amount, other },
    );
    halt(step, `late fill on ${booked.symbol} beside an open position`);
    return putPosition(step, booked, why);
  }
  tell(
    step,
    'late_fill',
    'critical',
    `A late fill reopened ${booked.symbol}; it ${givenUp ? 'is closed' : 'gets a stop'} now.`,
    booked,
    {
      amount: booked.amount,
    },
  );
  return putPosition(
    step,
    {
      ...booked,
      status: 'pending_sl',
      closeReason: givenUp ? 'rollback' : null,
      closedAt: null,
      stop: null,
      nakedSince: step.at.wall,
      note: `reopened by a late fill; it was ${booked.status}`,
    },
    why,
  );
}

const explains = (position: Position, fill: Fill): boolean => explain(position, fill) !== position;

/** Nobody here sent the order. An exit-side fill of no more than our position closed it from outside. */
function bookFromOutside(step: Step, fill: Fill): void {
  const { state } = step;
  const ours = fill.clientOrderId === null ? null : parseClientOrderId(fill.clientOrderId);
  if (ours && ours.prefix === state.prefix) {
    step.records.push({ kind: 'fill_applied', fill, positionId: ours.positionId });
    tell(
      step,
      'late_fill',
      'warning',
      `A fill of the finished position ${ours.positionId} arrived late.`,
      null,
      {
        tradeId: fill.tradeId,
        symbol: fill.symbol,
        amount: fill.amount,
        price: fill.price,
      },
    );
    return;
  }
  const id = state.open.get(slot(fill.venue, fill.symbol));
  const position = id === undefined ? undefined : state.positions.get(id);
  const closes =
    position && couldClose(position, fill) && (!gt(fill.amount, position.amount) || explains(position, fill));
  step.records.push({ kind: 'fill_applied', fill, positionId: closes ? position.id : null });
  if (!closes) return;
  fillsOf(state, position.id).push(fill);
  tell(
    step,
    'closed_outside',
    'warning',
    `${fill.amount} of ${fill.symbol} was closed outside of Wavedesk.`,
    position,
    {
      tradeId: fill.tradeId,
      price: fill.price,
    },
  );
  rebook(step, explain(position, fill), `fill ${fill.tradeId} from outside`);
}
