import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandover, type Side } from '#main/connectivity/handover';
import { createSimulatedSeams } from '#main/seams/index';
import { unixMs } from '#shared/domain/basics';

function create(mark: (message: unknown) => number | string | null) {
  const seams = createSimulatedSeams(1, 0);
  const got: unknown[] = [];
  const handover = createHandover({
    timers: seams.timers,
    holdMs: 500,
    mark: (_, message) => mark(message),
    deliver: (_, message) => got.push(message),
  });
  const take = (side: Side, message: unknown): void => handover.take(side, 'a', message, unixMs(0));
  return { seams, got, handover, take };
}

describe('a hand-over of numbered messages', () => {
  it('holds what the new connection is ahead by until the old one has come as far', () => {
    const { got, take } = create(Number);
    for (const [side, n] of [
      ['old', 1],
      ['new', 3],
      ['old', 2],
      ['new', 4],
      ['old', 3],
    ] as const)
      take(side, n);
    expect(got).toEqual([1, 2, 3, 4]);
  });
  it('waits half a second at most for an old connection that has gone quiet', async () => {
    const { seams, got, take } = create(Number);
    take('old', 1);
    take('new', 3);
    await seams.advance(499);
    expect(got).toEqual([1]);
    await seams.advance(2);
    expect(got).toEqual([1, 3]);
  });
  it('hands on what was held when the old connection is gone, and drops it when the new one is', () => {
    const gone = create(Number);
    gone.take('new', 5);
    gone.handover.oldGone();
    expect(gone.got).toEqual([5]);
    const back = create(Number);
    back.take('new', 5);
    back.handover.newGone();
    back.take('old', 4);
    back.take('old', 5);
    expect(back.got).toEqual([4, 5]);
  });
  it('brings every message once and in order, however far apart the two connections are', () => {
    // The exchange sends 0..n on both; the new one joins somewhere, each is delivered in its own order.
    const world = fc.record({
      joinsAt: fc.nat(10),
      oldEndsAt: fc.nat(10),
      turns: fc.array(fc.constantFrom<Side>('old', 'new'), { minLength: 60, maxLength: 60 }),
    });
    fc.assert(
      fc.property(world, ({ joinsAt, oldEndsAt, turns }) => {
        const { got, take, handover } = create(Number);
        const total = 20;
        const next = { old: 0, new: joinsAt };
        // The old connection ends only when it has brought all that the new one did not see.
        const oldEnd = Math.max(oldEndsAt, joinsAt) + 1;
        for (const side of [...turns, ...Array<Side>(total).fill('old')]) {
          if (next[side] < (side === 'old' ? oldEnd : total)) take(side, next[side]++);
        }
        handover.oldGone();
        while (next.new < total) take('new', next.new++);
        expect(got).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });
});

describe('a hand-over of named messages', () => {
  it('brings every fact once, whichever connection is first', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { maxLength: 20 }),
        fc.infiniteStream(fc.boolean()),
        (facts, coin) => {
          const { got, take } = create(String);
          const rest = { old: [...facts], new: [...facts] };
          while (rest.old.length + rest.new.length > 0) {
            const side = coin.next().value ? 'old' : 'new';
            const fact = rest[side].shift();
            if (fact !== undefined) take(side, fact);
          }
          expect(got).toEqual(facts);
        },
      ),
    );
  });
  it('brings from both what has neither number nor name', () => {
    const { got, take } = create(() => null);
    take('old', 'x');
    take('new', 'x');
    expect(got).toEqual(['x', 'x']);
  });
});
