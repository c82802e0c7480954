import type { UnixMs } from '#shared/domain/basics';
import { createBook } from './books';
import { refuse } from './checks';
import { Effects, viewOf } from './effects';
import { health, initialMargin } from './margin';
import { outsideTrade, replaceQuotes } from './outside';
import { drainFired, placeOrder } from './place';
import { applyFunding, clearDebts, liquidateUnhealthy } from './risk';
import { toScaled } from './scaled';
import { endOrder } from './settle';
import { restoreSnapshot, takeSnapshot } from './snapshot';
import { type Account, type Book, holdingOf, isFuture, type World, walletOf } from './state';
import { noteMarkPrice } from './triggers';
import type { MatchEvent, Matching, MatchResult } from './types';
import { accountView, findOpen, findOrder, openViews } from './views';

export interface MatchingOptions {
  /** How many ended orders of an account stay answerable by `order`. Default 1,000. */
  readonly keepEndedOrders?: number;
  /** Leverage of a symbol nobody has set one for, capped by its maximum. Default 20. */
  readonly defaultLeverage?: number;
}

/** The account name the outside market trades under; nobody else can open it. */
export const OUTSIDE = 'market';

/**
 * A matching engine for one market, spot or futures. Pure: time comes with each command, nothing is random.
 * Refusals come back as results; a command that breaks the agreement (unknown account, quotes off the tick)
 * throws RangeError, since that is a bug of the caller and not of a trader.
 */
export function createMatching(options: MatchingOptions = {}): Matching {
  const world: World = {
    books: new Map(),
    accounts: new Map(),
    insurance: new Map(),
    keepEnded: options.keepEndedOrders ?? 1_000,
    defaultLeverage: options.defaultLeverage ?? 20,
    nextOrderId: 1,
    nextSequence: 1,
  };
  let market: 'spot' | 'future' | null = null;

  const bookOf = (symbol: string): Book => {
    const book = world.books.get(symbol);
    if (!book) throw new RangeError(`unknown symbol ${symbol}`);
    return book;
  };
  const accountOf = (name: string): Account => {
    const account = world.accounts.get(name);
    if (!account) throw new RangeError(`unknown account ${name}`);
    return account;
  };
  const effects = (now: UnixMs) => new Effects(world, now, market === 'future');
  /** Lets what the command has set off play out, then hands over the events. */
  const finish = (fx: Effects): readonly MatchEvent[] => {
    drainFired(world, fx);
    if (market === 'future') clearDebts(world, fx);
    return fx.finish();
  };
  const unknown = (symbol: string): MatchResult<never> => ({
    ok: false,
    ...refuse('unknown-symbol', `unknown symbol ${symbol}`),
  });

  return {
    addSymbol(spec) {
      if (market !== null && market !== spec.market)
        throw new RangeError('one engine serves one market: a wallet is either spot or futures');
      if (world.books.has(spec.symbol)) throw new RangeError(`symbol ${spec.symbol} is already there`);
      world.books.set(spec.symbol, createBook(spec));
      market = spec.market;
    },

    openAccount(name) {
      if (name === OUTSIDE || world.accounts.has(name))
        throw new RangeError(`account ${name} is already there`);
      world.accounts.set(name, {
        name,
        wallets: new Map(),
        holdings: new Map(),
        open: new Map(),
        openByClientId: new Map(),
        ended: new Map(),
      });
    },

    deposit(name, asset, amount, now) {
      const account = accountOf(name);
      const scaled = toScaled(amount);
      if (scaled <= 0n) throw new RangeError(`a deposit must be above 0: ${amount}`);
      const fx = effects(now);
      walletOf(account, asset).free += scaled;
      fx.balance(account, asset);
      return finish(fx);
    },

    place(request, now) {
      const account = accountOf(request.account);
      const book = world.books.get(request.symbol);
      if (!book) return unknown(request.symbol);
      const fx = effects(now);
      const placed = placeOrder(world, fx, account, book, request, now);
      if ('code' in placed) return { ok: false, ...placed };
      const events = finish(fx);
      return { ok: true, value: viewOf(placed), events };
    },

    cancel(name, symbol, ref, now) {
      const order = findOpen(accountOf(name), symbol, ref);
      if (!order) return { ok: false, ...refuse('unknown-order', 'there is no such open order') };
      const fx = effects(now);
      endOrder(world, fx, order, 'cancelled', null);
      const events = finish(fx);
      return { ok: true, value: viewOf(order), events };
    },

    setLeverage(name, symbol, leverage) {
      const account = accountOf(name);
      const book = world.books.get(symbol);
      if (!book) return unknown(symbol);
      if (!isFuture(book) || !Number.isInteger(leverage) || leverage < 1 || leverage > book.spec.maxLeverage)
        return { ok: false, ...refuse('bad-leverage', `leverage must be 1 to ${book.spec.maxLeverage}`) };
      const holding = holdingOf(world, account, book);
      const before = holding.leverage;
      const asset = book.spec.quote;
      holding.leverage = leverage;
      if (leverage < before && initialMargin(world, account, asset) > health(world, account, asset).equity) {
        holding.leverage = before;
        return {
          ok: false,
          ...refuse('insufficient-margin', `not enough ${asset} for leverage ${leverage}`),
        };
      }
      const fx = effects(0 as UnixMs);
      fx.balance(account, asset);
      return { ok: true, value: leverage, events: finish(fx) };
    },

    marketTrade(symbol, side, price, amount, now) {
      const fx = effects(now);
      outsideTrade(world, fx, bookOf(symbol), side, toScaled(price), toScaled(amount));
      return finish(fx);
    },

    marketQuotes(symbol, bids, asks, now) {
      const fx = effects(now);
      replaceQuotes(world, fx, bookOf(symbol), bids, asks);
      return finish(fx);
    },

    mark(symbol, price, now) {
      const book = bookOf(symbol);
      const scaled = toScaled(price);
      if (scaled <= 0n) throw new RangeError(`a mark price must be above 0: ${price}`);
      const fx = effects(now);
      fx.books.add(book);
      noteMarkPrice(book, scaled);
      // Protective stops act before the exchange does.
      drainFired(world, fx);
      if (isFuture(book)) liquidateUnhealthy(world, fx, book);
      return finish(fx);
    },

    funding(symbol, rate, now) {
      const book = bookOf(symbol);
      if (!isFuture(book)) throw new RangeError(`${symbol} has no funding`);
      const fx = effects(now);
      applyFunding(world, fx, book, toScaled(rate));
      liquidateUnhealthy(world, fx, book);
      return finish(fx);
    },

    book(symbol, depth) {
      const { bids, asks } = bookOf(symbol);
      return { bids: bids.levels(depth), asks: asks.levels(depth) };
    },

    order(name, symbol, ref, family) {
      const order = findOrder(accountOf(name), symbol, ref, family);
      return order && viewOf(order);
    },

    openOrders: (name, symbol) => openViews(accountOf(name), symbol),
    account: (name) => accountView(world, accountOf(name), market === 'future'),
    snapshot: () => takeSnapshot(world),
    restore: (snapshot) => restoreSnapshot(world, snapshot, market === 'future'),
  };
}
