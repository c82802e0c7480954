import type { Decimal, PositionSide } from '#shared/domain/basics';
import { div, gte, isPositive, lte, min, minusPercent, mul, plusPercent } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import type { Settings } from '#shared/domain/settings';
import { beginExit } from './closing';
import { slot, workOf } from './state';
import { putPosition, type Step, tell, wake } from './step';

const HOUR_MS = 3_600_000;
const HOUR = '3600000' as Decimal;

export interface AgedView {
  readonly phase: 'grace' | 'progressive';
  readonly target: Decimal;
}

/**
 * What the aged rule asks of a position `ageMs` of market time old (domain section 8), or null while it is young.
 * Grace wants the entry and two commissions back; after it the accepted loss grows with the hours.
 */
export function agedTarget(
  rule: Settings['aged'],
  side: PositionSide,
  entry: Decimal,
  ageMs: number,
): AgedView | null {
  if (!rule.on || ageMs <= rule.afterHours * HOUR_MS) return null;
  const beyondGraceMs = ageMs - (rule.afterHours + rule.graceHours) * HOUR_MS;
  const better = side === 'long' ? plusPercent : minusPercent;
  const worse = side === 'long' ? minusPercent : plusPercent;
  if (beyondGraceMs <= 0)
    return {
      phase: 'grace',
      target: better(entry, mul(rule.commissionPercent as string as Decimal, '2' as Decimal)),
    };
  const lost = div(mul(rule.lossPercentPerHour as string as Decimal, String(beyondGraceMs) as Decimal), HOUR);
  return { phase: 'progressive', target: worse(entry, min(lost, rule.maxLossPercent as string as Decimal)) };
}

/** True when the price is at the target or better. */
export const isReached = (side: PositionSide, price: Decimal, target: Decimal): boolean =>
  side === 'long' ? gte(price, target) : lte(price, target);

/** Wave positions under their own stop only; a trailing stop that took over is left alone (spec M-107). */
const isSubject = (position: Position): boolean =>
  position.waveTime !== null &&
  !position.imported &&
  position.status === 'active' &&
  position.entryPrice !== null &&
  position.trailing?.state !== 'active';

/** Plans the next look at a position's age, on the market's clock. */
export function armAged(step: Step, position: Position): void {
  const rule = step.state.settings.aged;
  if (position.waveTime === null || position.imported || !rule.on) return;
  const ageMs = step.at.market - position.openedAt;
  const dueMs = rule.afterHours * HOUR_MS - ageMs;
  wake(step, `aged|${position.id}`, dueMs >= 0 ? dueMs + 1 : HOUR_MS, 'market');
}

/** Wake: writes down phase and target, closes when the price is already there, and looks again in an hour. */
export function onAgedWake(step: Step, position: Position): void {
  const known = step.state.prices.get(slot(position.venue, position.symbol));
  const fresh = known && step.at.wall - known.at <= step.state.settings.staleAfterMs;
  followAge(step, position, fresh ? known.price : null, true);
  if (step.state.positions.get(position.id)?.status === 'active') armAged(step, position);
}

/**
 * Applies the rule at this moment. The image is written when the phase changes, at each wake and when it closes, not
 * with every price. Returns true when closing began.
 */
export function followAge(step: Step, position: Position, price: Decimal | null, write = false): boolean {
  if (position.aged && position.trailing?.state === 'active')
    putPosition(step, { ...position, aged: null }, 'the trailing stop took over');
  // A trailing stop that waits for its check after a restart still has the duty.
  if (!isSubject(position) || workOf(step.state, position.id).unverified?.resumes) return false;
  const view = agedTarget(
    step.state.settings.aged,
    position.side,
    position.entryPrice!,
    step.at.market - position.openedAt,
  );
  if (view === null) return false;
  const closes = price !== null && isPositive(price) && isReached(position.side, price, view.target);
  const changed = position.aged?.phase !== view.phase;
  if (!write && !changed && !closes) return false;
  const aged = putPosition(
    step,
    { ...position, aged: { ...view, at: step.at.market } },
    `aged: ${view.phase}`,
  );
  if (changed)
    tell(
      step,
      'aged_position_detected',
      'info',
      `${aged.symbol} is old (${view.phase}); it is closed at ${view.target} or better.`,
      aged,
      { phase: view.phase, target: view.target, ageMs: step.at.market - position.openedAt },
    );
  if (!closes) return false;
  beginExit(
    step,
    aged,
    view.phase === 'grace' ? 'aged_grace' : 'aged_progressive',
    `the price ${price} reached ${view.target}`,
  );
  return true;
}
