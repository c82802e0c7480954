import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMarketClock } from '#main/practice/clock';
import { createSimulatedSeams } from '#main/seams/index';
import { unixMs } from '#shared/domain/basics';

const ORIGIN = unixMs(Date.UTC(2025, 0, 1));

describe('market clock', () => {
  it('runs speed times as fast as the wall from its origin', async () => {
    const seams = createSimulatedSeams(1, 0);
    const clock = createMarketClock({ seams, origin: ORIGIN, speed: 5 });
    expect(clock.now()).toBe(ORIGIN);
    await seams.advance(1_000);
    expect(clock.now()).toBe(ORIGIN + 5_000);
  });

  it('never goes back and never runs ahead, however the wall moves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 2e12 }))),
        (speed, moves) => {
          const seams = createSimulatedSeams(1, 0);
          const clock = createMarketClock({ seams, origin: ORIGIN, speed });
          let before = clock.now();
          let wall = 0;
          for (const [pass, set] of moves) {
            seams.sleep(pass);
            seams.setClock(unixMs(set));
            wall += pass;
            const now = clock.now();
            expect(now).toBeGreaterThanOrEqual(before);
            expect(now).toBeLessThanOrEqual(ORIGIN + wall * speed);
            before = now;
          }
          expect(before).toBe(ORIGIN + wall * speed);
        },
      ),
    );
  });

  it('calls at the market time asked for, scaled, and not after an undo', async () => {
    const seams = createSimulatedSeams(1, 0);
    const clock = createMarketClock({ seams, origin: ORIGIN, speed: 60 });
    const calls: string[] = [];
    clock.at(unixMs(ORIGIN + 60_000), () => calls.push(`minute at ${clock.now() - ORIGIN}`));
    const undo = clock.at(unixMs(ORIGIN + 30_000), () => calls.push('undone'));
    clock.at(unixMs(ORIGIN - 5), () => calls.push('past'));
    undo();
    await seams.advance(999);
    expect(calls).toEqual(['past']);
    await seams.advance(1);
    expect(calls).toEqual(['past', 'minute at 60000']);
  });

  it('calls for a time weeks away, though no timer reaches that far', async () => {
    const seams = createSimulatedSeams(1, 0);
    const clock = createMarketClock({ seams, origin: ORIGIN, speed: 1 });
    let called = 0;
    clock.at(unixMs(ORIGIN + 40 * 86_400_000), () => called++);
    await seams.advance(40 * 86_400_000 - 1);
    expect(called).toBe(0);
    await seams.advance(1);
    expect(called).toBe(1);
  });

  it('stands still at its end', async () => {
    const seams = createSimulatedSeams(1, 0);
    const clock = createMarketClock({ seams, origin: ORIGIN, speed: 10, until: unixMs(ORIGIN + 5_000) });
    const calls: number[] = [];
    clock.at(unixMs(ORIGIN + 5_000), () => calls.push(5));
    clock.at(unixMs(ORIGIN + 5_001), () => calls.push(6));
    await seams.advance(60_000);
    expect(clock.now()).toBe(ORIGIN + 5_000);
    expect(calls).toEqual([5]);
  });

  it('sleeps with the computer when told what sleep is', () => {
    const seams = createSimulatedSeams(1, 0);
    const clock = createMarketClock({ seams, origin: ORIGIN, speed: 5, sleepGapMs: 60_000 });
    seams.sleep(8 * 3_600_000);
    expect(clock.now()).toBe(ORIGIN);
    seams.sleep(1_000);
    expect(clock.now()).toBe(ORIGIN + 5_000);
  });

  it('refuses a speed outside 1 to 1000', () => {
    const seams = createSimulatedSeams(1, 0);
    for (const speed of [0, 0.5, 1001, Number.NaN])
      expect(() => createMarketClock({ seams, origin: ORIGIN, speed })).toThrow(/between 1 and 1000/);
  });
});
