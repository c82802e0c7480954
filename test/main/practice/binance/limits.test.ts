import { describe, expect, it } from 'vitest';
import { createOrderMeter, createWeightMeter, SPOT_LIMITS } from '#main/practice/binance/limits';
import type { WireError } from '#main/practice/binance/wire-error';
import { unixMs } from '#shared/domain/basics';

const MINUTE = unixMs(Date.UTC(2026, 10, 21, 10, 0));
const later = (ms: number) => unixMs(MINUTE + ms);
const refused = (run: () => void): Pick<WireError, 'code' | 'status' | 'retryAfterSeconds'> | null => {
  try {
    run();
    return null;
  } catch (error) {
    const { code, status, retryAfterSeconds } = error as WireError;
    return { code, status, retryAfterSeconds };
  }
};

describe('request weight', () => {
  const limits = { ...SPOT_LIMITS, weightPerMinute: 10, refusalsBeforeBan: 2, banMs: 120_000 };

  it('is free up to the limit, then 429 until the minute is over, then free again', () => {
    const meter = createWeightMeter(limits);
    expect(refused(() => meter.take('a', 10, later(0)))).toBeNull();
    expect(refused(() => meter.take('a', 1, later(15_000)))).toEqual({
      code: -1003,
      status: 429,
      retryAfterSeconds: 45,
    });
    expect(refused(() => meter.take('b', 1, later(15_000)))).toBeNull();
    expect(refused(() => meter.take('a', 1, later(60_000)))).toBeNull();
    expect(meter.used('a', later(60_000))).toBe(1);
  });

  it('turns into a ban for who goes on, which outlives the minute', () => {
    const meter = createWeightMeter(limits);
    meter.take('a', 10, later(0));
    for (let i = 0; i < 2; i++) expect(refused(() => meter.take('a', 1, later(1_000)))?.status).toBe(429);
    expect(refused(() => meter.take('a', 1, later(2_000)))).toEqual({
      code: -1003,
      status: 418,
      retryAfterSeconds: 120,
    });
    expect(refused(() => meter.take('a', 1, later(61_000)))?.status).toBe(418);
    expect(refused(() => meter.take('a', 1, later(122_000)))).toBeNull();
  });

  it('is given back for a spot order that succeeded', () => {
    const meter = createWeightMeter(limits);
    meter.take('a', 1, later(0));
    meter.giveBack('a', 1, later(10));
    expect(meter.used('a', later(20))).toBe(0);
  });
});

describe('order counts', () => {
  it('run in two windows', () => {
    const meter = createOrderMeter(
      { ...SPOT_LIMITS, ordersPer10s: 2, ordersPerLongWindow: 3 },
      60_000,
      '1 MINUTE',
    );
    meter.take('me', later(0));
    meter.take('me', later(1));
    expect(refused(() => meter.take('me', later(2)))).toEqual({
      code: -1015,
      status: 429,
      retryAfterSeconds: 10,
    });
    expect(refused(() => meter.take('other', later(2)))).toBeNull();
    expect(refused(() => meter.take('me', later(10_000)))).toBeNull();
    expect(refused(() => meter.take('me', later(20_000)))?.code).toBe(-1015);
    expect(meter.counts('me', later(20_000))).toEqual({ short: 0, long: 3 });
    expect(refused(() => meter.take('me', later(60_000)))).toBeNull();
  });
});
