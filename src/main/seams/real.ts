import { randomBytes } from 'node:crypto';
import { unixMs } from '#shared/domain/basics';
import { createRealDisk } from './real-disk';
import { createRealNetwork } from './real-network';
import type { Seams, Timers } from './seams';

/** The longest delay a Node timer takes; above it, it would fire at once. */
const LONGEST_MS = 2_147_483_647;

const after: Timers['after'] = (delayMs, run) => {
  let handle: NodeJS.Timeout;
  const wait = (leftMs: number): void => {
    handle =
      leftMs > LONGEST_MS
        ? setTimeout(() => wait(leftMs - LONGEST_MS), LONGEST_MS)
        : setTimeout(run, Math.max(0, leftMs));
  };
  wait(delayMs);
  return () => clearTimeout(handle);
};

const every: Timers['every'] = (periodMs, run) => {
  const handle = setInterval(run, Math.min(periodMs, LONGEST_MS));
  return () => clearInterval(handle);
};

/** The clock, timers, random numbers, network and disk of this machine. */
export const createRealSeams = (): Seams => ({
  clock: { now: () => unixMs(Date.now()), monotonic: () => performance.now() },
  timers: { after, every, soon: (run) => void setImmediate(run) },
  random: { bytes: (length) => new Uint8Array(randomBytes(length)), next: Math.random },
  network: createRealNetwork(),
  disk: createRealDisk(),
});
