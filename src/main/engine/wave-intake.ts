import { unixMs } from '#shared/domain/basics';
import type { ReasonCode, WaveResult } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { EffectiveParams } from '#shared/domain/params';
import type { Verdict } from './filters';
import { select } from './selection';
import type { Candidate } from './state';
import { intend, putWave, type Step, tell } from './step';
import type { EngineEvent } from './types';
import { completeWave, decide, dropQueue, verdictOf } from './wave-run';

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

/** A newer wave makes what an older one still waited for history; an entry under way goes on. */
function retireOlderRuns(step: Step): void {
  for (const run of step.state.runs) dropQueue(step, run, 'too_old', 'a newer wave came first');
}
