import type { UnixMs } from '#shared/domain/basics';
import { cmp } from '#shared/domain/decimal';
import type { Level } from '#shared/domain/market';
import type { SequenceRule } from '../core/book-sync';
import type { PushedBook } from '../core/pushed-book';

/** One `l2Book` message: a whole book, best levels first. There are no deltas, numbers or checksums on the wire. */
export interface WholeBook {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly time: UnixMs;
}

/** The fast stream shows this many levels a side every 0.5 s, the plain one 20 every 5 s (since 2026-07-25). */
const NEAR_LEVELS = 5;
/** The plain stream missed more than one turn: its far levels are not shown any more. */
const FAR_STALE_MS = 12_000;

interface Sides {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
interface Kept {
  near: WholeBook | null;
  far: WholeBook | null;
  told: Sides | null;
  sequence: number;
}

/** Ours, counted here: every message told follows the one before. */
export const sequence: SequenceRule = (applied, delta) => {
  if (delta.last <= applied) return 'drop';
  return delta.first === applied + 1 ? 'apply' : 'gap';
};

/** Makes of both streams of whole books one snapshot and then its changes, coin by coin. */
export class WholeBooks {
  readonly #books = new Map<string, Kept>();

  /** The coin is subscribed anew: the next message is told as a snapshot. */
  forget(coin: string): void {
    this.#books.delete(coin);
  }

  /** Null for a message older than the last of its stream. One that changes nothing still shows that the stream lives. */
  take(coin: string, book: WholeBook): PushedBook | null {
    let kept = this.#books.get(coin);
    if (kept === undefined) {
      kept = { near: null, far: null, told: null, sequence: 0 };
      this.#books.set(coin, kept);
    }
    const side = isNear(book) ? 'near' : 'far';
    if (book.time < (kept[side]?.time ?? 0)) return null;
    kept[side] = book;
    const next = merge(kept.near, kept.far);
    const before = kept.told;
    kept.told = next;
    if (before === null) {
      kept.sequence++;
      return { kind: 'snapshot', snapshot: { last: kept.sequence, ...next }, venueTime: book.time };
    }
    const at = ++kept.sequence;
    const changes = difference(before, next);
    return {
      kind: 'delta',
      delta: { first: at, last: at, previousLast: null, ...changes, venueTime: book.time },
    };
  }
}

/** The messages do not say which stream they are of. A plain one this small is as good as a fast one. */
const isNear = ({ bids, asks }: Sides): boolean => bids.length <= NEAR_LEVELS && asks.length <= NEAR_LEVELS;

/** The newer of both; where that is the fast one, the plain one's levels beyond it still stand. */
export function merge(near: WholeBook | null, far: WholeBook | null): Sides {
  if (near === null) return sidesOf(far);
  if (far === null || near.time - far.time > FAR_STALE_MS) return sidesOf(near);
  if (far.time >= near.time) return sidesOf(far);
  return {
    bids: extend(near.bids, far.bids, 1),
    asks: extend(near.asks, far.asks, -1),
  };
}

const sidesOf = (book: WholeBook | null): Sides => ({ bids: book?.bids ?? [], asks: book?.asks ?? [] });

/** A near side that is not full is all there is. */
function extend(near: readonly Level[], far: readonly Level[], order: 1 | -1): readonly Level[] {
  const worst = near.at(-1);
  if (worst === undefined || near.length < NEAR_LEVELS) return near;
  return [...near, ...far.filter(([price]) => cmp(worst[0], price) === order)];
}

/** What turns one book into the other: new amounts, and "0" for a level that is gone. */
export const difference = (from: Sides, to: Sides): Sides => ({
  bids: changed(from.bids, to.bids),
  asks: changed(from.asks, to.asks),
});

function changed(from: readonly Level[], to: readonly Level[]): Level[] {
  const before = new Map(from);
  const changes: Level[] = [];
  for (const [price, amount] of to) {
    if (before.get(price) !== amount) changes.push([price, amount]);
    before.delete(price);
  }
  for (const price of before.keys()) changes.push([price, '0' as Level[1]]);
  return changes;
}
