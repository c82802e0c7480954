import type { MatchEvent, MatchFill, MatchOrderView } from '#main/matching/types';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import { isConditional } from '../wire-kit/order-state';
import { assetRow, dealOf, isTracking, orderRow, planRow, positionRow, trackRow } from './future-image';
import type { WireMarket } from './wire-market';

/** Private pushes of futures accounts: orders, fills, trigger and trailing orders, positions, money. */
export function createFutureStream(market: WireMarket, listeners: Listeners) {
  const { core, seams } = market;
  const changed = new Map<string, { readonly assets: Set<string>; readonly positions: Set<string> }>();
  let flushing = false;

  const push = (account: string, channel: string, data: unknown): void =>
    listeners.tell(account, { channel: `push.personal.${channel}`, data, ts: core.clock.now() });
  const order = (view: MatchOrderView): void => {
    const symbol = market.byInner(view.symbol);
    if (symbol === undefined) return;
    if (!isConditional(view)) push(view.account, 'order', orderRow(market, view, symbol));
    else if (isTracking(view)) push(view.account, 'track.order', trackRow(market, view, symbol));
    else push(view.account, 'plan.order', planRow(market, view, symbol));
  };
  const fill = (one: MatchFill, view: MatchOrderView): void => {
    const symbol = market.byInner(view.symbol);
    if (symbol === undefined) return;
    push(view.account, 'order.deal', dealOf(market, one, view.reduceOnly, symbol, 'isTaker'));
  };

  const feed = createOrderFeed(
    {
      placed: order,
      traded(one, view) {
        fill(one, view);
        order(view);
      },
      ended: order,
      triggered: order,
      finished: () => {},
    },
    true,
  );
  const flush = (): void => {
    flushing = false;
    for (const [account, { assets, positions }] of changed) {
      for (const inner of positions) {
        const symbol = market.byInner(inner);
        const row = symbol === undefined ? null : positionRow(market, account, symbol);
        if (row !== null) push(account, 'position', row);
      }
      for (const asset of assets) push(account, 'asset', assetRow(market, account, asset));
    }
    changed.clear();
  };
  const change = (account: string) => {
    const entry = changed.get(account) ?? { assets: new Set<string>(), positions: new Set<string>() };
    changed.set(account, entry);
    // Once for all that one command did.
    if (!flushing) {
      flushing = true;
      seams.timers.soon(flush);
    }
    return entry;
  };

  return market.onEvent((event: MatchEvent) => {
    feed(event);
    if (event.type === 'position') change(event.account).positions.add(event.symbol);
    if (event.type === 'balance') change(event.account).assets.add(event.asset);
  });
}
