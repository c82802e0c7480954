import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/types';
import { isBelieved } from '#main/engine/zombies';
import type { ClientOrderId } from '#shared/domain/basics';
import type { Settings } from '#shared/domain/settings';
import { drive, opened, STOP } from './drive';
import { at, BTC, d, FUTURE, settings, signal, symbolOf, wave } from './samples';

const ETH = symbolOf('ETH');
type Row = Extract<EngineEvent, { type: 'venue-orders' }>['orders'][number];
type Run = ReturnType<typeof drive>;
const LOOK = { type: 'wake', key: `reconcile|${FUTURE}` } as const;
const OWN = 'w7k2p-s7-s1';

const row = (id: string | null, over: Partial<Row> = {}): Row => ({
  clientOrderId: id as ClientOrderId | null,
  venueOrderId: `v-${id}` as never,
  symbol: ETH,
  status: 'open',
  filled: d('0'),
  reduceOnly: true,
  triggerPrice: d('90'),
  amount: d('1'),
  side: 'sell',
  ...over,
});
const held = (...symbols: readonly (readonly [typeof BTC, string])[]): EngineEvent => ({
  type: 'venue-positions',
  venue: FUTURE,
  positions: symbols.map(([symbol, amount]) => ({ symbol, amount: d(amount), entryPrice: d('100') })),
});
const listed = (...orders: readonly Row[]): EngineEvent => ({ type: 'venue-orders', venue: FUTURE, orders });
const zombies = (mode: Settings['zombies']['mode'], protectedOrderIds: readonly string[] = []) =>
  settings({ zombies: { mode, protectedOrderIds: [...protectedOrderIds] } });
const cancels = (run: Run) =>
  run.intents.flatMap((intent) => (intent.kind === 'cancel' ? [intent.request.clientOrderId as string] : []));
const foundIn = (run: Run) =>
  run.events('zombie_found').map((event) => (event.kind === 'event' ? event.data : {}));

/** One whole look: both lists read, and read again ten seconds later. */
function look(run: Run, rows: readonly Row[], positions = held(), ms = 120_000): void {
  run.tell(LOOK, ms);
  run.tell(positions);
  run.tell(listed(...rows));
  run.tell({ type: 'wake', key: `look|${FUTURE}` }, 10_000);
  run.tell(positions);
  run.tell(listed(...rows));
}
function ready(mode: Settings['zombies']['mode'], protectedOrderIds: readonly string[] = []): Run {
  const run = drive({ settings: zombies(mode, protectedOrderIds) });
  run.ready();
  return run;
}

