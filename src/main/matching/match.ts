import type { OrderSide } from '#shared/domain/basics';
import type { BookSide, OutsideLevel } from './book-side';
import type { Effects } from './effects';
import { least, most, SCALE, times } from './scaled';
import { endOrder, trade } from './settle';
import {
  type Account,
  type Book,
  isFuture,
  type Order,
  oppositeOf,
  reducible,
  remaining,
  type World,
} from './state';

/** How much an aggressor wants: base units, or as many steps as a sum of quote pays for. */
export type Want = { readonly base: bigint } | { readonly quote: bigint };

export interface Sweep {
  readonly amount: bigint;
  readonly quote: bigint;
  /** True when the book had all that was wanted. */
  readonly complete: boolean;
}

/** Most base units, in whole steps, that `quote` pays for at `price`. */
const stepsFor = (book: Book, quote: bigint, price: bigint): bigint =>
  ((quote * SCALE) / price / book.step) * book.step;

/**
 * What matching would give right now, without doing it: exactly what `matchOrder` does afterwards, own orders
 * (which expire) and reduce-only orders (which are cut) included.
 */
export function sweep(
  book: Book,
  side: OrderSide,
  account: Account,
  want: Want,
  limit: bigint | null,
): Sweep {
  const from = oppositeOf(book, side);
  const closable = new Map<Account, bigint>();
  let amount = 0n;
  let quote = 0n;
  let i = 0;
  let j = 0;
  for (;;) {
    const order = from.orders[i];
    const level = from.ladder[j];
    const orderNext = order !== undefined && (level === undefined || from.orderFirst(order, level));
    const price = orderNext ? order.price : level?.price;
    if (price === undefined || price === null || !from.reaches(price, limit)) break;
    const wanted = 'base' in want ? want.base - amount : stepsFor(book, want.quote - quote, price);
    if (wanted === 0n) return { amount, quote, complete: true };
    let take = 0n;
    if (orderNext) {
      i++;
      if (order.account === account) continue;
      take = least(wanted, offered(order, closable));
    } else {
      j++;
      take = least(wanted, (level as OutsideLevel).amount);
    }
    amount += take;
    quote += times(price, take);
    if (take === wanted) return { amount, quote, complete: true };
  }
  return { amount, quote, complete: 'base' in want && amount === want.base };
}

/** What a resting order can give, a reduce-only one no more than its account's position has left. */
function offered(order: Order, closable: Map<Account, bigint>): bigint {
  const whole = remaining(order);
  if (!isFuture(order.book)) return whole;
  const left = closable.get(order.account) ?? reducible(order.account, order.book, order.side);
  const give = order.reduceOnly ? least(whole, left) : whole;
  closable.set(order.account, most(0n, left - give));
  return give;
}

/**
 * The best resting order of `from` that a taker may have, after ending those that cannot trade: the taker's own
 * (Binance EXPIRE_MAKER) and reduce-only ones with nothing to reduce. `amount` is what it can give.
 */
export function bestMaker(
  world: World,
  fx: Effects,
  from: BookSide,
  taker: Account | null,
  limit: bigint | null,
): { readonly order: Order; readonly price: bigint; readonly amount: bigint } | null {
  for (;;) {
    const order = from.orders[0];
    if (!order || order.price === null || !from.reaches(order.price, limit)) return null;
    const amount = takeable(order);
    if (order.account === taker) endOrder(world, fx, order, 'expired', 'self-trade');
    else if (amount === 0n) endOrder(world, fx, order, 'expired', 'nothing-to-reduce');
    else return { order, price: order.price, amount };
  }
}

/**
 * Lets an account's order take from the other side, best price first and oldest first, until it has what it wants
 * or nothing within `limit` is left. Returns whether it got all it wanted. Resting or ending it is up to the caller.
 */
export function matchOrder(world: World, fx: Effects, order: Order, limit: bigint | null): boolean {
  const { book, side, account } = order;
  const from = oppositeOf(book, side);
  for (;;) {
    const top = from.ladder[0];
    const leader = from.orders[0];
    const orderNext = leader !== undefined && (top === undefined || from.orderFirst(leader, top));
    const price = orderNext ? leader.price : top?.price;
    if (price === undefined || price === null || !from.reaches(price, limit)) break;
    const wanted = wantOf(order, price);
    if (wanted === 0n) return true;
    let amount = wanted;
    if (orderNext) {
      const maker = bestMaker(world, fx, from, account, limit);
      // The leader could not trade and was ended: look again, an outside level may come first now.
      if (maker?.order !== leader) continue;
      amount = least(wanted, maker.amount);
      trade(world, fx, book, price, amount, side, order, leader);
    } else if (top) {
      amount = least(wanted, top.amount);
      from.takeOutside(amount);
      trade(world, fx, book, price, amount, side, order, null);
    }
    if (amount === wanted) return true;
  }
  return false;
}

/** Base units an order may still trade: a reduce-only one no more than there is to reduce. */
export const takeable = (order: Order): bigint =>
  order.reduceOnly
    ? least(remaining(order), reducible(order.account, order.book, order.side))
    : remaining(order);

/** Base units an order still wants at a price. */
function wantOf(order: Order, price: bigint): bigint {
  if (order.amount !== null) return takeable(order);
  return stepsFor(order.book, (order.quoteAmount ?? 0n) - order.filledQuote, price);
}
