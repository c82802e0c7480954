import type { OrderSide, UnixMs } from '#shared/domain/basics';
import type { OrderType, TimeInForce } from '#shared/domain/order';
import type { BookSide } from './book-side';
import type { MatchStatus, MatchSymbol } from './types';

/** An order inside the engine. Amounts and prices in 1e-12 units. */
export interface Order {
  readonly id: number;
  readonly account: Account;
  readonly book: Book;
  readonly clientOrderId: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  /** Cut to the position for a reduce-only order that would overshoot. Null: by quote, or closePosition. */
  amount: bigint | null;
  readonly quoteAmount: bigint | null;
  readonly price: bigint | null;
  readonly trigger: bigint | null;
  readonly triggerBy: 'last' | 'mark';
  /** Percent. */
  readonly callback: bigint | null;
  readonly timeInForce: TimeInForce | null;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  status: MatchStatus;
  filled: bigint;
  filledQuote: bigint;
  readonly createdAt: UnixMs;
  updatedAt: UnixMs;
  expireReason: string | null;
  childOrderId: number | null;
  /** Time priority among resting orders and outside levels. */
  sequence: number;
  /** Spot: what is still locked for it, in the asset it gives. */
  locked: bigint;
  /** Trailing stop: best price since activation; null before. */
  peak: bigint | null;
}

export interface Wallet {
  /** Spot: free. Futures: the whole wallet balance (what of it is locked follows from positions and orders). */
  free: bigint;
  locked: bigint;
  /** What the last balance event said. */
  told: { readonly free: bigint; readonly locked: bigint };
}

/** A futures position; negative is short. `cost` is signed like `amount`: what the open part was bought for. */
export interface Holding {
  amount: bigint;
  cost: bigint;
  realised: bigint;
  leverage: number;
}

export interface Account {
  readonly name: string;
  readonly wallets: Map<string, Wallet>;
  /** By symbol. */
  readonly holdings: Map<string, Holding>;
  readonly open: Map<number, Order>;
  readonly openByClientId: Map<string, Order>;
  /** The latest ended orders, oldest first. */
  readonly ended: Map<number, Order>;
}

export interface Book {
  readonly spec: MatchSymbol;
  readonly tick: bigint;
  readonly step: bigint;
  readonly minAmount: bigint;
  readonly maxAmount: bigint;
  readonly minNotional: bigint;
  readonly makerFee: bigint;
  readonly takerFee: bigint;
  readonly maintenanceRate: bigint;
  /** Smallest unit a position's cost is split in. */
  readonly costQuantum: bigint;
  readonly bids: BookSide;
  readonly asks: BookSide;
  /** Conditional orders whose trigger has not fired. */
  readonly waiting: Set<Order>;
  /** Conditional orders whose trigger has fired and that wait for somebody to trade with, in order of firing. */
  readonly fired: Set<Order>;
  lastTradeId: number;
  last: bigint | null;
  mark: bigint | null;
}

export interface World {
  readonly books: Map<string, Book>;
  readonly accounts: Map<string, Account>;
  /** What the insurance fund has paid so that no account ends below zero, per asset. */
  readonly insurance: Map<string, bigint>;
  readonly keepEnded: number;
  readonly defaultLeverage: number;
  nextOrderId: number;
  nextSequence: number;
}

export const isFuture = (book: Book): boolean => book.spec.market === 'future';
export const sideOf = (book: Book, side: OrderSide): BookSide => (side === 'buy' ? book.bids : book.asks);
export const oppositeOf = (book: Book, side: OrderSide): BookSide => (side === 'buy' ? book.asks : book.bids);

export const isConditional = (order: Pick<Order, 'type'>): boolean =>
  order.type !== 'market' && order.type !== 'limit';

/** What an order still wants. @throws Error for an order without an amount, which never rests. */
export function remaining(order: Order): bigint {
  if (order.amount === null) throw new Error(`order ${order.id} has no amount`);
  return order.amount - order.filled;
}

export function walletOf(account: Account, asset: string): Wallet {
  let wallet = account.wallets.get(asset);
  if (!wallet) {
    wallet = { free: 0n, locked: 0n, told: { free: 0n, locked: 0n } };
    account.wallets.set(asset, wallet);
  }
  return wallet;
}

export function holdingOf(world: World, account: Account, book: Book): Holding {
  let holding = account.holdings.get(book.spec.symbol);
  if (!holding) {
    const leverage = Math.min(world.defaultLeverage, book.spec.maxLeverage);
    holding = { amount: 0n, cost: 0n, realised: 0n, leverage };
    account.holdings.set(book.spec.symbol, holding);
  }
  return holding;
}

/** How much of the account's position an order of this side can close. */
export function reducible(account: Account, book: Book, side: OrderSide): bigint {
  const amount = account.holdings.get(book.spec.symbol)?.amount ?? 0n;
  if (side === 'sell') return amount > 0n ? amount : 0n;
  return amount < 0n ? -amount : 0n;
}
