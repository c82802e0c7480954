import type { ReasonCode, RuleCheck, SignalFate } from '#shared/domain/decision';
import { approvalFor, decide, judgeAgain, refuse, release, waitsFor } from './candidate';
import { openPosition } from './opening';
import { type Step, tell, wake } from './step';
import { closeRun } from './wave-result';
import type { Candidate, WaveRun } from './wave-state';

/** Market time between two orders of one exchange in a wave (spec M-066). */
const SPACING_MS = 1_000;

/** Ends all signals a run still waited with, under one reason. */
export function dropQueue(
  step: Step,
  run: WaveRun,
  reason: ReasonCode,
  note: string,
  fate: SignalFate = 'unused',
): void {
  for (const candidate of run.queue.splice(0)) release(step, run, candidate, fate, reason, note);
}

/** Moves every run as far as it can go now; called at the end of every turn. */
export function advanceRuns(step: Step): void {
  for (const run of [...step.state.runs]) {
    if (advanceRun(step, run)) {
      step.state.runs.splice(step.state.runs.indexOf(run), 1);
      closeRun(step, run);
    }
  }
}

/** True when the run has nothing left to do. */
function advanceRun(step: Step, run: WaveRun): boolean {
  for (;;) {
    if (run.opening !== null && !noteOutcome(step, run)) return false;
    const done = run.executed + run.observed;
    if (done >= run.target)
      dropQueue(step, run, 'target_reached', `${run.target} positions of this wave are open`);
    const approved = run.approved[0];
    const next = approved ?? (done + run.awaiting.size < run.target ? run.queue[0] : undefined);
    if (!next) return run.queue.length + run.awaiting.size + run.parked.length === 0;
    if (waitsFor(step, run, next)) return false;
    const orders = approved !== undefined || run.provider.mode === 'auto' || run.provider.mode === 'paper';
    const sinceMs = run.lastOrderAt === null ? SPACING_MS : step.at.market - run.lastOrderAt;
    if (orders && sinceMs < SPACING_MS) {
      wake(step, `wave|${run.venue}|${run.waveTime}`, SPACING_MS - sinceMs, 'market');
      return false;
    }
    (approved ? run.approved : run.queue).shift();
    tryOpen(step, run, next, approved !== undefined);
  }
}

/** Counts the entry under way when its outcome is known; false while it is not. */
function noteOutcome(step: Step, run: WaveRun): boolean {
  const position = step.state.positions.get(run.opening!);
  const status = position?.status ?? 'failed';
  const rolling = status === 'closing' && position?.closeReason === 'rollback';
  if (status === 'pending_entry' || status === 'entry_placed' || status === 'pending_sl' || rolling)
    return false;
  const failed = status === 'failed' || status === 'rolled_back' || status === 'phantom';
  if (failed) run.failed += 1;
  else run.executed += 1;
  run.opening = null;
  // Money was short for this one, so it is short for the next as well (spec M-078).
  if (status === 'failed' && /insufficient/i.test(position?.note ?? ''))
    stopForMoney(step, run, 'the exchange said that the balance does not suffice');
  return true;
}

/** Ends everything that still waits in this run, cards included: another one would be refused as well. */
function stopForMoney(step: Step, run: WaveRun, note: string): void {
  const asked = [...run.awaiting.values()].map(({ candidate }) => candidate);
  run.awaiting.clear();
  run.queue.push(...run.approved.splice(0), ...asked);
  run.queue.sort((a, b) => a.rank - b.rank);
  dropQueue(step, run, 'insufficient_balance', note, 'refused');
}

/** The second look; then the order, the question to a person, the note that it was only observed, or a refusal. */
function tryOpen(step: Step, run: WaveRun, candidate: Candidate, approved: boolean): void {
  run.reached = Math.max(run.reached, candidate.rank);
  const { checks, reason, amount, costUsd } = judgeAgain(step, run, candidate);
  if (reason !== null || amount === null || costUsd === null) {
    refuse(step, run, candidate, reason ?? 'no_price', checks);
    if (reason === 'insufficient_balance')
      stopForMoney(step, run, 'the balance did not suffice for a better one');
    return;
  }
  const { mode } = run.provider;
  const provider: RuleCheck = { rule: 'provider_mode', passed: mode !== 'observe', numbers: { mode } };
  if (mode === 'observe') {
    run.observed += 1;
    refuse(step, run, candidate, 'observe_only', [...checks, provider]);
    return;
  }
  if (mode === 'approve' && !approved) {
    askPerson(step, run, candidate, [...checks, provider], amount, costUsd);
    return;
  }
  run.lastOrderAt = step.at.market;
  run.opening = openPosition(step, run.venue, candidate, amount, costUsd, [...checks, provider], mode).id;
}

/** Puts a card up. It counts for the target like an opened one, until it is answered. */
function askPerson(
  step: Step,
  run: WaveRun,
  candidate: Candidate,
  checks: readonly RuleCheck[],
  amount: NonNullable<ReturnType<typeof judgeAgain>['amount']>,
  costUsd: typeof amount,
): void {
  const approval = approvalFor(step, run, candidate, amount, costUsd);
  if (approval === null) {
    refuse(step, run, candidate, 'no_price', checks);
    return;
  }
  run.awaiting.set(candidate.signal.id, { candidate, expiresAt: approval.expiresAt });
  const about = { ...candidate, venue: run.venue };
  decide(step, about, 'awaiting', null, checks, candidate.rank, run.provider.mode, approval);
  wake(step, `approve|${candidate.signal.id}`, run.provider.approveWithinMs);
  tell(step, 'signal_awaiting_approval', 'info', `${candidate.signal.symbol} waits for a yes.`, null, {
    signal: candidate.signal.id,
    sizeUsd: costUsd,
    riskUsd: approval.riskUsd,
    expiresAt: approval.expiresAt,
  });
}

/** Ends one card without an order. */
export function endCard(
  step: Step,
  run: WaveRun,
  signalId: number,
  reason: 'approval_refused' | 'not_approved',
): void {
  const asked = run.awaiting.get(signalId);
  if (!asked) return;
  run.awaiting.delete(signalId);
  run.refused[reason] = (run.refused[reason] ?? 0) + 1;
  const note = reason === 'approval_refused' ? 'a person said no' : 'nobody answered in time';
  release(step, run, asked.candidate, 'refused', reason, note);
}
