import { type UnixMs, unixMs } from '#shared/domain/basics';

interface Entry {
  readonly time: number;
  readonly order: number;
  run: (() => void) | null;
}

/** A clock that stands still until it is told to go on, and what is planned on it. */
export interface Timeline {
  now(): UnixMs;
  /** Plans something; a time that has passed means now. Returns its undo. */
  at(time: number, run: () => void): () => void;
  /**
   * Does all that is planned before `time`, by time and then in the order it was planned, and stands at `time` then.
   * `settle` is awaited after each, so that no time passes while something is under way.
   */
  runTo(time: number, settle: () => Promise<void>): Promise<void>;
  /** How many plans were carried out so far. */
  readonly steps: number;
}

export function createTimeline(start: number): Timeline {
  const heap: Entry[] = [];
  let now = start;
  let planned = 0;
  let steps = 0;

  return {
    now: () => unixMs(now),
    get steps() {
      return steps;
    },
    at(time, run) {
      const entry: Entry = { time: Math.max(time, now), order: planned++, run };
      push(heap, entry);
      return () => {
        entry.run = null;
      };
    },
    async runTo(time, settle) {
      for (let next = heap[0]; next !== undefined && next.time < time; next = heap[0]) {
        pop(heap);
        if (next.run === null) continue;
        now = next.time;
        steps += 1;
        next.run();
        await settle();
      }
      now = time;
    },
  };
}

const isBefore = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(entry, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

/** Removes the first entry. */
function pop(heap: Entry[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
