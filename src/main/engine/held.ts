import type { Decimal, PositionId } from '#shared/domain/basics';
import { abs, isNegative, isZero, min, ZERO } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import { type Held, isOpen, isSpot, workOf } from './state';
import { intend, type Step, tell, waitLeft, wake } from './step';

/** A naked position does not wait longer than this for what the exchange shows. Wall ms. */
const ANSWER_MS = 2_000;

/** Whether a signed amount at the exchange is on this position's side; zero is on neither. */
export const sameSide = (position: Position, amount: Decimal): boolean =>
  !isZero(amount) && isNegative(amount) === (position.side === 'short');

/**
 * How much a rollback closes now, base units (spec M-091): what the exchange shows on this side, at most `left` of
 * ours; nothing when it is flat or stands on the other side; `left` when the exchange cannot tell. Every exit asks anew.
 */
export function shownAmount(step: Step, position: Position, left: Decimal): Decimal | 'not-yet' {
  if (isSpot(position.venue)) return left;
  const work = workOf(step.state, position.id);
  if (work.held === null) {
    work.held = { askedAt: step.at.wall, answer: null };
    intend(step, {
      kind: 'ask-held',
      venue: position.venue,
      symbol: position.symbol,
      positionId: position.id,
    });
    wake(step, `held|${position.id}`, ANSWER_MS);
  }
  const { answer } = work.held;
  if (answer === null) return 'not-yet';
  if (answer === 'unknown') return left;
  if (sameSide(position, answer)) return min(abs(answer), left);
  noteNothingToClose(step, position, answer);
  return ZERO;
}

function noteNothingToClose(step: Step, position: Position, shown: Decimal): void {
  tell(
    step,
    'rollback_nothing_to_close',
    'warning',
    isZero(shown)
      ? `The exchange shows no ${position.symbol} to close; it is asked again.`
      : `The exchange shows ${position.symbol} on the other side (${shown}); that is not closed.`,
    position,
    { shown, amount: position.amount },
  );
}

/** The exchange's answer; one that nobody waits for any more changes nothing. */
export function onHeld(step: Step, id: PositionId, amount: Held): void {
  const position = step.state.positions.get(id);
  if (!position || !isOpen(position)) return;
  const work = workOf(step.state, id);
  if (work.held === null || work.held.answer !== null) return;
  work.held.answer = amount;
  step.touched.add(id);
}

/** Wake: no answer in time, so our own fills have to do; reduce-only keeps the exit from doing harm. */
export function onHeldTimeout(step: Step, position: Position): void {
  const { held } = workOf(step.state, position.id);
  if (held === null || held.answer !== null) return;
  const leftMs = waitLeft(step, held.askedAt, ANSWER_MS);
  if (leftMs > 0) wake(step, `held|${position.id}`, leftMs);
  else held.answer = 'unknown';
}
