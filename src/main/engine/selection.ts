import { compareSignals, type Signal } from '#shared/domain/signal';

/** Signals kept beyond the target, in case some of the best fail. */
export const BUFFER = 3;

/** Best first; the first `maxTrades` + 3 are tried in order, the rest are not. */
export function select<T extends { readonly signal: Signal }>(
  candidates: readonly T[],
  maxTrades: number,
): { readonly chosen: readonly T[]; readonly rest: readonly T[] } {
  const sorted = [...candidates].sort((a, b) => compareSignals(a.signal, b.signal));
  return { chosen: sorted.slice(0, maxTrades + BUFFER), rest: sorted.slice(maxTrades + BUFFER) };
}
