import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { select } from '#main/engine/selection';
import { sizePosition } from '#main/engine/sizing';
import { eq, gte, lte, mul, toStep } from '#shared/domain/decimal';
import { BTC, d, instrument, signal } from './samples';

describe('sizing a position', () => {
  it.each([
    ['200', '100', {}, { ok: true, amount: '2', costUsd: '200', raised: false }],
    ['200', '33333', {}, { ok: true, amount: '0.006', costUsd: '199.998', raised: false }],
    // 4.90 rounds up to the minimum of 5 USD: 0.005 x 1000, 2 % above the wish.
    ['4.9', '1000', {}, { ok: true, amount: '0.005', costUsd: '5', raised: true }],
    ['4', '1000', {}, { ok: false, reason: 'size_too_small' }],
    ['100', '95000', { minAmount: d('0.001') }, { ok: true, amount: '0.001', costUsd: '95', raised: false }],
    ['90', '95000', {}, { ok: true, amount: '0.001', costUsd: '95', raised: true }],
    ['80', '95000', {}, { ok: false, reason: 'size_too_small' }],
    ['200', '0.01', { maxAmount: d('10000') }, { ok: false, reason: 'size_too_large' }],
    ['200', '0', {}, { ok: false, reason: 'no_price' }],
    [
      '9.5',
      '1',
      { minNotional: null, stepSize: d('1'), minAmount: d('1') },
      { ok: true, amount: '10', raised: true },
    ],
  ] as const)('M-083 %s USD at %s', (size, price, over, expected) => {
    expect(sizePosition(d(size), d(price), instrument(BTC, over))).toMatchObject(expected);
  });

  it('M-083 is whole steps, above every minimum and never above 110 % of the wish', () => {
    const cents = fc.integer({ min: 1, max: 100_000_000 }).map((n) => d((n / 100).toFixed(2)));
    const step = fc.constantFrom('0.00001', '0.001', '0.1', '1', '100').map(d);
    fc.assert(
      fc.property(cents, cents, step, cents, (size, price, stepSize, minNotional) => {
        const of = instrument(BTC, { stepSize, minAmount: stepSize, minNotional });
        const sizing = sizePosition(size, price, of);
        if (!sizing.ok) return;
        expect(eq(toStep(sizing.amount, stepSize, 'down'), sizing.amount)).toBe(true);
        expect(gte(sizing.amount, stepSize)).toBe(true);
        expect(gte(mul(sizing.amount, price), minNotional)).toBe(true);
        expect(lte(sizing.costUsd, mul(size, d('1.1')))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('selecting', () => {
  const of = (id: number, scoreWeek: number, scoreMonth: number) => ({
    signal: signal(id, BTC, { scoreWeek, scoreMonth }),
  });
  it('M-050 M-065 sorts by both scores, then the week, then the id, and keeps three more than the target', () => {
    const list = [
      of(9, 80, 70),
      of(2, 75, 90),
      of(7, 90, 75),
      of(5, 90, 75),
      of(1, 1, 1),
      of(3, 2, 2),
      of(4, 3, 3),
    ];
    const { chosen, rest } = select(list, 2);
    expect(chosen.map((each) => each.signal.id)).toEqual([5, 7, 2, 9, 4]);
    expect(rest.map((each) => each.signal.id)).toEqual([3, 1]);
  });
});
