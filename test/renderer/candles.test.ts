import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unixMs } from '#shared/domain/basics';
import type { Candle } from '#shared/domain/market';
import {
  type CandleWindow,
  MOST_CANDLES,
  withLive,
  withNewer,
  withOlder,
} from '../../src/renderer/state/candles';

const MIN = 60_000;
const candle = (index: number, close = 1): Candle => ({
  openTime: unixMs(index * MIN),
  open: 1,
  high: 1,
  low: 1,
  close,
  volume: 0,
  closed: true,
});
const span = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => candle(from + index));
const windowOf = (from: number, to: number): CandleWindow => ({ candles: span(from, to), atEnd: true });

describe('the candles of a chart', () => {
  it('stay in order, without doubles and within the bound, whatever pages come', () => {
    const page = fc.tuple(fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 0, max: 1000 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(page, { maxLength: 12 }), (pages) => {
        let window: CandleWindow = windowOf(3000, 3500);
        for (const [from, length, older] of pages) {
          const next = span(from, from + length);
          window = older ? withOlder(window, next) : withNewer(window, next, null);
          const times = window.candles.map((one) => one.openTime);
          expect(times.every((time, index) => index === 0 || time > (times[index - 1] as number))).toBe(true);
          expect(times.length).toBeLessThanOrEqual(MOST_CANDLES);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('say how many bars came before, so that the view can stay where it was', () => {
    const next = withOlder(windowOf(1000, 1500), span(500, 1000));
    expect(next.added).toBe(500);
    expect(next.candles[next.added]?.openTime).toBe(1000 * MIN);
  });

  it('drop the newest when older ones need the room, and say that the end is not shown', () => {
    const next = withOlder(windowOf(1000, 2900), span(500, 1000));
    expect(next.candles).toHaveLength(MOST_CANDLES);
    expect(next.atEnd).toBe(false);
    expect(next.candles[0]?.openTime).toBe(500 * MIN);
  });

  it('come back to the end when newer pages reach the live candle', () => {
    const away = withOlder(windowOf(1000, 2900), span(500, 1000));
    const back = withNewer(away, span(2400, 2901), 2900 * MIN);
    expect(back.atEnd).toBe(true);
    expect(back.added).toBe(-(back.candles[0]!.openTime / MIN - 500));
  });

  it('do not paint a live candle far to the right of an older part', () => {
    const away: CandleWindow = { candles: span(0, 100), atEnd: false };
    expect(withLive(away, candle(5000), '1m').change).toBe('ignored');
  });

  it('update the last bar, add the next, ignore an old one and ask for missing ones', () => {
    const window = windowOf(0, 10);
    expect(withLive(window, candle(9, 5), '1m')).toMatchObject({ change: 'same' });
    expect(withLive(window, candle(9, 5), '1m').window.candles.at(-1)?.close).toBe(5);
    expect(withLive(window, candle(10), '1m').change).toBe('new');
    expect(withLive(window, candle(8), '1m').change).toBe('ignored');
    expect(withLive(window, candle(12), '1m').change).toBe('gap');
  });
});
