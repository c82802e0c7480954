import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScale } from '#main/practice/core/scale';
import type { Decimal } from '#shared/domain/basics';
import { fromText, mul } from '#shared/domain/decimal';

describe('scale', () => {
  it('writes the same exact text as decimal multiplication', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('1', '0.1', '0.01', '0.5', '0.00001', '0.25', '10', '0.00000001'),
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
        (step, count) => {
          const text = createScale(fromText(step)).text(count);
          expect(text).toBe(mul(fromText(step), fromText(String(count))));
        },
      ),
    );
  });

  it('counts what it wrote, and refuses a text between two steps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('1', '0.1', '0.01', '0.5', '0.00001', '0.25', '10', '0.00000001'),
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
        (step, count) => {
          const scale = createScale(fromText(step));
          expect(scale.count(scale.text(count))).toBe(count);
        },
      ),
    );
    expect(createScale(fromText('0.01')).count('1.50' as Decimal)).toBe(150);
    expect(() => createScale(fromText('0.25')).count(fromText('0.3'))).toThrow(RangeError);
  });

  it('refuses a count that is not whole', () => {
    expect(() => createScale(fromText('0.1')).text(1.5)).toThrow(RangeError);
  });
});
