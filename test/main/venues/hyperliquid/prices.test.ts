import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidPrice, stepOf, tickSize, toValidPrice } from '#main/venues/hyperliquid/prices';
import type { Decimal } from '#shared/domain/basics';
import { cmp, fromText, mul, toStep } from '#shared/domain/decimal';

const price = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, places]) => fromText(`${digits}e-${places}`));
const sizes = fc.integer({ min: 0, max: 5 });

describe('prices of five significant figures', () => {
  it.each([
    ['68010', 5, true],
    ['68010.5', 5, false],
    ['1234.5', 4, true],
    ['1234.56', 4, false],
    ['0.001234', 0, true],
    ['0.001234', 1, false],
    ['123456', 0, true],
    ['0', 0, false],
  ])('%s with %i decimals of size is taken: %s', (text, size, taken) => {
    expect(isValidPrice('future', size, text as Decimal)).toBe(taken);
  });

  it('allows two decimals more on spot', () => {
    expect(isValidPrice('spot', 0, '0.00012345' as Decimal)).toBe(true);
    expect(isValidPrice('future', 0, '0.00012345' as Decimal)).toBe(false);
  });

  it('rounds any price to one that is taken, and never past the asked side', () => {
    fc.assert(
      fc.property(price, sizes, (value, size) => {
        const down = toValidPrice('future', size, value, 'down');
        const up = toValidPrice('future', size, value, 'up');
        for (const one of [down, up, toValidPrice('future', size, value, 'half-up')])
          expect(isValidPrice('future', size, one)).toBe(true);
        expect(cmp(up, value)).toBeGreaterThanOrEqual(0);
        if (cmp(value, stepOf(6 - size)) >= 0) expect(cmp(down, value)).toBeLessThanOrEqual(0);
        if (isValidPrice('future', size, value)) expect([down, up]).toEqual([value, value]);
      }),
    );
  });

  it('tells a step all of whose multiples are taken until the price has risen by half', () => {
    fc.assert(
      fc.property(price, sizes, fc.double({ min: 0.05, max: 1.5, noNaN: true }), (value, size, factor) => {
        const step = tickSize('future', size, value);
        const later = toStep(mul(value, fromText(factor.toFixed(6))), step, 'down');
        if (cmp(later, '0' as Decimal) > 0) expect(isValidPrice('future', size, later)).toBe(true);
      }),
    );
  });

  it('tells the smallest step where there is no price yet', () => {
    expect(tickSize('future', 2, null)).toBe('0.0001');
    expect(tickSize('spot', 8, null)).toBe('1');
  });
});
