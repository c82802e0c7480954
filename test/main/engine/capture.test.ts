import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namelessTradeId } from '#shared/domain/fill-identity';
import type { Fill } from '#shared/domain/order';
import { type drive, ENTRY, fill, opened } from './drive';
import { d } from './samples';

const amountOf = (run: ReturnType<typeof drive>) => run.images().positions.get('s1')!.amount;

describe('fills as the engine takes them', () => {
  it('M-291 books one that comes by stream and by asking once, in any order and any number of times', () => {
    const wanted = amountOf(opened());
    fc.assert(
      fc.property(
        fc.array(fc.record({ n: fc.nat(2), source: fc.constantFrom('stream' as const, 'sync' as const) }), {
          minLength: 1,
          maxLength: 12,
        }),
        (deliveries) => {
          const run = opened();
          const late = ['a', 'b', 'c'].map((id) => fill(id, ENTRY, 'buy', '1', '110'));
          for (const { n, source } of deliveries) run.tell({ type: 'fill', fill: { ...late[n]!, source } });
          const distinct = new Set(deliveries.map(({ n }) => n)).size;
          expect(Number(amountOf(run))).toBe(Number(wanted) + distinct);
          const { stream, sync } = run.engine.captured();
          expect(stream.applied + sync.applied).toBeGreaterThanOrEqual(distinct);
          const told = deliveries.length - distinct;
          expect(stream.repeated + sync.repeated).toBe(told);
        },
      ),
    );
  });

  it('M-292 counts which layer knew a fill', () => {
    const run = opened();
    const bare = { ...fill('', ENTRY, 'buy', '1', '111') };
    const nameless: Fill = { ...bare, tradeId: namelessTradeId(bare) };
    run.tell({ type: 'fill', fill: nameless });
    run.tell({
      type: 'fill',
      fill: { ...nameless, venueTime: (nameless.venueTime + 400) as never, tradeId: '~other' },
    });
    run.tell({ type: 'fill', fill: nameless });
    expect(run.engine.captured().stream.byLayer).toEqual({ 1: 1, 2: 0, 3: 1, 4: 0 });
  });

  it('adds up fees of several coins apart, points among them, and leaves one that is not told out', () => {
    const run = opened();
    const paid = (id: string, fee: Fill['fee']) =>
      run.tell({ type: 'fill', fill: { ...fill(id, ENTRY, 'buy', '1'), fee } });
    paid('f1', { cost: d('0.1'), currency: 'BNB' });
    paid('f2', { cost: d('2'), currency: 'POINT' });
    paid('f3', { cost: d('-0.05'), currency: 'BNB' });
    paid('f4', null);
    expect(run.images().positions.get('s1')!.fees).toMatchObject({ BNB: '0.05', POINT: '2' });
  });

  it('books a fill that comes thirty days after everything was over, for ever', () => {
    const run = opened();
    const late = fill('late', ENTRY, 'buy', '1');
    run.tell({ type: 'fill', fill: late }, 30 * 86_400_000);
    expect(
      run.records.some((record) => record.kind === 'fill_applied' && record.fill.tradeId === 'late'),
    ).toBe(true);
  });
});
