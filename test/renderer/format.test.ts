import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decimal } from '#shared/domain/basics';
import { fromText, toFixed } from '#shared/domain/decimal';
import {
  countdownText,
  decimalText,
  directionOf,
  durationText,
  groupThousands,
  numberText,
  signedNumberText,
  signedText,
  UNKNOWN,
  utcText,
} from '../../src/renderer/ui/format';

const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
  .map(([negative, digits, places]) => {
    const padded = digits.toString().padStart(places + 1, '0');
    const whole = padded.slice(0, padded.length - places);
    const fraction = places === 0 ? '' : `.${padded.slice(-places)}`;
    return fromText(`${negative ? '-' : ''}${whole}${fraction}`);
  });
const ungroup = (text: string) => text.replaceAll('\u2009', '').replace('\u2212', '-').replace('+', '');

describe('numbers on the screen', () => {
  it('keep their value when thousands are grouped', () => {
    fc.assert(fc.property(decimal, (value) => ungroup(decimalText(value)) === value));
  });

  it('have exactly the decimals of their column', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 10 }), (value, places) => {
        const fraction = decimalText(value, places).split('.')[1] ?? '';
        expect(fraction).toHaveLength(places);
      }),
    );
  });

  it('group the whole part by three and never the fraction', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const [whole = '', fraction] = decimalText(value).replace('\u2212', '').split('.');
        expect(whole).toMatch(/^\d{1,3}(\u2009\d{3})*$/);
        if (fraction !== undefined) expect(fraction).toMatch(/^\d+$/);
      }),
    );
    expect(groupThousands('-1234567.12345')).toBe('\u22121\u2009234\u2009567.12345');
  });

  it('carry a sign exactly when what is shown is not zero', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 6 }), (value, places) => {
        const text = signedText(value, places);
        const zero = !/[1-9]/.test(text);
        expect(/^[+\u2212]/.test(text)).toBe(!zero);
        expect(ungroup(text)).toBe(zero ? toFixed('0' as Decimal, places) : toFixed(value, places));
        expect(directionOf(text)).toBe(zero ? 'flat' : value.startsWith('-') ? 'down' : 'up');
      }),
    );
  });

  it('show what is not known as a dash and never as 0', () => {
    for (const unknown of [null, undefined]) {
      expect(decimalText(unknown, 2)).toBe(UNKNOWN);
      expect(signedText(unknown, 2)).toBe(UNKNOWN);
      expect(numberText(unknown, 2)).toBe(UNKNOWN);
    }
    expect(numberText(Number.NaN, 2)).toBe(UNKNOWN);
    expect(numberText(Number.POSITIVE_INFINITY, 2)).toBe(UNKNOWN);
    expect(durationText(null)).toBe(UNKNOWN);
  });

  it('have no negative zero', () => {
    expect(numberText(-0.001, 2)).toBe('0.00');
    expect(signedNumberText(-0.001, 2)).toBe('0.00');
    expect(decimalText('-0.001' as Decimal, 2)).toBe('0.00');
    expect(signedText('-0.004' as Decimal, 2)).toBe('0.00');
  });

  it('are never in scientific notation', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e15, max: 1e15, noNaN: true }),
        (value) => !/e/i.test(numberText(value, 8)),
      ),
    );
  });
});

describe('times on the screen', () => {
  it('name a duration in at most two units', () => {
    expect(durationText(4000)).toBe('4 s');
    expect(durationText(200_000)).toBe('3 min');
    expect(durationText(27 * 60_000)).toBe('27 min');
    expect(durationText(2 * 3_600_000 + 5 * 60_000)).toBe('2 h 05 min');
    expect(durationText(76 * 3_600_000)).toBe('3 d 4 h');
    expect(durationText(-500)).toBe('0 s');
  });

  it('count down without going below zero', () => {
    expect(countdownText(192_000)).toBe('03:12');
    expect(countdownText(3_792_000)).toBe('1:03:12');
    expect(countdownText(-1)).toBe('00:00');
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e9 }), (ms) =>
        /^(\d+:)?\d{2}:\d{2}$/.test(countdownText(ms)),
      ),
    );
  });

  it('give UTC in tooltips', () => {
    expect(utcText(0)).toBe('1970-01-01 00:00:00 UTC');
  });
});
