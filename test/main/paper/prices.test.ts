import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOf, onGrid, scaled, tradeOnGrid } from '#main/paper/grid';
import { toSpec } from '#main/paper/match-terms';
import { PriceBook } from '#main/paper/price-book';
import { cmp, div, gt, gte, lte } from '#shared/domain/decimal';
import type { BookDeltaEvent, BookSnapshotEvent, Level, TopEvent } from '#shared/domain/market';
import { BTC, createWorld, d } from './world';

const base = { venue: 'binance_future', symbol: BTC, venueTime: null, seenAt: 0 as never } as const;
const levels = (side: readonly (readonly [string, string])[]): Level[] =>
  side.map(([price, amount]) => [d(price), d(amount)]);
const snapshot = (
  bids: readonly (readonly [string, string])[],
  asks: readonly (readonly [string, string])[],
): BookSnapshotEvent => ({
  ...base,
  type: 'book-snapshot',
  last: 1,
  bids: levels(bids),
  asks: levels(asks),
});
const delta = (
  bids: readonly (readonly [string, string])[],
  asks: readonly (readonly [string, string])[],
): BookDeltaEvent => ({
  ...base,
  type: 'book-delta',
  first: 2,
  last: 2,
  previousLast: 1,
  bids: levels(bids),
  asks: levels(asks),
});
const top = (bid: string, ask: string): TopEvent => ({
  ...base,
  type: 'top',
  bid: d(bid),
  bidAmount: d('1'),
  ask: d(ask),
  askAmount: d('2'),
});

describe('the price book', () => {
  it('knows nothing before anything was said, and ignores changes of a book it has not seen', () => {
    const book = new PriceBook();
    book.applyDelta(delta([['99', '1']], [['101', '1']]));
    expect(book.ladder(20)).toBeNull();
    expect(book.whole).toBe(false);
  });

  it('puts the fast best prices in front and only what is worse behind them', () => {
    const book = new PriceBook();
    book.applySnapshot(
      snapshot(
        [
          ['100', '5'],
          ['99', '6'],
          ['9', '7'],
        ],
        [
          ['101', '5'],
          ['102', '6'],
          ['110', '7'],
        ],
      ),
    );
    book.applyTop(top('99', '101.5'));
    expect(book.ladder(20)).toEqual({
      bids: levels([
        ['99', '1'],
        ['9', '7'],
      ]),
      asks: levels([
        ['101.5', '2'],
        ['102', '6'],
        ['110', '7'],
      ]),
    });
    expect(book.ladder(2)?.asks).toHaveLength(2);
  });

  it('takes absolute amounts and removes a level with amount 0', () => {
    const book = new PriceBook();
    book.applySnapshot(snapshot([['99', '1']], [['101', '1']]));
    book.applyDelta(
      delta(
        [
          ['99', '0'],
          ['98', '4'],
        ],
        [
          ['101', '3'],
          ['103', '0'],
        ],
      ),
    );
    expect(book.ladder(20)).toEqual({ bids: levels([['98', '4']]), asks: levels([['101', '3']]) });
  });

  it('offers nothing while it is crossed, and does not take a crossed top', () => {
    const book = new PriceBook();
    book.applySnapshot(snapshot([['101', '1']], [['100', '1']]));
    expect(book.ladder(20)).toBeNull();
    book.applyTop(top('100', '100'));
    expect(book.ladder(20)).toBeNull();
  });

  it('is sorted and holds the last amount of each price, whatever came', () => {
    const change = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const book = new PriceBook();
        book.applySnapshot(snapshot([], []));
        const model = new Map<string, string>();
        for (const [ticks, amount] of changes) {
          const price = div(d(String(ticks)), d('10'));
          book.applyDelta(delta([], [[price, String(amount)]]));
          model.set(price, String(amount));
        }
        const expected = [...model]
          .filter(([, amount]) => amount !== '0')
          .sort(([a], [b]) => cmp(d(a), d(b)))
          .slice(0, 20);
        expect(book.ladder(20)?.asks ?? []).toEqual(expected);
      }),
    );
  });
});

describe('the grid', () => {
  const spec = toSpec(createWorld().instrument(BTC, { tickSize: d('0.5'), stepSize: d('0.01') }), {
    taker: d('0'),
    maker: d('0'),
  });
  const grid = gridOf(spec);

  it('leaves a ladder alone that stands on it', () => {
    const ladder = levels([
      ['100.5', '1'],
      ['100', '0.01'],
    ]);
    expect(onGrid(ladder, 'bid', grid)).toBe(ladder);
  });

  it('moves quotes to the tick that is worse for the taker, joins them and drops what is below a step', () => {
    const between = levels([
      ['100.6', '1.019'],
      ['100.9', '2'],
      ['101.2', '0.001'],
    ]);
    expect(onGrid(between, 'ask', grid)).toEqual(levels([['101', '3.01']]));
  });

  it('never makes a quote better or larger than it is', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }));
    fc.assert(
      fc.property(level, fc.constantFrom<'bid' | 'ask'>('bid', 'ask'), ([p, a], side) => {
        const price = div(d(String(p)), d('1000'));
        const amount = div(d(String(a)), d('1000'));
        for (const [at, size] of onGrid([[price, amount]], side, grid)) {
          expect(side === 'bid' ? lte(at, price) : gte(at, price)).toBe(true);
          expect(lte(size, amount) && gt(size, d('0'))).toBe(true);
          expect(scaled(at)! % grid.scaledTick).toBe(0n);
          expect(scaled(size)! % grid.scaledStep).toBe(0n);
        }
      }),
    );
  });

  it('keeps every trade a trade, at least one step large', () => {
    expect(tradeOnGrid(d('100.7'), d('0.001'), grid)).toEqual(['100.5', '0.01']);
    expect(tradeOnGrid(d('100'), d('3'), grid)).toEqual(['100', '3']);
    expect(tradeOnGrid(d('0.1'), d('3'), grid)).toBeNull();
  });

  it('refuses a tick of nothing', () => {
    expect(() => gridOf({ ...spec, tickSize: d('0') })).toThrow(RangeError);
  });
});
