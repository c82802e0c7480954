import type { MatchEvent, Matching, MatchResult } from '../../matching/types';

/** A matching engine that tells what its commands did to accounts, before the caller sees the reply. */
export interface Tracked {
  readonly matching: Matching;
  /** Events since the last take, and whether account state changed at all. */
  take(): { readonly events: readonly MatchEvent[]; readonly changed: boolean };
}

export function trackMatching(inner: Matching): Tracked {
  let events: MatchEvent[] = [];
  let changed = false;
  const note = (list: readonly MatchEvent[]): readonly MatchEvent[] => {
    for (const event of list) events.push(event);
    return list;
  };
  const noteResult = <T>(result: MatchResult<T>): MatchResult<T> => {
    if (result.ok) {
      changed = true;
      note(result.events);
    }
    return result;
  };
  return {
    matching: {
      addSymbol: (symbol) => inner.addSymbol(symbol),
      openAccount(account) {
        changed = true;
        inner.openAccount(account);
      },
      deposit(account, asset, amount, now) {
        changed = true;
        return note(inner.deposit(account, asset, amount, now));
      },
      place: (order, now) => noteResult(inner.place(order, now)),
      cancel: (account, symbol, ref, now) => noteResult(inner.cancel(account, symbol, ref, now)),
      setLeverage: (account, symbol, leverage) => noteResult(inner.setLeverage(account, symbol, leverage)),
      marketTrade: (symbol, side, price, amount, now) =>
        note(inner.marketTrade(symbol, side, price, amount, now)),
      marketQuotes: (symbol, bids, asks, now) => note(inner.marketQuotes(symbol, bids, asks, now)),
      mark: (symbol, price, now) => note(inner.mark(symbol, price, now)),
      funding: (symbol, rate, now) => note(inner.funding(symbol, rate, now)),
      book: (symbol, depth) => inner.book(symbol, depth),
      order: (account, symbol, ref) => inner.order(account, symbol, ref),
      openOrders: (account, symbol) => inner.openOrders(account, symbol),
      account: (account) => inner.account(account),
      snapshot: () => inner.snapshot(),
      restore(snapshot) {
        changed = true;
        inner.restore(snapshot);
      },
    },
    take() {
      const taken = { events, changed };
      events = [];
      changed = false;
      return taken;
    },
  };
}
