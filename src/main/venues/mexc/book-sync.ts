import type { BookDelta } from '../core/book-sync';

/**
 * What to do with a delta, given the last update applied. Both markets number their updates without holes: spot from
 * `fromVersion` to `toVersion`, futures one by one or, merged, from `begin` to `end` (documentation of 2026-05). A
 * spot delta may begin inside the snapshot: absolute amounts make that harmless.
 */
export function sequence(applied: number, delta: BookDelta): 'drop' | 'apply' | 'gap' {
  if (delta.last <= applied) return 'drop';
  return delta.first <= applied + 1 ? 'apply' : 'gap';
}
