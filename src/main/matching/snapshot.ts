import { z } from 'zod';
import { Decimal, OrderSide, UnixMs } from '#shared/domain/basics';
import { balanceOf } from './effects';
import { textOrNull, toScaled, toText } from './scaled';
import { openOrder } from './settle';
import { type Account, isConditional, type Order, sideOf, type World } from './state';

const Amount = Decimal;
const SavedOrder = z.object({
  id: z.number().int(),
  clientOrderId: z.string(),
  symbol: z.string(),
  side: OrderSide,
  type: z.enum(['market', 'limit', 'stop-market', 'take-profit-market', 'trailing-stop']),
  amount: Amount.nullable(),
  quoteAmount: Amount.nullable(),
  price: Amount.nullable(),
  trigger: Amount.nullable(),
  triggerBy: z.enum(['last', 'mark']),
  callback: Amount.nullable(),
  timeInForce: z.enum(['gtc', 'ioc', 'fok', 'post-only']).nullable(),
  reduceOnly: z.boolean(),
  closePosition: z.boolean(),
  status: z.enum(['new', 'partially-filled', 'waiting']),
  filled: Amount,
  filledQuote: Amount,
  createdAt: UnixMs,
  updatedAt: UnixMs,
  sequence: z.number().int(),
  locked: Amount,
  peak: Amount.nullable(),
});
const SavedAccount = z.object({
  name: z.string(),
  wallets: z.array(z.object({ asset: z.string(), free: Amount, locked: Amount })),
  holdings: z.array(
    z.object({
      symbol: z.string(),
      amount: Amount,
      cost: Amount,
      realised: Amount,
      leverage: z.number().int(),
    }),
  ),
  orders: z.array(SavedOrder),
});
const Saved = z.object({
  version: z.literal(1),
  nextOrderId: z.number().int(),
  nextSequence: z.number().int(),
  insurance: z.record(z.string(), Amount),
  symbols: z.array(
    z.object({
      symbol: z.string(),
      lastTradeId: z.number().int(),
      last: Amount.nullable(),
      mark: Amount.nullable(),
      fired: z.array(z.number().int()),
    }),
  ),
  accounts: z.array(SavedAccount),
});
export type MatchingSnapshot = z.infer<typeof Saved>;

/** Everything that must survive: accounts, open orders, positions, counters. Outside quotes are not part of it. */
export function takeSnapshot(world: World): MatchingSnapshot {
  return {
    version: 1,
    nextOrderId: world.nextOrderId,
    nextSequence: world.nextSequence,
    insurance: Object.fromEntries([...world.insurance].map(([asset, paid]) => [asset, toText(paid)])),
    symbols: [...world.books.values()].map((book) => ({
      symbol: book.spec.symbol,
      lastTradeId: book.lastTradeId,
      last: textOrNull(book.last),
      mark: textOrNull(book.mark),
      fired: [...book.fired].map((order) => order.id),
    })),
    accounts: [...world.accounts.values()].map((account) => ({
      name: account.name,
      wallets: [...account.wallets].map(([asset, { free, locked }]) => ({
        asset,
        free: toText(free),
        locked: toText(locked),
      })),
      holdings: [...account.holdings].map(([symbol, { amount, cost, realised, leverage }]) => ({
        symbol,
        amount: toText(amount),
        cost: toText(cost),
        realised: toText(realised),
        leverage,
      })),
      orders: [...account.open.values()].map(saveOrder),
    })),
  };
}

const saveOrder = (order: Order): z.infer<typeof SavedOrder> => ({
  id: order.id,
  clientOrderId: order.clientOrderId,
  symbol: order.book.spec.symbol,
  side: order.side,
  type: order.type,
  amount: textOrNull(order.amount),
  quoteAmount: textOrNull(order.quoteAmount),
  price: textOrNull(order.price),
  trigger: textOrNull(order.trigger),
  triggerBy: order.triggerBy,
  callback: textOrNull(order.callback),
  timeInForce: order.timeInForce,
  reduceOnly: order.reduceOnly,
  closePosition: order.closePosition,
  status: order.status as 'new' | 'partially-filled' | 'waiting',
  filled: toText(order.filled),
  filledQuote: toText(order.filledQuote),
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
  sequence: order.sequence,
  locked: toText(order.locked),
  peak: textOrNull(order.peak),
});

