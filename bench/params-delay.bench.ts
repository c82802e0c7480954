// M-054 in real time, over real sockets: the first order of a wave, with params that are written at once, by
// somebody who takes 5 s, and by a disk that holds the whole process up for 5 s.
import { createRealSeams } from '../src/main/seams/index';
import { firstOrder } from '../test/main/desk/first-order';

const SLOW_MS = 5_000;
const LIMIT_MS = 50;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const holdUp = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const run = async (waitMs: number, slow: (write: () => void) => unknown): Promise<number> => {
  const { sent } = await firstOrder({ seams: createRealSeams(), wait, waitMs, slow });
  return sent[0] ?? Number.NaN;
};

const atOnce = await run(4_000, (write) => write());
const ways: readonly (readonly [string, (write: () => void) => unknown])[] = [
  ['written by somebody who takes 5 s', (write) => wait(SLOW_MS).then(write)],
  [
    'written while the process is held up for 5 s',
    (write) => {
      holdUp(SLOW_MS);
      write();
    },
  ],
];
const line = (what: string, ms: number, verdict: string): void =>
  void process.stdout.write(
    `first order, params ${what.padEnd(46)} ${ms.toFixed(0).padStart(5)} ms after the check${verdict}\n`,
  );
line('written at once', atOnce, '');
for (const [what, slow] of ways) {
  const ms = await run(SLOW_MS + 4_000, slow);
  const later = ms - atOnce;
  line(what, ms, `, ${later.toFixed(0)} ms later${later < LIMIT_MS ? '' : `   OVER ${LIMIT_MS} ms`}`);
}
