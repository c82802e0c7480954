import type { Wave, WaveResult } from '#shared/domain/decision';
import { exchangeText, plural } from './texts.en';

/** True while its signals are searched for: how many there are is not known, which is not none. */
export const isLookedFor = (wave: Wave): boolean =>
  wave.status === 'processing' && wave.signalCount === 0 && Object.keys(wave.results).length === 0;

/** A wave in which nothing may be traded is not a wave that never came: the word says which. */
export function waveWord(wave: Wave | null): { readonly word: string; readonly means: string } {
  if (wave === null) return { word: 'waiting', means: 'Its signals are here; it is not decided yet.' };
  if (wave.status === 'not_found')
    return { word: 'no wave', means: 'The signal server sent nothing for this candle.' };
  if (wave.status === 'failed') return { word: 'failed', means: 'The wave was not finished.' };
  if (wave.paused === true)
    return { word: 'paused', means: 'You called the rest of it off. What is open stays open.' };
  if (isLookedFor(wave))
    return { word: 'looking', means: 'The signal server is asked for it; nothing of it is known yet.' };
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

/** Where each exchange's values came from, one sentence a source, and what else its result has to say. */
export function sourcesText(results: Readonly<Record<string, WaveResult>>): readonly string[] {
  const bySource = new Map<NonNullable<WaveResult['paramsSource']>, string[]>();
  const notes: string[] = [];
  for (const [exchange, { paramsSource, bufferUsed, duplicates = 0 }] of Object.entries(results)) {
    const name = exchangeText(exchange);
    if (paramsSource != null) bySource.set(paramsSource, [...(bySource.get(paramsSource) ?? []), name]);
    const what = [
      ...(bufferUsed > 0 ? [`${plural(bufferUsed, 'signal')} from the reserve`] : []),
      ...(duplicates > 0 ? [`${plural(duplicates, 'duplicate')} left out`] : []),
    ];
    if (what.length > 0) notes.push(`${name}: ${what.join(', ')}`);
  }
  const sources = [...bySource].map(
    ([source, names]) => `Params of ${names.sort().join(', ')} from ${PARAMS_SOURCES[source]}`,
  );
  return [...sources, ...notes];
}
