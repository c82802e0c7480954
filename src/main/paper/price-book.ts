import type { Decimal } from '#shared/domain/basics';
import type { BookDeltaEvent, BookSnapshotEvent, Level, TopEvent } from '#shared/domain/market';
import { scaled } from './grid';

interface Entry {
  readonly price: bigint;
  readonly level: Level;
}

/** One side of the public book, best price first. */
class Side {
  #entries: Entry[] = [];
  readonly #direction: 1n | -1n;

  constructor(side: 'bids' | 'asks') {
    this.#direction = side === 'asks' ? 1n : -1n;
  }

  replace(levels: readonly Level[]): void {
    this.#entries = [];
    for (const level of levels) this.set(level);
  }

  /** Sets an absolute amount; "0" removes the level. */
  set(level: Level): void {
    const price = scaled(level[0]);
    if (price === null) return;
    const at = this.#firstNotBetter(price);
    const there = this.#entries[at]?.price === price;
    if (scaled(level[1]) === 0n) {
      if (there) this.#entries.splice(at, 1);
    } else this.#entries.splice(at, there ? 1 : 0, { price, level });
  }

  top(count: number): Level[] {
    return this.#entries.slice(0, count).map((entry) => entry.level);
  }

  /** The best levels that are worse than `price`. */
  behind(price: bigint, count: number): Level[] {
    let at = this.#firstNotBetter(price);
    if (this.#entries[at]?.price === price) at++;
    return this.#entries.slice(at, at + count).map((entry) => entry.level);
  }

  #firstNotBetter(price: bigint): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]!.price - price) * this.#direction < 0n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export interface Ladder {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What the exchange offers now: the best bid and ask from the fast stream, what lies behind from the book. */
export class PriceBook {
  #bids = new Side('bids');
  #asks = new Side('asks');
  #top: TopEvent | null = null;
  #whole = false;

  /** True once the whole book is known and not only its top. */
  get whole(): boolean {
    return this.#whole;
  }

  applyTop(top: TopEvent): void {
    if (isOrdered(top.bid, top.ask)) this.#top = top;
  }
  applySnapshot(event: BookSnapshotEvent): void {
    this.#bids.replace(event.bids);
    this.#asks.replace(event.asks);
    this.#whole = true;
  }
  /** A delta before any snapshot is ignored: there is nothing it could be a change of. */
  applyDelta(event: BookDeltaEvent): void {
    if (!this.#whole) return;
    for (const level of event.bids) this.#bids.set(level);
    for (const level of event.asks) this.#asks.set(level);
  }
  /** The book's stream ended; its levels are nobody's offer any more. */
  forgetBook(): void {
    this.#bids = new Side('bids');
    this.#asks = new Side('asks');
    this.#whole = false;
  }
  forget(): void {
    this.forgetBook();
    this.#top = null;
  }

  /** Best first, at most `depth` levels a side; null while nothing sensible is known. */
  ladder(depth: number): Ladder | null {
    const top = this.#top;
    if (top === null) {
      const bids = this.#bids.top(depth);
      const asks = this.#asks.top(depth);
      if (bids.length + asks.length === 0) return null;
      const crossed = bids[0] !== undefined && asks[0] !== undefined && !isOrdered(bids[0][0], asks[0][0]);
      return crossed ? null : { bids, asks };
    }
    return {
      bids: [[top.bid, top.bidAmount], ...this.#bids.behind(scaled(top.bid) ?? 0n, depth - 1)],
      asks: [[top.ask, top.askAmount], ...this.#asks.behind(scaled(top.ask) ?? 0n, depth - 1)],
    };
  }
}

function isOrdered(bid: Decimal, ask: Decimal): boolean {
  const low = scaled(bid);
  const high = scaled(ask);
  return low !== null && high !== null && low > 0n && low < high;
}
