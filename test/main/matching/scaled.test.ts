import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  divideDown,
  divideNear,
  divideUp,
  feeOn,
  SCALE,
  toScaled,
  toText,
  tryScaled,
} from '#main/matching/scaled';
import { cmp } from '#shared/domain/decimal';
import { d } from './desk';

const units = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

describe('scaled numbers', () => {
  it('read back what they write', () => {
    fc.assert(fc.property(units, (value) => toScaled(toText(value)) === value));
  });

  it('keep the order of the decimals they stand for', () => {
    fc.assert(
      fc.property(units, units, (a, b) => cmp(toText(a), toText(b)) === (a < b ? -1 : a > b ? 1 : 0)),
    );
  });

  it.each([
    ['0', '0'],
    ['-0.5', '-0.5'],
    ['12.340', '12.34'],
    ['0.000000000001', '0.000000000001'],
  ])('write %s canonically as %s', (text, canonical) => {
    expect(toText(toScaled(text as ReturnType<typeof d>))).toBe(canonical);
  });

  it('refuse what they cannot hold exactly', () => {
    expect(() => toScaled(d('0.0000000000001'))).toThrow(RangeError);
    expect(tryScaled(d('0.0000000000001'))).toBeNull();
  });

  it('round in the named direction', () => {
    const divisor = fc.bigInt({ min: 1n, max: 10n ** 15n });
    fc.assert(
      fc.property(units, divisor, (value, by) => {
        const down = divideDown(value, by);
        const up = divideUp(value, by);
        const near = divideNear(value, by);
        const distance = 2n * (near * by - value);
        return (
          down * by <= value &&
          value < (down + 1n) * by &&
          up === (down * by === value ? down : down + 1n) &&
          distance > -by &&
          distance <= by
        );
      }),
    );
  });

  it('never charge less than the rate, nor a whole 1e-8 more', () => {
    const value = fc.bigInt({ min: 0n, max: 10n ** 24n });
    const rate = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 10n });
    fc.assert(
      fc.property(value, rate, (amount, part) => {
        const over = feeOn(amount, part) * SCALE - amount * part;
        return over >= 0n && over < SCALE * 10n ** 4n;
      }),
    );
  });
});
