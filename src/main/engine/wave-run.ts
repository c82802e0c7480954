import { unixMs } from '#shared/domain/basics';
import type { Decision, ReasonCode, RuleCheck, SignalFate, WaveResult } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { EffectiveParams } from '#shared/domain/params';
import { filterSignal, type Verdict } from './filters';
import { gateFor, openPosition, priceOf, sizeFor } from './opening';
import { select } from './selection';
import { type Candidate, slot, type WaveRun } from './state';
import { intend, putDecision, putWave, type Step, tell, wake } from './step';
import type { EngineEvent, SignalFacts } from './types';

/** Market time between two orders of one exchange in a wave (spec M-066). */
const SPACING_MS = 1_000;

type WaveEvent = Extract<EngineEvent, { type: 'wave' }>;
type Member = WaveEvent['signals'][number] & {
  readonly params: EffectiveParams | null;
  readonly verdict: Verdict;
};

/** The wave's row exists before anything is decided, so that a crash cannot process it twice. */
export function onWaveStarted(step: Step, waveTime: number): void {
  if (step.state.processedWaves.has(waveTime)) return;
  putWave(step, {
    waveTime: unixMs(waveTime),
    status: 'processing',
    startedAt: step.at.market,
    completedAt: null,
    signalCount: 0,
    results: {},
    note: null,
  });
}

/** The wave's minutes passed without signals. */
export function onNoWave(step: Step, event: Extract<EngineEvent, { type: 'no-wave' }>): void {
  const before = step.state.waves.get(event.waveTime);
  if (
    before
      ? before.status !== 'processing' || isRunning(step, event.waveTime)
      : step.state.processedWaves.has(event.waveTime)
  )
    return;
  putWave(step, {
    waveTime: event.waveTime,
    status: event.status,
    startedAt: before?.startedAt ?? step.at.market,
    completedAt: step.at.market,
    signalCount: 0,
    results: {},
    note: event.note,
  });
}

const isRunning = (step: Step, waveTime: number): boolean =>
  step.state.runs.some((run) => run.waveTime === waveTime) ||
  (step.state.waves.get(waveTime)?.signalCount ?? 0) > 0;

/** Judges all signals of a wave, selects the best of each exchange and starts opening them. */
export function onWave(step: Step, event: WaveEvent): void {
  const known = step.state.waves.get(event.waveTime);
  const seen = known
    ? known.status !== 'processing' || isRunning(step, event.waveTime)
    : step.state.processedWaves.has(event.waveTime);
  if (seen) {
    tell(step, 'wave_repeated', 'warning', 'A wave came a second time and was not processed again.', null, {
      waveTime: event.waveTime,
    });
    return;
  }
  retireOlderRuns(step);
  const members = event.signals.map((member) => judge(step, member, event.params));
  const groups = new Map<VenueKey | null, Member[]>();
  for (const member of members) groups.set(member.venue, [...(groups.get(member.venue) ?? []), member]);
  const results: Record<string, WaveResult> = {};
  for (const [venue, group] of groups) results[venue ?? 'none'] = startGroup(step, event, venue, group);
  putWave(step, {
    waveTime: event.waveTime,
    status: 'processing',
    startedAt: known?.startedAt ?? step.at.market,
    completedAt: null,
    signalCount: event.signals.length,
    results,
    note: null,
  });
  completeWave(step, event.waveTime);
}

function judge(step: Step, member: WaveEvent['signals'][number], params: WaveEvent['params']): Member {
  const own = params[member.signal.exchange] ?? null;
  return { ...member, params: own, verdict: verdictOf(step, { ...member, params: own }) };
}

function verdictOf(
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

/** Filters have no side effects beyond these records; the selected ones form the run of this exchange. */
function startGroup(
  step: Step,
  event: WaveEvent,
  venue: VenueKey | null,
  group: readonly Member[],
): WaveResult {
  const passed = group.filter((member) => member.verdict.reason === null);
  for (const member of group)
    if (member.verdict.reason !== null)
      decide(step, member, 'refused', member.verdict.reason, member.verdict.checks, null);
  const params = group[0]?.params ?? null;
  const target = params?.values.maxTrades ?? 0;
  const { chosen, rest } = select(passed, target);
  const candidates: Candidate[] = chosen.map((member, index) => ({
    signal: member.signal,
    facts: member.facts,
    params: member.params!,
    rank: index + 1,
    verdict: member.verdict,
  }));
  rest.forEach((member, index) => {
    decide(step, member, 'unused', 'not_selected', member.verdict.checks, chosen.length + index + 1);
  });
  for (const candidate of candidates) {
    decide(step, { ...candidate, venue }, 'pending', null, candidate.verdict.checks, candidate.rank);
    intend(step, { kind: 'watch', venue: venue!, symbol: candidate.signal.symbol, on: true });
  }
  if (candidates.length > 0)
    step.state.runs.push({
      waveTime: event.waveTime,
      venue: venue!,
      queue: candidates,
      target,
      attempted: 0,
      executed: 0,
      failed: 0,
      opening: null,
      lastOrderAt: null,
    });
  return {
    venue,
    total: group.length,
    filtered: countReasons(group),
    validated: passed.length,
    executed: 0,
    failed: 0,
    target,
    targetReached: false,
    bufferUsed: 0,
  };
}

function countReasons(group: readonly Member[]): WaveResult['filtered'] {
  const counts: Partial<Record<ReasonCode, number>> = {};
  for (const { verdict } of group)
    if (verdict.reason !== null) counts[verdict.reason] = (counts[verdict.reason] ?? 0) + 1;
  return counts;
}

function decide(
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

/** A newer wave makes what an older one still waited for history; an entry under way goes on. */
function retireOlderRuns(step: Step): void {
  for (const run of step.state.runs) dropQueue(step, run, 'too_old', 'a newer wave came first');
}

function dropQueue(
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

function completeWave(step: Step, waveTime: number): void {
  if (step.state.runs.some((run) => run.waveTime === waveTime)) return;
  const wave = step.state.waves.get(waveTime);
  if (wave?.status === 'processing')
    putWave(step, { ...wave, status: 'completed', completedAt: step.at.market });
}
