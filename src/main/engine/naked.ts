import type { Position } from '#shared/domain/position';
import { withNakedTime } from './closing';
import { workOf } from './state';
import { type Step, tell, waitLeft, wake } from './step';

const NAKED_ALARM_MS = 30_000;
/** A gap in the protection of an active position above this is said. Wall ms. */
const GAP_MS = 300;

/** The image with its time without a full stop measured; a gap that should not have been is said (spec M-101). */
export function measured(step: Step, position: Position): Position {
  if (position.nakedSince === null) return position;
  const nakedMs = step.at.wall - position.nakedSince;
  if (position.status === 'active' && nakedMs > GAP_MS)
    tell(
      step,
      'stop_loss_gap',
      'warning',
      `${position.symbol} was without a full stop on the exchange for ${nakedMs} ms.`,
      position,
      { nakedMs },
    );
  return withNakedTime(position, step.at.wall);
}

/** Plans the shout about a position that stays without a full stop. */
export function armNakedAlarm(step: Step, position: Position): void {
  if (position.nakedSince === null) return;
  wake(step, `naked|${position.id}`, waitLeft(step, position.nakedSince, NAKED_ALARM_MS));
}

/** Wake of the alarm above: says it once while it lasts. */
export function onNakedAlarm(step: Step, position: Position): void {
  const work = workOf(step.state, position.id);
  if (position.nakedSince === null || work.nakedAlarm) return;
  if (waitLeft(step, position.nakedSince, NAKED_ALARM_MS) > 0) {
    armNakedAlarm(step, position);
    return;
  }
  work.nakedAlarm = true;
  tell(
    step,
    'position_naked',
    'critical',
    `${position.symbol} ${position.side} has had no full stop on the exchange for 30 seconds.`,
    position,
    { nakedSince: position.nakedSince, status: position.status },
  );
}
