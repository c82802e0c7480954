import type { SequenceRule } from '../core/book-sync';

/**
 * What to do with a delta, given the last update applied: each update id of a topic follows the one before. The rule
 * is documented for Bybit's full book and taken for the others; a jump costs one snapshot more, never a wrong book.
 */
export const sequence: SequenceRule = (applied, { last }) => {
  if (last <= applied) return 'drop';
  return last === applied + 1 ? 'apply' : 'gap';
};