describe('an order that protects nothing', () => {
  it('M-108 is cancelled when it is ours and its symbol has no position', () => {
    const run = ready('on');
    look(run, [row(OWN)]);
    look(run, [row(OWN)]);
    expect(cancels(run)).toEqual([OWN]);
    expect(run.events('zombie_cancel_sent')).toHaveLength(1);
    run.tell({ type: 'cancel-reply', clientOrderId: OWN as never, outcome: 'cancelled', message: null });
    expect(run.events('zombie_cancelled')).toHaveLength(1);
    look(run, []);
    expect(cancels(run)).toHaveLength(1);
  });

  it('M-108 is tried again at the next look when the cancel did not take', () => {
    const run = ready('on');
    look(run, [row(OWN)]);
    look(run, [row(OWN)]);
    run.tell({ type: 'cancel-reply', clientOrderId: OWN as never, outcome: 'unknown', message: 'x' });
    look(run, [row(OWN)]);
    expect(cancels(run).length).toBeGreaterThan(1);
  });

  it('M-108 is looked at again after ten seconds before anything is done: too new', () => {
    const run = ready('on');
    look(run, []);
    run.tell(LOOK, 120_000);
    run.tell(held());
    run.tell(listed(row(OWN)));
    expect(run.intents.at(-1)).toMatchObject({ kind: 'wake', key: `look|${FUTURE}`, afterMs: 10_000 });
    run.tell({ type: 'wake', key: `look|${FUTURE}` }, 9_999);
    run.tell(held());
    run.tell(listed(row(OWN)));
    expect(cancels(run)).toEqual([]);
    run.tell({ type: 'wake', key: `look|${FUTURE}` }, 1);
    run.tell(held());
    run.tell(listed(row(OWN)));
    expect(cancels(run)).toEqual([OWN]);
  });

  it('M-108 is forgotten when it was gone in between', () => {
    const run = ready('on');
    look(run, [row(null, { venueOrderId: 'v-other' as never, reduceOnly: false })]);
    for (const rows of [[row(OWN)], [row(null, { reduceOnly: false })], [row(OWN)]]) {
      run.tell(LOOK, 8_000);
      run.tell(held());
      run.tell(listed(...rows));
    }
    expect(cancels(run)).toEqual([]);
  });

  it('M-108 is left alone when its id is on the protected list, by our id or the venue’s', () => {
    for (const id of [OWN, `v-${OWN}`]) {
      const run = ready('on', [id]);
      look(run, [row(OWN)]);
      look(run, [row(OWN)]);
      expect(cancels(run)).toEqual([]);
      expect(foundIn(run)).toEqual([]);
    }
  });

  it('M-108 is a single leg when its position is over and another one is open there', () => {
    const run = opened({ settings: zombies('on') });
    const leg = row('w7k2p-s9-s1', { symbol: BTC, triggerPrice: d('50') });
    const stop = row(STOP, {
      symbol: BTC,
      venueOrderId: 'v-stop' as never,
      triggerPrice: d('96'),
      amount: d('2'),
    });
    look(run, [stop, leg], held([BTC, '2']));
    look(run, [stop, leg], held([BTC, '2']));
    expect(foundIn(run)).toMatchObject([{ kind: 'orphan_leg', clientOrderId: 'w7k2p-s9-s1' }]);
    expect(cancels(run)).toEqual(['w7k2p-s9-s1']);
  });

  it('M-108 is stuck when it is ours, no stop, and open for more than 24 hours', () => {
    const rows = (updatedAt: number) => [
      row('w7k2p-s7-e1', { reduceOnly: false, triggerPrice: null, updatedAt: updatedAt as never }),
    ];
    const run = ready('on');
    look(run, rows(at(-25 * 3_600_000).market));
    expect(foundIn(run)).toMatchObject([{ kind: 'stuck' }]);
  });

  it('M-108 is not the stop of an open position, however old', () => {
    const run = opened({ settings: zombies('on') });
    const stop = row(STOP, {
      symbol: BTC,
      venueOrderId: 'v-stop' as never,
      triggerPrice: d('96'),
      amount: d('2'),
    });
    look(run, [stop], held([BTC, '2']), 48 * 3_600_000);
    look(run, [stop], held([BTC, '2']));
    expect(cancels(run)).toEqual([]);
    expect(foundIn(run)).toEqual([]);
  });

  it('M-108 is named but never cancelled when a person placed it', () => {
    const run = ready('on');
    const theirs = [
      row('web_stop'),
      row(null, { venueOrderId: 'v-null' as never }),
      row('abcdp-s7-s1'),
      row('w7k2l-s7-s1'),
    ];
    for (let n = 0; n < 3; n += 1) look(run, theirs);
    expect(cancels(run)).toEqual([]);
    expect(foundIn(run)).toHaveLength(4);
    for (const data of foundIn(run)) expect(data).toMatchObject({ own: false });
  });

  it("M-108 does not concern a person's ordinary orders at all", () => {
    const run = ready('on');
    const limit = row('web_limit', { reduceOnly: false, triggerPrice: null, updatedAt: 1 as never });
    for (let n = 0; n < 3; n += 1) look(run, [limit]);
    expect(foundIn(run)).toEqual([]);
  });

  it('M-108 is no zombie while its symbol holds a position that is about to be taken over', () => {
    const run = ready('on');
    const stop = row(OWN, { triggerPrice: d('96') });
    run.tell({ type: 'price', venue: FUTURE, symbol: ETH, price: d('100') });
    look(run, [stop], held([ETH, '1']));
    look(run, [stop], held([ETH, '1']));
    expect(cancels(run)).not.toContain(OWN);
  });
});

describe('what is not believed', () => {
  it('M-109 an empty list after a full one counts the third time in a row', () => {
    const watch = { wasFull: false, empties: 0 };
    expect(isBelieved(watch, 0)).toBe(true);
    expect(isBelieved(watch, 2)).toBe(true);
    expect([isBelieved(watch, 0), isBelieved(watch, 0), isBelieved(watch, 0)]).toEqual([false, false, true]);
    expect(isBelieved(watch, 0)).toBe(true);
    isBelieved(watch, 1);
    isBelieved(watch, 0);
    isBelieved(watch, 1);
    expect(isBelieved(watch, 0)).toBe(false);
  });

  it('M-109 empty positions after full ones cancel nothing until they were confirmed twice more', () => {
    const run = ready('on');
    look(run, [row(null, { reduceOnly: false })], held([BTC, '1']));
    // The order was there all along; were one empty list believed, it would be cancelled now.
    for (let n = 0; n < 2; n += 1) {
      run.tell(LOOK, 120_000);
      run.tell(held());
      run.tell(listed(row(OWN)));
      expect(run.intents).toContainEqual({
        kind: 'wake',
        key: `look|${FUTURE}`,
        afterMs: 10_000,
        clock: 'wall',
      });
    }
    expect(foundIn(run)).toEqual([]);
    look(run, [row(OWN)]);
    look(run, [row(OWN)]);
    expect(cancels(run)).toEqual([OWN]);
  });

  it('M-109 nothing happens when positions or orders could not be read', () => {
    for (const half of [held(), listed(row(OWN))]) {
      const run = ready('on');
      for (let n = 0; n < 6; n += 1) {
        run.tell(LOOK, 120_000);
        run.tell(half);
      }
      expect(cancels(run)).toEqual([]);
      expect(foundIn(run)).toEqual([]);
    }
  });

  it('M-109 two halves that came more than ten seconds apart are not put together', () => {
    const run = ready('on');
    for (let n = 0; n < 4; n += 1) {
      run.tell(LOOK, 120_000);
      run.tell(held());
      run.tell(listed(row(OWN)), 10_001);
    }
    expect(foundIn(run)).toEqual([]);
  });

  it('M-109 two halves of different looks are not put together', () => {
    const run = ready('on');
    for (let n = 0; n < 6; n += 1) {
      run.tell(LOOK, 120_000);
      run.tell(n % 2 === 0 ? held() : listed(row(OWN)));
    }
    expect(foundIn(run)).toEqual([]);
  });
});

