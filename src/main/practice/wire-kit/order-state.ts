import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import { isZero } from '#shared/domain/decimal';

/** Waits for a price before it becomes an ordinary order. */
export const isConditional = (order: MatchOrder): boolean =>
  order.type === 'stop-market' || order.type === 'take-profit-market' || order.type === 'trailing-stop';

const ENDED: ReadonlySet<MatchOrderView['status']> = new Set(['filled', 'cancelled', 'expired', 'rejected']);
export const hasEnded = (order: MatchOrderView): boolean => ENDED.has(order.status);

/** A fill-or-kill that could not fill whole. */
export const wasKilled = (view: MatchOrderView): boolean =>
  view.timeInForce === 'fok' && view.status === 'expired' && isZero(view.filled);
