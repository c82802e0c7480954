import { SCALE } from './scaled';
import type { Book, Order } from './state';

const HUNDRED = 100n * SCALE;

/** True when `price` has reached the trigger of a stop or take-profit, or the activation of a trailing stop. */
export function reached(order: Pick<Order, 'type' | 'side' | 'trigger'>, price: bigint): boolean {
  if (order.trigger === null) return true;
  // A stop follows the market against its holder; take-profit and trailing activation wait for the market to help.
  const upwards = order.type === 'stop-market' ? order.side === 'buy' : order.side === 'sell';
  return upwards ? price >= order.trigger : price <= order.trigger;
}

/** Shows a price to a waiting order: moves a trailing stop's peak, and says whether the order fires. */
export function firesAt(order: Order, price: bigint): boolean {
  if (order.type !== 'trailing-stop') return reached(order, price);
  if (order.peak === null) {
    if (reached(order, price)) order.peak = price;
    return false;
  }
  const callback = order.callback as bigint;
  if (order.side === 'sell') {
    if (price > order.peak) order.peak = price;
    return price * HUNDRED <= order.peak * (HUNDRED - callback);
  }
  if (price < order.peak) order.peak = price;
  return price * HUNDRED >= order.peak * (HUNDRED + callback);
}

function show(book: Book, price: bigint, by: 'last' | 'mark'): void {
  for (const order of book.waiting) {
    if (order.triggerBy !== by || !firesAt(order, price)) continue;
    book.waiting.delete(order);
    book.fired.add(order);
  }
}

/** A trade happened at this price. Fired orders queue in `book.fired`; they trade when the running match is over. */
export function noteTradePrice(book: Book, price: bigint): void {
  book.last = price;
  if (book.waiting.size > 0) show(book, price, 'last');
}

export function noteMarkPrice(book: Book, price: bigint): void {
  book.mark = price;
  if (book.waiting.size > 0) show(book, price, 'mark');
}
