import { absolute, divideNear, divideUp, feeOn, MONEY_QUANTUM, most, SCALE, times } from './scaled';
import { type Account, type Book, type Holding, isConditional, remaining, type World } from './state';

/** What a position would look like after a hypothetical change of one symbol. */
export interface Hypothesis {
  readonly book: Book;
  readonly cost: bigint;
  readonly addBuy: bigint;
  readonly addSell: bigint;
}

/** Price a position is valued at: mark, before the first mark the last trade. */
export const markOf = (book: Book): bigint | null => book.mark ?? book.last;

/** Unrealised profit at the mark; 0 while the symbol has no price at all. */
export function unrealised(book: Book, holding: Pick<Holding, 'amount' | 'cost'>): bigint {
  const mark = markOf(book);
  return mark === null ? 0n : times(mark, holding.amount) - holding.cost;
}

/**
 * Initial margin of one symbol: the worse of "all resting buys fill" and "all resting sells fill", at entry cost,
 * divided by leverage. Reduce-only orders need none.
 */
export function symbolMargin(cost: bigint, buys: bigint, sells: bigint, leverage: number): bigint {
  const exposure = most(absolute(cost), most(absolute(cost + buys), absolute(cost - sells)));
  return divideUp(exposure, BigInt(leverage) * MONEY_QUANTUM) * MONEY_QUANTUM;
}

/** Initial margin over all symbols settled in `asset`, as it is or as it would be. */
export function initialMargin(world: World, account: Account, asset: string, change?: Hypothesis): bigint {
  const resting = new Map<string, { buy: bigint; sell: bigint }>();
  const restingOf = (symbol: string) => {
    let entry = resting.get(symbol);
    if (!entry) {
      entry = { buy: 0n, sell: 0n };
      resting.set(symbol, entry);
    }
    return entry;
  };
  for (const order of account.open.values()) {
    if (order.reduceOnly || isConditional(order) || order.price === null) continue;
    if (order.book.spec.quote === asset)
      restingOf(order.book.spec.symbol)[order.side] += times(order.price, remaining(order));
  }
  if (change) {
    const entry = restingOf(change.book.spec.symbol);
    entry.buy += change.addBuy;
    entry.sell += change.addSell;
  }
  let total = 0n;
  const symbols = new Set([...account.holdings.keys(), ...resting.keys()]);
  for (const symbol of symbols) {
    const book = world.books.get(symbol);
    if (book?.spec.quote !== asset) continue;
    const holding = account.holdings.get(symbol);
    const cost = change?.book === book ? change.cost : (holding?.cost ?? 0n);
    const { buy, sell } = resting.get(symbol) ?? { buy: 0n, sell: 0n };
    const leverage = holding?.leverage ?? Math.min(world.defaultLeverage, book.spec.maxLeverage);
    if (cost !== 0n || buy !== 0n || sell !== 0n) total += symbolMargin(cost, buy, sell, leverage);
  }
  return total;
}

/** Wallet plus unrealised profit, and what must not be undercut, both over all positions settled in `asset`. */
export function health(
  world: World,
  account: Account,
  asset: string,
): { readonly equity: bigint; readonly maintenance: bigint } {
  let equity = account.wallets.get(asset)?.free ?? 0n;
  let maintenance = 0n;
  for (const [symbol, holding] of account.holdings) {
    const book = world.books.get(symbol);
    if (holding.amount === 0n || book?.spec.quote !== asset) continue;
    equity += unrealised(book, holding);
    maintenance += maintenanceOf(book, holding);
  }
  return { equity, maintenance };
}

export function maintenanceOf(book: Book, holding: Holding): bigint {
  const mark = markOf(book);
  return mark === null ? 0n : feeOn(times(mark, absolute(holding.amount)), book.maintenanceRate);
}

/** Mark at which the account would fall below maintenance if only this symbol moved; null when it never would. */
export function liquidationPrice(
  world: World,
  account: Account,
  book: Book,
  holding: Holding,
): bigint | null {
  if (holding.amount === 0n || markOf(book) === null) return null;
  const { equity, maintenance } = health(world, account, book.spec.quote);
  const otherEquity = equity - unrealised(book, holding);
  const otherMaintenance = maintenance - maintenanceOf(book, holding);
  // otherEquity + amount * p - cost = otherMaintenance + |amount| * p * rate, solved for p
  const numerator = (holding.cost + otherMaintenance - otherEquity) * SCALE * SCALE;
  const denominator = holding.amount * SCALE - absolute(holding.amount) * book.maintenanceRate;
  const price =
    denominator < 0n
      ? divideNear(-numerator, -denominator * book.tick)
      : divideNear(numerator, denominator * book.tick);
  return price <= 0n ? null : price * book.tick;
}

/** Average price of the open part; 0 when flat. */
export const entryPrice = (holding: Holding): bigint =>
  holding.amount === 0n
    ? 0n
    : divideNear(absolute(holding.cost) * SCALE, absolute(holding.amount) * MONEY_QUANTUM) * MONEY_QUANTUM;

/** A holding after buying (amount above 0) or selling (below 0) for `quote`, and the profit that realises. */
export function afterFill(
  holding: Pick<Holding, 'amount' | 'cost'>,
  amount: bigint,
  quote: bigint,
  quantum: bigint,
): { readonly amount: bigint; readonly cost: bigint; readonly realised: bigint } {
  const signedQuote = amount < 0n ? -quote : quote;
  if (holding.amount === 0n || holding.amount < 0n === amount < 0n)
    return { amount: holding.amount + amount, cost: holding.cost + signedQuote, realised: 0n };
  const held = absolute(holding.amount);
  const traded = absolute(amount);
  if (traded < held) {
    // The open part keeps its average; the split is rounded and the rest keeps the difference, so none is lost.
    const portion = divideNear(holding.cost * traded, held * quantum) * quantum;
    return {
      amount: holding.amount + amount,
      cost: holding.cost - portion,
      realised: -signedQuote - portion,
    };
  }
  const closingQuote = (signedQuote * held) / traded;
  return {
    amount: holding.amount + amount,
    cost: signedQuote - closingQuote,
    realised: -closingQuote - holding.cost,
  };
}
