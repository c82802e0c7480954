import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '#main/market/order-book';
import { sequence } from '#main/venues/binance/book-sync';
import {
  type BookDelta,
  type BookSnapshot,
  type BookStep,
  BookSync,
  type SequenceRule,
} from '#main/venues/core/book-sync';
import { type Decimal, unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Level } from '#shared/domain/market';

const delta = (first: number, last: number, previousLast: number | null = null): BookDelta => ({
  first,
  last,
  previousLast,
  bids: [],
  asks: [],
  venueTime: unixMs(0),
});

const ruleOf =
  (market: MarketKind): SequenceRule =>
  (applied, delta, afterSnapshot) =>
    sequence(market, applied, delta, afterSnapshot);

describe('sequence on spot', () => {
  it.each([
    [100, delta(90, 100), 'drop'],
    [100, delta(95, 105), 'apply'],
    [100, delta(101, 105), 'apply'],
    [100, delta(102, 105), 'gap'],
  ] as const)('after update %i', (applied, one, expected) => {
    expect(sequence('spot', applied, one, false)).toBe(expected);
  });
});
describe('sequence on futures', () => {
  it.each([
    ['before the snapshot', delta(90, 99, 80), true, 'drop'],
    ['reaching over the snapshot', delta(95, 105, 80), true, 'apply'],
    ['reaching over it later, without its predecessor', delta(95, 105, 80), false, 'gap'],
    ['naming the applied one as its predecessor', delta(107, 120, 100), false, 'apply'],
    ['with a missing predecessor', delta(107, 120, 106), false, 'gap'],
    ['that starts behind the snapshot', delta(107, 120, 106), true, 'gap'],
    ['seen already', delta(95, 100, 80), false, 'drop'],
  ] as const)('a delta %s', (_, one, afterSnapshot, expected) => {
    expect(sequence('future', 100, one, afterSnapshot)).toBe(expected);
  });
});

/** A venue that really moves: every update has an id; deltas cover ranges; the truth is known at each id. */
function createVenueBook(
  market: MarketKind,
  changes: readonly (readonly [number, number])[],
  cuts: readonly number[],
) {
  const state = new Map<number, number>();
  const truth: Map<number, number>[] = [new Map()];
  for (const [price, amount] of changes) {
    if (amount === 0) state.delete(price);
    else state.set(price, amount);
    truth.push(new Map(state));
  }
  const ends = [...new Set([...cuts.map((cut) => cut % changes.length), changes.length - 1])].sort(
    (a, b) => a - b,
  );
  let previous = 0;
  const deltas = ends.map((end) => {
    const last = end + 1;
    // Futures ranges need not touch: ids of other books lie between, here two per delta.
    const scale = market === 'future' ? 3 : 1;
    const touched = new Map(changes.slice(previous, last));
    const made: BookDelta = {
      first: previous * scale + (market === 'future' ? 2 : 1),
      last: last * scale,
      previousLast: market === 'future' ? previous * scale : null,
      bids: [...touched].map(([price]) => level(price, truth[last]!.get(price) ?? 0)),
      asks: [],
      venueTime: unixMs(0),
    };
    previous = last;
    return made;
  });
  const scale = market === 'future' ? 3 : 1;
  const snapshotAt = (id: number): BookSnapshot => ({
    last: id * scale,
    bids: [...truth[id]!].map(([price, amount]) => level(price, amount)),
    asks: [],
  });
  const trueBids = (lastWireId: number) => {
    const at = truth[Math.floor(lastWireId / scale)]!;
    return [...at].sort(([a], [b]) => b - a).map(([price, amount]) => level(price, amount));
  };
  return { deltas, snapshotAt, trueBids };
}
const level = (price: number, amount: number): Level => [String(price) as Decimal, String(amount) as Decimal];

