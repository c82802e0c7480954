import type { Decimal } from '#shared/domain/basics';
import { toText } from './scaled';
import { type Order, remaining } from './state';

/** One price of the outside market's ladder. The texts save formatting on the hot path. */
export interface OutsideLevel {
  readonly price: bigint;
  readonly priceText: Decimal;
  amount: bigint;
  /** Null once part of it was taken. */
  amountText: Decimal | null;
  sequence: number;
}

export interface LevelChange {
  readonly price: Decimal;
  readonly amount: Decimal;
}

/** One side of a book: account orders by price and time, and the outside market's ladder, both best first. */
export class BookSide {
  readonly orders: Order[] = [];
  ladder: OutsideLevel[] = [];
  /** Amount per price as it was before the running command. */
  private readonly before = new Map<bigint, { readonly was: bigint; readonly text: Decimal }>();

  constructor(readonly kind: 'bid' | 'ask') {}

  /** True when price `a` comes before `b` on this side. */
  better(a: bigint, b: bigint): boolean {
    return this.kind === 'bid' ? a > b : a < b;
  }

  /** True when a taker who accepts `limit` (null: anything) may trade at `price`. */
  reaches(price: bigint, limit: bigint | null): boolean {
    return limit === null || price === limit || this.better(price, limit);
  }

  get empty(): boolean {
    return this.orders.length === 0 && this.ladder.length === 0;
  }

  bestPrice(): bigint | null {
    const order = this.orders[0]?.price ?? null;
    const outside = this.ladder[0]?.price ?? null;
    if (order === null || outside === null) return order ?? outside;
    return this.better(order, outside) ? order : outside;
  }

  /** True when order number i comes before outside level number j: better price, or same price and earlier. */
  orderFirst(order: Order, level: OutsideLevel): boolean {
    const price = order.price as bigint;
    return price === level.price ? order.sequence < level.sequence : this.better(price, level.price);
  }

  /** Puts a limit order behind all orders of a better or the same price. */
  rest(order: Order): void {
    const price = order.price as bigint;
    this.note(price);
    let at = this.orders.length;
    while (at > 0) {
      const other = this.orders[at - 1] as Order;
      const behind =
        other.price === price ? other.sequence > order.sequence : this.better(price, other.price as bigint);
      if (!behind) break;
      at--;
    }
    this.orders.splice(at, 0, order);
  }

  remove(order: Order): void {
    const at = this.orders.indexOf(order);
    if (at < 0) return;
    this.note(order.price as bigint);
    this.orders.splice(at, 1);
  }

  /** Takes from the best outside level. */
  takeOutside(amount: bigint): void {
    const level = this.ladder[0] as OutsideLevel;
    this.note(level.price);
    level.amount -= amount;
    level.amountText = null;
    if (level.amount <= 0n) this.ladder.shift();
  }

  /** Replaces the outside ladder (sorted best first). A price that was there before keeps its place in the queue. */
  replaceLadder(next: OutsideLevel[]): void {
    const old = this.ladder;
    let i = 0;
    let j = 0;
    while (i < old.length || j < next.length) {
      const gone = old[i];
      const come = next[j];
      if (gone && come && gone.price === come.price) {
        come.sequence = gone.sequence;
        if (gone.amount !== come.amount) this.noteOutside(gone.price, gone.amount, gone.priceText);
        i++;
        j++;
      } else if (gone && (!come || this.better(gone.price, come.price))) {
        this.noteOutside(gone.price, gone.amount, gone.priceText);
        i++;
      } else if (come) {
        this.noteOutside(come.price, 0n, come.priceText);
        j++;
      }
    }
    this.ladder = next;
  }

  /** Remembers what stood at a price. To be called before anything there changes. */
  note(price: bigint): void {
    if (!this.before.has(price)) this.before.set(price, { was: this.amountAt(price), text: toText(price) });
  }

  private noteOutside(price: bigint, outside: bigint, text: Decimal): void {
    if (!this.before.has(price)) this.before.set(price, { was: outside + this.ordersAt(price), text });
  }

  private ordersAt(price: bigint): bigint {
    let total = 0n;
    for (const order of this.orders) if (order.price === price) total += remaining(order);
    return total;
  }

  amountAt(price: bigint): bigint {
    const outside = this.ladder.find((level) => level.price === price)?.amount ?? 0n;
    return outside + this.ordersAt(price);
  }

  /** Levels whose amount is not what it was before the command; forgets what was noted. */
  takeChanges(): LevelChange[] {
    const changes: LevelChange[] = [];
    if (this.before.size === 0) return changes;
    const ladder = new Map<bigint, OutsideLevel>();
    for (const level of this.ladder) ladder.set(level.price, level);
    for (const [price, { was, text }] of this.before) {
      const level = ladder.get(price);
      const orders = this.orders.length === 0 ? 0n : this.ordersAt(price);
      const now = orders + (level?.amount ?? 0n);
      if (now === was) continue;
      changes.push({ price: text, amount: (orders === 0n && level?.amountText) || toText(now) });
    }
    this.before.clear();
    return changes;
  }

  /** The best levels, orders and outside together. */
  levels(depth: number): (readonly [Decimal, Decimal])[] {
    const found: (readonly [Decimal, Decimal])[] = [];
    let i = 0;
    let j = 0;
    while (found.length < depth && (i < this.orders.length || j < this.ladder.length)) {
      const order = this.orders[i];
      const level = this.ladder[j];
      const price =
        order && (!level || this.better(order.price as bigint, level.price)) ? order.price : level?.price;
      let amount = 0n;
      while (this.orders[i] && this.orders[i]?.price === price)
        amount += remaining(this.orders[i++] as Order);
      if (this.ladder[j]?.price === price) amount += (this.ladder[j++] as OutsideLevel).amount;
      found.push([toText(price as bigint), toText(amount)]);
    }
    return found;
  }
}
