import type { Decimal, PositionId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Position } from '#shared/domain/position';
import { lacksFills } from './doubt';
import { placeExit } from './order-book';
import { closable, stopInFlight, tickOf } from './protect';
import { ordersOf, slot, type Work, workOf } from './state';
import { putPosition, type Step, tell } from './step';
import { follow, shouldSavePeak, shouldSend, type TrailingView, tighter } from './trailing';

/** No two trailing changes of one position within this wall time, however fast the market's clock runs. */
const SHORTEST_MOVE_MS = 1_000;
/** After a refused change the next try waits. Wall ms. */
const REFUSED_PAUSE_MS = 30_000;

/** One price: remembered with its age, and followed by the trailing stop of the position there, if any. */
export function onPrice(step: Step, venue: VenueKey, symbol: Symbol, price: Decimal): void {
  const key = slot(venue, symbol);
  step.state.prices.set(key, { price, at: step.at.wall });
  const id = step.state.open.get(key);
  if (id !== undefined) followPosition(step, id, price);
}

function followPosition(step: Step, id: PositionId, price: Decimal): void {
  const position = step.state.positions.get(id)!;
  if (position.entryPrice === null) return;
  const work = workOf(step.state, id);
  const before = work.peak ?? position.trailing?.peak ?? position.entryPrice;
  work.peak = tighter(position.side, before, price);
  if (position.status !== 'active' || !position.trailing || !position.stop || position.nakedSince !== null)
    return;
  const view = follow(
    {
      side: position.side,
      entry: position.entryPrice,
      activation: position.params.trailingActivation,
      distance: position.params.trailingDistance,
      tick: tickOf(step, position),
    },
    { active: position.trailing.state === 'active', peak: before, stop: position.stop.price },
    price,
  );
  const saved = save(step, position, work, view);
  if (view.active && view.stop !== null) move(step, saved, work, view.stop, price);
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
    activates ? 'the price reached the activation of the trailing stop' : 'new best price',
  );
  if (activates)
    tell(step, 'trailing_activated', 'info', `The trailing stop of ${saved.symbol} is active.`, saved, {
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
