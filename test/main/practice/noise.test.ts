import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gauss, hash, slowNoise, uniform } from '#main/practice/noise';

describe('noise by address', () => {
  it('is the same at the same place, uniform in [0, 1), and sees every part of the address', () => {
    fc.assert(
      fc.property(fc.integer(), fc.maxSafeNat(), fc.nat(1e9), (seed, a, b) => {
        const value = uniform(seed, a, b);
        expect(value).toBe(uniform(seed, a, b));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }),
    );
    const values = new Set<number>();
    for (let i = 0; i < 3000; i++) for (const at of [i, i * 4_294_967_296]) values.add(hash(7, at, i % 3));
    expect(values.size).toBeGreaterThan(5_990);
  });

  it('is close to a standard normal with independent neighbours', () => {
    const draws = Array.from({ length: 40_000 }, (_, i) => gauss(3, i));
    const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(Math.abs(mean(draws))).toBeLessThan(0.02);
    expect(mean(draws.map((value) => value * value))).toBeCloseTo(1, 1);
    expect(Math.abs(mean(draws.slice(1).map((value, i) => value * draws[i]!)))).toBeLessThan(0.02);
  });

  it('moves slowly between its cells, without jumps', () => {
    for (let time = 0; time < 10_000; time += 7)
      expect(Math.abs(slowNoise(1, time + 7, 1_000) - slowNoise(1, time, 1_000))).toBeLessThan(0.1);
  });
});
