import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Seams } from '../seams/seams';
import type { MarketClock } from './types';

/** Timers take at most 2^31 ms; a later one is armed again from this distance. */
const LONGEST_TIMER_MS = 86_400_000;

export interface MarketClockOptions {
  readonly seams: Pick<Seams, 'clock' | 'timers'>;
  /** Market time at the moment of creation. */
  readonly origin: UnixMs;
  /** Market milliseconds per wall millisecond, 1 to 1000. */
  readonly speed: number;
  /** The clock stands still here, as a replay does at the end of its file. */
  readonly until?: UnixMs;
  /**
   * A longer silence between two looks at the clock means that the computer slept: the market sleeps with it.
   * Left out, time always passes.
   */
  readonly sleepGapMs?: number;
}

/**
 * Market time = origin + wall time passed x speed. Built on the monotonic clock, so it never goes back.
 * @throws RangeError when the speed is outside 1 to 1000.
 */
export function createMarketClock(options: MarketClockOptions): MarketClock {
  const { seams, origin, speed } = options;
  if (!(speed >= 1 && speed <= 1000)) throw new RangeError(`speed must be between 1 and 1000, not ${speed}`);
  const sleepGapMs = options.sleepGapMs ?? Number.POSITIVE_INFINITY;
  const until = options.until ?? Number.POSITIVE_INFINITY;
  let seen = seams.clock.monotonic();
  let passed = 0;

  const now = (): UnixMs => {
    const wall = seams.clock.monotonic();
    const gap = wall - seen;
    if (gap > 0) {
      if (gap <= sleepGapMs) passed += gap;
      seen = wall;
    }
    return unixMs(Math.min(until, origin + Math.floor(passed * speed)));
  };

  const at = (time: UnixMs, run: () => void): (() => void) => {
    let cancelled = false;
    let undo = () => {};
    const arm = (): void => {
      if (cancelled) return;
      const left = time - now();
      if (left <= 0) {
        run();
        return;
      }
      // One extra millisecond is cheaper than waking a fraction too early and arming again.
      undo = seams.timers.after(Math.min(LONGEST_TIMER_MS, Math.ceil(left / speed)), arm);
    };
    if (time <= now()) seams.timers.soon(arm);
    else if (time <= until) arm();
    return () => {
      cancelled = true;
      undo();
    };
  };
  return { now, speed, at };
}
