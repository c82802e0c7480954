import type { Decimal } from '#shared/domain/basics';
import { gte, isPositive, sub } from '#shared/domain/decimal';
import type { Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { Position } from '#shared/domain/position';
import { armAged } from './aged';
import { beginExit, mustWait } from './closing';
import { filledOf, isLive, isUnconfirmed, isUnprovable } from './doubt';
import { closableAmount } from './fills';
import { armNakedAlarm, measured } from './naked';
import { cancelOrder, placeExit } from './order-book';
import { instrumentOf, ordersOf, slot, workOf } from './state';
import { askFills, putPosition, type Step, tell, wake } from './step';
import { reuseStop } from './strays';
import { freshTrailing, initialStop, onRightSide, tighter } from './trailing';
import { decisionFate } from './verdicts';

const STOP_TRIES = 3;
const STOP_WAITS_MS = [1_000, 2_000] as const;
/** A stop that dies this soon after its confirmation counts as a failed try, so that flapping ends. */
const FLAP_MS = 10_000;

const stopsOf = (step: Step, position: Position): Order[] =>
  ordersOf(step.state, position.id).filter((order) => order.leg === 'stop');

export const tickOf = (step: Step, position: Position): Decimal =>
  instrumentOf(step.state, position.venue, position.symbol)?.tickSize ?? ('0.00000001' as Decimal);

export const closable = (step: Step, position: Position): Decimal =>
  closableAmount(position, position.venue, instrumentOf(step.state, position.venue, position.symbol));

/**
 * Brings a filled position under a stop on the exchange that covers all of it, or out of the market when three
 * tries failed. Called after every change; does nothing when nothing is missing.
 */
export function protect(step: Step, before: Position): void {
  const position = adoptStop(step, before);
  const stops = stopsOf(step, position);
  if (covers(step, position, stops)) {
    onCovered(step, position, stops);
    return;
  }
  const naked = putPosition(
    step,
    { ...position, nakedSince: position.nakedSince ?? step.at.wall },
    'no stop on the exchange covers it',
  );
  if (before.nakedSince === null) armNakedAlarm(step, naked);
  const pending = stops.find(isUnconfirmed);
  if (pending) {
    if (isUnprovable(step, pending)) giveUp(step, naked, 'whether its stop exists cannot be found out');
    return;
  }
  placeStop(step, naked, stops);
}

/** The newest confirmed stop is the app's stop; none confirmed, none claimed. */
function adoptStop(step: Step, position: Position): Position {
  const live = stopsOf(step, position).filter(isLive);
  const newest = live.reduce<Order | null>(
    (best, order) => (best === null || order.attempt > best.attempt ? order : best),
    null,
  );
  if (newest === null) {
    if (position.stop === null) return position;
    noteLoss(step, position);
    return putPosition(step, { ...position, stop: null }, 'its stop is no longer on the exchange');
  }
  if (position.stop?.clientOrderId === newest.request.clientOrderId) return position;
  const moved = position.stop !== null;
  const work = workOf(step.state, position.id);
  if (moved) work.movedAt = { market: step.at.market, wall: step.at.wall };
  return putPosition(
    step,
    {
      ...position,
      stop: {
        clientOrderId: newest.request.clientOrderId,
        price: newest.request.triggerPrice!,
        amount: newest.request.amount!,
        confirmedAt: step.at.wall,
      },
      trailing:
        position.trailing && moved
          ? {
              ...position.trailing,
              lastAcceptedAt: step.at.wall,
              updates: position.trailing.updates + 1,
            }
          : position.trailing,
    },
    moved ? 'the exchange confirmed the new stop' : 'the exchange confirmed the stop',
  );
}

/** A stop that vanished right after it was confirmed counts as a failed try. Its fills may be on the way. */
function noteLoss(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  askFills(step, position);
  if (step.at.wall - position.stop!.confirmedAt <= FLAP_MS) onStopFailed(step, position);
  else work.stopTries = 0;
}

/** Covered: one confirmed stop, still open for at least what is left to close. */
function covers(step: Step, position: Position, stops: readonly Order[]): boolean {
  if (position.stop === null) return false;
  const order = stops.find((stop) => stop.request.clientOrderId === position.stop!.clientOrderId);
  if (!order) return false;
  return gte(sub(order.request.amount!, filledOf(step, order)), closable(step, position));
}

function onCovered(step: Step, position: Position, stops: readonly Order[]): void {
  const work = workOf(step.state, position.id);
  work.nakedAlarm = false;
  work.gaveUp = false;
  work.stopWait = null;
  work.recovering = false;
  for (const old of stops)
    if (isLive(old) && old.request.clientOrderId !== position.stop!.clientOrderId) cancelOrder(step, old);
  const active = putPosition(
    step,
    {
      ...measured(step, position),
      status: position.status === 'pending_sl' ? 'active' : position.status,
      nakedSince: null,
      // An imported position is only protected: its owner never asked for a trailing stop.
      trailing: position.imported
        ? null
        : (position.trailing ?? freshTrailing(position.side, position.entryPrice!, position.params)),
    },
    'protected by a stop on the exchange',
  );
  if (position.status === 'pending_sl') {
    tell(
      step,
      'position_protected',
      'info',
      `${active.symbol} ${active.side} of ${active.amount} has its stop at ${active.stop!.price}.`,
      active,
    );
    decisionFate(step, active, 'executed', null);
    armAged(step, active);
  }
}

/** The stop it should have: from the average fill, or the tightest one it ever had. Never looser again. */
function stopPrice(step: Step, position: Position, stops: readonly Order[]): Decimal {
  const { side, params } = position;
  const confirmed = stops
    .filter((stop) => stop.venueOrderId !== null)
    .map((stop) => stop.request.triggerPrice!);
  const tick = tickOf(step, position);
  const wanted = confirmed.reduce(
    (best, price) => tighter(side, best, price),
    initialStop(side, position.entryPrice!, params.stopLoss, tick),
  );
  // What somebody else opened is never closed by putting its stop behind the price: then it counts from here.
  const price = position.imported ? freshPrice(step, position) : null;
  return price === null || onRightSide(side, wanted, price)
    ? wanted
    : initialStop(side, price, params.stopLoss, tick);
}

function freshPrice(step: Step, position: Position): Decimal | null {
  const known = step.state.prices.get(slot(position.venue, position.symbol));
  return known && step.at.wall - known.at <= step.state.settings.staleAfterMs ? known.price : null;
}

function placeStop(step: Step, position: Position, stops: readonly Order[]): void {
  const work = workOf(step.state, position.id);
  if (work.stopTries >= STOP_TRIES) {
    giveUp(step, position, 'no stop could be placed after three tries');
    return;
  }
  if (mustWait(step, position, work.stopWait)) return;
  const price = stopPrice(step, position, stops);
  const known = freshPrice(step, position);
  if (
    !position.imported &&
    (!isPositive(price) || (known !== null && !onRightSide(position.side, price, known)))
  ) {
    beginExit(step, position, 'stop_loss', `the price is already beyond the stop at ${price}`);
    return;
  }
  const amount = closable(step, position);
  if (reuseStop(step, position, price, amount)) return;
  placeExit(step, position, 'stop', amount, price, 'stop for the filled amount');
}

/** A stop order ended without ever standing: refused, never sent, or proven absent. */
export function onStopFailed(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  work.stopTries += 1;
  const waitMs = STOP_WAITS_MS[work.stopTries - 1];
  if (waitMs === undefined) return;
  work.stopWait = { since: step.at.wall, ms: waitMs };
  wake(step, `advance|${position.id}`, waitMs);
}

/** Reacts to the end of a stop that was never confirmed; a refused move keeps the stop that stands. */
export function onStopRefused(step: Step, position: Position, order: Order): void {
  const work = workOf(step.state, position.id);
  if (position.stop !== null && position.nakedSince === null) {
    work.moveRefusedAt = step.at.wall;
    tell(
      step,
      'trailing_stop_refused',
      'warning',
      `The new stop at ${order.request.triggerPrice} was not accepted; the one at ${position.stop.price} stays.`,
      position,
      { note: order.note },
    );
    return;
  }
  tell(step, 'stop_loss_refused', 'error', `A stop for ${position.symbol} was not accepted.`, position, {
    attempt: order.attempt,
    note: order.note,
  });
  onStopFailed(step, position);
}

function giveUp(step: Step, position: Position, why: string): void {
  if (position.imported) {
    const work = workOf(step.state, position.id);
    if (work.gaveUp) return;
    work.gaveUp = true;
    tell(
      step,
      'stop_loss_not_placed',
      'critical',
      `${position.symbol}, which Wavedesk did not open, has no stop: ${why}. It is not closed; look at the exchange.`,
      position,
    );
    return;
  }
  decisionFate(step, position, 'failed', 'stop_not_placed');
  tell(step, 'stop_loss_not_placed', 'critical', `${position.symbol} is closed at market: ${why}.`, position);
  beginExit(step, position, 'rollback', why);
}

/** True while one of its stops is neither standing nor gone. */
export const stopInFlight = (step: Step, position: Position): boolean =>
  stopsOf(step, position).some((stop) => !isEnded(stop.status) && isUnconfirmed(stop));
