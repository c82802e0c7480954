import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '#main/market/order-book';
import type { Decimal } from '#shared/domain/basics';
import { cmp } from '#shared/domain/decimal';
import type { Level } from '#shared/domain/market';

// Prices that are equal as binary numbers, of different lengths, and such that text order differs from number order.
const PRICES = [
  '9',
  '10',
  '10.5',
  '100',
  '0.1',
  '65000.000000000000001',
  '65000.000000000000002',
  '65000',
  '99999999999999999999',
];
const level = fc.tuple(
  fc.constantFrom(...PRICES),
  fc.constantFrom('0', '0', '1', '2.5'),
) as unknown as fc.Arbitrary<Level>;

describe('an order book', () => {
  it('holds what a plain table would hold, best price first, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(level, { maxLength: 9 }),
        fc.array(fc.array(level, { maxLength: 6 }), { maxLength: 12 }),
        (first, changes) => {
          const book = new OrderBook();
          book.applySnapshot({ last: 1, bids: first, asks: first });
          const table = new Map<Decimal, Decimal>();
          const set = ([price, amount]: Level): void => {
            if (amount === '0') table.delete(price);
            else table.set(price, amount);
          };
          first.forEach(set);
          changes.forEach((levels, at) => {
            book.applyDelta({ last: at + 2, bids: levels, asks: levels });
            levels.forEach(set);
            const ascending = [...table].sort(([a], [b]) => cmp(a, b));
            expect(book.top(99).asks).toEqual(ascending);
            expect(book.top(99).bids).toEqual(ascending.toReversed());
            expect(book.depth).toEqual({ bids: table.size, asks: table.size });
          });
        },
      ),
    );
  });
  it('forgets everything before a snapshot, and ignores changes before the first', () => {
    const book = new OrderBook();
    book.applyDelta({ last: 5, bids: [['1', '1'] as unknown as Level], asks: [] });
    expect([book.last, book.top(1).bids]).toEqual([null, []]);
    book.applySnapshot({ last: 7, bids: [['1', '1'] as unknown as Level], asks: [] });
    book.applySnapshot({ last: 9, bids: [['2', '1'] as unknown as Level], asks: [] });
    expect([book.last, book.top(9).bids]).toEqual([9, [['2', '1']]]);
  });
});
