import type { BookDelta } from '../core/book-sync';

/**
 * What to do with a delta of an obu stream, given the last update applied: each begins right after the one before.
 * What ends at or before the snapshot is old; a delta that begins too late, or halfway, is a gap.
 */
export function sequence(applied: number, delta: BookDelta): 'drop' | 'apply' | 'gap' {
  if (delta.last <= applied) return 'drop';
  return delta.first === applied + 1 ? 'apply' : 'gap';
}
