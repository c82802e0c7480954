import { describe, expect, it } from 'vitest';
import { createEventQueue } from '#main/store/index';
import { note } from './records';
import { at, open } from './world';

/** Timers that a test moves by hand. */
function handTimers() {
  let now = 0;
  let waiting: { readonly due: number; readonly run: () => void }[] = [];
  const plan = (due: number, run: () => void) => {
    const one = { due, run };
    waiting.push(one);
    return () => {
      waiting = waiting.filter((other) => other !== one);
    };
  };
  const pass = (ms: number) => {
    now += ms;
    for (let one = waiting.find(({ due }) => due <= now); one; one = waiting.find(({ due }) => due <= now)) {
      waiting = waiting.filter((other) => other !== one);
      one.run();
    }
  };
  return {
    after: (ms: number, run: () => void) => plan(now + ms, run),
    soon: (run: () => void) => void plan(now, run),
    pass,
  };
}
const quiet = (n: number) => note(`${n}`, { severity: 'info' });

function world() {
  const store = open();
  const timers = handTimers();
  const batches: number[] = [];
  const errors: unknown[] = [];
  let failing = false;
  const queue = createEventQueue({
    timers,
    onError: (error) => void errors.push(error),
    record: (facts) => {
      if (failing) throw new Error('disk full');
      batches.push(facts.length);
      return store.recordAll(facts);
    },
  });
  const texts = () =>
    store.journal(1, 10_000).map(({ record }) => (record.kind === 'event' ? record.text : record.kind));
  const fail = (on: boolean) => {
    failing = on;
  };
  return { store, timers, queue, batches, errors, texts, fail };
}

describe('the queue of events', () => {
  it('M-112 writes after 5 s what came, each with its own moment', () => {
    const { store, timers, queue, batches } = world();
    queue.add(quiet(1), at(10));
    queue.add(quiet(2), at(20));
    timers.pass(4_999);
    expect(batches).toEqual([]);
    timers.pass(1);
    expect(batches).toEqual([2]);
    expect(store.journal(1, 9).map((row) => row.at.wall)).toEqual([10, 20]);
    expect(store.verify().ok).toBe(true);
  });

  it('M-112 writes at most 100 at a time, as soon as there are 100', () => {
    const { timers, queue, batches, texts } = world();
    for (let n = 0; n < 250; n += 1) queue.add(quiet(n), at(n));
    expect(batches).toEqual([]);
    timers.pass(0);
    expect(batches).toEqual([100, 100]);
    timers.pass(5_000);
    expect(batches).toEqual([100, 100, 50]);
    expect(texts()).toEqual(Array.from({ length: 250 }, (_, n) => `${n}`));
  });

  it('M-112 holds 1,000 and writes directly when full, dropping none and keeping their order', () => {
    const { queue, batches, texts } = world();
    for (let n = 0; n < 1_000; n += 1) queue.add(quiet(n), at(n));
    expect([queue.waiting(), batches.length]).toEqual([1_000, 0]);
    queue.add(quiet(1_000), at(1_000));
    expect(queue.waiting()).toBe(0);
    expect(Math.max(...batches)).toBe(100);
    expect(texts()).toEqual(Array.from({ length: 1_001 }, (_, n) => `${n}`));
  });

  it('M-112 is empty after closing, and what comes later is written at once', () => {
    const { queue, texts } = world();
    queue.add(quiet(1), at(1));
    queue.close();
    expect(texts()).toEqual(['1']);
    queue.add(quiet(2), at(2));
    expect(texts()).toEqual(['1', '2']);
  });

  it('never lets a warning wait, nor pass what came before it', () => {
    const { queue, texts } = world();
    queue.add(quiet(1), at(1));
    queue.add(note('2', { severity: 'warning' }), at(2));
    expect(texts()).toEqual(['1', '2']);
  });

  it('keeps what the disk refuses and writes it later, once', () => {
    const { timers, queue, errors, texts, fail } = world();
    fail(true);
    queue.add(quiet(1), at(1));
    timers.pass(5_000);
    expect([errors.length, queue.waiting()]).toEqual([1, 1]);
    fail(false);
    timers.pass(5_000);
    expect(texts()).toEqual(['1']);
    expect(queue.waiting()).toBe(0);
  });
});
