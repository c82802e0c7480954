import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  idOf,
  integerOf,
  optionalDecimal,
  parseJson,
  positiveOrNull,
  timeOf,
  toDecimal,
} from '#main/venues/core/fields';
import { ProtocolError } from '#main/venues/venue';
import { fromText } from '#shared/domain/decimal';

describe('reading JSON', () => {
  it('keeps ids beyond 2^53 to the last digit', () => {
    const read = parseJson('{"algoId":2000000000002162519,"i":8886774,"p":0.12345678901234567}');
    expect(read).toEqual({ algoId: '2000000000002162519', i: 8886774, p: '0.12345678901234567' });
  });
  it('leaves long digits inside text alone', () => {
    const text = '{"msg":"order 2000000000002162519, \\"3000000000002162519\\" ,","n":[1234567890123456789]}';
    expect(parseJson(text)).toEqual({
      msg: 'order 2000000000002162519, "3000000000002162519" ,',
      n: ['1234567890123456789'],
    });
  });
  it('finds a long number behind any text, escaped quotes and backslashes included', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: fc.constantFrom('"', '\\', 'a', '1') }), (one, two) => {
        const text = JSON.stringify({ [one]: two, id: 0 }).replace(/0}$/, '2000000000002162519}');
        const read = parseJson(text) as Record<string, unknown>;
        expect(read.id).toBe('2000000000002162519');
        if (one !== 'id') expect(read[one]).toBe(two);
      }),
    );
  });
  it('reads any document as JSON.parse does, but for long numbers', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (text) => {
        const loosen = (value: unknown): unknown =>
          JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? String(one) : one));
        const long = /-?\d[\d.eE+-]{14}/.test(text);
        if (long) expect(() => parseJson(text)).not.toThrow();
        else expect(loosen(parseJson(text))).toEqual(loosen(JSON.parse(text)));
      }),
    );
  });
  it.each([
    ['a cut frame', '{"e":"trade","s":"BTCUS'],
    ['two documents', '{"e":"trade"}{"e":"trade"}'],
    ['a web page', '<html><body>502</body></html>'],
    ['nothing', ''],
  ])('refuses %s with a short excerpt', (_, text) => {
    expect(() => parseJson(text)).toThrow(ProtocolError);
    try {
      parseJson(text.padEnd(5_000));
    } catch (error) {
      expect((error as ProtocolError).excerpt.length).toBeLessThanOrEqual(100);
    }
  });
});

describe('reading numbers', () => {
  const wireText = fc.oneof(
    fc.stringMatching(/^\d{1,12}$/),
    fc.stringMatching(/^\d{1,12}\.\d{1,12}$/),
    fc.stringMatching(/^-?\d{1,9}(\.\d{1,9})?(e-?\d)?$/),
    fc.stringMatching(/^[0-9.eE+-]{0,8}$/),
    fc.string({ maxLength: 6 }),
  );
  it('agrees with the exact decimal reader on every text, also on what is none', () => {
    fc.assert(
      fc.property(wireText, (text) => {
        let expected: string | null = null;
        try {
          expected = fromText(text);
        } catch {}
        if (expected === null) expect(() => toDecimal(text, 'x')).toThrow(ProtocolError);
        else expect(toDecimal(text, 'x')).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });
  it('reads prices printed bare as well as quoted', () => {
    expect(toDecimal(0.1, 'p')).toBe('0.1');
    expect(toDecimal('65000.01000000', 'p')).toBe('65000.01');
    expect(toDecimal('0.00000000', 'p')).toBe('0');
  });
  it.each([[null], [undefined], [{}], [true], ['NaN'], ['0x10'], [' 1'], [Number.NaN], ['1'.repeat(50)]])(
    'refuses %s as a decimal',
    (value) => {
      expect(() => toDecimal(value, 'p')).toThrow(ProtocolError);
    },
  );
  it('takes ids and whole numbers as text or bare, and nothing with a fraction', () => {
    expect(idOf({ i: 77 }, 'i')).toBe('77');
    expect(idOf({ i: '2000000000002162519' }, 'i')).toBe('2000000000002162519');
    expect(integerOf({ u: '160' }, 'u')).toBe(160);
    for (const value of [1.5, '1.5', 2 ** 53, '', null, 'abc'])
      expect(() => integerOf({ u: value }, 'u')).toThrow(ProtocolError);
    for (const value of [1.5, 2 ** 53, '', null, 'abc'])
      expect(() => idOf({ u: value }, 'u')).toThrow(ProtocolError);
  });
  it('knows a time from a count', () => {
    expect(timeOf({ T: '1772536782139' }, 'T')).toBe(1772536782139);
    for (const T of [0, -1, 1772536782, 1772536782139000])
      expect(() => timeOf({ T }, 'T')).toThrow(ProtocolError);
  });
  it('tells unknown from zero', () => {
    expect(optionalDecimal({ n: '0' }, 'n')).toBe('0');
    expect([{}, { n: null }, { n: '' }].map((fields) => optionalDecimal(fields, 'n'))).toEqual([
      null,
      null,
      null,
    ]);
    expect(positiveOrNull({ ap: '0.00000' }, 'ap')).toBeNull();
    expect(positiveOrNull({ ap: '0.10' }, 'ap')).toBe('0.1');
  });
});
