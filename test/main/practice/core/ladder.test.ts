import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS, ladderAround, niceGrid } from '#main/practice/core/ladder';

const shape = fc.record({
  spread: fc.integer({ min: 1, max: 500 }),
  grid: fc.integer({ min: 1, max: 5000 }),
  levelSteps: fc.integer({ min: 1, max: 100_000 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

describe('ladder', () => {
  it('is never crossed, is sorted, has amounts, and has the print at the touch it hit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e8 }),
        fc.constantFrom('buy' as const, 'sell' as const),
        shape,
        fc.integer({ min: 0, max: 2e12 }),
        (ticks, side, form, at) => {
          const { bids, asks } = ladderAround({ ticks, side }, form, at);
          expect(bids[0]![0]).toBeLessThan(asks[0]![0]);
          if (side === 'sell') expect(bids[0]![0]).toBe(ticks);
          else if (ticks > form.spread) expect(asks[0]![0]).toBe(ticks);
          expect(asks).toHaveLength(LEVELS);
          for (const [levels, direction] of [
            [bids, -1],
            [asks, 1],
          ] as const)
            levels.forEach(([price, amount], i) => {
              expect(price).toBeGreaterThanOrEqual(1);
              expect(amount).toBeGreaterThanOrEqual(1);
              if (i > 0) expect((price - levels[i - 1]![0]) * direction).toBeGreaterThan(0);
            });
        },
      ),
    );
  });

  it('keeps most of its levels when the price moves a little', () => {
    const form = { spread: 1, grid: 50, levelSteps: 1000, seed: 5 };
    const prices = (ticks: number) =>
      new Set(ladderAround({ ticks, side: 'buy' }, form, 0).asks.map(([price]) => price));
    const before = prices(900_000);
    const kept = [...prices(900_060)].filter((price) => before.has(price));
    expect(kept.length).toBeGreaterThan(LEVELS * 0.8);
  });

  it('has at least 20 levels a side', () => {
    expect(LEVELS).toBeGreaterThanOrEqual(20);
  });

  it('rounds a grid up to 1, 2 or 5 times a power of ten', () => {
    expect([0.3, 1, 1.1, 3, 7, 12, 462].map(niceGrid)).toEqual([1, 1, 2, 5, 10, 20, 500]);
  });
});
