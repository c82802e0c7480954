import type { Decimal } from '#shared/domain/basics';
import { cmp, toNumber } from '#shared/domain/decimal';
import type { BookDeltaEvent, BookSnapshotEvent, Level } from '#shared/domain/market';

interface Entry {
  /** The price as a number, to order fast; equal numbers are settled exactly. */
  readonly rough: number;
  /** Replaced in place: most changes touch a price that is there, and then nothing moves. */
  level: Level;
}

/** One side, best price first. Prices are canonical text, so equal prices are equal text. */
class Side {
  #entries: Entry[] = [];
  readonly #byPrice = new Map<Decimal, Entry>();
  readonly #direction: 1 | -1;

  constructor(side: 'bids' | 'asks') {
    this.#direction = side === 'asks' ? 1 : -1;
  }

  replace(levels: readonly Level[]): void {
    this.#entries = [];
    this.#byPrice.clear();
    for (const level of levels) this.set(level);
  }

  /** Sets an absolute amount; "0" removes the level. */
  set(level: Level): void {
    const [price, amount] = level;
    const there = this.#byPrice.get(price);
    if (there !== undefined && amount !== '0') {
      there.level = level;
      return;
    }
    if (there === undefined && amount === '0') return;
    const rough = there?.rough ?? toNumber(price);
    const at = this.#find(rough, price);
    if (there === undefined) {
      const entry = { rough, level };
      this.#byPrice.set(price, entry);
      this.#entries.splice(at, 0, entry);
    } else {
      this.#byPrice.delete(price);
      this.#entries.splice(at, 1);
    }
  }

  top(count: number): Level[] {
    const levels: Level[] = [];
    const most = Math.min(count, this.#entries.length);
    for (let at = 0; at < most; at++) levels.push((this.#entries[at] as Entry).level);
    return levels;
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
