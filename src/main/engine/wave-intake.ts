import { unixMs } from '#shared/domain/basics';
import { isPositive } from '#shared/domain/decimal';
import type { ReasonCode, WaveResult } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { EffectiveParams } from '#shared/domain/params';
import { decide, PRICE_PAUSE_MS, PRICE_RETRIES, verdictOf } from './candidate';
import type { Verdict } from './filters';
import { priceOf } from './opening';
import { select } from './selection';
import { intend, putWave, type Step, tell } from './step';
import type { EngineEvent } from './types';
import { forgetParked, park } from './wave-control';
import { completeWave, sourceOf } from './wave-result';
import { dropQueue } from './wave-run';
import { AUTO, type Candidate, type ProviderRule } from './wave-state';

type WaveEvent = Extract<EngineEvent, { type: 'wave' }>;
type Member = WaveEvent['signals'][number] & {
  readonly params: EffectiveParams | null;
  readonly verdict: Verdict;
  readonly priced: boolean;
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
  tell(
    step,
    event.status === 'not_found' ? 'wave_not_found' : 'wave_failed',
    event.status === 'not_found' ? 'info' : 'error',
    event.status === 'not_found' ? 'No wave came in its two minutes.' : 'The search for a wave failed.',
    null,
    { waveTime: event.waveTime, note: event.note },
  );
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
    tell(
      step,
      'wave_duplicate_detected',
      'warning',
      'A wave came a second time and was not processed again.',
      null,
      {
        waveTime: event.waveTime,
      },
    );
    return;
  }
  retireOlderRuns(step);
  const provider = event.provider ?? AUTO;
  tell(step, 'wave_detected', 'info', `A wave of ${event.signals.length} signals was found.`, null, {
    waveTime: event.waveTime,
    signals: event.signals.length,
    mode: provider.mode,
  });
  const members = event.signals.map((member) => judge(step, member, event.params, provider));
  const groups = new Map<VenueKey | null, Member[]>();
  for (const member of members) groups.set(member.venue, [...(groups.get(member.venue) ?? []), member]);
  const results: Record<string, WaveResult> = {};
  for (const [venue, group] of groups)
    results[venue ?? 'none'] = startGroup(step, event, venue, group, provider);
  tellFiltered(step, event.waveTime, results);
  putWave(step, {
    waveTime: event.waveTime,
    status: 'processing',
    startedAt: known?.startedAt ?? step.at.market,
    completedAt: null,
    signalCount: event.signals.length,
    results,
    note: null,
    ...(known?.paused ? { paused: true } : {}),
  });
  if (known?.paused) for (const run of step.state.runs) if (run.waveTime === event.waveTime) park(step, run);
  completeWave(step, event.waveTime);
}

/** One row per exchange and wave, not one per signal (spec M-064). */
function tellFiltered(step: Step, waveTime: number, results: Readonly<Record<string, WaveResult>>): void {
  for (const [venue, { filtered, total }] of Object.entries(results)) {
    if (Object.keys(filtered).length === 0) continue;
    const type = filtered.invalid_signal ? 'signal_validation_failed' : 'signal_filtered';
    tell(step, type, 'info', `Signals of ${venue} were left out by the filters.`, null, {
      waveTime,
      venue,
      total,
      ...filtered,
    });
  }
}

function judge(
  step: Step,
  member: WaveEvent['signals'][number],
  params: WaveEvent['params'],
  provider: ProviderRule,
): Member {
  const own = params[member.signal.exchange] ?? null;
  const verdict = verdictOf(step, { ...member, params: own }, provider, true);
  const seen = member.venue === null ? null : priceOf(step, member.venue, member).price;
  const priced = seen !== null && isPositive(seen);
  return { ...member, params: own, verdict, priced };
}

/** Filters have no side effects beyond these records; the selected ones form the run of this exchange. */
function startGroup(
  step: Step,
  event: WaveEvent,
  venue: VenueKey | null,
  group: readonly Member[],
  provider: ProviderRule,
): WaveResult {
  const passed = group.filter((member) => member.verdict.reason === null);
  for (const member of group)
    if (member.verdict.reason !== null)
      decide(step, member, 'refused', member.verdict.reason, member.verdict.checks, null, provider.mode);
  const params = group[0]?.params ?? null;
  const target = params?.values.maxTrades ?? 0;
  const { chosen, rest } = select(passed, target, (member) => member.priced);
  const candidates: Candidate[] = chosen.map((member, index) => ({
    signal: member.signal,
    facts: member.facts,
    params: member.params!,
    rank: index + 1,
    verdict: member.verdict,
    priceBy: member.priced ? null : step.at.wall + PRICE_RETRIES * PRICE_PAUSE_MS,
    leverageBy: null,
  }));
  rest.forEach((member, index) => {
    const rank = chosen.length + index + 1;
    decide(step, member, 'unused', 'not_selected', member.verdict.checks, rank, provider.mode);
  });
  for (const candidate of candidates) {
    const about = { ...candidate, venue };
    decide(step, about, 'pending', null, candidate.verdict.checks, candidate.rank, provider.mode);
    intend(step, { kind: 'watch', venue: venue!, symbol: candidate.signal.symbol, on: true });
  }
  if (candidates.length > 0)
    step.state.runs.push({
      waveTime: event.waveTime,
      venue: venue!,
      queue: candidates,
      awaiting: new Map(),
      approved: [],
      parked: [],
      provider,
      target,
      observed: 0,
      executed: 0,
      failed: 0,
      reached: 0,
      refused: {},
      opening: null,
      lastOrderAt: null,
    });
  const filtered = countReasons(group);
  return {
    venue,
    total: group.length,
    filtered,
    duplicates: filtered.duplicate_position ?? 0,
    paramsSource: sourceOf(params),
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

/** A newer wave makes what an older one still waited for history; an entry under way goes on. */
function retireOlderRuns(step: Step): void {
  for (const run of step.state.runs) {
    dropQueue(step, run, 'too_old', 'a newer wave came first');
    forgetParked(step, run);
  }
}
