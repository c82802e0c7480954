import type { Decimal } from '#shared/domain/basics';
import { cmp, toNumber } from '#shared/domain/decimal';
import type { BookDeltaEvent, BookSnapshotEvent, Level } from '#shared/domain/market';

interface Entry {
  /** The price as a number, to compare fast; equal numbers are settled exactly. */
  readonly rough: number;
  readonly level: Level;
}

/** One side, best price first. Prices are canonical text, so equal prices are equal text. */
class Side {
  #entries: Entry[] = [];
  readonly #direction: 1 | -1;

  constructor(side: 'bids' | 'asks') {
    this.#direction = side === 'asks' ? 1 : -1;
  }

  replace(levels: readonly Level[]): void {
    this.#entries = [];
    for (const level of levels) this.set(level);
  }

  /** Sets an absolute amount; "0" removes the level. */
  set(level: Level): void {
    const rough = toNumber(level[0]);
    const at = this.#find(rough, level[0]);
    const there = this.#entries[at]?.level[0] === level[0];
    if (level[1] === '0') {
      if (there) this.#entries.splice(at, 1);
    } else if (there) this.#entries[at] = { rough, level };
    else this.#entries.splice(at, 0, { rough, level });
  }

  top(count: number): Level[] {
    return this.#entries.slice(0, count).map((entry) => entry.level);
  }
  get size(): number {
    return this.#entries.length;
  }

  /** First place whose price is not better than this one. */
  #find(rough: number, price: Decimal): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle]!;
      const order = entry.rough - rough || cmp(entry.level[0], price);
      if (order * this.#direction < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The book of one instrument, fed with one snapshot and then gapless deltas. Its owner alone changes it. */
export class OrderBook {
  readonly #bids = new Side('bids');
  readonly #asks = new Side('asks');
  #last: number | null = null;

  applySnapshot(event: Pick<BookSnapshotEvent, 'last' | 'bids' | 'asks'>): void {
    this.#bids.replace(event.bids);
    this.#asks.replace(event.asks);
    this.#last = event.last;
  }

  /** A delta before any snapshot is ignored: there is nothing it could be a change of. */
  applyDelta(event: Pick<BookDeltaEvent, 'last' | 'bids' | 'asks'>): void {
    if (this.#last === null) return;
    for (const level of event.bids) this.#bids.set(level);
    for (const level of event.asks) this.#asks.set(level);
    this.#last = event.last;
  }

  /** Id of the last update applied; null before the first snapshot. */
  get last(): number | null {
    return this.#last;
  }
  /** Best levels first. */
  top(count: number): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    return { bids: this.#bids.top(count), asks: this.#asks.top(count) };
  }
  get depth(): { readonly bids: number; readonly asks: number } {
    return { bids: this.#bids.size, asks: this.#asks.size };
  }
}
