import type { Decimal, OrderSide } from '#shared/domain/basics';
import type { BookSide, OutsideLevel } from './book-side';
import type { Effects } from './effects';
import { bestMaker } from './match';
import { least, SCALE, toScaled } from './scaled';
import { trade } from './settle';
import { type Book, oppositeOf, type World } from './state';

export type Quotes = readonly (readonly [Decimal, Decimal])[];

/** Parses a ladder. @throws RangeError when a level is off tick or step: the market feed has a bug then. */
function ladderOf(world: World, book: Book, side: BookSide, quotes: Quotes): OutsideLevel[] {
  const levels: OutsideLevel[] = [];
  let sorted = true;
  for (const [priceText, amountText] of quotes) {
    const price = toScaled(priceText);
    const amount = toScaled(amountText);
    if (amount === 0n) continue;
    if (price <= 0n || amount < 0n || price % book.tick !== 0n || amount % book.step !== 0n)
      throw new RangeError(`${book.spec.symbol}: quote ${amountText} at ${priceText} is off tick or step`);
    const last = levels[levels.length - 1];
    if (last && !side.better(last.price, price)) sorted = false;
    levels.push({ price, priceText, amount, amountText, sequence: world.nextSequence++ });
  }
  if (sorted) return levels;
  levels.sort((a, b) => (a.price === b.price ? 0 : side.better(a.price, b.price) ? -1 : 1));
  if (levels.some((level, i) => level.price === levels[i - 1]?.price))
    throw new RangeError(`${book.spec.symbol}: one price quoted twice`);
  return levels;
}

/**
 * New quotes arrive as limit orders would: what crosses a resting account order fills it at the order's own price
 * first, the rest becomes the ladder.
 */
export function replaceQuotes(world: World, fx: Effects, book: Book, bids: Quotes, asks: Quotes): void {
  const nextBids = ladderOf(world, book, book.bids, bids);
  const nextAsks = ladderOf(world, book, book.asks, asks);
  const bid = nextBids[0];
  const ask = nextAsks[0];
  if (bid && ask && bid.price >= ask.price)
    throw new RangeError(`${book.spec.symbol}: crossed quotes ${bid.priceText} / ${ask.priceText}`);
  fx.books.add(book);
  const restBids = book.asks.orders.length === 0 ? nextBids : cross(world, fx, book, 'buy', nextBids);
  const restAsks = book.bids.orders.length === 0 ? nextAsks : cross(world, fx, book, 'sell', nextAsks);
  book.bids.replaceLadder(restBids);
  book.asks.replaceLadder(restAsks);
}

function cross(
  world: World,
  fx: Effects,
  book: Book,
  side: OrderSide,
  levels: OutsideLevel[],
): OutsideLevel[] {
  const from = oppositeOf(book, side);
  for (const level of levels) {
    while (level.amount > 0n) {
      const maker = bestMaker(world, fx, from, null, level.price);
      if (!maker) break;
      const amount = least(level.amount, maker.amount);
      level.amount -= amount;
      level.amountText = null;
      trade(world, fx, book, maker.price, amount, side, null, maker.order);
    }
    if (level.amount > 0n) break;
  }
  return levels.filter((level) => level.amount > 0n);
}

/**
 * The outside market trades `amount` at `price`. Account orders at better prices fill whole and on top of
 * `amount`, since the market could not have got to `price` past them; at `price` itself the queue decides between them and the outside level. What
 * no account took is printed as one trade at `price`.
 * @throws RangeError when price or amount is off tick or step.
 */
export function outsideTrade(
  world: World,
  fx: Effects,
  book: Book,
  side: OrderSide,
  price: bigint,
  amount: bigint,
): void {
  if (price <= 0n || amount <= 0n || price % book.tick !== 0n || amount % book.step !== 0n)
    throw new RangeError(
      `${book.spec.symbol}: trade of ${amount} at ${price} (1/${SCALE}) is off tick or step`,
    );
  fx.books.add(book);
  const from = oppositeOf(book, side);
  let left = amount;
  let printed = 0n;
  for (;;) {
    const maker = bestMaker(world, fx, from, null, price);
    if (maker && maker.price !== price) {
      trade(world, fx, book, maker.price, maker.amount, side, null, maker.order);
      continue;
    }
    const level = from.ladder[0];
    if (level && from.better(level.price, price)) {
      from.takeOutside(level.amount);
      continue;
    }
    if (left === 0n) break;
    if (maker && (level?.price !== price || from.orderFirst(maker.order, level))) {
      const taken = least(left, maker.amount);
      trade(world, fx, book, price, taken, side, null, maker.order);
      left -= taken;
    } else if (level?.price === price) {
      const taken = least(left, level.amount);
      from.takeOutside(taken);
      printed += taken;
      left -= taken;
    } else break;
  }
  if (printed + left > 0n) trade(world, fx, book, price, printed + left, side, null, null);
}
