import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilderAtr } from '#main/market/atr';
import type { Candle } from '#shared/domain/market';
import { BTC, candle, createWorld, MINUTE, START, VENUE } from './world';

const FIRST = START / MINUTE;
const bars = (rows: readonly (readonly [high: number, low: number, close: number])[]): Candle[] =>
  rows.map(([high, low, close], at) => candle(FIRST - rows.length + at, true, { high, low, close }));

// True ranges by hand, from the second bar on: 2, 2, 1.5 (down from 11.5), 3.5 (up from 10.5), 0.5.
const BY_HAND = bars([
  [10, 8, 9],
  [11, 9, 10],
  [12, 11, 11.5],
  [11.5, 10, 10.5],
  [14, 12, 13],
  [13, 12.5, 12.75],
]);

describe('the average true range by Wilder', () => {
  it('M-103 agrees with an example counted by hand', () => {
    expect(wilderAtr(BY_HAND.slice(0, 4), 3)).toBeCloseTo(5.5 / 3, 12);
    expect(wilderAtr(BY_HAND.slice(0, 5), 3)).toBeCloseTo((2 * (5.5 / 3) + 3.5) / 3, 12);
    expect(wilderAtr(BY_HAND, 3)).toBeCloseTo(1.759_259_259_259, 9);
  });
  it('M-103 is unknown before there are enough candles', () => {
    expect(wilderAtr(BY_HAND.slice(0, 3), 3)).toBeNull();
    expect(wilderAtr([], 14)).toBeNull();
    expect(wilderAtr(BY_HAND, 0)).toBeNull();
    expect(wilderAtr(BY_HAND, Number.NaN)).toBeNull();
  });
  it('M-103 lies within the ranges it averages, and grows with the price unit', () => {
    const price = fc.double({ min: 1, max: 1_000, noNaN: true });
    const bar = fc.tuple(price, price, price).map((three) => {
      const [low, close, high] = three.toSorted((a, b) => a - b) as [number, number, number];
      return [high, low, close] as const;
    });
    fc.assert(
      fc.property(
        fc.array(bar, { minLength: 6, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (rows, n) => {
          const ranges = rows.slice(1).map(([high, low], at) => {
            const before = rows[at]![2];
            return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
          });
          const atr = wilderAtr(bars(rows), n)!;
          expect(atr).toBeGreaterThanOrEqual(Math.min(...ranges) - 1e-9);
          expect(atr).toBeLessThanOrEqual(Math.max(...ranges) + 1e-9);
          const doubled = rows.map(([high, low, close]) => [high * 2, low * 2, close * 2] as const);
          expect(wilderAtr(bars(doubled), n)).toBeCloseTo(atr * 2, 6);
        },
      ),
    );
  });
});

describe('the range of an instrument', () => {
  const start = async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async () => [...BY_HAND, candle(FIRST, false, { high: 99, low: 1, close: 50 })]);
    const range = () => world.market.atr(VENUE, BTC, '1m', 3);
    expect(range()).toBeNull();
    await world.seams.advance(10);
    return { world, range };
  };

  it('M-103 is unknown at first, then that of the closed candles alone', async () => {
    const { range, world } = await start();
    expect(range()).toBeCloseTo(1.759_259_259_259, 9);
    world.candle(candle(FIRST, false, { high: 500, low: 1, close: 50 }));
    expect(range()).toBeCloseTo(1.759_259_259_259, 9);
  });
  it('M-103 moves on when a candle closes', async () => {
    const { range, world } = await start();
    const before = range()!;
    world.candle(candle(FIRST, true, { high: 15.75, low: 12.75, close: 15 }));
    expect(range()).toBeCloseTo((before * 2 + 3) / 3, 9);
    expect(world.market.atr(VENUE, BTC, '1m', 2)).not.toBeCloseTo(range()!, 3);
  });
  it('is of 14 hours when nothing else is said', () => {
    const world = createWorld();
    world.attach();
    world.market.atr(VENUE, BTC);
    expect(world.venue.opened).toEqual([`${BTC} 1h`]);
  });
  it('keeps one candle stream while somebody asks, and none ten minutes later', async () => {
    const { range, world } = await start();
    await world.seams.advance(9 * MINUTE);
    range();
    await world.seams.advance(9 * MINUTE);
    expect(world.venue.running()).toEqual([`${BTC} 1m`]);
    expect(world.venue.opened).toHaveLength(1);
    await world.seams.advance(MINUTE);
    expect(world.venue.running()).toEqual([]);
    expect(range()).toBeNull();
    expect(world.venue.running()).toEqual([`${BTC} 1m`]);
  });
  it('is unknown again after a period of silence: an old range would misplace a stop', async () => {
    const { range, world } = await start();
    world.candle(candle(FIRST, false, { high: 99, low: 1, close: 50 }));
    await world.seams.advance(MINUTE);
    expect(range()).not.toBeNull();
    await world.seams.advance(1);
    expect(range()).toBeNull();
    world.candle(candle(FIRST, true, { high: 13, low: 12.75, close: 13 }));
    expect(range()).not.toBeNull();
  });
  it('leaves nothing running after the market is closed', async () => {
    const { world } = await start();
    world.market.close();
    expect(world.venue.running()).toEqual([]);
  });
});
