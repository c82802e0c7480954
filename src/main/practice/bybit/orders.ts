import type { MatchOrderView } from '#main/matching/types';
import type { PracticeSymbol } from '../types';
import { oneFace } from '../wire-kit/order-face';
import type { Family } from '../wire-kit/order-log';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import type { Params } from '../wire-kit/params';
import { type Call, page, window } from './call';
import { orderIdOf, readOrderId } from './ids';
import { orderImage } from './order-image';
import { type OrderFilter, readFilter, readOrder } from './order-input';
import { badParam, duplicateId, noSuchOrder, toWireError } from './wire-error';
import { isUnnamed, type WireMarket } from './wire-market';

interface Found {
  readonly family: Family;
  readonly symbol: PracticeSymbol;
}

/** What the exchange keeps of ended orders beside the open ones. */
const RECENT = 500;

/** Orders behind a key of one market: placing and cancelling are only taken, the stream tells what became of them. */
export function createOrders(market: WireMarket) {
  const { log, core, kind } = market;
  /** Which family of waiting orders a spot order was placed in; the engine knows one. */
  const filters = new Map<string, OrderFilter>();

  const alone = (order: MatchOrderView): Family => ({ order, parent: null, child: null });
  const symbolOf = (order: MatchOrderView): PracticeSymbol => market.byInner(order.symbol)!;
  /** Every order of an account as a trader knows them, newest first. */
  const all = (account: string, symbols: readonly PracticeSymbol[]): Found[] => {
    const names = new Set(symbols.map((one) => one.symbol));
    const ghosts = market.stillborn.of(account).filter((one) => names.has(one.symbol));
    const found: Found[] = [
      ...symbols.flatMap((symbol) =>
        log
          .families(account, symbol.symbol)
          .filter(({ parent }) => parent === null)
          .map((family) => ({ family, symbol })),
      ),
      ...ghosts.map((order) => ({ family: alone(order), symbol: symbolOf(order) })),
    ];
    return found.sort(
      (a, b) =>
        b.family.order.createdAt - a.family.order.createdAt ||
        b.family.order.orderId - a.family.order.orderId,
    );
  };
  const isOpen = ({ family }: Found): boolean => !hasEnded(oneFace(family));
  const filterOf = ({ family: { order } }: Found): OrderFilter =>
    isConditional(order) ? (filters.get(order.clientOrderId) ?? 'StopOrder') : 'Order';
  const symbolsOf = (params: Params): readonly PracticeSymbol[] =>
    params.text('symbol') === undefined ? core.symbols : [market.symbolOf(params)];

  /** Orders a call names by id or client id; null when it names none. An id counts before a client id. */
  const named = (params: Params): ((found: Found) => boolean) | null => {
    const id = params.text('orderId');
    const link = params.text('orderLinkId');
    if (id !== undefined) {
      const orderId = readOrderId(kind, id);
      return ({ family }) => family.order.orderId === orderId;
    }
    return link === undefined
      ? null
      : ({ family }) => family.order.clientOrderId === link && !isUnnamed(link);
  };
  const reply = (order: MatchOrderView) => ({
    orderId: orderIdOf(kind, order.orderId),
    orderLinkId: isUnnamed(order.clientOrderId) ? '' : order.clientOrderId,
  });
  const image = ({ family, symbol }: Found) => orderImage(market, family, symbol);

  const cancelFound = (account: string, { family, symbol }: Found): void => {
    // After a trigger the engine knows the live order by the child's id.
    const target = family.child ?? family.order;
    market.command(symbol, (matching, now) =>
      matching.cancel(account, symbol.symbol, { orderId: target.orderId }, now),
    );
  };

  return {
    create({ params, account }: Call) {
      const { filter, order } = readOrder(market, params, account);
      const taken =
        !isUnnamed(order.clientOrderId) &&
        all(account, core.symbols).some(({ family }) => family.order.clientOrderId === order.clientOrderId);
      if (taken) throw duplicateId(kind);
      const result = core.run((matching, now) => matching.place(order, now));
      if (result.ok) {
        if (filter !== 'Order') filters.set(order.clientOrderId, filter);
        core.publish(result.events);
        return reply(result.value);
      }
      // Taken by Bybit, and cancelled when its turn comes.
      if (result.code === 'post-only-would-take' || result.code === 'no-liquidity')
        return reply(market.stillborn.add(order, result.code));
      throw toWireError(kind, result.code, market.symbolOf(params).minNotional, order.side);
    },
    cancel({ params, account }: Call) {
      const symbol = market.symbolOf(params);
      const isNamed = named(params);
      if (isNamed === null) throw badParam('orderId or orderLinkId is required.');
      const filter = readFilter(params) ?? 'Order';
      const found = all(account, [symbol]).find(
        (one) => isNamed(one) && isOpen(one) && (kind === 'future' || isReached(filterOf(one), one, filter)),
      );
      if (found === undefined) throw noSuchOrder(kind);
      cancelFound(account, found);
      return reply(found.family.order);
    },
    cancelAll({ params, account }: Call) {
      const filter = readFilter(params);
      const open = all(account, symbolsOf(params)).filter(
        (one) =>
          isOpen(one) &&
          (filter === null ? kind === 'future' || filterOf(one) === 'Order' : filterOf(one) === filter),
      );
      for (const one of open) cancelFound(account, one);
      return { list: open.map(({ family }) => reply(family.order)), success: '1' };
    },
    /** Open orders of every family, or the last that ended; an order that is named is told either way. */
    realtime({ params, account }: Call) {
      requireScope(params);
      const filter = readFilter(params);
      const isNamed = named(params);
      const closed = params.text('openOnly') === '1';
      const rows = all(account, symbolsOf(params))
        .filter((one) => filter === null || filterOf(one) === filter)
        .filter((one) => (isNamed === null ? isOpen(one) !== closed : isNamed(one)));
      const { list, nextPageCursor } = page(rows.slice(0, RECENT), params, 20, 50);
      return { category: market.category, list: list.map(image), nextPageCursor };
    },
    history({ params, account }: Call) {
      const { start, end } = window(params, core.clock.now());
      const filter = readFilter(params);
      const isNamed = named(params);
      const rows = all(account, symbolsOf(params)).filter(
        (one) =>
          !isOpen(one) &&
          (filter === null || filterOf(one) === filter) &&
          (isNamed === null
            ? one.family.order.createdAt >= start && one.family.order.createdAt <= end
            : isNamed(one)),
      );
      const { list, nextPageCursor } = page(rows, params, 20, 50);
      return { category: market.category, list: list.map(image), nextPageCursor };
    },
  };

  /** Contracts want to be narrowed down. */
  function requireScope(params: Params): void {
    const scoped = ['symbol', 'baseCoin', 'settleCoin'].some((name) => params.text(name) !== undefined);
    if (kind === 'future' && !scoped)
      throw badParam('Missing some parameters that must be filled in, symbol or settleCoin or baseCoin');
  }
  /** Once it has triggered, a waiting order is a plain one. */
  function isReached(own: OrderFilter, one: Found, asked: OrderFilter): boolean {
    const triggered = one.family.child !== null;
    return triggered ? asked === 'Order' : own === asked;
  }
}
export type Orders = ReturnType<typeof createOrders>;
