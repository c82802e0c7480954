import { compareSignals, type Signal } from '#shared/domain/signal';

/** Signals kept beyond the target, in case some of the best fail. */
export const BUFFER = 3;

/**
 * Best first; the first `maxTrades` + 3 are tried in order, the rest are not. One that may still drop out for want of a
 * price takes nobody's place.
 */
export function select<T extends { readonly signal: Signal }>(
  candidates: readonly T[],
  maxTrades: number,
  isSure: (candidate: T) => boolean = () => true,
): { readonly chosen: readonly T[]; readonly rest: readonly T[] } {
  const sorted = [...candidates].sort((a, b) => compareSignals(a.signal, b.signal));
  let sure = 0;
  let end = 0;
  while (end < sorted.length && sure < maxTrades + BUFFER) {
    if (isSure(sorted[end]!)) sure += 1;
    end += 1;
  }
  return { chosen: sorted.slice(0, end), rest: sorted.slice(end) };
}
