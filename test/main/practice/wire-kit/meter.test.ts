import { describe, expect, it } from 'vitest';
import { createRateMeter } from '#main/practice/wire-kit/meter';
import { unixMs } from '#shared/domain/basics';

const MINUTE = Date.UTC(2026, 10, 21, 10, 0);
const at = (ms: number) => unixMs(MINUTE + ms);

describe('a rate meter', () => {
  it('allows so many in a window, says what is left and when it is over, and forgets', () => {
    const meter = createRateMeter(2, 10_000);
    expect(meter.take('a', at(0))).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      resetAt: MINUTE + 10_000,
    });
    expect(meter.take('a', at(1)).remaining).toBe(0);
    expect(meter.take('a', at(2))).toMatchObject({ allowed: false, remaining: 0 });
    expect(meter.take('a', at(10_000)).allowed).toBe(true);
  });
  it('counts each key for itself, and what is not allowed not at all', () => {
    const meter = createRateMeter(3, 10_000);
    expect(meter.take('a', at(0), 2).allowed).toBe(true);
    expect(meter.take('a', at(1), 2).allowed).toBe(false);
    expect(meter.take('a', at(2)).allowed).toBe(true);
    expect(meter.take('b', at(3), 3).allowed).toBe(true);
  });
});
