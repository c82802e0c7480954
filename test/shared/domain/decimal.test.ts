import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decimal, Percent } from '#shared/domain/basics';
import * as dec from '#shared/domain/decimal';

const PLACES = 12;
const SCALE = 10n ** BigInt(PLACES);

/** A decimal with its exact value scaled by 10^12, the model everything is checked against. */
const text = (scaled: bigint): Decimal => {
  const sign = scaled < 0n ? '-' : '';
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(PLACES + 1, '0');
  return dec.fromText(`${sign}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`);
};
const scaledOf = (value: Decimal): bigint => {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const size = BigInt(whole) * SCALE + BigInt(fraction.padEnd(PLACES, '0').slice(0, PLACES) || '0');
  return value.startsWith('-') ? -size : size;
};
const amount = fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 22n });

describe('reading', () => {
  it.each([
    ['0.0100', '0.01'],
    ['1e-7', '0.0000001'],
    ['1E+22', '10000000000000000000000'],
    ['+5', '5'],
    ['-0', '0'],
    ['.5', '0.5'],
    ['12.', '12'],
    ['9007199254740993', '9007199254740993'],
  ])('%s is %s', (input, expected) => {
    expect(dec.fromText(input)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '1,5',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    '١٢',
    '１',
    '1e999',
    '--1',
    '1.2.3',
    '9'.repeat(43),
  ])('refuses %j', (input) => {
    expect(() => dec.fromText(input)).toThrow(RangeError);
  });

  it.each([null, undefined, 5, {}])('refuses %j, which is no text', (input) => {
    expect(() => dec.fromText(input as unknown as string)).toThrow(RangeError);
  });

  it('reads JSON numbers as they were printed and refuses what is not finite', () => {
    expect(dec.fromNumber(16.9)).toBe('16.9');
    expect(dec.fromNumber(1e-7)).toBe('0.0000001');
    expect(() => dec.fromNumber(Number.NaN)).toThrow(RangeError);
    expect(() => dec.fromNumber(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  it('is canonical: reading what was written changes nothing', () => {
    fc.assert(
      fc.property(amount, (a) => {
        const value = text(a);
        expect(dec.fromText(value)).toBe(value);
        expect(scaledOf(value)).toBe(a);
      }),
    );
  });
});

describe('sums and products', () => {
  it('are exact', () => {
    expect(dec.add('0.1' as Decimal, '0.2' as Decimal)).toBe('0.3');
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(scaledOf(dec.add(text(a), text(b)))).toBe(a + b);
        expect(scaledOf(dec.sub(text(a), text(b)))).toBe(a - b);
        expect(dec.sub(dec.add(text(a), text(b)), text(b))).toBe(text(a));
      }),
    );
  });

  it('multiply like whole numbers', () => {
    const small = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const million = 10n ** 6n;
        expect(scaledOf(dec.mul(text(a * million), text(b * million)))).toBe(a * b);
      }),
    );
  });

  it('do not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(amount), (list) => {
        const values = list.map(text);
        expect(dec.sum([...values].reverse())).toBe(dec.sum(values));
        expect(scaledOf(dec.sum(values))).toBe(list.reduce((total, each) => total + each, 0n));
      }),
    );
  });

  it('divide so that multiplying back comes within half of the last place', () => {
    fc.assert(
      fc.property(amount, positive, (a, b) => {
        const back = dec.mul(dec.div(text(a), text(b)), text(b));
        const off = dec.abs(dec.sub(back, text(a)));
        expect(dec.lte(off, dec.mul(text(b), '0.000000000000000000005' as Decimal))).toBe(true);
      }),
    );
    expect(() => dec.div(dec.ONE, dec.ZERO)).toThrow();
  });
});

