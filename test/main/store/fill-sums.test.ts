import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import { unixMs } from '#shared/domain/basics';
import { add } from '#shared/domain/decimal';
import { hasTradeId, namelessTradeId } from '#shared/domain/fill-identity';
import type { Fill } from '#shared/domain/order';
import { dec, fill, order } from './records';
import { at, migrations, seams } from './world';

const openRaw = () => {
  const db = openDatabase({ file: ':memory:', seams, migrations });
  return { db, store: createStore(db, { file: ':memory:', seams, migrations }) };
};

describe('fees of an order, remembered from fill to fill', () => {
  const fee = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.integer({ min: -50, max: 50 }).map((n) => ({ cost: dec(String(n)), currency: 'USDT' })),
    },
    { weight: 1, arbitrary: fc.constant({ cost: dec('1'), currency: 'BNB' }) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  it('are what its fills add up to, in any batches, with writes that were rolled back in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ fees: fc.array(fee, { minLength: 1, maxLength: 4 }), fails: fc.boolean() }), {
          maxLength: 8,
        }),
        (batches) => {
          const { db, store } = openRaw();
          store.record([{ kind: 'order_changed', order: order(), fact: 'accepted', why: 'test' }], at(1));
          const kept: Fill['fee'][] = [];
          let id = 0;
          for (const { fees, fails } of batches) {
            const records = fees.map(
              (paid) =>
                ({
                  kind: 'fill_applied',
                  fill: fill(String(++id), { fee: paid }),
                  positionId: null,
                }) as const,
            );
            // A row that the database refuses takes the whole batch with it.
            const broken = { kind: 'fill_applied', fill: fill('', {}), positionId: null } as const;
            if (fails) expect(() => store.record([...records, broken], at(2))).toThrow();
            else {
              store.record(records, at(2));
              kept.push(...fees);
            }
          }
          const known =
            kept.length > 0 && kept.every((each) => each !== null && each.currency === kept[0]?.currency);
          const total = known ? kept.reduce((sum, each) => add(sum, each!.cost), dec('0')) : null;
          expect(db.prepare('SELECT fee, fee_currency FROM orders').raw().get()).toEqual([
            total,
            known ? kept[0]!.currency : null,
          ]);
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('fills like one', () => {
  it('M-292 are those of the same order, side, amount and price within a second: all for one without an id, else only those without', () => {
    const { store } = openRaw();
    const nameless = (ms: number) => {
      const made = fill('', { venueTime: unixMs(1_760_000_000_000 + ms) });
      return { ...made, tradeId: namelessTradeId(made) };
    };
    const named = fill('7', { venueTime: unixMs(1_760_000_000_500) });
    const rows = [nameless(0), named, nameless(2_000)];
    store.record(
      rows.map((row) => ({ kind: 'fill_applied', fill: row, positionId: null }) as const),
      at(1),
    );
    expect(store.fillsLike(named).map(hasTradeId)).toEqual([false]);
    expect(
      store
        .fillsLike(nameless(900))
        .map(({ tradeId }) => tradeId)
        .sort(),
    ).toEqual(['7', nameless(0).tradeId].sort());
    expect(store.fillsLike({ ...named, amount: dec('9') })).toEqual([]);
    expect([store.hasFill(named), store.hasFill(fill('8'))]).toEqual([true, false]);
    store.close();
  });
});
