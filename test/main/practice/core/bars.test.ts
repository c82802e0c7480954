import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBars } from '#main/practice/core/bars';
import { MINUTE_MS } from '#main/practice/core/feed';
import { createScale } from '#main/practice/core/scale';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import type { PracticeCandle } from '#main/practice/types';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';

const ORIGIN = Date.UTC(2026, 10, 21, 10, 7);
const START = ORIGIN - 2 * 86_400_000;
const higher = (Object.keys(TIMEFRAME_MS) as Timeframe[]).filter((timeframe) => timeframe !== '1m');
const setUp = (now = ORIGIN + 21_000) => {
  const feed = createGeneratedFeeds('1', START).spot[2]!;
  const price = createScale(feed.symbol.tickSize);
  const amount = createScale(feed.symbol.stepSize);
  return { feed, bars: createBars(feed, price, amount, now) };
};

/** What is wrong with a candle above its minutes; null when nothing is. */
function fault(candle: PracticeCandle, minutes: readonly PracticeCandle[]): string | null {
  const sum = (pick: (item: PracticeCandle) => number) => minutes.reduce((all, item) => all + pick(item), 0);
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
  if (candle.open !== minutes[0]!.open) return 'open';
  if (candle.close !== minutes.at(-1)!.close) return 'close';
  if (candle.high !== Math.max(...minutes.map((item) => item.high))) return 'high';
  if (candle.low !== Math.min(...minutes.map((item) => item.low))) return 'low';
  if (
    !near(
      candle.volume,
      sum((item) => item.volume),
    )
  )
    return 'volume';
  if (
    !near(
      candle.quoteVolume,
      sum((item) => item.quoteVolume),
    )
  )
    return 'quote volume';
  if (candle.trades !== sum((item) => item.trades)) return 'trades';
  return null;
}

describe('bars', () => {
  it('aggregate every higher timeframe exactly from minutes, open candle included', () => {
    const { feed, bars } = setUp();
    const now = ORIGIN + 3 * 3_600_000;
    bars.advance(feed.tape(ORIGIN + 21_000, now), now);
    for (const timeframe of higher) {
      const candles = bars.candles(timeframe, { limit: 30 });
      expect(candles.length).toBeGreaterThan(1);
      expect(candles.at(-1)!.closed).toBe(false);
      for (const candle of candles) {
        const minutes = bars.candles('1m', {
          start: candle.openTime,
          end: candle.openTime + TIMEFRAME_MS[timeframe] - 1,
          limit: 2000,
        });
        expect(fault(candle, minutes)).toBeNull();
      }
    }
  });

  it('would notice a candle that does not fit its minutes', () => {
    const { bars } = setUp();
    const [candle] = bars.candles('15m', { limit: 2 });
    const minutes = bars.candles('1m', { start: candle!.openTime, limit: 15 });
    expect(fault(candle!, minutes)).toBeNull();
    expect(fault({ ...candle!, high: candle!.high * 1.0001 }, minutes)).toBe('high');
    expect(fault(candle!, minutes.slice(0, -1))).not.toBeNull();
  });

  it('live candles equal the ones computed afterwards, whatever the step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 3, maxLength: 20 }),
        (steps) => {
          const { feed, bars } = setUp();
          let now = ORIGIN + 21_000;
          const closed: PracticeCandle[] = [];
          for (const step of steps) {
            const events = bars.advance(feed.tape(now, now + step), now + step);
            now += step;
            closed.push(...events.filter((event) => event.timeframe === '1m').map((event) => event.candle));
          }
          const afterwards = setUp(now).bars;
          expect(bars.candles('1m', { limit: 60 })).toEqual(afterwards.candles('1m', { limit: 60 }));
          for (const candle of closed) {
            const again = afterwards.candles('1m', { start: candle.openTime, limit: 1 })[0];
            expect(again).toEqual(candle);
            expect(candle.low).toBeLessThanOrEqual(Math.min(candle.open, candle.close));
            expect(candle.high).toBeGreaterThanOrEqual(Math.max(candle.open, candle.close));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('answers ranges ascending, bounded, and never before the first minute', () => {
    const { bars } = setUp();
    const all = bars.candles('1m', { start: 0, limit: 5 });
    expect(all[0]!.openTime).toBe(START);
    const window = bars.candles('5m', { end: ORIGIN - 3_600_000, limit: 4 });
    expect(window).toHaveLength(4);
    expect(window.at(-1)!.openTime).toBeLessThanOrEqual(ORIGIN - 3_600_000);
    expect(bars.candles('1m', { start: ORIGIN + MINUTE_MS, limit: 5 })).toEqual([]);
    expect(bars.candles('1m', { limit: 0 })).toEqual([]);
  });

  it('shows a fill of an account outside the tape in the open candle', () => {
    const { bars } = setUp();
    const before = bars.candles('1m', { limit: 1 })[0]!;
    bars.own(20_000, 1000, 'buy');
    const after = bars.candles('1m', { limit: 1 })[0]!;
    expect(after.high).toBe(200);
    expect(after.volume).toBeCloseTo(before.volume + 1);
  });

  it('joins the last 24 hours, minute after minute, on young and old markets', () => {
    for (const age of [20, 1500]) {
      let now = START + age * MINUTE_MS + 21_000;
      const { bars, feed } = setUp(now);
      for (let n = 0; n < 70; n++) {
        const minutes = bars.candles('1m', { limit: 1440 });
        const day = bars.day();
        expect(day.open / 100).toBe(minutes[0]!.open);
        expect(day.high / 100).toBe(Math.max(...minutes.map((minute) => minute.high)));
        expect(day.low / 100).toBe(Math.min(...minutes.map((minute) => minute.low)));
        expect(day.trades).toBe(minutes.reduce((sum, minute) => sum + minute.trades, 0));
        bars.advance(feed.tape(now, now + MINUTE_MS), now + MINUTE_MS);
        now += MINUTE_MS;
      }
    }
  });

  it('joins the last 24 hours', () => {
    const { bars } = setUp();
    const minutes = bars.candles('1m', { limit: 1440 });
    const day = bars.day();
    expect(day.high / 100).toBe(Math.max(...minutes.map((minute) => minute.high)));
    expect(day.trades).toBe(minutes.reduce((sum, minute) => sum + minute.trades, 0));
  });
});