describe('order', () => {
  it('compares numbers, not letters', () => {
    expect(dec.lt('9' as Decimal, '10' as Decimal)).toBe(true);
    expect(dec.gt('-9' as Decimal, '-10' as Decimal)).toBe(true);
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const expected = a < b ? -1 : a > b ? 1 : 0;
        expect(dec.cmp(text(a), text(b))).toBe(expected);
        expect(dec.cmp(text(b), text(a))).toBe(-expected + 0);
        expect(scaledOf(dec.max(text(a), text(b)))).toBe(expected === 1 ? a : b);
        expect(scaledOf(dec.min(text(a), text(b)))).toBe(expected === -1 ? a : b);
        expect(dec.eq(text(a), text(b))).toBe(a === b);
        expect(dec.gte(text(a), text(b))).toBe(a >= b);
        expect(dec.lte(text(a), text(b))).toBe(a <= b);
      }),
    );
  });

  it('knows signs, and zero has none', () => {
    expect(dec.isZero(dec.neg(dec.ZERO))).toBe(true);
    expect(dec.neg(dec.ZERO)).toBe('0');
    expect([dec.isPositive('0.1' as Decimal), dec.isNegative('-0.1' as Decimal)]).toEqual([true, true]);
    expect([dec.isPositive(dec.ZERO), dec.isNegative(dec.ZERO)]).toEqual([false, false]);
  });
});

describe('steps', () => {
  it('keeps a multiple as it is and lands on a multiple within one step', () => {
    const step = fc.constantFrom('0.01', '0.001', '1', '0.5', '0.00000001', '25') as fc.Arbitrary<Decimal>;
    const count = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(step, count, positive, (size, n, raw) => {
        const multiple = dec.mul(size, dec.fromText(n.toString()));
        for (const mode of ['down', 'up', 'half-up'] as const)
          expect(dec.toStep(multiple, size, mode)).toBe(multiple);
        const value = dec.div(text(raw), '1000000' as Decimal);
        const down = dec.toStep(value, size, 'down');
        const up = dec.toStep(value, size, 'up');
        expect(dec.toStep(down, size, 'down')).toBe(down);
        expect(dec.lte(dec.sub(up, down), size)).toBe(true);
        expect(dec.lt(dec.sub(value, down), dec.add(size, '0.000001' as Decimal))).toBe(true);
      }),
    );
  });

  it('rounds 16.9 by 0.01 to itself and refuses a step of zero', () => {
    expect(dec.toStep('16.9' as Decimal, '0.01' as Decimal, 'down')).toBe('16.9');
    expect(() => dec.toStep(dec.ONE, dec.ZERO, 'down')).toThrow(RangeError);
  });

  it('rounds down towards zero and up away from it', () => {
    expect(dec.toStep('-1.5' as Decimal, dec.ONE, 'down')).toBe('-1');
    expect(dec.toStep('-1.5' as Decimal, dec.ONE, 'up')).toBe('-2');
  });
});

describe('percentages', () => {
  it('go up and down exactly', () => {
    expect(dec.plusPercent('100' as Decimal, '2.5' as Percent)).toBe('102.5');
    expect(dec.minusPercent('100' as Decimal, '4' as Percent)).toBe('96');
    fc.assert(
      fc.property(amount, fc.integer({ min: -1_000_000, max: 1_000_000 }), (a, p) => {
        const percent = dec.div(String(p) as Decimal, '10000' as Decimal);
        expect(dec.plusPercent(text(a), percent)).toBe(dec.minusPercent(text(a), dec.neg(percent)));
      }),
    );
  });

  it('are kept with four places, half up', () => {
    expect(dec.toPercent('2.12345' as Decimal)).toBe('2.1235');
    expect(dec.toPercent('2.50000' as Decimal)).toBe('2.5');
    expect(dec.percentChange('96' as Decimal, '101.49' as Decimal)).toBe('5.71875');
    expect(() => dec.percentChange(dec.ZERO, dec.ONE)).toThrow();
  });
});

describe('the screen', () => {
  it('counts places of a step and pads to them', () => {
    expect(['0.010', '1', '0.00000001', '10'].map((step) => dec.places(step as Decimal))).toEqual([
      2, 0, 8, 0,
    ]);
    expect(dec.toFixed('1.005' as Decimal, 2)).toBe('1.01');
    expect(dec.toFixed('3' as Decimal, 2)).toBe('3.00');
    expect(dec.toNumber('1.5' as Decimal)).toBe(1.5);
  });
});
