import { balanceOf, viewOf } from './effects';
import { entryPrice, liquidationPrice, symbolMargin, unrealised } from './margin';
import { textOrNull, toText } from './scaled';
import { type Account, isConditional, type Order, type World } from './state';
import type { AccountView, MatchOrderView } from './types';

export type OrderRef = { readonly orderId: number } | { readonly clientOrderId: string };

/** An open order of one symbol; undefined when there is none. */
export function findOpen(account: Account, symbol: string, ref: OrderRef): Order | undefined {
  const order =
    'orderId' in ref ? account.open.get(ref.orderId) : account.openByClientId.get(ref.clientOrderId);
  return order?.book.spec.symbol === symbol ? order : undefined;
}

/** The newest order that fits, open or among the latest ended. */
export function findOrder(
  account: Account,
  symbol: string,
  ref: OrderRef,
  family: 'plain' | 'conditional' | undefined,
): Order | undefined {
  const fits = (order: Order | undefined): order is Order =>
    order?.book.spec.symbol === symbol &&
    (family === undefined || isConditional(order) === (family === 'conditional'));
  const open = findOpen(account, symbol, ref);
  if (fits(open)) return open;
  if ('orderId' in ref) {
    const ended = account.ended.get(ref.orderId);
    return fits(ended) ? ended : undefined;
  }
  let newest: Order | undefined;
  for (const order of account.ended.values())
    if (order.clientOrderId === ref.clientOrderId && fits(order) && order.id > (newest?.id ?? 0))
      newest = order;
  return newest;
}

export const openViews = (account: Account, symbol: string | undefined): MatchOrderView[] =>
  [...account.open.values()]
    .filter((order) => symbol === undefined || order.book.spec.symbol === symbol)
    .map(viewOf);

/** Balances and positions as they are now. */
export function accountView(world: World, account: Account, future: boolean): AccountView {
  const balances: Record<string, AccountView['balances'][string]> = {};
  for (const asset of account.wallets.keys()) {
    const { free, locked } = balanceOf(world, account, asset, future);
    balances[asset] = { free: toText(free), locked: toText(locked) };
  }
  const positions: AccountView['positions'][number][] = [];
  for (const [symbol, holding] of account.holdings) {
    const book = world.books.get(symbol);
    if (!book) continue;
    positions.push({
      symbol,
      amount: toText(holding.amount),
      entryPrice: toText(entryPrice(holding)),
      leverage: holding.leverage,
      liquidationPrice: textOrNull(liquidationPrice(world, account, book, holding)),
      unrealised: toText(unrealised(book, holding)),
      realised: toText(holding.realised),
      margin: toText(symbolMargin(holding.cost, 0n, 0n, holding.leverage)),
    });
  }
  return { balances, positions };
}
