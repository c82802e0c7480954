import type { Decimal } from '#shared/domain/basics';

/** One diff message: the updates first..last of a book, absolute amounts, and the last update told before. */
export interface DepthDiff {
  readonly first: number;
  readonly last: number;
  readonly previousLast: number;
  readonly bids: readonly (readonly [Decimal, Decimal])[];
  readonly asks: readonly (readonly [Decimal, Decimal])[];
}

export interface DiffCollector {
  /** What changed since the last call; null when nothing did. */
  take(): DepthDiff | null;
  close(): void;
}

interface Pending {
  first: number;
  told: number;
  readonly bids: Map<Decimal, Decimal>;
  readonly asks: Map<Decimal, Decimal>;
}

/**
 * Update ids of one book. Every level change is one update; collectors gather them into diffs, so that snapshot and
 * diffs always fit: a snapshot with id N holds exactly the updates up to N.
 */
export function createBookSequence(start: number) {
  let lastUpdateId = start;
  const collectors = new Set<Pending>();
  return {
    get lastUpdateId() {
      return lastUpdateId;
    },
    level(side: 'bid' | 'ask', price: Decimal, amount: Decimal): void {
      lastUpdateId += 1;
      for (const pending of collectors) (side === 'bid' ? pending.bids : pending.asks).set(price, amount);
    },
    /**
     * Id for a snapshot taken now. It counts as an update of its own: the next diff then always covers it, and a
     * strict reader of the futures rule (U <= lastUpdateId <= u) finds its first event even in a quiet market.
     */
    snapshotId(): number {
      lastUpdateId += 1;
      return lastUpdateId;
    },
    /** Leaves a hole in the ids, for changes that nobody counted. */
    skip(): void {
      lastUpdateId += 1;
    },
    collect(): DiffCollector {
      const pending: Pending = {
        first: lastUpdateId + 1,
        told: lastUpdateId,
        bids: new Map(),
        asks: new Map(),
      };
      collectors.add(pending);
      return {
        take() {
          if (pending.bids.size === 0 && pending.asks.size === 0) return null;
          const diff: DepthDiff = {
            first: pending.first,
            last: lastUpdateId,
            previousLast: pending.told,
            bids: [...pending.bids],
            asks: [...pending.asks],
          };
          pending.first = lastUpdateId + 1;
          pending.told = lastUpdateId;
          pending.bids.clear();
          pending.asks.clear();
          return diff;
        },
        close: () => void collectors.delete(pending),
      };
    },
  };
}
export type BookSequence = ReturnType<typeof createBookSequence>;
