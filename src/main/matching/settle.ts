import type { Effects } from './effects';
import { viewOf } from './effects';
import { afterFill } from './margin';
import { feeOn, least, times, toText } from './scaled';
import {
  type Account,
  type Book,
  holdingOf,
  isFuture,
  type Order,
  reducible,
  sideOf,
  type World,
  walletOf,
} from './state';
import { noteTradePrice } from './triggers';
import type { MatchStatus } from './types';

/** Takes an order in: from here on it counts as open and its client id is taken. */
export function openOrder(order: Order): void {
  order.account.open.set(order.id, order);
  order.account.openByClientId.set(order.clientOrderId, order);
}

/** Ends an open order: gives back what is locked, takes it off the book, remembers it for look-ups. */
export function closeOrder(
  world: World,
  fx: Effects,
  order: Order,
  status: MatchStatus,
  reason: string | null,
): void {
  const { account, book } = order;
  if (!isFuture(book) && order.locked > 0n) {
    const asset = order.side === 'buy' ? book.spec.quote : book.spec.base;
    const wallet = walletOf(account, asset);
    wallet.locked -= order.locked;
    wallet.free += order.locked;
    order.locked = 0n;
    fx.balance(account, asset);
  }
  sideOf(book, order.side).remove(order);
  book.waiting.delete(order);
  book.fired.delete(order);
  account.open.delete(order.id);
  if (account.openByClientId.get(order.clientOrderId) === order)
    account.openByClientId.delete(order.clientOrderId);
  order.status = status;
  order.expireReason = reason;
  account.ended.set(order.id, order);
  if (account.ended.size > world.keepEnded) {
    const oldest = account.ended.keys().next();
    if (!oldest.done) account.ended.delete(oldest.value);
  }
  fx.books.add(book);
}

/** Ends an order and tells it. */
export function endOrder(
  world: World,
  fx: Effects,
  order: Order,
  status: MatchStatus,
  reason: string | null,
): void {
  closeOrder(world, fx, order, status, reason);
  fx.order(order);
}

/**
 * One trade at one price between an aggressor and a resting party; null is the outside market. Prints the trade,
 * books both sides, and lets triggers see the price.
 */
export function trade(
  world: World,
  fx: Effects,
  book: Book,
  price: bigint,
  amount: bigint,
  aggressor: 'buy' | 'sell',
  taker: Order | null,
  maker: Order | null,
): void {
  fx.books.add(book);
  const tradeId = ++book.lastTradeId;
  fx.events.push({
    type: 'trade',
    symbol: book.spec.symbol,
    tradeId,
    price: toText(price),
    amount: toText(amount),
    aggressor,
    at: fx.now,
  });
  if (taker) fill(world, fx, taker, tradeId, price, amount, false);
  if (maker) fill(world, fx, maker, tradeId, price, amount, true);
  noteTradePrice(book, price);
}

function fill(
  world: World,
  fx: Effects,
  order: Order,
  tradeId: number,
  price: bigint,
  amount: bigint,
  maker: boolean,
): void {
  const { account, book } = order;
  const quote = times(price, amount);
  if (maker) sideOf(book, order.side).note(order.price as bigint);
  order.filled += amount;
  order.filledQuote += quote;
  order.updatedAt = fx.now;
  const settled = isFuture(book)
    ? settleFuture(world, fx, order, amount, quote, maker)
    : settleSpot(fx, order, amount, quote, maker);
  if (order.amount !== null && order.filled === order.amount) closeOrder(world, fx, order, 'filled', null);
  else order.status = 'partially-filled';
  fx.events.push({
    type: 'fill',
    fill: {
      tradeId,
      account: account.name,
      orderId: order.id,
      clientOrderId: order.clientOrderId,
      symbol: book.spec.symbol,
      side: order.side,
      price: toText(price),
      amount: toText(amount),
      fee: toText(settled.fee),
      feeAsset: settled.feeAsset,
      maker,
      realised: toText(settled.realised),
      at: fx.now,
    },
    order: viewOf(order),
  });
  if (isFuture(book)) expireUseless(world, fx, account, book);
}

interface Settled {
  readonly fee: bigint;
  readonly feeAsset: string;
  readonly realised: bigint;
}

/** Binance without BNB: the fee comes out of what is received, so buying pays it in base and selling in quote. */
function settleSpot(fx: Effects, order: Order, amount: bigint, quote: bigint, maker: boolean): Settled {
  const { account, book } = order;
  const { base, quote: quoteAsset } = book.spec;
  const rate = maker ? book.makerFee : book.takerFee;
  const baseWallet = walletOf(account, base);
  const quoteWallet = walletOf(account, quoteAsset);
  fx.balance(account, base);
  fx.balance(account, quoteAsset);
  if (order.side === 'sell') {
    order.locked -= amount;
    baseWallet.locked -= amount;
    const fee = least(feeOn(quote, rate), quote);
    quoteWallet.free += quote - fee;
    return { fee, feeAsset: quoteAsset, realised: 0n };
  }
  // A limit buy locked its own price; what a better price saved goes back at once.
  const freed = order.price === null ? quote : times(order.price, amount);
  order.locked -= freed;
  quoteWallet.locked -= freed;
  quoteWallet.free += freed - quote;
  const fee = least(feeOn(amount, rate), amount);
  baseWallet.free += amount - fee;
  return { fee, feeAsset: base, realised: 0n };
}

function settleFuture(
  world: World,
  fx: Effects,
  order: Order,
  amount: bigint,
  quote: bigint,
  maker: boolean,
): Settled {
  const { account, book } = order;
  const holding = holdingOf(world, account, book);
  const next = afterFill(holding, order.side === 'buy' ? amount : -amount, quote, book.costQuantum);
  const fee = feeOn(quote, maker ? book.makerFee : book.takerFee);
  holding.amount = next.amount;
  holding.cost = next.cost;
  holding.realised += next.realised;
  walletOf(account, book.spec.quote).free += next.realised - fee;
  fx.position(account, book);
  return { fee, feeAsset: book.spec.quote, realised: next.realised };
}

/**
 * After a position changed: resting reduce-only orders with nothing left to reduce and close-position orders
 * without a position end. Waiting reduce-only ones stay, as Binance keeps them.
 */
function expireUseless(world: World, fx: Effects, account: Account, book: Book): void {
  for (const order of [...account.open.values()]) {
    if (order.book !== book || reducible(account, book, order.side) > 0n) continue;
    const conditional = order.type !== 'limit' && order.type !== 'market';
    if (conditional && order.closePosition) endOrder(world, fx, order, 'expired', 'position-closed');
    // A market order is being matched right now; whoever matches it ends it.
    else if (order.type === 'limit' && order.reduceOnly && isResting(order))
      endOrder(world, fx, order, 'expired', 'nothing-to-reduce');
  }
}

const isResting = (order: Order): boolean => sideOf(order.book, order.side).orders.includes(order);
