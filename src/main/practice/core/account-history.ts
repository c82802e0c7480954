import type { UnixMs } from '#shared/domain/basics';
import type { MatchEvent, MatchFill, MatchOrderView } from '../../matching/types';
import type { AccountHistory, FundingRecord } from '../types';

const MOST_ORDERS = 500;
const MOST_FILLS = 2000;
const MOST_FUNDING = 500;

/** Plain JSON, by account. */
export type SavedHistory = Readonly<Record<string, AccountHistory>>;

export interface HistoryBook {
  /** Keeps what concerns accounts; true when something did. */
  record(events: readonly MatchEvent[], now: UnixMs): boolean;
  of(account: string, symbol?: string): AccountHistory;
  save(): SavedHistory;
}

interface Pages {
  readonly orders: Map<string, MatchOrderView>;
  readonly fills: MatchFill[];
  readonly funding: FundingRecord[];
}

const live = (order: MatchOrderView): boolean =>
  order.status === 'new' || order.status === 'partially-filled' || order.status === 'waiting';

const orderKey = (order: MatchOrderView): string => `${order.symbol}|${order.orderId}`;

/** What accounts did, newest image of each order; live orders are never dropped for being old. */
export function createHistoryBook(saved: SavedHistory | null): HistoryBook {
  const accounts = new Map<string, Pages>();
  for (const [account, pages] of Object.entries(saved ?? {})) {
    accounts.set(account, {
      orders: new Map(pages.orders.map((order) => [orderKey(order), order])),
      fills: [...pages.fills],
      funding: [...pages.funding],
    });
  }
  const pagesOf = (account: string): Pages => {
    let pages = accounts.get(account);
    if (!pages) {
      pages = { orders: new Map(), fills: [], funding: [] };
      accounts.set(account, pages);
    }
    return pages;
  };
  const keepOrder = (order: MatchOrderView): void => {
    const { orders } = pagesOf(order.account);
    orders.set(orderKey(order), order);
    if (orders.size <= MOST_ORDERS) return;
    for (const [key, old] of orders) {
      if (live(old)) continue;
      orders.delete(key);
      return;
    }
  };
  const bounded = <T>(list: T[], item: T, most: number): void => {
    list.push(item);
    if (list.length > most) list.splice(0, list.length - most);
  };
  return {
    record(events, now) {
      let concerns = false;
      for (const event of events) {
        if (event.type === 'trade' || event.type === 'level') continue;
        concerns = true;
        if (event.type === 'order') keepOrder(event.order);
        else if (event.type === 'fill') {
          keepOrder(event.order);
          bounded(pagesOf(event.fill.account).fills, event.fill, MOST_FILLS);
        } else if (event.type === 'funding') {
          const { symbol, amount, rate } = event;
          bounded(pagesOf(event.account).funding, { symbol, amount, rate, at: now }, MOST_FUNDING);
        }
      }
      return concerns;
    },
    of(account, symbol) {
      const pages = pagesOf(account);
      const mine = (entry: { readonly symbol: string }): boolean => !symbol || entry.symbol === symbol;
      return {
        orders: [...pages.orders.values()].filter(mine),
        fills: pages.fills.filter(mine),
        funding: pages.funding.filter(mine),
      };
    },
    save: () =>
      Object.fromEntries(
        [...accounts].map(([account, pages]) => [account, { ...pages, orders: [...pages.orders.values()] }]),
      ),
  };
}
