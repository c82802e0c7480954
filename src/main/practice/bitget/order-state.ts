import type { MatchOrderView } from '#main/matching/types';
import type { Family } from '../wire-kit/order-log';
import { isConditional } from '../wire-kit/order-state';
import type { PlanType, WireMarket } from './wire-market';

export const isPlain = ({ order }: Family): boolean => !isConditional(order);
export const isPlan = ({ order }: Family): boolean => isConditional(order);
/** Waits or is on the book. */
export const isOpen = ({ order }: Family): boolean =>
  order.status === 'new' || order.status === 'partially-filled' || order.status === 'waiting';

/** Status of a plain order; what expired or was refused later counts as cancelled. */
export function plainStatus(order: MatchOrderView): 'live' | 'partially_filled' | 'filled' | 'cancelled' {
  switch (order.status) {
    case 'new':
    case 'waiting':
    case 'triggered':
      return 'live';
    case 'partially-filled':
      return 'partially_filled';
    case 'filled':
      return 'filled';
    default:
      return 'cancelled';
  }
}

/** Status of a trigger order. */
export function planStatus(order: MatchOrderView): 'live' | 'executed' | 'cancelled' | 'fail_execute' {
  switch (order.status) {
    case 'cancelled':
      return 'cancelled';
    case 'expired':
    case 'rejected':
      return 'fail_execute';
    case 'triggered':
    case 'filled':
      return order.childOrderId === null ? 'fail_execute' : 'executed';
    default:
      return 'live';
  }
}

/** The exact family of a trigger order. */
export function planTypeOf(market: WireMarket, order: MatchOrderView): PlanType {
  const known = market.planTypes.get(order.orderId);
  if (known !== undefined) return known;
  if (order.type === 'trailing-stop') return 'track_plan';
  const loss = order.type === 'stop-market';
  if (order.closePosition) return loss ? 'pos_loss' : 'pos_profit';
  if (market.kind === 'spot' || !order.reduceOnly) return 'normal_plan';
  return loss ? 'loss_plan' : 'profit_plan';
}

/** The word under which a family is listed. */
export const listedAs = (type: PlanType): 'normal_plan' | 'track_plan' | 'profit_loss' =>
  type === 'normal_plan' || type === 'track_plan' ? type : 'profit_loss';

const STREAM_TYPE: Readonly<Record<PlanType, string>> = {
  normal_plan: 'pl',
  track_plan: 'track',
  loss_plan: 'sl',
  profit_plan: 'tp',
  pos_loss: 'psl',
  pos_profit: 'ptp',
};
export const streamPlanType = (type: PlanType): string => STREAM_TYPE[type];
