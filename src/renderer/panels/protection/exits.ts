import type { Decimal, UnixMs } from '#shared/domain/basics';
import { eq, gt, isZero } from '#shared/domain/decimal';
import type { Order } from '#shared/domain/order';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { isPaper } from '../../ui/paper';

/** An exit that acts without this program. */
export interface LiveExit {
  readonly what: 'stop' | 'exit' | 'take-profit' | 'trailing';
  readonly price: Decimal | null;
  readonly amount: Decimal | null;
  readonly clientOrderId: string;
  readonly venueOrderId: string | null;
  readonly confirmedAt: UnixMs;
}
/** An exit that only this program would make. */
export interface LocalExit {
  readonly what: 'trailing-wanted' | 'trailing-later' | 'aged' | 'stop-unsent' | 'in-doubt' | 'paper-stop';
  readonly price: Decimal | null;
  readonly detail: string | null;
}
export interface ProtectionRow {
  readonly position: Position;
  readonly live: readonly LiveExit[];
  readonly local: readonly LocalExit[];
  /** Part of the amount that no exchange stop covers is above zero. */
  readonly bare: boolean;
}

const KINDS: Partial<Record<Order['request']['type'], LiveExit['what']>> = {
  'stop-market': 'stop',
  'take-profit-market': 'take-profit',
  'trailing-stop': 'trailing',
};
const HELD: ReadonlySet<Order['status']> = new Set(['open', 'partially_filled']);
const IN_DOUBT: ReadonlySet<Order['status']> = new Set(['intended', 'sent', 'unknown']);

/** Open positions with what protects them, the least protected first, then the oldest. */
export function protectionRows(
  positions: Iterable<Position>,
  orders: Iterable<Order>,
): readonly ProtectionRow[] {
  const byPosition = new Map<string, Order[]>();
  for (const order of orders)
    byPosition.set(order.positionId, [...(byPosition.get(order.positionId) ?? []), order]);
  return [...positions]
    .filter((row) => OPEN_POSITION_STATUSES.has(row.status))
    .map((position) => rowOf(position, byPosition.get(position.id) ?? []))
    .sort((a, b) => Number(b.bare) - Number(a.bare) || a.position.openedAt - b.position.openedAt);
}

function rowOf(position: Position, orders: readonly Order[]): ProtectionRow {
  const { stop, trailing, aged, amount } = position;
  const paper = isPaper(position.venue);
  const live: LiveExit[] = [];
  const local: LocalExit[] = [];
  if (stop !== null) {
    const own = orders.find((order) => order.request.clientOrderId === stop.clientOrderId);
    if (paper) local.push({ what: 'paper-stop', price: stop.price, detail: stop.clientOrderId });
    else
      live.push({
        what: 'stop',
        price: stop.price,
        amount: stop.amount,
        clientOrderId: stop.clientOrderId,
        venueOrderId: own?.venueOrderId ?? null,
        confirmedAt: stop.confirmedAt,
      });
  } else if (!isZero(amount)) local.push({ what: 'stop-unsent', price: null, detail: null });
  for (const order of orders) {
    const { request } = order;
    if (order.leg === 'entry' || request.clientOrderId === stop?.clientOrderId) continue;
    const price = request.triggerPrice ?? request.price;
    if (HELD.has(order.status) && !paper)
      live.push({
        what: KINDS[request.type] ?? 'exit',
        price,
        amount: request.amount,
        clientOrderId: request.clientOrderId,
        venueOrderId: order.venueOrderId,
        confirmedAt: order.updatedAt,
      });
    if (IN_DOUBT.has(order.status))
      local.push({ what: 'in-doubt', price, detail: `${order.leg} ${request.clientOrderId}` });
  }
  if (trailing !== null && trailing.wanted !== null && (stop === null || !eq(trailing.wanted, stop.price)))
    local.push({ what: 'trailing-wanted', price: trailing.wanted, detail: null });
  if (trailing !== null && (trailing.state === 'inactive' || trailing.state === 'waiting'))
    local.push({ what: 'trailing-later', price: trailing.activationPrice, detail: null });
  if (aged != null) local.push({ what: 'aged', price: aged.target, detail: aged.phase });
  const bare = !isZero(amount) && (paper ? stop === null : stop === null || gt(amount, stop.amount));
  return { position, live, local, bare };
}
