import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import { isZero, neg } from '#shared/domain/decimal';
import type { PracticeCore } from '../types';
import { isConditional, wasKilled } from './order-state';

export type OrderRef = { readonly orderId: number } | { readonly clientOrderId: string };

export interface Income {
  readonly symbol: string;
  readonly kind: 'funding' | 'fee' | 'pnl';
  readonly amount: Decimal;
  readonly asset: string;
  readonly at: UnixMs;
  readonly tradeId: number | null;
}

/** A conditional order with the ordinary one it became; `child` is null until the trigger fires. */
export interface Family {
  readonly order: MatchOrderView;
  readonly parent: MatchOrderView | null;
  readonly child: MatchOrderView | null;
}

const matches = (view: MatchOrderView, ref: OrderRef): boolean =>
  'orderId' in ref ? view.orderId === ref.orderId : view.clientOrderId === ref.clientOrderId;

/**
 * The questions a wire asks about what an account did; the answers come from the core's own history. Where a
 * fill-or-kill that was killed is refused (`tellKilled` false), it never becomes part of the history.
 */
export function createOrderLog(core: PracticeCore, tellKilled: boolean) {
  const orders = (account: string, symbol: string): readonly MatchOrderView[] => {
    const all = core.history(account, symbol).orders;
    return tellKilled ? all : all.filter((view) => !wasKilled(view));
  };

  const families = (account: string, symbol: string): readonly Family[] => {
    const all = [...orders(account, symbol)].sort((a, b) => a.orderId - b.orderId);
    const byId = new Map(all.map((view) => [view.orderId, view]));
    const parents = new Map<number, MatchOrderView>();
    for (const view of all) if (view.childOrderId !== null) parents.set(view.childOrderId, view);
    return all.map((order) => ({
      order,
      parent: parents.get(order.orderId) ?? null,
      child: order.childOrderId === null ? null : (byId.get(order.childOrderId) ?? null),
    }));
  };

  return {
    families,
    /**
     * The newest order of the kind with that id. A child carries its parent's client id, so the question names
     * which of the two families it means; spot has but one, where the parent stands for both.
     */
    find(account: string, symbol: string, ref: OrderRef, kind: 'plain' | 'conditional' | 'root') {
      return families(account, symbol).findLast(({ order, parent }) => {
        if (!matches(order, ref)) return false;
        if (kind === 'root') return parent === null;
        return isConditional(order) === (kind === 'conditional');
      });
    },
    family: (view: MatchOrderView): Family | undefined =>
      families(view.account, view.symbol).find(({ order }) => order.orderId === view.orderId),
    /** Oldest first. */
    fills: (account: string, symbol: string): readonly MatchFill[] => core.history(account, symbol).fills,
    /** Oldest first; commission and losses negative. */
    income(account: string, symbol: string | undefined): readonly Income[] {
      const { fills, funding } = core.history(account, symbol);
      const quotes = new Map(core.symbols.map((one) => [one.symbol, one.quote]));
      const entries: Income[] = funding.map((one) => ({
        symbol: one.symbol,
        kind: 'funding',
        amount: one.amount,
        asset: quotes.get(one.symbol) ?? 'USDT',
        at: one.at,
        tradeId: null,
      }));
      for (const fill of fills) {
        const base = { symbol: fill.symbol, asset: fill.feeAsset, at: fill.at, tradeId: fill.tradeId };
        entries.push({ ...base, kind: 'pnl', amount: fill.realised });
        entries.push({ ...base, kind: 'fee', amount: neg(fill.fee) });
      }
      return entries.filter((one) => !isZero(one.amount)).sort((a, b) => a.at - b.at);
    },
  };
}
export type OrderLog = ReturnType<typeof createOrderLog>;
