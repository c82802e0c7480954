import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '#main/market/index';
import { difference, merge, sequence, type WholeBook, WholeBooks } from '#main/venues/hyperliquid/book-sync';
import { unixMs } from '#shared/domain/basics';
import type { Level } from '#shared/domain/market';

const T = 1_795_187_000_000;
const levels = (prices: readonly number[], amount = '1'): Level[] =>
  prices.map((price) => [String(price), amount] as unknown as Level);
const book = (time: number, bids: readonly number[], asks: readonly number[], amount = '1'): WholeBook => ({
  bids: levels(bids, amount),
  asks: levels(asks, amount),
  time: unixMs(T + time),
});
const down = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from - at);
const up = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

/** A whole book around a middle that wanders; sides are sorted as the exchange sorts them. */
const anyBook = fc
  .record({
    middle: fc.integer({ min: 100, max: 120 }),
    bids: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
    asks: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
    amount: fc.integer({ min: 1, max: 3 }).map(String),
    later: fc.integer({ min: -500, max: 3_000 }),
  })
  .map(({ middle, bids, asks, amount, later }) => ({
    later,
    bids: levels(
      bids.sort((a, b) => a - b).map((by) => middle - by),
      amount,
    ),
    asks: levels(
      asks.sort((a, b) => a - b).map((by) => middle + by),
      amount,
    ),
  }));

describe('a book that comes whole with every message', () => {
  it('is told once as a snapshot and then by its changes, which build the same book', () => {
    fc.assert(
      fc.property(fc.array(anyBook, { minLength: 1, maxLength: 20 }), (messages) => {
        const books = new WholeBooks();
        const mine = new OrderBook();
        let near: WholeBook | null = null;
        let far: WholeBook | null = null;
        let at = 0;
        let last = 0;
        messages.forEach(({ later, bids, asks }, index) => {
          at += later;
          const message = { bids, asks, time: unixMs(T + at) };
          const told = books.take('BTC', message);
          const small = bids.length <= 5 && asks.length <= 5;
          const before: WholeBook | null = small ? near : far;
          if (before !== null && message.time < before.time) {
            expect(told).toBeNull();
            return;
          }
          if (small) near = message;
          else far = message;
          if (told?.kind === 'snapshot') {
            expect(index).toBe(0);
            last = told.snapshot.last;
            mine.applySnapshot(told.snapshot);
          } else if (told?.kind === 'delta') {
            expect(sequence(last, told.delta, false)).toBe('apply');
            last = told.delta.last;
            mine.applyDelta(told.delta);
          }
          const { bids: b, asks: a } = mine.top(100);
          expect({ bids: b, asks: a }).toEqual(merge(near, far));
        });
      }),
    );
  });

  it('shows the fast levels, and behind them the far ones of the plain stream', () => {
    const far = book(0, down(100, 20), up(101, 20));
    const near = book(500, down(99, 5), up(100, 5), '2');
    expect(merge(near, far)).toEqual({
      bids: [...levels(down(99, 5), '2'), ...levels(down(94, 14))],
      asks: [...levels(up(100, 5), '2'), ...levels(up(105, 16))],
    });
  });

  it('lets the newer plain book count alone, and forgets an old one', () => {
    const near = book(0, down(99, 5), up(100, 5));
    expect(merge(near, book(1, down(98, 20), up(99, 20))).bids[0]).toEqual(['98', '1']);
    expect(merge(book(12_001, down(99, 5), up(100, 5)), book(0, down(98, 20), up(99, 20))).bids).toHaveLength(
      5,
    );
  });

  it('puts nothing behind a fast side that is not full', () => {
    expect(merge(book(1, [99], up(100, 5)), book(0, down(99, 20), up(100, 20))).bids).toEqual(levels([99]));
  });

  it('begins anew after a new subscription', () => {
    const books = new WholeBooks();
    expect(books.take('BTC', book(0, [99], [100]))?.kind).toBe('snapshot');
    expect(books.take('BTC', book(1, [99], [100]))?.kind).toBe('delta');
    books.forget('BTC');
    expect(books.take('BTC', book(1, [99], [100]))?.kind).toBe('snapshot');
  });

  it('tells a level that is gone with the amount 0', () => {
    const from = book(0, [99, 98], [100]);
    const to = book(1, [99], [100, 101]);
    expect(difference(from, to)).toEqual({ bids: [['98', '0']], asks: [['101', '1']] });
  });
});

describe('the numbers we count', () => {
  const delta = (last: number) => ({
    first: last,
    last,
    previousLast: null,
    bids: [],
    asks: [],
    venueTime: unixMs(T),
  });
  it('apply the next one, drop the known ones and see a gap', () => {
    expect([6, 5, 4, 7].map((at) => sequence(5, delta(at), false))).toEqual(['apply', 'drop', 'drop', 'gap']);
  });
});
