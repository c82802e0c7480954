import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBookSequence, type DepthDiff } from '#main/practice/wire-kit/book-sequence';
import type { Decimal } from '#shared/domain/basics';

type Levels = Map<string, string>;
interface Snapshot {
  readonly id: number;
  readonly levels: Levels;
}
type Step =
  | { readonly kind: 'change'; readonly price: number; readonly amount: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'snapshot' };

const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('change' as const),
        price: fc.integer({ min: 1, max: 9 }),
        amount: fc.integer({ min: 0, max: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.constant<Step>({ kind: 'flush' }) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'snapshot' }) },
  ),
  { maxLength: 80 },
);

/** Plays steps against a book and collects what a client would see. */
function play(list: readonly Step[]) {
  const sequence = createBookSequence(100);
  const collector = sequence.collect();
  const truth: Levels = new Map();
  const diffs: DepthDiff[] = [];
  const snapshots: Snapshot[] = [];
  const flush = (): void => {
    const diff = collector.take();
    if (diff !== null) diffs.push(diff);
  };
  for (const step of list) {
    if (step.kind === 'flush') flush();
    else if (step.kind === 'snapshot') snapshots.push({ id: sequence.snapshotId(), levels: new Map(truth) });
    else {
      if (step.amount === 0) truth.delete(String(step.price));
      else truth.set(String(step.price), String(step.amount));
      sequence.level('bid', String(step.price) as Decimal, String(step.amount) as Decimal);
    }
  }
  flush();
  return { truth, diffs, snapshots };
}

const applyDiff = (levels: Levels, diff: DepthDiff): void => {
  for (const [price, amount] of diff.bids) {
    if (amount === '0') levels.delete(price);
    else levels.set(price, amount);
  }
};

/** The documented spot recipe; "gap" when it would have to start over. */
function readSpot(snapshot: Snapshot, diffs: readonly DepthDiff[]): Levels | 'gap' {
  const levels = new Map(snapshot.levels);
  let id = snapshot.id;
  for (const diff of diffs) {
    if (diff.last <= id) continue;
    if (diff.first > id + 1) return 'gap';
    applyDiff(levels, diff);
    id = diff.last;
  }
  return levels;
}

/** The documented futures recipe, strict: the first event must hold the snapshot's id, then pu must follow. */
function readFuture(snapshot: Snapshot, diffs: readonly DepthDiff[]): Levels | 'gap' {
  const levels = new Map(snapshot.levels);
  let previous: number | null = null;
  for (const diff of diffs) {
    if (diff.last < snapshot.id) continue;
    if (
      previous === null
        ? !(diff.first <= snapshot.id && snapshot.id <= diff.last)
        : diff.previousLast !== previous
    )
      return 'gap';
    applyDiff(levels, diff);
    previous = diff.last;
  }
  return levels;
}

describe('book update ids', () => {
  it('let a reader of either recipe rebuild the book from any snapshot', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { truth, diffs, snapshots } = play(list);
        for (const snapshot of snapshots) {
          expect(readSpot(snapshot, diffs)).toEqual(truth);
          expect(readFuture(snapshot, diffs)).toEqual(truth);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('show a reader that a diff is missing', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, pick) => {
        const { diffs } = play([{ kind: 'snapshot' }, ...list]);
        if (diffs.length < 3) return;
        const lost = 1 + (pick % (diffs.length - 2));
        const rest = diffs.filter((_, i) => i !== lost);
        const start: Snapshot = { id: diffs[0]!.first, levels: new Map() };
        expect(readSpot(start, rest)).toBe('gap');
        expect(readFuture(start, rest)).toBe('gap');
      }),
    );
  });

  it('are contiguous on spot and linked on futures', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { diffs } = play(list);
        diffs.slice(1).forEach((diff, i) => {
          expect(diff.first).toBe(diffs[i]!.last + 1);
          expect(diff.previousLast).toBe(diffs[i]!.last);
          expect(diff.last).toBeGreaterThanOrEqual(diff.first);
        });
      }),
    );
  });
});
