import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequence, updateId } from '#main/venues/bitget/book-sync';
import { decodePublic } from '#main/venues/bitget/decode';
import { unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';

const delta = (last: number, previousLast: number | null) => ({
  first: last,
  last,
  previousLast,
  bids: [],
  asks: [],
  venueTime: unixMs(1_795_187_000_000),
});
const BTC = 'BTC/USDT:USDT' as Symbol;
const context = {
  market: 'future' as const,
  symbol: (wire: string) => (wire === 'BTCUSDT' ? BTC : undefined),
  now: () => unixMs(1_795_187_000_000),
};
const frame = (action: string, seq: string, pseq: string, extra = '') =>
  `{"action":"${action}","arg":{"instType":"usdt-futures","topic":"books","symbol":"BTCUSDT"},"data":[{"a":[["101","1"]],"b":[["100","2"]],"pseq":${pseq},"seq":${seq},"ts":"1795187000300"${extra}}],"ts":1795187000301}`;
const book = (text: string) => {
  const message = decodePublic(text, context);
  if (message.kind !== 'book') throw new Error('not a book');
  return message.book;
};

describe('the order of book updates', () => {
  it('applies an update that names the last one', () => {
    expect(sequence(10, delta(15, 10), false)).toBe('apply');
  });
  it('finds a gap when the predecessor is another one, backwards or forwards', () => {
    expect(sequence(10, delta(15, 11), false)).toBe('gap');
    expect(sequence(10, delta(15, 9), false)).toBe('gap');
  });
  it('drops what is as old as the book or older', () => {
    expect(sequence(10, delta(10, 8), false)).toBe('drop');
    expect(sequence(10, delta(7, 6), true)).toBe('drop');
  });
  it('lets the first update after a snapshot reach over it', () => {
    expect(sequence(10, delta(15, 8), true)).toBe('apply');
    expect(sequence(10, delta(15, 12), true)).toBe('gap');
  });
  it('takes predecessor 0 for a fresh start whose snapshot is missing', () => {
    expect(sequence(10, delta(15, 0), false)).toBe('gap');
  });
  it('without a predecessor (spot on the old sockets) only sees what is out of order', () => {
    expect(sequence(10, delta(15, null), false)).toBe('apply');
    expect(sequence(10, delta(9, null), false)).toBe('drop');
  });
  it('of a chain of updates, any one that is lost is a gap, and none when nothing is', () => {
    const chain = fc
      .array(fc.integer({ min: 1, max: 1_000 }), { minLength: 3, maxLength: 30 })
      .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: steps.length - 2 })));
    fc.assert(
      fc.property(chain, fc.boolean(), ([steps, missing], lose) => {
        let seq = 1_304_314_508_780_744_705n;
        const updates = steps.map((step) => {
          const previous = seq;
          seq += BigInt(step);
          return delta(updateId(String(seq)), updateId(String(previous)));
        });
        let applied = updateId('1304314508780744705');
        const seen = updates
          .filter((_update, at) => !lose || at !== missing)
          .map((update) => {
            const step = sequence(applied, update, false);
            if (step === 'apply') applied = update.last;
            return step;
          });
        expect(seen.includes('gap')).toBe(lose);
      }),
    );
  });
});

describe('update ids beyond 2^53', () => {
  it('tells neighbours apart that a number would round together, bare or quoted', () => {
    const one = '1304314508780744705';
    const next = '1304314508780744706';
    // The negative control: as numbers they are the same.
    expect(Number(one)).toBe(Number(next));
    for (const quote of ['', '"'])
      expect(
        [one, next].map((id) => {
          const message = book(frame('update', `${quote}${id}${quote}`, `${quote}${one}${quote}`));
          return message.kind === 'delta' && message.delta.last === message.delta.previousLast;
        }),
      ).toEqual([true, false]);
  });
  it('keeps the distance of neighbours', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (id, step) => {
          const far = updateId(String(id + BigInt(step))) - updateId(String(id));
          // Once in nine thousand million million ids they begin again, which counts as a gap.
          expect(far === step || far === step - 2 ** 53).toBe(true);
        },
      ),
    );
  });
  it('refuses a book without an id, or with one that is none', () => {
    expect(() => book(frame('update', '"abc"', '0'))).toThrow(/update id/);
    expect(() => book(frame('update', '1.5', '0'))).toThrow(/update id/);
    expect(() => book(frame('update', 'null', '0'))).toThrow(/update id/);
  });
  it('reads frames that carry a checksum of 0, as the best levels do', () => {
    expect(book(frame('update', '5', '4', ',"checksum":0'))).toMatchObject({ kind: 'delta' });
  });
});
