import { durationText } from '../../ui/format';

/** How old a price is that is too old to act on, or that nobody refreshes any more; null for a fresh one. */
export function staleAge(
  now: number | null,
  seenAt: number | null,
  limitMs: number,
  lost: boolean,
): number | null {
  if (now === null || seenAt === null) return null;
  const age = now - seenAt;
  return lost || age > limitMs ? age : null;
}

/** "3 min", "7 h", "2 d": the largest unit alone, for a narrow column. */
export const roughAgeText = (ms: number): string => durationText(ms).split(' ').slice(0, 2).join(' ');