describe('the dry run', () => {
  it('M-110 is the default: it names each zombie once and cancels none', () => {
    expect(settings().zombies.mode).toBe('dry-run');
    const run = ready('dry-run');
    for (let n = 0; n < 5; n += 1) look(run, [row(OWN)]);
    expect(cancels(run)).toEqual([]);
    expect(foundIn(run)).toMatchObject([{ kind: 'protective_without_position', own: true, dryRun: true }]);
  });

  it('M-110 is what the first run on an account is, also when the cleaning is on', () => {
    const run = ready('on');
    look(run, [row(OWN)], held(), 0);
    expect(foundIn(run)).toMatchObject([{ dryRun: true }]);
    expect(cancels(run)).toEqual([]);
    look(run, [row(OWN)]);
    expect(cancels(run)).toEqual([OWN]);
  });

  it('M-110 is said to be over once, and is not begun again by a restart that knows', () => {
    const first = ready('on');
    look(first, [row(OWN)], held(), 0);
    expect(first.events('zombie_first_run_over')).toEqual([]);
    look(first, [row(OWN)]);
    look(first, [row(OWN)]);
    expect(first.events('zombie_first_run_over')).toMatchObject([{ data: { venue: FUTURE } }]);
    const again = drive({ settings: zombies('on'), reportedAccounts: new Set([FUTURE]) });
    again.ready();
    look(again, [row(OWN)], held(), 0);
    expect(cancels(again)).toEqual([OWN]);
    expect(again.events('zombie_first_run_over')).toEqual([]);
  });

  it('M-110 begins anew on the account that another key opens', () => {
    const run = drive({ settings: zombies('on'), reportedAccounts: new Set([FUTURE]) });
    run.ready();
    run.tell({ type: 'account-changed', venue: FUTURE });
    look(run, [row(OWN)], held(), 0);
    expect(foundIn(run)).toMatchObject([{ dryRun: true }]);
    expect(cancels(run)).toEqual([]);
  });

  it('M-110 is not even made when the cleaning is off', () => {
    const run = ready('off');
    for (let n = 0; n < 3; n += 1) look(run, [row(OWN)]);
    expect(foundIn(run)).toEqual([]);
  });
});

describe('whatever an exchange lists', () => {
  it('M-108 only what this installation made is ever cancelled, and never the stop of an open position', () => {
    const ids = fc.constantFrom(
      'w7k2p-s7-s1',
      'w7k2p-s1-s1',
      'w7k2p-s1-s9',
      'w7k2l-s7-s1',
      'abcdp-s7-s1',
      'web',
      null,
    );
    const anyRow = fc
      .tuple(
        ids,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(BTC, ETH),
        fc.constantFrom<Row['status']>('open', 'partially_filled', 'filled'),
      )
      .map(([id, reduceOnly, trigger, symbol, status]) =>
        row(id, { reduceOnly, triggerPrice: trigger ? d('96') : null, symbol, status }),
      );
    const lists = fc.array(
      fc.tuple(fc.array(anyRow, { maxLength: 4 }), fc.boolean(), fc.integer({ min: 0, max: 130_000 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lists, (looks) => {
        const run = opened({ settings: zombies('on') });
        const stop = row(STOP, {
          symbol: BTC,
          venueOrderId: 'v-stop' as never,
          triggerPrice: d('96'),
          amount: d('2'),
        });
        for (const [rows, withPosition, ms] of looks) {
          const unique = [...new Map(rows.map((each) => [each.clientOrderId ?? 'none', each])).values()];
          look(
            run,
            [stop, ...unique.filter((each) => each.clientOrderId !== STOP)],
            withPosition ? held([BTC, '2']) : held([BTC, '2'], [ETH, '1']),
            ms,
          );
        }
        for (const id of cancels(run)) {
          expect(id.startsWith('w7k2p-')).toBe(true);
          const position = run.images().positions.get('s1')!;
          expect(position.stop?.clientOrderId).not.toBe(id);
        }
        expect(run.events('engine_error')).toEqual([]);
        expect(run.events('invariant_broken')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('M-108 an order of a wave that is being opened is none', () => {
    const run = ready('on');
    run.tell(wave([signal(1, ETH)]));
    look(run, [row('w7k2p-s1-e1', { reduceOnly: false, triggerPrice: null })]);
    look(run, [row('w7k2p-s1-e1', { reduceOnly: false, triggerPrice: null })]);
    expect(cancels(run)).toEqual([]);
  });
});
