import type { Decision, ReasonCode, RuleCheck, SignalFate } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { EffectiveParams } from '#shared/domain/params';
import { filterSignal, type Verdict } from './filters';
import { gateFor, openPosition, priceOf, sizeFor } from './opening';
import { type Candidate, slot, type WaveRun } from './state';
import { intend, putDecision, putWave, type Step, wake } from './step';
import type { EngineEvent, SignalFacts } from './types';

/** Market time between two orders of one exchange in a wave (spec M-066). */
const SPACING_MS = 1_000;

type WaveEvent = Extract<EngineEvent, { type: 'wave' }>;

/** The pre-selection rules on what is known now. */
export function verdictOf(
  step: Step,
  member: WaveEvent['signals'][number] & { readonly params: EffectiveParams | null },
): Verdict {
  const { state } = step;
  return filterSignal({
    ...member,
    settings: state.settings,
    at: step.at,
    executed: state.executed.has(member.signal.id),
    taken: member.venue !== null && state.open.has(slot(member.venue, member.signal.symbol)),
    isListedBase: (base) => state.bases.has(base),
  });
}

/** Writes what became of one signal of a wave. */
export function decide(
  step: Step,
  about: Pick<Candidate, 'signal' | 'facts'> & {
    readonly venue: VenueKey | null;
    readonly params: EffectiveParams | null;
  },
  fate: SignalFate,
  reason: ReasonCode | null,
  checks: readonly RuleCheck[],
  rank: number | null,
): void {
  const seen = about.venue === null ? priceOfFacts(step, about.facts) : priceOf(step, about.venue, about);
  const decision: Decision = {
    signal: about.signal,
    venue: about.venue,
    fate,
    reason,
    checks,
    params: about.params,
    positionId: null,
    price: seen.price,
    priceAgeMs: seen.ageMs,
    rank,
    decidedAt: step.at.market,
  };
  putDecision(step, decision);
}

const priceOfFacts = (step: Step, facts: SignalFacts) => ({
  price: facts.price,
  ageMs: facts.priceSeenAt === null ? null : step.at.wall - facts.priceSeenAt,
});

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

function release(
  step: Step,
  run: WaveRun,
  candidate: Candidate,
  fate: SignalFate,
  reason: ReasonCode,
  note: string,
): void {
  const checks = [
    ...candidate.verdict.checks,
    { rule: 'selection', passed: false, numbers: { rank: candidate.rank }, note },
  ];
  decide(step, { ...candidate, venue: run.venue }, fate, reason, checks, candidate.rank);
  unwatch(step, run, candidate);
}

function unwatch(step: Step, run: WaveRun, { signal }: Candidate): void {
  const key = slot(run.venue, signal.symbol);
  const wanted =
    step.state.open.has(key) ||
    step.state.runs.some(
      (other) =>
        other.venue === run.venue && other.queue.some((each) => each.signal.symbol === signal.symbol),
    );
  if (!wanted) intend(step, { kind: 'watch', venue: run.venue, symbol: signal.symbol, on: false });
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
    if (run.executed >= run.target)
      dropQueue(step, run, 'target_reached', `${run.target} positions of this wave are open`);
    const next = run.queue[0];
    if (!next) return true;
    const sinceMs = run.lastOrderAt === null ? SPACING_MS : step.at.market - run.lastOrderAt;
    if (sinceMs < SPACING_MS) {
      wake(step, `wave|${run.venue}|${run.waveTime}`, SPACING_MS - sinceMs, 'market');
      return false;
    }
    run.queue.shift();
    tryOpen(step, run, next);
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
    dropQueue(
      step,
      run,
      'insufficient_balance',
      'the exchange said that the balance does not suffice',
      'refused',
    );
  return true;
}

/** The second validation, the gate and the size; then the order or a refusal. */
function tryOpen(step: Step, run: WaveRun, candidate: Candidate): void {
  const again = verdictOf(step, { ...candidate, venue: run.venue });
  const sizing = sizeFor(step, run.venue, candidate);
  const costUsd = sizing?.ok ? sizing.costUsd : step.state.settings.positionSizeUsd;
  const risk = gateFor(step, run.venue, candidate, costUsd);
  const size: RuleCheck = {
    rule: 'size',
    passed: sizing?.ok ?? false,
    numbers: sizing?.ok ? { amount: sizing.amount, cost: sizing.costUsd, raised: sizing.raised } : {},
    ...(sizing && !sizing.ok ? { note: sizing.note } : {}),
  };
  const checks = [...again.checks, ...risk.checks, size];
  const reason = again.reason ?? risk.reason ?? (sizing ? (sizing.ok ? null : sizing.reason) : 'no_price');
  if (reason !== null || !sizing?.ok) {
    decide(step, { ...candidate, venue: run.venue }, 'refused', reason, checks, candidate.rank);
    unwatch(step, run, candidate);
    if (reason === 'insufficient_balance')
      dropQueue(step, run, 'insufficient_balance', 'the balance did not suffice for a better one', 'refused');
    return;
  }
  run.attempted += 1;
  run.lastOrderAt = step.at.market;
  run.opening = openPosition(step, run.venue, candidate, sizing.amount, sizing.costUsd, checks).id;
}

function closeRun(step: Step, run: WaveRun): void {
  const wave = step.state.waves.get(run.waveTime);
  const before = wave?.results[run.venue];
  if (!wave || !before) return;
  putWave(step, {
    ...wave,
    results: {
      ...wave.results,
      [run.venue]: {
        ...before,
        executed: run.executed,
        failed: run.failed,
        targetReached: run.executed >= run.target,
        bufferUsed: Math.max(0, run.attempted - run.target),
      },
    },
  });
  completeWave(step, run.waveTime);
}

/** Ends the wave when none of its exchanges has anything left to do. */
export function completeWave(step: Step, waveTime: number): void {
  if (step.state.runs.some((run) => run.waveTime === waveTime)) return;
  const wave = step.state.waves.get(waveTime);
  if (wave?.status === 'processing')
    putWave(step, { ...wave, status: 'completed', completedAt: step.at.market });
}
