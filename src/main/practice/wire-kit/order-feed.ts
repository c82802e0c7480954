import type { MatchEvent, MatchFill, MatchOrderView } from '#main/matching/types';
import { hasEnded, isConditional, wasKilled } from './order-state';

/** What a private stream is told about orders, each fact once and in the order it happened. */
export interface OrderFacts {
  /** The exchange has taken the order; shown as it was before it could fill. */
  placed(order: MatchOrderView, parent: MatchOrderView | null): void;
  traded(fill: MatchFill, order: MatchOrderView, parent: MatchOrderView | null): void;
  /** Cancelled, expired or rejected. */
  ended(order: MatchOrderView, parent: MatchOrderView | null): void;
  /** A conditional order became the ordinary order `order.childOrderId`. */
  triggered(order: MatchOrderView): void;
  /** The ordinary order a conditional one became has ended. */
  finished(parent: MatchOrderView, child: MatchOrderView): void;
}

/** The order as it was when it came in. */
const asPlaced = (order: MatchOrderView): MatchOrderView => ({
  ...order,
  status: isConditional(order) ? 'waiting' : 'new',
  filled: '0' as MatchOrderView['filled'],
  filledQuote: '0' as MatchOrderView['filledQuote'],
  updatedAt: order.createdAt,
});

/**
 * Turns engine events into facts about orders. A fill-or-kill is announced with its first fill only, so that on
 * futures, where a killed one is refused, nobody hears of it; `tellKilled` is spot's way, which shows it expire.
 */
export function createOrderFeed(facts: OrderFacts, tellKilled: boolean) {
  const announced = new Set<number>();
  const parents = new Map<number, MatchOrderView>();
  // Whether a fill of an order by value was its last is known only when the order ends.
  const held = new Map<number, { readonly fill: MatchFill; readonly order: MatchOrderView }>();

  const announce = (order: MatchOrderView): void => {
    if (announced.has(order.orderId)) return;
    announced.add(order.orderId);
    facts.placed(asPlaced(order), parents.get(order.orderId) ?? null);
  };
  const finish = (order: MatchOrderView): void => {
    const parent = parents.get(order.orderId);
    if (!hasEnded(order)) return;
    announced.delete(order.orderId);
    if (parent === undefined) return;
    parents.delete(order.orderId);
    facts.finished(parent, order);
  };

  const tell = (fill: MatchFill, order: MatchOrderView): void =>
    facts.traded(fill, order, parents.get(order.orderId) ?? null);
  const release = (orderId: number, final?: MatchOrderView): void => {
    const last = held.get(orderId);
    held.delete(orderId);
    if (last !== undefined) tell(last.fill, final ?? last.order);
  };

  const onOrder = (order: MatchOrderView): void => {
    const parent = parents.get(order.orderId) ?? null;
    switch (order.status) {
      case 'new':
      case 'waiting':
        if (order.timeInForce !== 'fok' || tellKilled) announce(order);
        return;
      case 'triggered':
        if (order.childOrderId === null) return;
        parents.set(order.childOrderId, order);
        announced.delete(order.orderId);
        facts.triggered(order);
        return;
      case 'cancelled':
      case 'expired':
      case 'rejected':
        if (!tellKilled && wasKilled(order)) return;
        release(order.orderId);
        // An order from before the start of this wire was announced back then.
        facts.ended(order, parent);
        finish(order);
        return;
      case 'filled':
        release(order.orderId, order);
        finish(order);
        return;
      case 'partially-filled':
        return;
    }
  };

  return (event: MatchEvent): void => {
    if (event.type === 'order') onOrder(event.order);
    else if (event.type === 'fill') {
      if (event.order.timeInForce === 'fok') announce(event.order);
      release(event.fill.orderId);
      if (event.order.amount === null) held.set(event.fill.orderId, { fill: event.fill, order: event.order });
      else tell(event.fill, event.order);
      finish(event.order);
    }
  };
}
