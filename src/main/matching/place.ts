import type { UnixMs } from '#shared/domain/basics';
import { checkFilters, checkTrigger, draft, type Refusal, refuse, triggerReference } from './checks';
import type { Effects } from './effects';
import { afterFill, health, initialMargin, unrealised } from './margin';
import { matchOrder, type Sweep, sweep, takeable, type Want } from './match';
import { feeOn, least, times } from './scaled';
import { endOrder, openOrder } from './settle';
import {
  type Account,
  type Book,
  isConditional,
  isFuture,
  type Order,
  oppositeOf,
  reducible,
  remaining,
  sideOf,
  type World,
  walletOf,
} from './state';
import type { MatchOrder } from './types';

/** Takes an order in or refuses it; a refusal has changed nothing. */
export function placeOrder(
  world: World,
  fx: Effects,
  account: Account,
  book: Book,
  request: MatchOrder,
  now: UnixMs,
): Order | Refusal {
  if (account.openByClientId.has(request.clientOrderId))
    return refuse('duplicate-client-id', `an open order already has the id ${request.clientOrderId}`);
  const order = draft(account, book, request, world.nextOrderId, now);
  if (!isFuture(book) && order.reduceOnly)
    return refuse('reduce-only-rejected', 'spot has no positions to reduce');
  const refusal =
    checkFilters(order, request) ??
    (isConditional(order) ? placeConditional(world, fx, order) : placePlain(world, fx, order));
  return refusal ?? order;
}

function placeConditional(world: World, fx: Effects, order: Order): Refusal | null {
  const past = checkTrigger(order);
  if (past) return past;
  if (order.closePosition && reducible(order.account, order.book, order.side) === 0n)
    return refuse('reduce-only-rejected', 'there is no position to close');
  const reference = triggerReference(order);
  if (!isFuture(order.book) && order.amount !== null) {
    const price = order.trigger ?? reference;
    if (order.side === 'buy' && price === null) return refuse('bad-price', 'there is no market price yet');
    const refusal = lock(fx, order, order.side === 'sell' ? order.amount : times(price ?? 0n, order.amount));
    if (refusal) return refusal;
  }
  if (order.type === 'trailing-stop' && order.trigger === null) order.peak = reference;
  world.nextOrderId++;
  openOrder(order);
  order.book.waiting.add(order);
  fx.order(order);
  return null;
}

/**
 * Checks, locks, matches and then rests or ends a market or limit order. `announce` runs once it is certain that
 * the order is taken, before its first event.
 */
function placePlain(world: World, fx: Effects, order: Order, announce?: () => void): Refusal | null {
  const { account, book } = order;
  if (order.reduceOnly) {
    const most = reducible(account, book, order.side);
    if (most === 0n) return refuse('reduce-only-rejected', 'the order would not reduce a position');
    // One that may rest keeps its amount, since the position may grow; it is cut whenever it fills.
    if (order.amount === null || !mayRest(order)) order.amount = least(order.amount ?? most, most);
  }
  const limit = order.price;
  if (order.timeInForce === 'post-only') {
    const best = oppositeOf(book, order.side).bestPrice();
    if (best !== null && oppositeOf(book, order.side).reaches(best, limit))
      return refuse('post-only-would-take', 'the order would match at once');
  }
  const want: Want = order.amount === null ? { quote: order.quoteAmount ?? 0n } : { base: takeable(order) };
  const ahead = sweep(book, order.side, account, want, limit);
  if (order.type === 'market' && ahead.amount === 0n)
    return ahead.complete
      ? refuse('too-small', 'the value does not pay for one step')
      : refuse('no-liquidity', 'nobody is there to trade with');
  const killed = order.timeInForce === 'fok' && !ahead.complete;
  const refusal = isFuture(book) ? checkMargin(world, order, ahead) : lock(fx, order, lockFor(order, ahead));
  if (refusal) return refusal;

  announce?.();
  world.nextOrderId = Math.max(world.nextOrderId, order.id + 1);
  order.sequence = world.nextSequence++;
  openOrder(order);
  fx.order(order);
  if (killed) {
    endOrder(world, fx, order, 'expired', 'fok-not-filled');
    return null;
  }
  settleRest(world, fx, order, matchOrder(world, fx, order, limit));
  return null;
}

const mayRest = (order: Order): boolean => order.timeInForce === 'gtc' || order.timeInForce === 'post-only';

