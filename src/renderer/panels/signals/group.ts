import type { UnixMs } from '#shared/domain/basics';
import type { Decision, Wave } from '#shared/domain/decision';
import { compareSignals } from '#shared/domain/signal';

export interface WaveGroup {
  readonly waveTime: UnixMs;
  /** Null while its signals are here but the wave itself is not decided. */
  readonly wave: Wave | null;
  /** Best score first, as the engine takes them. */
  readonly decisions: readonly Decision[];
}

/** Waves with their signals, newest first. */
export function groupByWave(waves: Iterable<Wave>, decisions: Iterable<Decision>): readonly WaveGroup[] {
  const groups = new Map<number, { waveTime: UnixMs; wave: Wave | null; decisions: Decision[] }>();
  for (const wave of waves) groups.set(wave.waveTime, { waveTime: wave.waveTime, wave, decisions: [] });
  for (const decision of decisions) {
    const { waveTime } = decision.signal;
    const group = groups.get(waveTime) ?? { waveTime, wave: null, decisions: [] };
    group.decisions.push(decision);
    groups.set(waveTime, group);
  }
  for (const group of groups.values()) group.decisions.sort((a, b) => compareSignals(a.signal, b.signal));
  return [...groups.values()].sort((a, b) => b.waveTime - a.waveTime);
}
