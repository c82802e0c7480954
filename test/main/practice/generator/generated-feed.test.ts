import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOf, MINUTE_MS, type TapePrint } from '#main/practice/core/feed';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import { BLOCK_MINUTES, drawBlock } from '#main/practice/generator/regimes';

const ORIGIN = Date.UTC(2026, 10, 21, 10, 0);
const DAY = 86_400_000;
const open = (seed: string, start = ORIGIN - 10 * DAY) => createGeneratedFeeds(seed, start);
const closes = (
  seed: string,
  index: number,
  minutes: number,
  market: 'spot' | 'future' = 'spot',
): number[] => {
  const feed = open(seed)[market][index]!;
  const tick = Number(feed.symbol.tickSize);
  return Array.from({ length: minutes }, (_, i) => feed.minute(ORIGIN + i * MINUTE_MS).close * tick);
};
const returns = (prices: readonly number[]): number[] =>
  prices.slice(1).map((price, i) => Math.log(price / prices[i]!));
const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const correlation = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length / deviation(a) / deviation(b);

describe('generated market', () => {
  it('has twelve coins on spot and futures with unique names', () => {
    const { spot, future } = open('1');
    expect(spot.length).toBeGreaterThanOrEqual(12);
    expect(new Set(spot.map((feed) => feed.symbol.symbol)).size).toBe(spot.length);
    expect(future.map((feed) => feed.symbol.symbol)).toEqual(
      spot.map((feed) => `${feed.symbol.symbol}:USDT`),
    );
  });

  it('is a function of seed, symbol and time, whatever was asked before and in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 0, max: 11 })), {
          minLength: 1,
          maxLength: 12,
        }),
        (asks) => {
          const one = open('s');
          const other = open('s', ORIGIN - 3 * DAY);
          const read = (feeds: ReturnType<typeof open>, [minute, index]: readonly [number, number]) =>
            feeds.future[index]!.minute(ORIGIN + minute * MINUTE_MS);
          const forward = asks.map((ask) => read(one, ask));
          const backward = [...asks].reverse().map((ask) => read(other, ask));
          expect(backward.reverse()).toEqual(forward);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('differs between seeds and between coins', () => {
    expect(closes('1', 0, 20)).not.toEqual(closes('2', 0, 20));
    expect(Math.abs(correlation(returns(closes('1', 2, 500)), returns(closes('1', 3, 500))))).toBeLessThan(
      0.97,
    );
  });

  it('gives the same prints in one long piece as in many short ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * DAY }),
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 8 }),
        (offset, pieces) => {
          const feed = open('1').spot[1]!;
          let at = ORIGIN + offset;
          const joined: TapePrint[] = [];
          for (const piece of pieces) {
            joined.push(...feed.tape(at, at + piece));
            at += piece;
          }
          expect(joined).toEqual([...feed.tape(ORIGIN + offset, at)]);
          for (let i = 1; i < joined.length; i++)
            expect(joined[i]!.at).toBeGreaterThanOrEqual(joined[i - 1]!.at);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('makes minute bars out of its own prints, prices above zero, low below and high above everything', () => {
    const { spot, future } = open('7');
    for (const feed of [...spot, ...future])
      for (let i = 0; i < 30; i++) {
        const time = ORIGIN + i * 37 * MINUTE_MS;
        const bar = feed.minute(time);
        expect(bar).toEqual(barOf(feed.tape(time - 1, time + MINUTE_MS - 1)));
        expect(bar.low).toBeGreaterThan(0);
        expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
        expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        expect(bar.takerSteps).toBeLessThanOrEqual(bar.steps);
      }
  });

  it('moves like a lively market and stays in reach of its price over weeks', () => {
    for (const index of [0, 2, 4, 11]) {
      const prices = closes('1', index, 3 * 1440);
      const perMinute = deviation(returns(prices));
      expect(perMinute).toBeGreaterThan(0.0006);
      expect(perMinute).toBeLessThan(0.004);
    }
    const feed = open('1').spot[0]!;
    for (let day = 0; day < 200; day++) {
      const price = feed.minute(ORIGIN + day * DAY).close / 100;
      expect(price).toBeGreaterThan(92_400 / 3);
      expect(price).toBeLessThan(92_400 * 3);
    }
  });

  it('takes no constant steps and has fat tails, as spikes and quiet times must give', () => {
    const moves = returns(closes('1', 2, 3 * 1440));
    const sigma = deviation(moves);
    const kurtosis = moves.reduce((sum, move) => sum + (move / sigma) ** 4, 0) / moves.length;
    expect(kurtosis).toBeGreaterThan(3.5);
    expect(new Set(moves.map((move) => move.toFixed(6))).size).toBeGreaterThan(moves.length / 2);
    // Not a sawtooth: a minute says little about the next.
    expect(Math.abs(correlation(moves.slice(1), moves.slice(0, -1)))).toBeLessThan(0.3);
  });

  it('lets 0.7 % happen within a quarter of an hour often enough for a trailing stop to be seen', () => {
    const prices = closes('1', 2, 1440);
    let reached = 0;
    let tries = 0;
    for (let i = 0; i + 25 < prices.length; i += 10) {
      tries++;
      if (prices.slice(i, i + 25).some((price) => Math.abs(price / prices[i]! - 1) >= 0.007)) reached++;
    }
    expect(reached / tries).toBeGreaterThan(0.4);
  });

  it('keeps futures within a few basis points of spot', () => {
    const spot = closes('1', 1, 600);
    const future = closes('1', 1, 600, 'future');
    for (let i = 0; i < spot.length; i++) expect(Math.abs(future[i]! / spot[i]! - 1)).toBeLessThan(0.0025);
  });

  it('has all four regimes within a day, and blocks that meet at their edges', () => {
    const seen = new Set<string>();
    for (let block = 0; block < 6; block++) {
      const here = drawBlock(42, block, 0.001);
      const next = drawBlock(42, block + 1, 0.001);
      for (const regime of here.regime) seen.add(regime);
      expect(here.level[BLOCK_MINUTES]).toBeCloseTo(next.level[0]!, 12);
      expect(here.regime).toHaveLength(BLOCK_MINUTES);
    }
    expect([...seen].sort()).toEqual(['quiet', 'range', 'spike', 'trend']);
  });

  it('quotes funding, index and open interest that a filter of a million dollars lets pass', () => {
    for (const feed of open('1').future) {
      const { index, mark, fundingRate, interest } = feed.derivative(ORIGIN + 12_345);
      expect(Math.abs(mark / index - 1)).toBeLessThan(0.005);
      expect(Math.abs(fundingRate)).toBeLessThan(0.001);
      const value = interest * Number(feed.symbol.stepSize) * mark * Number(feed.symbol.tickSize);
      expect(value).toBeGreaterThan(1_000_000);
    }
  });
});
