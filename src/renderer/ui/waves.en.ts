import type { Wave, WaveResult } from '#shared/domain/decision';

/** A wave in which nothing may be traded is not a wave that never came: the word says which. */
export function waveWord(wave: Wave | null): { readonly word: string; readonly means: string } {
  if (wave === null) return { word: 'waiting', means: 'Its signals are here; it is not decided yet.' };
  if (wave.status === 'not_found')
    return { word: 'no wave', means: 'The signal server sent nothing for this candle.' };
  if (wave.status === 'failed') return { word: 'failed', means: 'The wave was not finished.' };
  if (wave.paused === true)
    return { word: 'paused', means: 'You called the rest of it off. What is open stays open.' };
  if (wave.status === 'processing') return { word: 'in progress', means: 'Positions are being opened.' };
  const validated = Object.values(wave.results).reduce((sum, row) => sum + row.validated, 0);
  return validated === 0
    ? { word: 'nothing tradable', means: 'A wave came, but no signal in it may be traded.' }
    : { word: 'done', means: 'All its signals are decided.' };
}

export const PARAMS_SOURCES: Record<NonNullable<WaveResult['paramsSource']>, string> = {
  override: 'your locks or own values',
  wave: 'the wave itself',
  database: 'an earlier wave',
  settings: 'your defaults',
};
