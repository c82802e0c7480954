import { alikeKey, hasTradeId, isAlike } from '#shared/domain/fill-identity';
import { type Fill, fillKey } from '#shared/domain/order';

/** Applied keys kept in memory; older ones are the store's to know. */
const KEPT = 5_000;

/** Which of the four layers knew a fill already; null when it is new. */
export type Layer = 1 | 2 | 3 | 4;

/** What the store knows of earlier runs. */
export interface StoredFills {
  has(fill: Fill): boolean;
  /** Rows of the same venue, symbol and side within a second of it; of a fill with an id, only those without one. */
  near(fill: Fill): readonly Fill[];
}
export const NOTHING_STORED: StoredFills = { has: () => false, near: () => [] };

export interface Sightings {
  /** The layer that knows this fill, or null. Asking changes nothing. */
  knownBy(fill: Fill): Layer | null;
  /** It is applied now, or it was found to be a copy: it counts for ever. */
  remember(fill: Fill): void;
}

/**
 * One fill, once, whatever way and order it comes (domain, trade capture): (1) its identifier in this session, (2) in
 * the store; and where an exchange gave no trade id, (3) a row like it within a second in this session, (4) in the
 * store. A fill without an id stands for at most one with an id, so that real equal fills stay two.
 */
export function createSightings(keys: Iterable<string>, stored: StoredFills): Sightings {
  const known = new Set(keys);
  const alike = new Map<string, Fill[]>();
  /** Key of a fill without an id, to the key of the one with an id that turned out to be the same. */
  const claims = new Map<string, string>();

  const isCopy = (fill: Fill, row: Fill): boolean => {
    if (!isAlike(fill, row)) return false;
    if (!hasTradeId(fill)) return true;
    if (hasTradeId(row)) return false;
    const claimed = claims.get(fillKey(row));
    return claimed === undefined || claimed === fillKey(fill);
  };
  const copyOf = (fill: Fill): { readonly row: Fill; readonly layer: 3 | 4 } | null => {
    const here = alike.get(alikeKey(fill))?.find((row) => isCopy(fill, row));
    if (here) return { row: here, layer: 3 };
    const there = stored.near(fill).find((row) => isCopy(fill, row));
    return there ? { row: there, layer: 4 } : null;
  };

  return {
    knownBy(fill) {
      const key = fillKey(fill);
      if (known.has(key)) return 1;
      if (stored.has(fill)) return 2;
      return copyOf(fill)?.layer ?? null;
    },
    remember(fill) {
      const key = fillKey(fill);
      if (known.has(key)) return;
      known.add(key);
      dropOldest(known);
      // Stored under its own name: it is no copy of anything, and claims nothing.
      if (stored.has(fill)) return;
      const copy = copyOf(fill);
      if (copy !== null) {
        if (hasTradeId(fill)) claims.set(fillKey(copy.row), key);
        return;
      }
      const like = alikeKey(fill);
      const rows = alike.get(like);
      if (rows) rows.push(fill);
      else alike.set(like, [fill]);
      dropOldest(alike);
    },
  };
}

function dropOldest(kept: {
  readonly size: number;
  keys(): Iterable<string>;
  delete(key: string): boolean;
}): void {
  if (kept.size <= KEPT) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
