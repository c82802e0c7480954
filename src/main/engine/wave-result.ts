import type { ReasonCode, WaveResult } from '#shared/domain/decision';
import type { EffectiveParams } from '#shared/domain/params';
import { putWave, type Step, tell } from './step';
import type { WaveRun } from './wave-state';

/** Which source a wave's values came from, the strongest first (spec M-079). */
export function sourceOf(params: EffectiveParams | null): NonNullable<WaveResult['paramsSource']> | null {
  if (params === null) return null;
  const origins = Object.values(params.origins);
  const has = (...wanted: readonly (typeof origins)[number][]) =>
    origins.some((origin) => wanted.includes(origin));
  if (has('lock', 'mine')) return 'override';
  if (has('wave', 'provider')) return 'wave';
  return has('stored') ? 'database' : 'settings';
}

/** First-pass and second-look refusals together; with `validated` they always add up to the total. */
export function withRefused(before: WaveResult, run: WaveRun): WaveResult {
  const filtered: Partial<Record<ReasonCode, number>> = { ...before.filtered };
  let late = 0;
  for (const [reason, count] of Object.entries(run.refused) as [ReasonCode, number][]) {
    filtered[reason] = (filtered[reason] ?? 0) + count;
    late += count;
  }
  return {
    ...before,
    filtered,
    validated: before.validated - late,
    duplicates: filtered.duplicate_position ?? 0,
    executed: run.executed,
    failed: run.failed,
    targetReached: run.executed >= run.target,
    bufferUsed: Math.max(0, run.reached - run.target),
  };
}

/** Writes one exchange's outcome when its run is over. */
export function closeRun(step: Step, run: WaveRun): void {
  const wave = step.state.waves.get(run.waveTime);
  const before = wave?.results[run.venue];
  if (!wave || !before) return;
  const result = withRefused(before, run);
  putWave(step, { ...wave, results: { ...wave.results, [run.venue]: result } });
  const data = { waveTime: run.waveTime, venue: run.venue, executed: run.executed, target: run.target };
  if (result.targetReached)
    tell(
      step,
      'wave_target_reached',
      'info',
      `${run.venue}: ${run.executed} positions were opened.`,
      null,
      data,
    );
  else if (run.provider.mode !== 'observe' && run.reached > run.target)
    tell(
      step,
      'wave_buffer_exhausted',
      'info',
      `${run.venue}: ${run.executed} of ${run.target} positions could be opened.`,
      null,
      data,
    );
  completeWave(step, run.waveTime);
}

/** Ends the wave when none of its exchanges has anything left to do. */
export function completeWave(step: Step, waveTime: number): void {
  if (step.state.runs.some((run) => run.waveTime === waveTime)) return;
  const wave = step.state.waves.get(waveTime);
  if (wave?.status !== 'processing') return;
  putWave(step, { ...wave, status: 'completed', completedAt: step.at.market });
  const executed = Object.values(wave.results).reduce((sum, result) => sum + result.executed, 0);
  tell(step, 'wave_completed', 'info', `A wave of ${wave.signalCount} signals is done.`, null, {
    waveTime,
    signals: wave.signalCount,
    executed,
  });
}
