import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BookDelta, BookSync, type SequenceRule } from '#main/venues/core/book-sync';
import { sequence } from '#main/venues/mexc/book-sync';
import type { Decimal } from '#shared/domain/basics';
import { at } from './world';

const delta = (first: number, last: number, bids: BookDelta['bids'] = []): BookDelta => ({
  first,
  last,
  previousLast: null,
  bids,
  asks: [],
  venueTime: at(0),
});

describe('the order of MEXC’s book changes', () => {
  it.each([
    ['ends before the snapshot', 90, 99, 'drop'],
    ['ends with the snapshot', 90, 100, 'drop'],
    ['reaches over the snapshot', 95, 105, 'apply'],
    ['follows without a hole', 101, 101, 'apply'],
    ['begins after a hole', 102, 110, 'gap'],
    ['comes again', 80, 90, 'drop'],
  ] as const)('a change that %s', (_, first, last, step) => {
    expect(sequence(100, delta(first, last))).toBe(step);
  });

  /** The book after updates 1..n, each of which sets one price to its own number. */
  const truth = (updates: readonly number[], upTo: number): Map<number, number> => {
    const book = new Map<number, number>();
    for (const [index, price] of updates.slice(0, upTo).entries()) book.set(price, index + 1);
    return book;
  };

  /** Whatever is told is the exchange's book at that update, from any snapshot and any cutting of the changes. */
  const holds = (rule: SequenceRule): void => {
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 30 });
    const plan = fc.record({
      prices: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 5, maxLength: 60 }),
      cuts,
      snapshotAt: fc.double({ min: 0, max: 1, noNaN: true }),
      heardAt: fc.double({ min: 0, max: 1, noNaN: true }),
      lost: fc.option(fc.nat(20), { nil: null }),
    });
    fc.assert(
      fc.property(plan, ({ prices, cuts, snapshotAt, heardAt, lost }) => {
        const deltas: BookDelta[] = [];
        for (let from = 0, turn = 0; from < prices.length; turn++) {
          const size = cuts[turn % cuts.length]!;
          const part = prices.slice(from, from + size);
          const levels = new Map(part.map((price, index) => [price, from + index + 1]));
          const bids = [...levels].map(([p, n]) => [String(p) as Decimal, String(n) as Decimal] as const);
          deltas.push(delta(from + 1, from + part.length, bids));
          from += part.length;
        }
        const snapshotLast = Math.floor(snapshotAt * prices.length);
        const firstHeard = Math.floor(heardAt * deltas.length);
        const sync = new BookSync(rule);
        const book = new Map<number, number>();
        let last = 0;
        let fetches = 0;
        const run = (steps: ReturnType<BookSync['start']>): void => {
          for (const step of steps) {
            if (step.kind === 'fetch') fetches++;
            if (step.kind === 'snapshot') {
              book.clear();
              for (const [p, n] of step.snapshot.bids) book.set(Number(p), Number(n));
              last = step.snapshot.last;
            }
            if (step.kind === 'delta') {
              for (const [p, n] of step.delta.bids) book.set(Number(p), Number(n));
              last = step.delta.last;
            }
          }
        };
        run(sync.start());
        deltas.slice(firstHeard).forEach((one, index) => {
          if (index !== lost) run(sync.delta(one));
          if (one.last >= snapshotLast && fetches > 0 && last === 0) {
            const bids = [...truth(prices, snapshotLast)].map(
              ([p, n]) => [String(p) as Decimal, String(n) as Decimal] as const,
            );
            run(sync.snapshot({ last: snapshotLast, bids, asks: [] }));
          }
          // Whatever was told so far is the exchange's book at that update, never a mixture.
          if (last > 0) expect(book).toEqual(truth(prices, last));
        });
      }),
      { numRuns: 300 },
    );
  };
  it('rebuilds the exchange’s book from any snapshot and any cutting of the changes, or asks again', () => {
    holds(sequence);
  });
  it('would be found wrong by that test if it let holes pass', () => {
    expect(() => holds((applied, { last }) => (last <= applied ? 'drop' : 'apply'))).toThrow();
  });
});
