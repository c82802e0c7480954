import type { BookDelta } from '../core/book-sync';

/**
 * Bitget's update ids pass 2^53, and one is only ever compared with its neighbours: they are kept modulo 2^53, in
 * which neighbours differ as they do on the wire. When the ids run over that edge, the book is asked for anew.
 */
export const updateId = (text: string): number => Number(BigInt.asUintN(53, BigInt(text)));

/**
 * What to do with a delta, given the last update applied. Each names its predecessor (`pseq`); the first after a
 * snapshot must reach over it, and what ends at or before the snapshot is older than it. `pseq` 0 is a fresh start
 * that came without its snapshot. Without any `pseq` (spot on the old sockets) only order can be seen: a newer one is
 * applied.
 */
export function sequence(
  applied: number,
  { last, previousLast }: BookDelta,
  afterSnapshot: boolean,
): 'drop' | 'apply' | 'gap' {
  if (previousLast === 0) return 'gap';
  if (last <= applied) return 'drop';
  if (previousLast === null || previousLast === applied) return 'apply';
  return afterSnapshot && previousLast < applied ? 'apply' : 'gap';
}
