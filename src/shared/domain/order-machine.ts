import type { OrderFact, OrderStatus } from './order';

/** What a fact does to an order: its next status, 'stay' (true but nothing new), or 'impossible' (halt and show). */
export type Transition = OrderStatus | 'stay' | 'impossible';

type Row = Readonly<Record<OrderFact, Transition>>;

/**
 * The whole (status x fact) table. Late fills are accepted for ever: money that moved is never argued with.
 * Store and screen read this table; nobody repeats it.
 */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, Row>> = {
  intended: {
    sent: 'sent',
    'not-sent': 'rejected',
    accepted: 'open',
    rejected: 'rejected',
    'reply-lost': 'unknown',
    'part-filled': 'partially_filled',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'absent',
  },
  sent: {
    sent: 'stay',
    'not-sent': 'rejected',
    accepted: 'open',
    rejected: 'rejected',
    'reply-lost': 'unknown',
    'part-filled': 'partially_filled',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'absent',
  },
  unknown: {
    sent: 'stay',
    'not-sent': 'impossible',
    accepted: 'open',
    rejected: 'rejected',
    'reply-lost': 'stay',
    'part-filled': 'partially_filled',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'absent',
  },
  open: {
    sent: 'stay',
    'not-sent': 'impossible',
    accepted: 'stay',
    rejected: 'rejected',
    'reply-lost': 'stay',
    'part-filled': 'partially_filled',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'absent',
  },
  partially_filled: {
    sent: 'stay',
    'not-sent': 'impossible',
    accepted: 'stay',
    rejected: 'cancelled',
    'reply-lost': 'stay',
    'part-filled': 'stay',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'impossible',
  },
  filled: {
    sent: 'stay',
    'not-sent': 'impossible',
    accepted: 'stay',
    rejected: 'impossible',
    'reply-lost': 'stay',
    'part-filled': 'stay',
    filled: 'stay',
    cancelled: 'stay',
    expired: 'stay',
    absent: 'stay',
  },
  cancelled: {
    sent: 'stay',
    'not-sent': 'stay',
    accepted: 'stay',
    rejected: 'stay',
    'reply-lost': 'stay',
    'part-filled': 'stay',
    filled: 'filled',
    cancelled: 'stay',
    expired: 'stay',
    absent: 'stay',
  },
  rejected: {
    sent: 'stay',
    'not-sent': 'stay',
    accepted: 'open',
    rejected: 'stay',
    'reply-lost': 'stay',
    'part-filled': 'partially_filled',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'stay',
  },
  expired: {
    sent: 'stay',
    'not-sent': 'stay',
    accepted: 'stay',
    rejected: 'stay',
    'reply-lost': 'stay',
    'part-filled': 'stay',
    filled: 'filled',
    cancelled: 'stay',
    expired: 'stay',
    absent: 'stay',
  },
  absent: {
    sent: 'stay',
    'not-sent': 'stay',
    accepted: 'open',
    rejected: 'rejected',
    'reply-lost': 'stay',
    'part-filled': 'partially_filled',
    filled: 'filled',
    cancelled: 'cancelled',
    expired: 'expired',
    absent: 'stay',
  },
};

const ENDED: ReadonlySet<OrderStatus> = new Set(['filled', 'cancelled', 'rejected', 'expired', 'absent']);
/** True when the venue holds nothing of the order any more (a late fill may still arrive and is applied). */
export const isEnded = (status: OrderStatus): boolean => ENDED.has(status);

/** Next status, or the same one when the fact changes nothing. @throws Error when the pair cannot happen. */
export function nextOrderStatus(status: OrderStatus, fact: OrderFact): OrderStatus {
  const next = ORDER_TRANSITIONS[status][fact];
  if (next === 'impossible')
    throw new Error(`order machine: ${fact} cannot happen to an order that is ${status}`);
  return next === 'stay' ? status : next;
}
