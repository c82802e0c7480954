import type { Instrument } from '#shared/domain/instrument';
import type { Exchanges } from './exchanges';

/**
 * What the venues list; of those that could not be asked, what they listed last, so that lists and charts open
 * offline. For screens only: nothing is traded by an old list.
 */
export function keptInstruments(
  exchanges: Pick<Exchanges, 'venues' | 'instruments'>,
  stored: () => readonly Instrument[],
): () => readonly Instrument[] {
  let kept: readonly Instrument[] | null = null;
  let of: readonly Instrument[] | null = null;
  let all: readonly Instrument[] = [];
  return () => {
    const listed = exchanges.instruments();
    if (of === listed) return all;
    of = listed;
    const asked = new Set(listed.map(({ exchange, market }) => `${exchange}_${market}`));
    const isMissing = ({ exchange, market }: Instrument): boolean => {
      const key = `${exchange}_${market}` as const;
      return exchanges.venues.has(key) && !asked.has(key);
    };
    // Read once: the list of an earlier run does not change.
    kept ??= stored();
    all = [...listed, ...kept.filter(isMissing)];
    return all;
  };
}