const scaledOrNull = (text: Decimal | null): bigint | null => (text === null ? null : toScaled(text));

/**
 * Fills an engine that has its symbols and nothing else from a snapshot.
 * @throws ZodError on data of another shape, Error on a symbol the engine does not have.
 */
export function restoreSnapshot(world: World, snapshot: unknown, future: boolean): void {
  const saved = Saved.parse(snapshot);
  if (world.accounts.size > 0) throw new Error('restore needs a fresh engine');
  const known = [...saved.symbols, ...saved.accounts.flatMap((account) => account.orders)];
  for (const { symbol } of known)
    if (!world.books.has(symbol)) throw new Error(`snapshot has the unknown symbol ${symbol}`);

  world.nextOrderId = saved.nextOrderId;
  world.nextSequence = saved.nextSequence;
  for (const [asset, paid] of Object.entries(saved.insurance)) world.insurance.set(asset, toScaled(paid));
  const orders = new Map<number, Order>();
  for (const entry of saved.accounts) restoreAccount(world, entry, orders);
  // Waiting orders see a price in the order they were placed in, whoever placed them.
  for (const order of [...orders.values()].sort((a, b) => a.id - b.id))
    if (isConditional(order)) order.book.waiting.add(order);
  for (const account of world.accounts.values())
    for (const [asset, wallet] of account.wallets) {
      const { free, locked } = balanceOf(world, account, asset, future);
      wallet.told = { free, locked };
    }
  // What rests again was there before: it is no change to tell.
  for (const { bids, asks } of world.books.values()) for (const side of [bids, asks]) side.takeChanges();
  for (const entry of saved.symbols) {
    const book = world.books.get(entry.symbol);
    if (!book) continue;
    book.lastTradeId = entry.lastTradeId;
    book.last = scaledOrNull(entry.last);
    book.mark = scaledOrNull(entry.mark);
    for (const id of entry.fired) {
      const order = orders.get(id);
      if (!order) throw new Error(`snapshot has no order ${id} that should have fired`);
      book.waiting.delete(order);
      book.fired.add(order);
    }
  }
}

function restoreAccount(world: World, saved: z.infer<typeof SavedAccount>, orders: Map<number, Order>): void {
  const account: Account = {
    name: saved.name,
    wallets: new Map(
      saved.wallets.map(({ asset, free, locked }) => [
        asset,
        { free: toScaled(free), locked: toScaled(locked), told: { free: 0n, locked: 0n } },
      ]),
    ),
    holdings: new Map(
      saved.holdings.map(({ symbol, amount, cost, realised, leverage }) => [
        symbol,
        { amount: toScaled(amount), cost: toScaled(cost), realised: toScaled(realised), leverage },
      ]),
    ),
    open: new Map(),
    openByClientId: new Map(),
    ended: new Map(),
  };
  world.accounts.set(account.name, account);
  for (const entry of saved.orders) {
    const order = restoreOrder(world, account, entry);
    orders.set(order.id, order);
    openOrder(order);
    if (!isConditional(order)) sideOf(order.book, order.side).rest(order);
  }
}

function restoreOrder(world: World, account: Account, saved: z.infer<typeof SavedOrder>): Order {
  const book = world.books.get(saved.symbol);
  if (!book) throw new Error(`snapshot has the unknown symbol ${saved.symbol}`);
  return {
    id: saved.id,
    account,
    book,
    clientOrderId: saved.clientOrderId,
    side: saved.side,
    type: saved.type,
    amount: scaledOrNull(saved.amount),
    quoteAmount: scaledOrNull(saved.quoteAmount),
    price: scaledOrNull(saved.price),
    trigger: scaledOrNull(saved.trigger),
    triggerBy: saved.triggerBy,
    callback: scaledOrNull(saved.callback),
    timeInForce: saved.timeInForce,
    reduceOnly: saved.reduceOnly,
    closePosition: saved.closePosition,
    status: saved.status,
    filled: toScaled(saved.filled),
    filledQuote: toScaled(saved.filledQuote),
    createdAt: saved.createdAt,
    updatedAt: saved.updatedAt,
    expireReason: null,
    childOrderId: null,
    sequence: saved.sequence,
    locked: toScaled(saved.locked),
    peak: scaledOrNull(saved.peak),
  };
}
