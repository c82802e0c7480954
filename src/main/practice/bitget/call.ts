import type { MatchOrderView } from '#main/matching/types';
import type { PracticeSymbol } from '../types';
import type { Family } from '../wire-kit/order-log';
import type { Params } from '../wire-kit/params';
import { innerOrderId, innerTradeId } from './ids';
import { isPlain, isPlan } from './order-state';
import { words } from './wire-error';
import type { WireMarket } from './wire-market';

/** One request after its checks: who asks, and with what. */
export interface Call {
  readonly params: Params;
  /** Values as JSON had them, for lists of ids. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The account of the key; empty on public calls. */
  readonly account: string;
}

/**
 * The newest order of a family named by orderId or clientOid. What a trigger order became is found by the
 * exchange's id only. @throws WireError 40019 when named by neither
 */
export function findOrder(
  market: WireMarket,
  account: string,
  symbols: readonly PracticeSymbol[],
  ref: { readonly orderId?: string | undefined; readonly clientOid?: string | undefined },
  kind: 'plain' | 'plan',
): { readonly symbol: PracticeSymbol; readonly family: Family } | undefined {
  const { orderId, clientOid } = ref;
  if (orderId === undefined && clientOid === undefined) throw words.missing('orderId');
  const is = kind === 'plain' ? isPlain : isPlan;
  for (const symbol of symbols) {
    const family = market.log
      .families(account, symbol.symbol)
      .findLast(
        (one) =>
          is(one) &&
          (orderId === undefined
            ? one.parent === null && one.order.clientOrderId === clientOid
            : one.order.orderId === innerOrderId(market.kind, orderId)),
      );
    if (family !== undefined) return { symbol, family };
  }
  return undefined;
}

export const refOf = (params: Params) => ({
  orderId: params.text('orderId'),
  clientOid: params.text('clientOid'),
});

/** A page of orders, newest first: between times, older than an id. */
export function orderPage<T extends { readonly order: MatchOrderView }>(
  market: WireMarket,
  params: Params,
  rows: readonly T[],
): readonly T[] {
  const start = params.integer('startTime') ?? Number.NEGATIVE_INFINITY;
  const end = params.integer('endTime') ?? Number.POSITIVE_INFINITY;
  const before = params.text('idLessThan');
  const below = before === undefined ? Number.POSITIVE_INFINITY : innerOrderId(market.kind, before);
  return rows
    .filter(({ order }) => order.createdAt >= start && order.createdAt <= end && order.orderId < below)
    .sort((a, b) => b.order.orderId - a.order.orderId)
    .slice(0, params.limit(100, 100));
}

/** A page of fills of one symbol, newest first. Times go before the paging id, as the exchange documents. */
export function fillPage(market: WireMarket, params: Params, account: string, symbol: PracticeSymbol) {
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  const timed = start !== undefined && end !== undefined;
  const before = timed ? undefined : params.text('idLessThan');
  const below = before === undefined ? Number.POSITIVE_INFINITY : innerTradeId(market.kind, before);
  const orderId = params.text('orderId');
  const inner = orderId === undefined ? null : innerOrderId(market.kind, orderId);
  return market.log
    .fills(account, symbol.symbol)
    .filter(
      (fill) =>
        fill.at >= (start ?? 0) &&
        fill.at <= (end ?? Number.POSITIVE_INFINITY) &&
        fill.tradeId < below &&
        (inner === null || fill.orderId === inner),
    )
    .slice(-params.limit(100, 100))
    .reverse();
}
