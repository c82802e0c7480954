import { unixMs } from '#shared/domain/basics';
import { isEnded } from '#shared/domain/order-machine';
import { armAged } from './aged';
import { armConfirm } from './confirm';
import { askNow, chase, isUnconfirmed } from './doubt';
import { rebook } from './fill-booking';
import { advance } from './lifecycle';
import { armNakedAlarm } from './naked';
import { applyFact } from './order-book';
import { isOpen, workOf } from './state';
import { askFills, intend, putDecision, putWave, type Step, tell, wake } from './step';
import { decisionFate } from './verdicts';
import { holdTrailing } from './verify-trailing';

/**
 * Takes up what the last run left: every order that is not ended is asked about, every open position goes on from
 * its fills, half-done waves end. The bytes of an intended order may have left before the crash, so it is unknown.
 */
export function recover(step: Step): void {
  const { state } = step;
  if (state.recovered) return;
  state.recovered = true;
  endWaves(step);
  for (const order of [...state.orders.values()]) {
    if (isEnded(order.status)) {
      chase(step, order);
      continue;
    }
    const expiry = state.expiry[order.request.venue] ?? null;
    // The last run signed it before now, so counting its expiry from now can only be too careful.
    const expiresAt = expiry === null ? null : unixMs(step.at.wall + expiry);
    if (isUnconfirmed(order))
      applyFact(
        step,
        order,
        'reply-lost',
        { expiresAt, note: 'Wavedesk restarted before its answer' },
        'restart',
      );
    askNow(step, state.orders.get(order.request.clientOrderId)!);
  }
  for (const { id } of [...state.positions.values()].filter(isOpen)) {
    const position = rebook(step, state.positions.get(id)!, 'its fills, added up again');
    if (position.status === 'active') decisionFate(step, position, 'executed', null);
    const work = workOf(state, id);
    work.recovering = !position.imported && position.status !== 'active' && position.status !== 'closing';
    if (position.status === 'active') armAged(step, position);
    if (position.status === 'closing') wake(step, `exit|${id}`, 10_000);
    intend(step, { kind: 'watch', venue: position.venue, symbol: position.symbol, on: true });
    askFills(step, position);
    armNakedAlarm(step, position);
    armConfirm(step, position);
    holdTrailing(step, state.positions.get(id)!);
    advance(step, id);
  }
  tell(step, 'recovered', 'info', 'What the last run left unfinished has been taken up.', null, {
    positions: [...state.positions.values()].filter(isOpen).length,
    orders: [...state.orders.values()].filter((order) => !isEnded(order.status)).length,
  });
}

/** What a restart makes of a decision that still waited: nobody is asked twice, nothing is traded late. */
const MISSED = {
  pending: { fate: 'unused', reason: 'not_selected' },
  awaiting: { fate: 'refused', reason: 'not_approved' },
  opening: { fate: 'failed', reason: 'entry_not_filled' },
} as const;

/** A wave is never processed twice: what it had not decided stays undecided, and says so. */
function endWaves(step: Step): void {
  const note = 'interrupted by a restart';
  for (const wave of [...step.state.waves.values()])
    if (wave.status === 'processing')
      putWave(step, { ...wave, status: 'failed', completedAt: step.at.market, note });
  for (const decision of [...step.state.decisions.values()]) {
    const unopened = decision.positionId === null || !step.state.positions.has(decision.positionId);
    if (!unopened) continue;
    putDecision(step, {
      ...decision,
      ...MISSED[decision.fate === 'pending' || decision.fate === 'awaiting' ? decision.fate : 'opening'],
      approval: null,
      checks: [...decision.checks, { rule: 'restart', passed: false, numbers: {}, note }],
      decidedAt: step.at.market,
    });
  }
}
