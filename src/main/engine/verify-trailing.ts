import type { Decimal } from '#shared/domain/basics';
import { isPositive } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import { sameSide } from './held';
import { inDoubt } from './imports';
import { isSpot, workOf } from './state';
import { putPosition, type Step, tell } from './step';
import { freshTrailing } from './trailing';

/**
 * After a restart no trailing stop acts before the exchange has shown that the position exists and on which side (spec
 * M-095). One that was active waits meanwhile; its stop stands on the exchange as it was.
 */
export function holdTrailing(step: Step, position: Position): void {
  const { trailing } = position;
  if (!trailing || isSpot(position.venue) || !isPositive(position.amount)) return;
  const resumes = trailing.state === 'active';
  workOf(step.state, position.id).unverified = { resumes };
  if (resumes)
    putPosition(
      step,
      { ...position, trailing: { ...trailing, state: 'waiting' } },
      'restarted: trailing waits until the exchange shows the position',
    );
}

/**
 * Judges restored trailing by the signed amount the exchange lists (zero: none). The right side lets it go on; what
 * does not fit is thrown away and made anew from the entry, and goes on being held until the exchange shows it.
 */
export function verifyTrailing(step: Step, position: Position, shown: Decimal): Position {
  const work = workOf(step.state, position.id);
  const { trailing, entryPrice } = position;
  if (!work.unverified || !trailing || entryPrice === null) return position;
  if (sameSide(position, shown)) {
    const { resumes } = work.unverified;
    work.unverified = null;
    if (!resumes || trailing.state !== 'waiting') return position;
    return putPosition(
      step,
      { ...position, trailing: { ...trailing, state: 'active' } },
      'the exchange shows the position: trailing goes on',
    );
  }
  if (!isPositive(position.amount) || inDoubt(step, position)) return position;
  work.unverified = { resumes: false };
  work.peak = null;
  const fresh = freshTrailing(position.side, entryPrice, position.params);
  const anew = putPosition(step, { ...position, trailing: fresh }, 'the exchange shows another position');
  if (anew !== position)
    tell(
      step,
      'trailing_state_recreated',
      'warning',
      `The restored trailing of ${position.symbol} ${position.side} does not fit what the exchange shows; it begins anew from the entry.`,
      anew,
      { shown, state: trailing.state, peak: trailing.peak },
    );
  return anew;
}