describe.each(['spot', 'future'] as const)('a %s book under drops, repeats and swaps', (market) => {
  const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 3,
    maxLength: 40,
  });
  const faults = fc.array(fc.constantFrom('ok', 'ok', 'ok', 'drop', 'repeat', 'swap'), {
    minLength: 40,
    maxLength: 40,
  });

  it('is the true book after every step, or says that it is not to be trusted', () => {
    let shown = 0;
    let refetched = 0;
    fc.assert(
      fc.property(
        changes,
        fc.array(fc.nat(), { maxLength: 20 }),
        faults,
        fc.array(fc.nat({ max: 3 }), { minLength: 90, maxLength: 90 }),
        (moves, cuts, trouble, delays) => {
          const venue = createVenueBook(market, moves, cuts);
          const wire: BookDelta[] = [];
          venue.deltas.forEach((one, at) => {
            const fault = trouble[at % trouble.length];
            if (fault === 'drop') return;
            if (fault === 'swap' && wire.length > 0) wire.splice(wire.length - 1, 0, one);
            else wire.push(one);
            if (fault === 'repeat') wire.push(one);
          });
          const sync = new BookSync(ruleOf(market));
          const book = new OrderBook();
          let trusted = false;
          let pending: number | null = null;
          let turn = 0;
          const take = (steps: readonly BookStep[]): void => {
            for (const step of steps) {
              if (step.kind === 'fetch') {
                trusted = false;
                pending = delays[turn % delays.length]!;
                refetched++;
              } else if (step.kind === 'snapshot') {
                trusted = true;
                book.applySnapshot(step.snapshot);
              } else book.applyDelta(step.delta);
            }
            if (!trusted) return;
            shown++;
            expect(book.top(99).bids).toEqual(venue.trueBids(book.last!));
          };
          take(sync.start());
          const arrived = { highest: 0 };
          for (const one of [...wire, null, null, null, null]) {
            turn++;
            if (one !== null) {
              arrived.highest = Math.max(arrived.highest, one.last);
              take(sync.delta(one));
            }
            if (pending === null || pending-- > 0) continue;
            pending = null;
            // REST may lag behind the stream or run ahead of it.
            const now = Math.floor(arrived.highest / (market === 'future' ? 3 : 1));
            const lag = delays[(turn + 7) % delays.length]! - 1;
            take(sync.snapshot(venue.snapshotAt(Math.min(moves.length, Math.max(0, now - lag)))));
          }
        },
      ),
      { numRuns: 1_500 },
    );
    expect(shown).toBeGreaterThan(1_000);
    expect(refetched).toBeGreaterThan(1_000);
  });

  it('ends in the true book when the last deltas come whole and a snapshot follows them', () => {
    fc.assert(
      fc.property(changes, fc.array(fc.nat(), { maxLength: 20 }), (moves, cuts) => {
        const venue = createVenueBook(market, moves, cuts);
        const sync = new BookSync(ruleOf(market));
        const book = new OrderBook();
        const take = (steps: readonly BookStep[]): void => {
          for (const step of steps) {
            if (step.kind === 'snapshot') book.applySnapshot(step.snapshot);
            if (step.kind === 'delta') book.applyDelta(step.delta);
          }
        };
        take(sync.start());
        const half = Math.floor(venue.deltas.length / 2);
        for (const one of venue.deltas.slice(0, half)) take(sync.delta(one));
        const scale = market === 'future' ? 3 : 1;
        take(sync.snapshot(venue.snapshotAt((venue.deltas[half - 1]?.last ?? 0) / scale)));
        for (const one of venue.deltas.slice(half)) take(sync.delta(one));
        expect(book.last).toBe(moves.length * scale);
        expect(book.top(99).bids).toEqual(venue.trueBids(book.last!));
      }),
    );
  });
});

describe('snapshots', () => {
  it('asks again for one that is older than the buffered stream', () => {
    const sync = new BookSync(ruleOf('spot'));
    expect(sync.start()).toEqual([{ kind: 'fetch', reason: 'start' }]);
    expect(sync.delta(delta(110, 120))).toEqual([]);
    expect(sync.snapshot({ last: 100, bids: [], asks: [] })).toEqual([
      { kind: 'fetch', reason: 'old-snapshot' },
    ]);
    const steps = sync.snapshot({ last: 115, bids: [], asks: [] });
    expect(steps.map((step) => step.kind)).toEqual(['snapshot', 'delta']);
  });
  it('ignores one that nobody asked for', () => {
    const sync = new BookSync(ruleOf('spot'));
    sync.start();
    sync.snapshot({ last: 100, bids: [], asks: [] });
    expect(sync.snapshot({ last: 50, bids: [], asks: [] })).toEqual([]);
    expect(sync.delta(delta(101, 101)).map((step) => step.kind)).toEqual(['delta']);
  });
});
