import type { MatchEvent, MatchOrderView } from '#main/matching/types';
import type { PracticeSymbol } from '../types';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import type { Family } from '../wire-kit/order-log';
import { positionImage, walletImage } from './account';
import { executionImage, fundingImage, orderImage } from './order-image';
import type { WireMarket } from './wire-market';

/** Private events of one market's accounts, by topic: order, execution, position, wallet. */
export function createPrivateStream(market: WireMarket, listeners: Listeners) {
  const { core, seams, log } = market;
  let messages = 0;
  const positions = new Map<string, Set<PracticeSymbol>>();
  const wallets = new Set<string>();
  let flushing = false;

  const tell = (account: string, topic: string, data: readonly unknown[]): void => {
    messages += 1;
    listeners.tell(account, {
      id: `${core.clock.now()}-${messages}`,
      topic,
      creationTime: core.clock.now(),
      data,
    });
  };
  const later = (): void => {
    if (flushing) return;
    flushing = true;
    seams.timers.soon(flush);
  };
  const flush = (): void => {
    flushing = false;
    for (const [account, symbols] of positions)
      for (const symbol of symbols)
        tell(account, 'position', [positionImage(market, account, symbol, 'entryPrice')]);
    for (const account of wallets) tell(account, 'wallet', [walletImage(market, account)]);
    positions.clear();
    wallets.clear();
  };
  /** Contracts tell the position with every order, changed or not. */
  const touch = (account: string, symbol: PracticeSymbol): void => {
    if (market.kind !== 'future') return;
    const mine = positions.get(account) ?? new Set();
    positions.set(account, mine.add(symbol));
    later();
  };

  /** The order with its family, whether or not its beginning was seen from here. */
  const familyOf = (order: MatchOrderView, parent: MatchOrderView | null): Family => {
    const known = log.family(order);
    return { order, parent: parent ?? known?.parent ?? null, child: null };
  };
  const tellOrder = (family: Family): void => {
    const symbol = market.byInner(family.order.symbol);
    if (symbol === undefined) return;
    tell(family.order.account, 'order', [orderImage(market, family, symbol)]);
    touch(family.order.account, symbol);
  };

  const feed = createOrderFeed(
    {
      placed(order, parent) {
        tellOrder(familyOf(order, parent));
      },
      traded(fill, order, parent) {
        const family = familyOf(order, parent);
        const symbol = market.byInner(order.symbol);
        if (symbol === undefined) return;
        const root = family.parent === null ? order : { ...family.parent, filled: order.filled };
        tell(order.account, 'execution', [executionImage(market, fill, root, symbol)]);
        tellOrder(family);
      },
      ended(order, parent) {
        tellOrder(familyOf(order, parent));
      },
      triggered(order) {
        tellOrder({ order, parent: null, child: null });
      },
      finished: () => {},
    },
    true,
  );

  const onEvent = (event: MatchEvent): void => {
    feed(event);
    const symbol = 'symbol' in event ? market.byInner(event.symbol) : undefined;
    if (event.type === 'position' && symbol !== undefined) touch(event.account, symbol);
    if (event.type === 'balance') {
      wallets.add(event.account);
      later();
    }
    if (event.type === 'funding' && symbol !== undefined) {
      const { account, amount, rate } = event;
      const payment = { symbol: event.symbol, amount, rate, at: core.clock.now() };
      tell(account, 'execution', [fundingImage(market, payment, symbol)]);
    }
  };
  const undos = [
    market.onEvent(onEvent),
    // Taken, shown, and gone at once.
    market.stillborn.onAdd((order) => {
      tellOrder({ order: { ...order, status: 'new', expireReason: null }, parent: null, child: null });
      tellOrder({ order, parent: null, child: null });
    }),
  ];
  return (): void => {
    for (const undo of undos) undo();
  };
}
