import type { Decimal, PositionId } from '#shared/domain/basics';
import { isPositive, toStep } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Position } from '#shared/domain/position';
import { followAge } from './aged';
import { lacksFills } from './doubt';
import { placeExit } from './order-book';
import { closable, stopInFlight, tickOf } from './protect';
import { ordersOf, slot, type Work, workOf } from './state';
import { putPosition, type Step, tell } from './step';
import { follow, shouldSavePeak, shouldSend, type TrailingView, tighter } from './trailing';
import { activatesByTime, breakevenStop, distanceOf, profitOf } from './trailing-extras';
import type { EngineEvent } from './types';

/** No two trailing changes of one position within this wall time, however fast the market's clock runs. */
const SHORTEST_MOVE_MS = 1_000;
/** After a refused change the next try waits. Wall ms. */
const REFUSED_PAUSE_MS = 30_000;
const MINUTE_MS = 60_000;
/** Wall time without a price after which a trailing stop is not acting any more. */
const SILENT_MS = 300_000;

/** One price: remembered with its age, and followed by the rules of the position there, if any. */
export function onPrice(step: Step, event: Extract<EngineEvent, { type: 'price' }>): void {
  const { venue, symbol, price } = event;
  const key = slot(venue, symbol);
  step.state.prices.set(key, { price, at: step.at.wall, bid: event.bid ?? null, ask: event.ask ?? null });
  const id = step.state.open.get(key);
  if (id !== undefined) followPosition(step, id, price);
}

function followPosition(step: Step, id: PositionId, price: Decimal): void {
  const position = step.state.positions.get(id)!;
  if (position.entryPrice === null || !isPositive(price)) return;
  const work = workOf(step.state, id);
  work.heardAt = step.at.wall;
  const before = work.peak ?? position.trailing?.peak ?? position.entryPrice;
  work.peak = tighter(position.side, before, price);
  const moved = notePace(step, position, work, price);
  if (position.status !== 'active' || !position.stop || followAge(step, position, price)) return;
  if (!position.trailing || position.nakedSince !== null || work.unverified) return;
  const extras = step.state.settings.trailing;
  const tick = tickOf(step, position);
  const started = position.trailing.state === 'active' || position.trailing.state === 'waiting';
  const profit = profitOf(position.side, position.entryPrice, work.peak);
  const view = follow(
    {
      side: position.side,
      entry: position.entryPrice,
      activation: position.params.trailingActivation,
      distance: distanceOf(extras, position.params.trailingDistance, {
        atr: step.state.atr.get(slot(position.venue, position.symbol)) ?? null,
        peak: work.peak,
        profit,
        moved,
      }),
      tick,
    },
    {
      active: started || (extras.timed && activatesByTime(work.profitSince, step.at.market)),
      peak: before,
      stop: position.stop.price,
    },
    price,
  );
  const saved = save(step, position, work, view);
  const even = extras.breakeven
    ? breakevenStop(position.side, position.entryPrice, profit, step.state.settings.aged.commissionPercent)
    : null;
  const floor = even === null ? null : toStep(even, tick, position.side === 'long' ? 'up' : 'down');
  const wanted = view.active ? view.stop : null;
  const best = floor === null ? wanted : tighter(position.side, floor, wanted ?? floor);
  if (best !== null) move(step, saved, work, best, price);
}

/** Keeps what the optional extras look back at. Returns the move since the running minute began, signed as profit. */
function notePace(step: Step, position: Position, work: Work, price: Decimal): Decimal | null {
  const { timed, momentum } = step.state.settings.trailing;
  if (!timed && !momentum) return null;
  const inProfit = isPositive(profitOf(position.side, position.entryPrice!, price));
  if (!inProfit) work.profitSince = null;
  else work.profitSince ??= step.at.market;
  if (work.anchor === null || step.at.market - work.anchor.at > MINUTE_MS)
    work.anchor = { price, at: step.at.market };
  return profitOf(position.side, work.anchor.price, price);
}

/**
 * A trailing stop that heard no price for five minutes hands its duty back to the plain stop that stands on the
 * exchange (spec M-105); the next price takes it up again.
 */
export function handBackSilent(step: Step, venue: VenueKey): void {
  for (const id of step.state.open.values()) {
    const position = step.state.positions.get(id)!;
    if (position.venue !== venue || position.trailing?.state !== 'active') continue;
    const work = workOf(step.state, id);
    work.heardAt ??= step.at.wall;
    if (step.at.wall - work.heardAt < SILENT_MS) continue;
    const waiting = putPosition(
      step,
      { ...position, trailing: { ...position.trailing, state: 'waiting' } },
      'no price for five minutes: the plain stop has the duty',
    );
    tell(
      step,
      'trailing_stop_handed_back',
      'warning',
      `No price of ${position.symbol} for five minutes: its stop stays at ${position.stop?.price ?? 'none'} until prices return.`,
      waiting,
      { stop: position.stop?.price ?? null },
    );
  }
}

/** Writes activation at once and peaks as seldom as the rule says. */
function save(step: Step, position: Position, work: Work, view: TrailingView): Position {
  const trailing = position.trailing!;
  const activates = view.active && trailing.state !== 'active';
  if (!activates && !shouldSavePeak(trailing.peak, view.peak, step.at.market - work.peakSavedAt))
    return position;
  work.peakSavedAt = step.at.market;
  const saved = putPosition(
    step,
    {
      ...position,
      trailing: {
        ...trailing,
        state: view.active ? 'active' : trailing.state,
        peak: view.peak,
        wanted: view.active ? view.stop : trailing.wanted,
      },
    },
    activates ? 'the trailing stop is active' : 'new best price',
  );
  if (activates)
    tell(step, 'trailing_stop_activated', 'info', `The trailing stop of ${saved.symbol} is active.`, saved, {
      peak: view.peak,
      activationPrice: trailing.activationPrice,
    });
  return saved;
}

/** Places the tighter stop beside the old one; the app's stop changes only when the exchange confirms it. */
function move(step: Step, position: Position, work: Work, wanted: Decimal, price: Decimal): void {
  const { at } = step;
  if (work.movedAt !== null && at.wall - work.movedAt.wall < SHORTEST_MOVE_MS) return;
  if (work.moveRefusedAt !== null && at.wall - work.moveRefusedAt < REFUSED_PAUSE_MS) return;
  const sinceAcceptedMs =
    work.movedAt !== null
      ? at.market - work.movedAt.market
      : position.trailing!.lastAcceptedAt === null
        ? null
        : at.wall - position.trailing!.lastAcceptedAt;
  if (!shouldSend({ side: position.side, current: position.stop!.price, wanted, price, sinceAcceptedMs }))
    return;
  if (stopInFlight(step, position)) return;
  if (ordersOf(step.state, position.id).some((order) => lacksFills(step, order))) return;
  const wanting = putPosition(
    step,
    { ...position, trailing: { ...position.trailing!, peak: work.peak!, wanted } },
    'the trailing stop wants to move',
  );
  placeExit(
    step,
    wanting,
    'stop',
    closable(step, wanting),
    wanted,
    'trailing stop moves; the old one stays until confirmed',
  );
}
