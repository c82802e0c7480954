import type { ReasonCode, SignalFate } from '#shared/domain/decision';
import type { Position } from '#shared/domain/position';
import { putDecision, type Step, tell } from './step';

/** Writes what became of the signal behind a position, while its fate is still open. */
export function decisionFate(
  step: Step,
  position: Position,
  fate: Extract<SignalFate, 'executed' | 'failed'>,
  reason: ReasonCode | null,
): void {
  if (position.signalId === null) return;
  const decision = step.state.decisions.get(position.signalId);
  if (!decision || decision.positionId !== position.id) return;
  putDecision(step, { ...decision, fate, reason, decidedAt: step.at.market });
  tell(
    step,
    fate === 'executed' ? 'signal_executed' : 'signal_execution_failed',
    fate === 'executed' ? 'info' : 'warning',
    fate === 'executed'
      ? `The signal for ${position.symbol} was executed.`
      : `The signal for ${position.symbol} could not be executed.`,
    position,
    { signal: position.signalId, reason },
  );
}
