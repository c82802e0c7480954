import type { MatchEvent, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { div } from '#shared/domain/decimal';
import { createOrderFeed } from '../wire-kit/order-feed';
import { printed } from './format';
import { fillImages, orderImage, statusOf } from './order-image';
import type { Side, WireState } from './wire-state';

/** A private message by the subscription that carries it. */
export interface AccountMessage {
  readonly [key: string]: unknown;
  readonly type: 'userFills' | 'orderUpdates' | 'userEvents';
  readonly message: unknown;
}

/** Tells the listeners of accounts what happens to them on one market. Returns its undo. */
export function startAccountFeed(state: WireState, side: Side): () => void {
  const tell = (account: string, type: AccountMessage['type'], message: unknown): void =>
    state.listeners.tell(account, { type, message });

  const update = (order: MatchOrderView, at: number): void => {
    const listed = side.ofInner(order.symbol);
    if (listed === undefined) return;
    const row = { order: orderImage(order, listed), status: statusOf(order), statusTimestamp: at };
    tell(order.account, 'orderUpdates', { channel: 'orderUpdates', data: [row] });
  };
  /** The order as its trader knows it: what a stop became goes on under the stop's number. */
  const known = (order: MatchOrderView, parent: MatchOrderView | null): MatchOrderView =>
    parent === null
      ? order
      : {
          ...parent,
          status: order.status,
          filled: order.filled,
          updatedAt: order.updatedAt,
          expireReason: order.expireReason,
        };

  const feed = createOrderFeed(
    {
      placed(order, parent) {
        if (parent === null) update(order, order.createdAt);
      },
      traded(fill, order, parent) {
        const listed = side.ofInner(fill.symbol);
        if (listed === undefined) return;
        const row = fillImages(state, side, fill.account, listed).findLast(
          (one) => one.tid % 2 ** 33 === fill.tradeId,
        );
        if (row !== undefined) {
          const user = state.addressOf(fill.account);
          tell(fill.account, 'userFills', { channel: 'userFills', data: { user, fills: [row] } });
          tell(fill.account, 'userEvents', { channel: 'user', data: { fills: [row] } });
        }
        update(known(order, parent), fill.at);
      },
      ended: (order, parent) => update(known(order, parent), order.updatedAt),
      triggered: (order) => update(order, order.updatedAt),
      finished: () => {},
    },
    true,
  );

  const funding = (event: Extract<MatchEvent, { type: 'funding' }>): void => {
    const listed = side.ofInner(event.symbol);
    if (listed === undefined) return;
    const { positions } = side.view.core.matching.account(event.account);
    const szi = positions.find(({ symbol }) => symbol === event.symbol)?.amount ?? '0';
    const paid = {
      time: side.view.core.clock.now(),
      coin: listed.coin,
      usdc: printed(event.amount),
      szi: printed(szi),
      fundingRate: div(event.rate, '8' as Decimal),
    };
    tell(event.account, 'userEvents', { channel: 'user', data: { funding: paid } });
  };

  return side.view.onEvent((event) => {
    feed(event);
    if (event.type === 'funding') funding(event);
  });
}
