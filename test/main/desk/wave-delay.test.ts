import { describe, expect, it } from 'vitest';
import { createSimulatedSeams, type SimulatedSeams } from '#main/seams/index';
import { unixMs } from '#shared/domain/basics';
import { firstOrder } from './first-order';

const SLOW_MS = 5_000;

function inVirtualTime(slow: (write: () => void, seams: SimulatedSeams) => unknown) {
  const seams = createSimulatedSeams(1, Date.UTC(2026, 0, 1));
  return firstOrder({
    seams,
    wait: (ms) => seams.advance(ms),
    waitMs: 3 * SLOW_MS,
    slow: (write) => slow(write, seams),
  });
}

describe('the first order of a wave', () => {
  it('M-054 leaves as soon as ever while its params take 5 s to be written', async () => {
    const atOnce = await inVirtualTime((write) => write());
    const slow = await inVirtualTime(
      (write, seams) =>
        new Promise<void>((resolve) => {
          seams.timers.after(SLOW_MS, () => {
            write();
            resolve();
          });
        }),
    );
    expect([atOnce.sent.length, slow.sent.length]).toEqual([1, 1]);
    expect(Math.abs(slow.sent[0]! - atOnce.sent[0]!)).toBeLessThan(50);
    // The control: it was really slow, really written, and the order was long gone by then.
    expect(slow.written[0]! - atOnce.written[0]!).toBeGreaterThanOrEqual(SLOW_MS);
    expect(slow.sent[0]).toBeLessThan(slow.written[0]!);
    expect(slow.stored?.values.stopLoss).toBe('3.5');
    expect(atOnce.stored?.waveTime).toBe(unixMs(Date.UTC(2025, 9, 21, 2, 0)));
  });

  it('M-054 leaves as soon as ever when the write of its params holds the whole process up for 5 s', async () => {
    const atOnce = await inVirtualTime((write) => write());
    const blocked = await inVirtualTime((write, seams) => {
      seams.sleep(SLOW_MS);
      write();
    });
    expect(blocked.written).toHaveLength(1);
    expect(blocked.sent[0]! - atOnce.sent[0]!).toBeLessThan(50);
  });

  it('M-055 leaves when its params cannot be written at all', async () => {
    const { sent, stored } = await inVirtualTime(() => {
      throw new Error('disk full');
    });
    expect(sent).toHaveLength(1);
    expect(stored?.values.stopLoss ?? null).toBeNull();
  });
});
