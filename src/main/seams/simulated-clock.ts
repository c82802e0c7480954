import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Clock, Timers, Undo } from './seams';

interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Earliest first; equal times in the order they were asked for. */
function createQueue() {
  const heap: Entry[] = [];
  const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (i: number, j: number): void => {
    const held = heap[i]!;
    heap[i] = heap[j]!;
    heap[j] = held;
  };
  const push = (entry: Entry): void => {
    heap.push(entry);
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(heap[child]!, heap[parent]!)) break;
      swap(child, parent);
      child = parent;
    }
  };
  const pop = (): void => {
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2])
        if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      if (least === parent) return;
      swap(parent, least);
      parent = least;
    }
  };
  return { push, pop, first: (): Entry | undefined => heap[0] };
}

export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs everything due in the next `ms`, in order, letting promises settle between two timers. */
  advance(ms: number): Promise<void>;
  /** Advances until the condition holds. @throws Error when it does not within `limitMs`. */
  runUntil(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Lets promises that wait on nothing but each other finish; no time passes. */
  settle(): Promise<void>;
  /** The computer sleeps: time passes, nothing runs; what was due runs at the next advance, late. */
  sleep(ms: number): void;
  /** Somebody sets the system clock; durations are not touched. */
  setClock(now: UnixMs): void;
}

/** A clock that moves only when told to. */
export function createVirtualTime(startMs: number): VirtualTime {
  const queue = createQueue();
  let elapsed = 0;
  let wallOffset = startMs;
  let order = 0;

  const schedule = (at: number, run: () => void): Entry => {
    const entry: Entry = { at, order: order++, run };
    queue.push(entry);
    return entry;
  };
  const after = (delayMs: number, run: () => void): Undo => {
    const entry = schedule(elapsed + Math.max(0, delayMs), run);
    return () => {
      entry.run = null;
    };
  };
  const every = (periodMs: number, run: () => void): Undo => {
    // A period of 0 would never let time pass.
    const step = Math.max(1, periodMs);
    let entry: Entry;
    const tick = (): void => {
      entry = schedule(Math.max(elapsed, entry.at) + step, tick);
      run();
    };
    entry = schedule(elapsed + step, tick);
    return () => {
      entry.run = null;
    };
  };

  // An empty turn of the real event loop is the only moment when all promise callbacks are known to have run.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** Runs the next entry due up to `limit`; false when there is none. */
  const step = (limit: number): boolean => {
    for (let next = queue.first(); next !== undefined && next.at <= limit; next = queue.first()) {
      queue.pop();
      const { run } = next;
      if (run === null) continue;
      next.run = null;
      elapsed = Math.max(elapsed, next.at);
      run();
      return true;
    }
    return false;
  };

  const advance = async (ms: number): Promise<void> => {
    const target = elapsed + ms;
    await settle();
    while (step(target)) await settle();
    elapsed = Math.max(elapsed, target);
  };
  const runUntil = async (condition: () => boolean, limitMs = 3_600_000): Promise<void> => {
    const limit = elapsed + limitMs;
    await settle();
    while (!condition()) {
      if (!step(limit)) throw new Error(`the condition did not hold within ${limitMs} ms of virtual time`);
      await settle();
    }
  };

  return {
    clock: { now: () => unixMs(Math.floor(wallOffset + elapsed)), monotonic: () => elapsed },
    timers: { after, every, soon: (run) => void after(0, run) },
    advance,
    runUntil,
    settle,
    sleep: (ms) => {
      elapsed += ms;
    },
    setClock: (now) => {
      wallOffset = now - elapsed;
    },
  };
}
