import { describe, expect, it } from 'vitest';
import { markOf } from '../../src/renderer/panels/positions/figures';
import { roughAgeText, staleAge } from '../../src/renderer/panels/watchlist/stale';
import { quoteAt } from './fake-market';

describe('a price on the watchlist', () => {
  it('M-132 is marked with its age once it is older than 15 s, and not before', () => {
    expect(staleAge(100_000, 85_000, 15_000, false)).toBeNull();
    expect(staleAge(100_000, 84_999, 15_000, false)).toBe(15_001);
  });
  it('M-132 is marked at once when nobody refreshes it, and never when its age is not known', () => {
    expect(staleAge(100_000, 99_000, 15_000, true)).toBe(1_000);
    expect(staleAge(100_000, null, 15_000, true)).toBeNull();
    expect(staleAge(null, 1, 15_000, true)).toBeNull();
  });
  it('tells an age in its largest unit', () => {
    expect([16_000, 200_000, 7 * 3_600_000, 50 * 3_600_000].map(roughAgeText)).toEqual([
      '16 s',
      '3 min',
      '7 h',
      '2 d',
    ]);
  });
  it('M-131 values no position when it is one of an earlier run', () => {
    const quote = quoteAt('binance_future', 'BTC/USDT:USDT' as never, 0);
    expect(markOf(quote)).not.toBeNull();
    expect(markOf({ ...quote, kept: true })).toBeNull();
  });
});
