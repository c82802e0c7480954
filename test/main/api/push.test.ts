import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFeed } from '#main/api/feed';
import { createMerged } from '#main/api/merged';
import { createPush, PUSH_MS } from '#main/api/push';
import { createSimulatedSeams } from '#main/seams/index';

interface Row {
  readonly id: string;
  readonly value: number;
}

function create() {
  const seams = createSimulatedSeams(1, 0);
  const delivered: { readonly at: number; readonly rows: readonly Row[] }[] = [];
  const failures: unknown[] = [];
  const world = { fails: false, listening: 0, take: (_rows: readonly Row[]): void => {} };
  const push = createPush<Row>({
    timers: seams.timers,
    idOf: (row) => row.id,
    listen: (take) => {
      world.listening++;
      world.take = take;
      return () => {
        world.listening--;
        world.take = () => {};
      };
    },
    deliver: (rows) => {
      if (world.fails) throw new Error('the pipe is full');
      delivered.push({ at: seams.clock.monotonic(), rows });
    },
    failed: (error) => failures.push(error),
  });
  return { seams, world, push, delivered, failures };
}

describe('market data on its way to the screens', () => {
  it('M-129 flows from the first window that looks to the last, and is not even heard of in between', async () => {
    const { seams, world, push, delivered } = create();
    const feed = createFeed<Row>((row) => row.id);
    feed.onReaders(push.readers);
    expect(world.listening).toBe(0);
    const gone = [new AbortController(), new AbortController()];
    const readers = gone.map(({ signal }) => feed.follow(signal));
    for (const reader of readers) await reader.next();
    expect([world.listening, push.isRunning()]).toEqual([1, true]);
    world.take([{ id: 'a', value: 1 }]);
    expect(delivered).toHaveLength(1);
    for (const [at, one] of gone.entries()) {
      const next = readers[at]!.next();
      one.abort();
      await next;
      expect(world.listening).toBe(at === 0 ? 1 : 0);
    }
    await seams.advance(1_000);
    const again = feed.follow(undefined);
    await again.next();
    expect(world.listening).toBe(1);
  });
  it('M-129 begins with what is known by then', async () => {
    const feed = createFeed<Row>((row) => row.id);
    feed.onReaders((count) => {
      if (count === 1) feed.put([{ id: 'a', value: 7 }]);
    });
    expect((await feed.follow(undefined).next()).value).toMatchObject({ rows: [{ id: 'a', value: 7 }] });
  });
  it('M-307 tells each market at most 20 times a second, and always its newest state in the end', async () => {
    const changes = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), afterMs: fc.nat(40) }), {
      maxLength: 80,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const { seams, world, push, delivered } = create();
        push.readers(1);
        const newest = new Map<string, number>();
        for (const [value, { id, afterMs }] of list.entries()) {
          await seams.advance(afterMs);
          world.take([{ id, value }]);
          newest.set(id, value);
        }
        await seams.advance(PUSH_MS);
        for (const id of newest.keys()) {
          const times = delivered.filter(({ rows }) => rows.some((row) => row.id === id)).map(({ at }) => at);
          for (let i = 1; i < times.length; i++)
            expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(1_000 / 20);
          const last = delivered.flatMap(({ rows }) => rows).findLast((row) => row.id === id);
          expect(last!.value).toBe(newest.get(id));
        }
      }),
      { numRuns: 50 },
    );
  });
  it('tells a quiet market at once', () => {
    const { world, push, delivered } = create();
    push.readers(1);
    world.take([{ id: 'a', value: 1 }]);
    expect(delivered).toEqual([{ at: 0, rows: [{ id: 'a', value: 1 }] }]);
  });
  it('M-130 leaves off for 5 s after five failures in a row, says so once, and goes on with the newest', async () => {
    const { seams, world, push, delivered, failures } = create();
    push.readers(1);
    world.fails = true;
    world.take([{ id: 'a', value: 1 }]);
    await seams.advance(4 * PUSH_MS);
    expect(failures).toHaveLength(1);
    world.fails = false;
    world.take([{ id: 'a', value: 2 }]);
    world.take([{ id: 'b', value: 1 }]);
    await seams.advance(4_900);
    expect(delivered).toEqual([]);
    await seams.advance(200);
    expect(delivered.map(({ rows }) => rows)).toEqual([
      [
        { id: 'a', value: 2 },
        { id: 'b', value: 1 },
      ],
    ]);
    world.fails = true;
    world.take([{ id: 'a', value: 3 }]);
    await seams.advance(3 * PUSH_MS);
    world.fails = false;
    await seams.advance(2 * PUSH_MS);
    // Four failures are not five: it went on without a pause.
    expect(delivered.at(-1)!.rows).toEqual([{ id: 'a', value: 3 }]);
    expect(failures).toHaveLength(1);
  });
});

describe('candles on their way to a chart', () => {
  it('M-307 are merged by candle, so that a close is never lost to the next opening', async () => {
    const seams = createSimulatedSeams(1, 0);
    const gate = () => new Promise<void>((resolve) => void seams.timers.after(PUSH_MS, resolve));
    const merged = createMerged<Row>((row) => row.id, gate);
    const got: (readonly Row[])[] = [];
    const gone = new AbortController();
    const reading = (async () => {
      for await (const rows of merged.follow(gone.signal)) got.push(rows);
    })();
    merged.put({ id: '1', value: 1 });
    await seams.advance(1);
    merged.put({ id: '1', value: 2 });
    merged.put({ id: '1', value: 3 });
    merged.put({ id: '2', value: 4 });
    await seams.advance(PUSH_MS);
    gone.abort();
    await seams.advance(PUSH_MS);
    await reading;
    expect(got).toEqual([
      [{ id: '1', value: 1 }],
      [
        { id: '1', value: 3 },
        { id: '2', value: 4 },
      ],
    ]);
  });
});
