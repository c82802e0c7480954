import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/types';
import type { ClientOrderId } from '#shared/domain/basics';
import { drive, fill, opened } from './drive';
import { BTC, d, FUTURE, startFrom, T0 } from './samples';

type Run = ReturnType<typeof drive>;
const HOUR = 3_600_000;
const positions = (amount: string): EngineEvent => ({
  type: 'venue-positions',
  venue: FUTURE,
  positions: [{ symbol: BTC, amount: d(amount), entryPrice: d('100') }],
});
const again = (run: Run): Run => drive(startFrom(run.records));
const sameAfterRestart = (run: Run): void => {
  const before = run.engine.positions().filter((position) => position.closedAt === null);
  const next = again(run);
  next.tell({ type: 'recover' }, 1_000);
  expect(next.engine.positions()).toEqual(before);
  expect(next.events('invariant_broken')).toEqual([]);
};

describe('a restart', () => {
  it('M-104 keeps an amount that was taken over from the exchange, more and less', () => {
    for (const amount of ['3', '1']) {
      const run = opened();
      run.tell(positions(amount));
      run.tell(positions(amount), 10_000);
      run.order(run.places().at(-1)!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-2' as never });
      expect(run.images().positions.get('s1')?.amount).toBe(amount);
      sameAfterRestart(run);
    }
  });

  it('M-104 keeps an imported position that was partly closed outside', () => {
    const run = drive();
    run.ready();
    run.tell({ type: 'price', venue: FUTURE, symbol: BTC, price: d('100') });
    run.tell(positions('2'));
    run.tell(positions('2'), 10_000);
    run.order(run.places()[0]!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-1' as never });
    const late = { venueTime: (T0 + 30_000) as never };
    run.tell({ type: 'fill', fill: { ...fill('8', 'web' as ClientOrderId, 'sell', '0.5', '110'), ...late } });
    // Told late, but already part of what the list showed when it was taken over.
    run.tell({ type: 'fill', fill: fill('9', 'web' as ClientOrderId, 'sell', '0.5', '110') });
    const imported = run.engine.positions()[0]!;
    expect(imported).toMatchObject({ amount: '1.5', realised: '5', status: 'active' });
    sameAfterRestart(run);
  });

  it('M-106 goes on counting the age of a position, from its image and on the market clock', () => {
    const run = opened();
    run.tell({ type: 'wake', key: 'aged|s1' }, 3 * HOUR + 1);
    const next = again(run);
    next.tell({ type: 'recover' }, 4 * HOUR);
    expect(next.engine.positions()[0]?.aged).toMatchObject({ phase: 'grace' });
    expect(next.intents).toContainEqual({ kind: 'wake', key: 'aged|s1', afterMs: HOUR, clock: 'market' });
    next.tell({ type: 'price', venue: FUTURE, symbol: BTC, price: d('100.1') });
    expect(next.engine.positions()[0]).toMatchObject({ closeReason: 'aged_grace' });
  });

  it('M-101 keeps the longest time without a stop', () => {
    const run = opened();
    run.order('w7k2p-s1-s1' as ClientOrderId, { kind: 'cancelled', venueOrderId: null }, 20_000);
    run.order(run.places().at(-1)!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-2' as never }, 900);
    expect(again(run).engine.positions()[0]?.longestNakedMs).toBe(900);
  });
});