/** What becomes of an order after it has taken what it could. */
function settleRest(world: World, fx: Effects, order: Order, complete: boolean): void {
  if (!order.account.open.has(order.id)) return;
  if (order.type === 'market') {
    // By quote: what does not pay for another step goes back, and the order is as filled as it can be.
    if (complete) endOrder(world, fx, order, 'filled', null);
    else endOrder(world, fx, order, 'expired', 'no-liquidity');
  } else if (order.timeInForce === 'ioc' || order.timeInForce === 'fok') {
    endOrder(world, fx, order, 'expired', `${order.timeInForce}-not-filled`);
  } else if (takeable(order) === 0n) {
    endOrder(world, fx, order, 'expired', 'nothing-to-reduce');
  } else {
    fx.books.add(order.book);
    sideOf(order.book, order.side).rest(order);
  }
}

/** Spot: what a plain order needs, in the asset it gives. */
function lockFor(order: Order, ahead: Sweep): bigint {
  if (order.side === 'sell') return order.amount ?? ahead.amount;
  if (order.price !== null) return times(order.price, remaining(order));
  return order.quoteAmount ?? ahead.quote;
}

function lock(fx: Effects, order: Order, amount: bigint): Refusal | null {
  const { account, book } = order;
  const asset = order.side === 'buy' ? book.spec.quote : book.spec.base;
  const wallet = account.wallets.get(asset);
  if (!wallet || wallet.free < amount) return refuse('insufficient-balance', `not enough free ${asset}`);
  wallet.free -= amount;
  wallet.locked += amount;
  order.locked = amount;
  fx.balance(account, asset);
  return null;
}

/** Futures: after the taking part and with the rest on the book, equity must still cover the initial margin. */
function checkMargin(world: World, order: Order, ahead: Sweep): Refusal | null {
  const { account, book } = order;
  const asset = book.spec.quote;
  const holding = account.holdings.get(book.spec.symbol) ?? { amount: 0n, cost: 0n };
  const signed = order.side === 'buy' ? ahead.amount : -ahead.amount;
  const next = afterFill(holding, signed, ahead.quote, book.costQuantum);
  const rests = !order.reduceOnly && mayRest(order);
  const resting = rests ? times(order.price ?? 0n, remaining(order) - ahead.amount) : 0n;
  const before = initialMargin(world, account, asset);
  const after = initialMargin(world, account, asset, {
    book,
    cost: next.cost,
    addBuy: order.side === 'buy' ? resting : 0n,
    addSell: order.side === 'sell' ? resting : 0n,
  });
  // Whoever does not take on more risk is never refused for being poor.
  if (order.reduceOnly || after <= before) return null;
  const fee = feeOn(ahead.quote, book.takerFee);
  const equity =
    health(world, account, asset).equity -
    unrealised(book, holding) +
    next.realised +
    unrealised(book, next) -
    fee;
  return equity >= after ? null : refuse('insufficient-margin', `not enough ${asset} for the margin`);
}

/**
 * Turns fired conditional orders into market orders, oldest firing first, until none can trade. One that finds
 * the other side empty stays fired and is tried again when quotes are back: a stop is not lost to a gap.
 */
export function drainFired(world: World, fx: Effects): void {
  for (const book of fx.books) {
    while (book.fired.size > 0) {
      const order = [...book.fired].find((candidate) => !oppositeOf(book, candidate.side).empty);
      if (!order) break;
      fire(world, fx, order);
    }
  }
}

function fire(world: World, fx: Effects, order: Order): void {
  const child: Order = {
    ...order,
    id: world.nextOrderId,
    type: 'market',
    trigger: null,
    callback: null,
    status: 'new',
    createdAt: fx.now,
    locked: 0n,
    peak: null,
  };
  release(fx, order);
  const refusal = placePlain(world, fx, child, () => {
    order.childOrderId = child.id;
    endOrder(world, fx, order, 'triggered', null);
  });
  if (!refusal) return;
  endOrder(world, fx, order, 'expired', refusal.code);
}

/** Spot: gives back what a waiting order had locked, so that its market order can use it. */
function release(fx: Effects, order: Order): void {
  if (order.locked === 0n) return;
  const asset = order.side === 'buy' ? order.book.spec.quote : order.book.spec.base;
  const wallet = walletOf(order.account, asset);
  wallet.locked -= order.locked;
  wallet.free += order.locked;
  order.locked = 0n;
  fx.balance(order.account, asset);
}
