import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#main/practice/core/feed';
import { createMinuteStore } from '#main/practice/core/minute-store';

const HOUR_MS = 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 21, 10, 7);
const row = (a: number) => ({ a, b: -a });
const setUp = (spare = 2) => createMinuteStore(['a', 'b'], NOW, { hours: 3, spare });

describe('the minute store', () => {
  it('gives back what was put, and null for a minute nobody put', () => {
    const store = setUp();
    store.put(NOW, row(7));
    expect(store.get(NOW)).toEqual(row(7));
    expect(store.get(NOW - MINUTE_MS)).toBeNull();
    expect(store.get(NOW + 400 * HOUR_MS)).toBeNull();
  });

  it('hands out copies, so that a reader cannot change what is held', () => {
    const store = setUp();
    store.put(NOW, row(7));
    Object.assign(store.get(NOW) ?? {}, { a: 9 });
    expect(store.get(NOW)).toEqual(row(7));
  });

  it('lets an old hour go when a new one begins, and shows nothing of it in the new one', () => {
    const store = setUp();
    store.put(NOW - 2 * HOUR_MS, row(1));
    store.put(NOW, row(2));
    store.put(NOW + HOUR_MS, row(3));
    expect(store.get(NOW - 2 * HOUR_MS)).toBeNull();
    expect(store.get(NOW + HOUR_MS + MINUTE_MS)).toBeNull();
    expect(store.get(NOW)).toEqual(row(2));
  });

  it('holds what is older than its window apart, and never more of it than its spare blocks', () => {
    const store = setUp(2);
    for (let hours = 10; hours <= 13; hours++) store.put(NOW - hours * HOUR_MS, row(hours));
    expect([10, 11, 12, 13].map((hours) => store.get(NOW - hours * HOUR_MS) !== null)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('holds the newest hours whatever the steps are, also over a jump of days', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 }), (steps) => {
        const store = setUp();
        const put = new Map<number, number>();
        let at = NOW;
        for (const [n, step] of steps.entries()) {
          at += step * MINUTE_MS;
          store.put(at, row(n));
          put.set(at, n);
        }
        const oldest = Math.floor(at / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
        for (const [time, n] of put) if (time >= oldest) expect(store.get(time)).toEqual(row(n));
      }),
    );
  });
});
