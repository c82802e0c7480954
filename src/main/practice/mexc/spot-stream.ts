import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { sub, ZERO } from '#shared/domain/decimal';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import { dealFrame, orderFrame } from './spot-image';
import type { WireMarket } from './wire-market';

const channel = (name: 'orders' | 'deals' | 'account') => `spot@private.${name}.v3.api.pb`;

interface Money {
  readonly free: Decimal;
  readonly locked: Decimal;
}

/** Private frames of spot accounts: orders, deals and one frame for each changed asset. */
export function createSpotStream(market: WireMarket, listeners: Listeners) {
  const { core, seams } = market;
  const told = new Map<string, Money>();
  const changed = new Map<string, Map<string, Money>>();
  let flushing = false;

  const tell = (order: MatchOrderView, fill: MatchFill | null): void => {
    const symbol = market.byInner(order.symbol);
    if (symbol === undefined) return;
    const head = { symbol: symbol.wireSymbol, sendTime: core.clock.now() };
    if (fill !== null)
      listeners.tell(order.account, { channel: channel('deals'), ...head, privateDeals: dealFrame(fill) });
    listeners.tell(order.account, {
      channel: channel('orders'),
      ...head,
      privateOrders: orderFrame(order, fill),
    });
  };
  const feed = createOrderFeed(
    {
      placed: (order) => tell(order, null),
      traded: (fill, order) => tell(order, fill),
      ended: (order) => tell(order, null),
      triggered: () => {},
      finished: () => {},
    },
    true,
  );
  const flush = (): void => {
    flushing = false;
    const now = core.clock.now();
    for (const [account, assets] of changed)
      for (const [asset, { free, locked }] of assets) {
        const before = told.get(`${account}|${asset}`) ?? { free: ZERO, locked: ZERO };
        told.set(`${account}|${asset}`, { free, locked });
        listeners.tell(account, {
          channel: channel('account'),
          createTime: now,
          sendTime: now,
          privateAccount: {
            vcoinName: asset,
            coinId: asset.toLowerCase(),
            balanceAmount: free,
            balanceAmountChange: sub(free, before.free),
            frozenAmount: locked,
            frozenAmountChange: sub(locked, before.locked),
            type: 'ENTRUST',
            time: now,
          },
        });
      }
    changed.clear();
  };

  return market.onEvent((event) => {
    feed(event);
    if (event.type !== 'balance') return;
    const assets = changed.get(event.account) ?? new Map<string, Money>();
    changed.set(event.account, assets);
    assets.set(event.asset, { free: event.free, locked: event.locked });
    // Once for all that one command did.
    if (!flushing) {
      flushing = true;
      seams.timers.soon(flush);
    }
  });
}
