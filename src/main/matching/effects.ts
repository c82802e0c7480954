import type { Decimal, UnixMs } from '#shared/domain/basics';
import { entryPrice, initialMargin } from './margin';
import { least, most, textOrNull, toText } from './scaled';
import { type Account, type Book, isFuture, type Order, type World, walletOf } from './state';
import type { MatchEvent, MatchOrderView } from './types';

/** Image of an order as it is now. */
export function viewOf(order: Order): MatchOrderView {
  return {
    account: order.account.name,
    clientOrderId: order.clientOrderId,
    symbol: order.book.spec.symbol,
    side: order.side,
    type: order.type,
    amount: textOrNull(order.amount),
    ...(order.quoteAmount === null ? {} : { quoteAmount: toText(order.quoteAmount) }),
    price: textOrNull(order.price),
    triggerPrice: textOrNull(order.trigger),
    triggerBy: order.triggerBy,
    ...(order.callback === null ? {} : { callbackPercent: toText(order.callback) }),
    timeInForce: order.timeInForce,
    reduceOnly: order.reduceOnly,
    closePosition: order.closePosition,
    orderId: order.id,
    status: order.status,
    filled: toText(order.filled),
    filledQuote: toText(order.filledQuote),
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    expireReason: order.expireReason,
    childOrderId: order.childOrderId,
  };
}

/** Free and locked of one asset. Futures: locked is the initial margin, free + locked the wallet balance. */
export function balanceOf(
  world: World,
  account: Account,
  asset: string,
  future: boolean,
): { readonly free: bigint; readonly locked: bigint } {
  const wallet = walletOf(account, asset);
  if (!future) return wallet;
  const locked = least(most(wallet.free, 0n), initialMargin(world, account, asset));
  return { free: wallet.free - locked, locked };
}

/**
 * Collects what one command does. Order, fill and trade events stand in the order they happened; positions,
 * balances and book levels follow once each, with their final value.
 */
export class Effects {
  readonly events: MatchEvent[] = [];
  readonly books = new Set<Book>();
  private readonly balances = new Map<Account, Set<string>>();
  private readonly positions = new Map<Account, Set<Book>>();

  constructor(
    private readonly world: World,
    readonly now: UnixMs,
    private readonly future: boolean,
  ) {}

  order(order: Order): void {
    order.updatedAt = this.now;
    this.events.push({ type: 'order', order: viewOf(order) });
    if (isFuture(order.book)) this.balance(order.account, order.book.spec.quote);
  }

  balance(account: Account, asset: string): void {
    const assets = this.balances.get(account);
    if (assets) assets.add(asset);
    else this.balances.set(account, new Set([asset]));
  }

  position(account: Account, book: Book): void {
    const books = this.positions.get(account);
    if (books) books.add(book);
    else this.positions.set(account, new Set([book]));
    this.balance(account, book.spec.quote);
  }

  /** Accounts whose position changed, for clean-up at the end. */
  touchedAccounts(): readonly Account[] {
    return [...this.positions.keys()];
  }

  finish(): readonly MatchEvent[] {
    for (const [account, books] of this.positions) for (const book of books) this.tellPosition(account, book);
    for (const [account, assets] of this.balances)
      for (const asset of assets) this.tellBalance(account, asset);
    for (const book of this.books) {
      for (const side of [book.bids, book.asks])
        for (const { price, amount } of side.takeChanges())
          this.events.push({ type: 'level', symbol: book.spec.symbol, side: side.kind, price, amount });
    }
    return this.events;
  }

  private tellPosition(account: Account, book: Book): void {
    const holding = account.holdings.get(book.spec.symbol);
    if (!holding) return;
    this.events.push({
      type: 'position',
      account: account.name,
      symbol: book.spec.symbol,
      amount: toText(holding.amount),
      entryPrice: toText(entryPrice(holding)),
      realised: toText(holding.realised),
    });
  }

  private tellBalance(account: Account, asset: string): void {
    const wallet = walletOf(account, asset);
    const { free, locked } = balanceOf(this.world, account, asset, this.future);
    if (wallet.told.free === free && wallet.told.locked === locked) return;
    wallet.told = { free, locked };
    this.events.push({
      type: 'balance',
      account: account.name,
      asset,
      free: toText(free) as Decimal,
      locked: toText(locked) as Decimal,
    });
  }
}
