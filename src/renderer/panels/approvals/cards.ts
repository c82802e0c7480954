import type { Decision } from '#shared/domain/decision';

/** Signals that wait for a person, the soonest to expire first. */
export const cardsOf = (decisions: Iterable<Decision>): readonly Decision[] =>
  [...decisions]
    .filter((row) => row.fate === 'awaiting' && row.approval != null)
    .sort((a, b) => (a.approval?.expiresAt ?? 0) - (b.approval?.expiresAt ?? 0) || a.signal.id - b.signal.id);
