import type { JournalRow } from '#shared/domain/journal';
import type { Fill, Order } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';

export interface FollowUp {
  /** Last image of each order, in the order they were written. */
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  /** Last image of the position; null when there was none. */
  readonly position: Position | null;
}

/** What followed a decision, out of the journal rows of its correlation. */
export function followUp(rows: readonly JournalRow[]): FollowUp {
  const orders = new Map<string, Order>();
  const fills: Fill[] = [];
  let position: Position | null = null;
  for (const { record } of [...rows].sort((a, b) => a.seq - b.seq)) {
    if (record.kind === 'order_changed') orders.set(record.order.request.clientOrderId, record.order);
    if (record.kind === 'fill_applied') fills.push(record.fill);
    if (record.kind === 'position_changed') position = record.position;
  }
  return { orders: [...orders.values()], fills, position };
}
