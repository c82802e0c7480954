import { isZero } from '#shared/domain/decimal';
import type { Level } from '#shared/domain/market';

/** One side of a book, best level first. Prices are compared as numbers, which is for order only; the text is kept. */
class KeptSide {
  readonly #sign: 1 | -1;
  #levels: Level[] = [];
  /** Price times sign, ascending, beside each level. */
  #keys: number[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? -1 : 1;
  }
  get levels(): readonly Level[] {
    return this.#levels;
  }
  get bestKey(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }
  clear(): void {
    this.#levels = [];
    this.#keys = [];
  }
  /** An amount of 0 deletes the level. */
  set(level: Level): void {
    const key = Number(level[0]) * this.#sign;
    const at = this.#placeOf(key);
    const known = this.#keys[at] === key;
    if (isNothing(level[1])) {
      if (!known) return;
      this.#keys.splice(at, 1);
      this.#levels.splice(at, 1);
    } else if (known) this.#levels[at] = level;
    else {
      this.#keys.splice(at, 0, key);
      this.#levels.splice(at, 0, level);
    }
  }
  /** First place whose key is not below. */
  #placeOf(key: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Deletions are written "0" once canonical; other spellings take the long way. */
const isNothing = (amount: Level[1]): boolean => amount === '0' || (amount.startsWith('0') && isZero(amount));

/** A whole book, kept for those who come late and for checking what the exchange says about it. */
export class KeptBook {
  readonly #bids = new KeptSide('bids');
  readonly #asks = new KeptSide('asks');

  /** Best first. Not to be kept: it changes with the book. */
  get bids(): readonly Level[] {
    return this.#bids.levels;
  }
  get asks(): readonly Level[] {
    return this.#asks.levels;
  }
  replace(bids: readonly Level[], asks: readonly Level[]): void {
    this.#bids.clear();
    this.#asks.clear();
    this.change(bids, asks);
  }
  change(bids: readonly Level[], asks: readonly Level[]): void {
    for (const level of bids) this.#bids.set(level);
    for (const level of asks) this.#asks.set(level);
  }
  /** The best bid is at or above the best ask: no exchange's book is so, a message was lost or mangled. */
  isCrossed(): boolean {
    return -this.#bids.bestKey >= this.#asks.bestKey;
  }
}
