import type { MarketKind } from '#shared/domain/exchange';
import type { BookDelta } from '../core/book-sync';

/**
 * What to do with a delta, given the last update applied. Binance, "how to manage a local order book", as of
 * 2025-11-12 (spot): ranges are contiguous. USD-M ranges are not; there each delta names its predecessor in `pu`,
 * except the first after a snapshot, which must reach over it.
 */
export function sequence(
  market: MarketKind,
  applied: number,
  delta: BookDelta,
  afterSnapshot: boolean,
): 'drop' | 'apply' | 'gap' {
  if (market === 'spot') {
    if (delta.last <= applied) return 'drop';
    return delta.first <= applied + 1 ? 'apply' : 'gap';
  }
  if (delta.last < applied || (delta.last === applied && !afterSnapshot)) return 'drop';
  if (delta.previousLast === applied) return 'apply';
  return afterSnapshot && delta.first <= applied ? 'apply' : 'gap';
}
