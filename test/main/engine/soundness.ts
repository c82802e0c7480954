import { expect } from 'vitest';
import { abs, gte, isZero, neg, sum } from '#shared/domain/decimal';
import type { World } from './world';

/** What must hold once everything has come to rest after a crash anywhere. */
export function expectSound(world: World): void {
  const { positions, orders, fills } = world.images();
  const entries = world.venue.placeCalls.filter((request) => !request.reduceOnly);
  expect(new Set(entries.map((request) => request.symbol)).size).toBe(entries.length);
  const ids = world.venue.placeCalls.map((request) => request.clientOrderId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(fills).toHaveLength(world.venue.fills.length);
  for (const order of world.venue.orders.values())
    if (order.status === 'open' && !orders.has(order.request.clientOrderId))
      expect.fail(`${order.request.clientOrderId} stands at the exchange, unknown here`);
  for (const decision of world.images().decisions.values())
    if (decision.fate === 'awaiting' || decision.fate === 'pending' || decision.fate === 'opening')
      expect.fail(`signal ${decision.signal.id} is still ${decision.fate}`);
  for (const [symbol, held] of world.venue.positions) {
    const ours = [...positions.values()].filter(
      (position) => position.symbol === symbol && position.closedAt === null,
    );
    expect(
      sum(ours.map((position) => (position.side === 'long' ? position.amount : neg(position.amount)))),
    ).toBe(held);
    const stops = world.venue.stopsOf(symbol);
    if (isZero(held)) expect(stops).toHaveLength(0);
    else {
      expect(stops).toHaveLength(1);
      expect(gte(stops[0]!.request.amount!, abs(held))).toBe(true);
      expect(ours[0]).toMatchObject({ status: 'active', nakedSince: null });
      expect(ours[0]!.stop?.clientOrderId).toBe(stops[0]!.request.clientOrderId);
    }
  }
  for (const order of orders.values())
    if (order.status === 'intended' || order.status === 'sent' || order.status === 'unknown')
      expect.fail(`${order.request.clientOrderId} is still ${order.status}`);
  expect(world.events('engine_halted')).toHaveLength(0);
  expect(world.events('engine_error')).toHaveLength(0);
  for (const position of positions.values()) expect(position.status).not.toBe('phantom');
}
