import { decide, release, unwatch } from './candidate';
import { OLDEST_WAVE_MS } from './filters';
import { closePosition } from './lifecycle';
import { isOpen } from './state';
import { intend, putWave, type Step, tell } from './step';
import { endCard } from './wave-run';
import type { Candidate, WaveRun } from './wave-state';

const CANDLE_MS = 900_000;

const askedIn = (step: Step, signalId: number): WaveRun | undefined =>
  step.state.runs.find((run) => run.awaiting.has(signalId));

/** A person's answer to a card. Yes goes through every check again before anything is sent. */
export function onApprove(step: Step, signalId: number, yes: boolean): void {
  const run = askedIn(step, signalId);
  const asked = run?.awaiting.get(signalId);
  if (!run || !asked) {
    tell(step, 'approval_ignored', 'warning', `Signal ${signalId} does not wait for an answer.`);
    return;
  }
  intend(step, { kind: 'cancel-wake', key: `approve|${signalId}` });
  if (step.at.wall >= asked.expiresAt) endCard(step, run, signalId, 'not_approved');
  else if (!yes) endCard(step, run, signalId, 'approval_refused');
  else {
    const { candidate } = asked;
    run.awaiting.delete(signalId);
    run.approved.push(candidate);
    const checks = [...candidate.verdict.checks, { rule: 'approval', passed: true, numbers: {} }];
    decide(
      step,
      { ...candidate, venue: run.venue },
      'pending',
      null,
      checks,
      candidate.rank,
      run.provider.mode,
    );
  }
}

/** Wake of a card: silence is a no. */
export function onApprovalTimeout(step: Step, signalId: number): void {
  const run = askedIn(step, signalId);
  const asked = run?.awaiting.get(signalId);
  if (run && asked && step.at.wall >= asked.expiresAt) endCard(step, run, signalId, 'not_approved');
}

/** Calls off what a wave has not opened yet, or lets it go on in its order while the wave is fresh. */
export function onPauseWave(step: Step, waveTime: number, on: boolean): void {
  const wave = step.state.waves.get(waveTime);
  if (wave?.status !== 'processing') {
    tell(step, 'wave_pause_ignored', 'warning', 'That wave is over: there is nothing to pause.', null, {
      waveTime,
    });
    return;
  }
  if ((wave.paused ?? false) === on) return;
  putWave(step, { ...wave, paused: on });
  const runs = step.state.runs.filter((run) => run.waveTime === waveTime);
  const moved = runs.reduce((sum, run) => sum + (on ? park(step, run) : unpark(step, run)), 0);
  tell(
    step,
    on ? 'wave_paused' : 'wave_resumed',
    'warning',
    on ? 'The rest of a wave was called off.' : 'The rest of a wave goes on.',
    null,
    { waveTime, signals: moved },
  );
}

/** Puts everything that was not sent yet aside. An entry under way goes on. */
export function park(step: Step, run: WaveRun): number {
  const waiting: Candidate[] = [
    ...run.queue.splice(0),
    ...run.approved.splice(0),
    ...[...run.awaiting.values()].map(({ candidate }) => candidate),
  ].sort((a, b) => a.rank - b.rank);
  for (const id of run.awaiting.keys()) intend(step, { kind: 'cancel-wake', key: `approve|${id}` });
  run.awaiting.clear();
  for (const candidate of waiting)
    release(step, run, candidate, 'unused', 'wave_paused', 'the rest of the wave was paused');
  run.parked.push(...waiting);
  return waiting.length;
}

function unpark(step: Step, run: WaveRun): number {
  const waiting = run.parked.splice(0);
  const ageMs = step.at.market - run.waveTime;
  const fresh = ageMs <= OLDEST_WAVE_MS && ageMs - CANDLE_MS <= run.provider.maxAgeMs;
  for (const candidate of waiting) {
    if (!fresh) {
      release(step, run, candidate, 'unused', 'too_old', 'the wave was too old when it went on');
      continue;
    }
    decide(
      step,
      { ...candidate, venue: run.venue },
      'pending',
      null,
      candidate.verdict.checks,
      candidate.rank,
      run.provider.mode,
    );
    intend(step, { kind: 'watch', venue: run.venue, symbol: candidate.signal.symbol, on: true });
    run.queue.push(candidate);
  }
  return fresh ? waiting.length : 0;
}

/** Closes every open position of a wave at market and calls its rest off. */
export function onFlattenWave(step: Step, waveTime: number): void {
  if (step.state.waves.get(waveTime)?.status === 'processing') onPauseWave(step, waveTime, true);
  const positions = [...step.state.positions.values()].filter(
    (position) => position.waveTime === waveTime && isOpen(position),
  );
  tell(
    step,
    'wave_flatten',
    'warning',
    `${positions.length} positions of a wave are closed at market.`,
    null,
    {
      waveTime,
      positions: positions.length,
    },
  );
  for (const position of positions) closePosition(step, position.id, 'manual');
}

/** What a pause put aside is history once a newer wave came. */
export function forgetParked(step: Step, run: WaveRun): void {
  for (const candidate of run.parked.splice(0)) unwatch(step, run, candidate);
}
