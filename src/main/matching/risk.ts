import { draft } from './checks';
import type { Effects } from './effects';
import { health, markOf, unrealised } from './margin';
import { matchOrder } from './match';
import { absolute, divideDown, divideUp, least, MONEY_QUANTUM, most, SCALE, times, toText } from './scaled';
import { endOrder, openOrder, trade } from './settle';
import { type Account, type Book, type Holding, type Order, remaining, type World, walletOf } from './state';

/** How far from the mark a liquidation may sweep the book, in percent; the rest goes to the outside at the mark. */
const LIQUIDATION_BAND = 5n;

/**
 * Pays or charges funding: with a rate above 0 longs pay shorts. Rounded to 1e-8 against the account.
 * The event's amount is what the account received; negative is paid.
 */
export function applyFunding(world: World, fx: Effects, book: Book, rate: bigint): void {
  const mark = markOf(book);
  if (mark === null) return;
  fx.books.add(book);
  for (const account of world.accounts.values()) {
    const holding = account.holdings.get(book.spec.symbol);
    if (!holding || holding.amount === 0n) continue;
    const received = divideDown(-times(mark, holding.amount) * rate, SCALE * MONEY_QUANTUM) * MONEY_QUANTUM;
    walletOf(account, book.spec.quote).free += received;
    fx.balance(account, book.spec.quote);
    fx.events.push({
      type: 'funding',
      account: account.name,
      symbol: book.spec.symbol,
      amount: toText(received),
      rate: toText(rate),
    });
  }
}

/** Liquidates, worst position first, every account with a position in `book` whose equity is below maintenance. */
export function liquidateUnhealthy(world: World, fx: Effects, book: Book): void {
  const asset = book.spec.quote;
  for (const account of world.accounts.values()) {
    if ((account.holdings.get(book.spec.symbol)?.amount ?? 0n) === 0n) continue;
    for (;;) {
      const { equity, maintenance } = health(world, account, asset);
      const worst = equity < maintenance ? worstOf(world, account, asset) : null;
      if (!worst) break;
      liquidate(world, fx, account, worst.book, worst.holding);
    }
  }
}

function worstOf(
  world: World,
  account: Account,
  asset: string,
): { readonly book: Book; readonly holding: Holding } | null {
  let worst: { readonly book: Book; readonly holding: Holding; readonly profit: bigint } | null = null;
  for (const [symbol, holding] of account.holdings) {
    const book = world.books.get(symbol);
    if (!book || book.spec.quote !== asset || holding.amount === 0n) continue;
    const profit = unrealised(book, holding);
    if (!worst || profit < worst.profit) worst = { book, holding, profit };
  }
  return worst;
}

/**
 * Closes a position by force: ends the symbol's orders, sweeps the book near the mark, and hands what is left to
 * the outside market at the mark or the last swept price (the insurance fund's part of a real exchange).
 */
function liquidate(world: World, fx: Effects, account: Account, book: Book, holding: Holding): void {
  fx.books.add(book);
  fx.events.push({ type: 'liquidation', account: account.name, symbol: book.spec.symbol });
  for (const order of [...account.open.values()])
    if (order.book === book) endOrder(world, fx, order, 'cancelled', 'liquidation');
  const mark = markOf(book);
  if (mark === null || holding.amount === 0n) return;
  const order = liquidationOrder(world, fx, account, book, holding);
  openOrder(order);
  fx.order(order);
  const selling = order.side === 'sell';
  const edge = (mark * (selling ? 100n - LIQUIDATION_BAND : 100n + LIQUIDATION_BAND)) / 100n;
  matchOrder(world, fx, order, edge);
  const rest = remaining(order);
  if (rest === 0n) return;
  const ticks = selling ? divideDown(mark, book.tick) : divideUp(mark, book.tick);
  const atMark = most(ticks, 1n) * book.tick;
  // The rest never gets a better price than what was swept before it.
  const swept = order.filled > 0n && book.last !== null ? book.last : atMark;
  const price = selling ? least(atMark, swept) : most(atMark, swept);
  trade(world, fx, book, price, rest, order.side, order, null);
}

function liquidationOrder(world: World, fx: Effects, account: Account, book: Book, holding: Holding): Order {
  const id = world.nextOrderId++;
  const request = {
    account: account.name,
    clientOrderId: `autoclose-${id}`,
    symbol: book.spec.symbol,
    side: holding.amount > 0n ? 'sell' : 'buy',
    type: 'market',
    amount: toText(absolute(holding.amount)),
    price: null,
    triggerPrice: null,
    timeInForce: null,
    reduceOnly: true,
    closePosition: false,
  } as const;
  return draft(account, book, request, id, fx.now);
}

/** A futures account without positions cannot owe: the insurance fund pays what a gap has cost beyond its wallet. */
export function clearDebts(world: World, fx: Effects): void {
  for (const account of fx.touchedAccounts()) {
    for (const [asset, wallet] of account.wallets) {
      if (wallet.free >= 0n || hasPosition(world, account, asset)) continue;
      world.insurance.set(asset, (world.insurance.get(asset) ?? 0n) - wallet.free);
      wallet.free = 0n;
      fx.balance(account, asset);
    }
  }
}

function hasPosition(world: World, account: Account, asset: string): boolean {
  for (const [symbol, holding] of account.holdings)
    if (holding.amount !== 0n && world.books.get(symbol)?.spec.quote === asset) return true;
  return false;
}
