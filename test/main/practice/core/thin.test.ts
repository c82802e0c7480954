import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOf, type TapePrint } from '#main/practice/core/feed';
import { thin } from '#main/practice/core/thin';

const prints = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 })), { maxLength: 60 })
  .map((list): TapePrint[] =>
    list.map(([ticks, steps], at) => ({ at, ticks, steps, side: ticks % 2 ? 'buy' : 'sell' })),
  );

describe('thin', () => {
  it('keeps first, high, low, last, order and the whole amount within the budget', () => {
    fc.assert(
      fc.property(prints, fc.integer({ min: 4, max: 20 }), (list, most) => {
        const kept = thin(list, most);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, 4));
        const [before, after] = [barOf(list), barOf(kept)];
        expect(after && [after.open, after.high, after.low, after.close, after.steps]).toEqual(
          before && [before.open, before.high, before.low, before.close, before.steps],
        );
        for (let i = 1; i < kept.length; i++) expect(kept[i]!.at).toBeGreaterThan(kept[i - 1]!.at);
      }),
    );
  });

  it('keeps the last print with all amounts when there is room for one only', () => {
    const prints = [3, 9, 1, 5].map((ticks, i) => ({ at: i, ticks, steps: i + 1, side: 'buy' as const }));
    expect(thin(prints, 1)).toEqual([{ at: 3, ticks: 5, steps: 10, side: 'buy' }]);
  });
});
