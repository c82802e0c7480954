import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/types';
import { drive, ENTRY, fill, STOP } from './drive';
import { BTC, d, FUTURE, signal, startFrom, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld, type World } from './world';

type Run = ReturnType<typeof drive>;
const confirm = { type: 'wake', key: 'confirm|s1' } as const;
const s1 = (run: Run) => run.images().positions.get('s1')!;
const shown = (amount: string): EngineEvent => ({
  type: 'venue-positions',
  venue: FUTURE,
  positions: [{ symbol: BTC, amount: d(amount) }],
});
const held = (amount: string): EngineEvent => ({
  type: 'held',
  positionId: 's1' as never,
  amount: d(amount),
});

/** An entry that was sent and of which nothing was heard. */
function sent(): Run {
  const run = drive();
  run.ready();
  run.tell(wave([signal(1, BTC)]));
  run.order(ENTRY, { kind: 'reply-lost', message: 'x' });
  return run;
}
/** The same, eleven seconds later. */
function givenUp(): Run {
  const run = sent();
  run.tell(confirm, 5_000);
  run.tell(confirm, 5_000);
  return run;
}

describe('an entry that nothing confirms', () => {
  it('M-088 is asked about on every way after five seconds, and its opening fails after ten', () => {
    const run = sent();
    const before = run.intents.length;
    run.tell(confirm, 5_000);
    expect(run.intents.slice(before).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ask-order', 'ask-fills', 'reconcile']),
    );
    run.tell(confirm, 4_999);
    expect(run.events('order_unconfirmed')).toHaveLength(0);
    expect(s1(run).openFailedAt).toBeUndefined();
    run.tell(confirm, 1);
    expect(run.events('order_unconfirmed')).toMatchObject([{ severity: 'critical' }]);
    expect(s1(run)).toMatchObject({ status: 'pending_entry', openFailedAt: expect.any(Number) });
    run.tell(confirm, 60_000);
    expect(run.events('order_unconfirmed')).toHaveLength(1);
  });

  it('M-088 leaves the order in doubt: only evidence ends it, here its proven absence', () => {
    const run = givenUp();
    expect(run.images().orders.get(ENTRY)?.status).toBe('unknown');
    for (let n = 0; n < 2; n += 1) {
      run.tell({ type: 'wake', key: `chase|${ENTRY}` }, 5_000);
      for (let answers = 0; answers < 6; answers += 1) run.order(ENTRY, { kind: 'absent' });
    }
    expect(run.images().orders.get(ENTRY)?.status).toBe('absent');
    expect(s1(run)).toMatchObject({ status: 'failed' });
    expect(run.places()).toHaveLength(1);
  });

  it.each<readonly [string, (run: Run) => void]>([
    ['order status', (run) => run.order(ENTRY, { kind: 'accepted', venueOrderId: 'v1' as never })],
    ['the private stream', (run) => run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') })],
    ['the position list', (run) => run.tell(shown('2'))],
  ])('M-088 is confirmed by %s, and then protected and kept', (_way, tell) => {
    const run = sent();
    tell(run);
    run.tell(confirm, 5_000);
    run.tell(confirm, 5_000);
    expect(run.events('order_unconfirmed')).toHaveLength(0);
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.order(STOP, { kind: 'accepted', venueOrderId: 'v-stop' as never });
    expect(s1(run).status).toBe('active');
  });

  it('M-088 is not confirmed by a position on the other side', () => {
    const run = sent();
    run.tell(shown('-2'));
    run.tell(confirm, 5_000);
    run.tell(confirm, 5_000);
    expect(run.events('order_unconfirmed')).toHaveLength(1);
  });

  it('M-088 that fills after all is closed at market at once, reduce-only, and never gets a stop', () => {
    const run = givenUp();
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.tell(held('2'), 20);
    expect(run.places().slice(1)).toMatchObject([
      { type: 'market', side: 'sell', amount: '2', reduceOnly: true },
    ]);
    run.tell({ type: 'fill', fill: fill('2', run.places()[1]!.clientOrderId, 'sell', '2') });
    expect(s1(run)).toMatchObject({
      status: 'rolled_back',
      closeReason: 'rollback',
      note: 'its entry was not confirmed within 10 seconds',
    });
    // The ledger says what happened, and not that a stop was tried.
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'failed', reason: 'entry_not_confirmed' });
  });

  it('M-088 that the exchange no longer shows ends under the same reason', () => {
    const run = givenUp();
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.tell(held('0'), 20);
    run.tell({ type: 'venue-positions', venue: FUTURE, positions: [] }, 20);
    run.tell({ type: 'venue-positions', venue: FUTURE, positions: [] }, 10_000);
    expect(s1(run)).toMatchObject({ status: 'rolled_back' });
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'failed', reason: 'entry_not_confirmed' });
  });

  it('M-088 is not confirmed by a position that stood there before it: that symbol is not opened at all', () => {
    const run = drive();
    run.ready();
    run.tell(shown('3'));
    run.tell(wave([signal(1, BTC)]));
    expect(run.places()).toHaveLength(0);
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'duplicate_position' });
  });

  it('M-088 is given up also when its wake comes early, or after the clock was set back', () => {
    const early = sent();
    early.tell(confirm, 5_000);
    early.tell(confirm, 4_990);
    expect(early.intents.at(-1)).toMatchObject({ kind: 'reconcile' });
    expect(early.intents).toContainEqual({ kind: 'wake', key: 'confirm|s1', afterMs: 10, clock: 'wall' });
    const setBack = sent();
    setBack.tell(confirm, 5_000);
    setBack.tell(confirm, -3_600_000);
    expect(setBack.events('order_unconfirmed')).toHaveLength(1);
  });

  it('M-088 keeps its mark over a restart, and what fills then is closed as well', () => {
    const before = givenUp();
    const run = drive(startFrom(before.records));
    run.tell({ type: 'recover' }, 60_000);
    expect(run.engine.positions()[0]).toEqual(s1(before));
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.tell(held('2'), 20);
    expect(run.places()).toMatchObject([{ type: 'market', side: 'sell', reduceOnly: true }]);
  });

  it('M-088 has its ten seconds anew after a restart, so that a crash alone closes nothing', () => {
    const run = drive(startFrom(sent().records));
    run.tell({ type: 'recover' }, 60_000);
    run.tell(confirm, 9_999);
    expect(run.events('order_unconfirmed')).toHaveLength(0);
    run.tell(confirm, 1);
    expect(run.events('order_unconfirmed')).toHaveLength(1);
  });

  it('M-088 that was proven absent and fills all the same is closed, not kept', () => {
    const run = givenUp();
    for (let n = 0; n < 2; n += 1) {
      run.tell({ type: 'wake', key: `chase|${ENTRY}` }, 5_000);
      for (let answers = 0; answers < 6; answers += 1) run.order(ENTRY, { kind: 'absent' });
    }
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.tell(held('2'), 20);
    expect(run.places().slice(1)).toMatchObject([{ type: 'market', side: 'sell', reduceOnly: true }]);
  });
});

describe('a rollback', () => {
  /** An entry that fills too late: the rollback has begun and asks. */
  const rolling = (): Run => {
    const run = givenUp();
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    return run;
  };
  const exits = (run: Run) => run.places().slice(1);

  it('M-091 asks the exchange first and sends nothing before its answer', () => {
    const run = rolling();
    expect(run.intents).toContainEqual({ kind: 'ask-held', venue: FUTURE, symbol: BTC, positionId: 's1' });
    expect(exits(run)).toHaveLength(0);
  });

  it.each([
    ['all of it', '2', '2'],
    ['less than our fills say', '1.5', '1.5'],
    ['more than ours: the rest is not ours to close', '5', '2'],
  ])('M-091 closes what the exchange shows: %s', (_what, theirs, closed) => {
    const run = rolling();
    run.tell(held(theirs), 20);
    expect(exits(run)).toMatchObject([{ side: 'sell', amount: closed, reduceOnly: true }]);
  });

  it('M-091 closes nothing where the exchange is flat, asks again, and closes what shows up then', () => {
    const run = rolling();
    run.tell(held('0'), 20);
    expect(exits(run)).toHaveLength(0);
    expect(run.events('rollback_nothing_to_close')).toHaveLength(1);
    run.tell({ type: 'wake', key: 'advance|s1' }, 1_000);
    run.tell(held('2'), 20);
    expect(exits(run)).toMatchObject([{ side: 'sell', amount: '2' }]);
  });

  it('M-091 never sends an order against a position on the other side; ours then counts as gone', () => {
    const run = rolling();
    run.tell(held('-2'), 20);
    run.tell(shown('-2'), 20);
    run.tell(shown('-2'), 10_000);
    expect(exits(run)).toHaveLength(0);
    expect(s1(run)).toMatchObject({ status: 'rolled_back' });
  });

  it('M-091 falls back to our own fills after two seconds without an answer, and not before', () => {
    const run = rolling();
    run.tell({ type: 'wake', key: 'held|s1' }, 1_999);
    expect(exits(run)).toHaveLength(0);
    run.tell({ type: 'wake', key: 'held|s1' }, 1);
    expect(exits(run)).toMatchObject([{ side: 'sell', amount: '2', reduceOnly: true }]);
    run.tell(held('1'), 20);
    expect(exits(run)).toHaveLength(1);
  });

  it('M-091 is not left waiting by a wake that comes early, or by a clock that was set back', () => {
    const early = rolling();
    early.tell({ type: 'wake', key: 'held|s1' }, 1_995);
    expect(exits(early)).toHaveLength(0);
    expect(early.intents.at(-1)).toEqual({ kind: 'wake', key: 'held|s1', afterMs: 5, clock: 'wall' });
    const setBack = rolling();
    setBack.tell({ type: 'wake', key: 'held|s1' }, -3_600_000);
    expect(exits(setBack)).toMatchObject([{ side: 'sell', amount: '2' }]);
  });

  it('M-091 tries its exit again at the planned time, also when the wake for it comes early', () => {
    const run = rolling();
    run.tell(held('0'), 20);
    run.tell({ type: 'wake', key: 'advance|s1' }, 990);
    expect(run.intents.at(-1)).toEqual({ kind: 'wake', key: 'advance|s1', afterMs: 10, clock: 'wall' });
    const asked = run.intents.filter(({ kind }) => kind === 'ask-held').length;
    run.tell({ type: 'wake', key: 'advance|s1' }, 10);
    expect(run.intents.filter(({ kind }) => kind === 'ask-held')).toHaveLength(asked + 1);
  });

  it('M-091 falls back at once when the question fails', () => {
    const run = rolling();
    run.tell({ type: 'held', positionId: 's1' as never, amount: 'unknown' }, 20);
    expect(exits(run)).toMatchObject([{ side: 'sell', amount: '2', reduceOnly: true }]);
  });

  it('M-091 is the only closing that waits for an answer: a manual one goes out at once', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.order(STOP, { kind: 'accepted', venueOrderId: 'v-stop' as never });
    run.tell({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
    expect(run.places().at(-1)).toMatchObject({ type: 'market', side: 'sell' });
  });
});

describe('against an exchange', () => {
  const silent = async (): Promise<World> => {
    const world = await createWorld();
    world.venue.onPlace = (_request, n) => (n === 1 ? 'reply-lost' : 'ok');
    world.venue.streamUp = false;
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
    await world.time.pass(200);
    world.venue.questionsFail = true;
    return world;
  };

  it('M-088 M-091 an entry found after eleven silent seconds is closed within half a second', async () => {
    const world = await silent();
    await world.time.pass(11_000);
    expect(world.events('order_unconfirmed')).toHaveLength(1);
    world.venue.questionsFail = false;
    await world.time.pass(60_000);
    expect(world.position('s1')).toMatchObject({ status: 'rolled_back', amount: '0' });
    expect(world.position('s1').longestNakedMs).toBeLessThanOrEqual(500);
    expect(world.venue.placeCalls.filter(({ type }) => type === 'stop-market')).toHaveLength(0);
    expectSound(world);
  });

  it('M-088 an entry found after nine silent seconds is kept and protected', async () => {
    const world = await silent();
    await world.time.pass(8_800);
    world.venue.questionsFail = false;
    world.runner.post({ type: 'link', venue: FUTURE, up: true });
    await world.time.pass(5_000);
    expect(world.position('s1')).toMatchObject({ status: 'active', amount: '2' });
    expectSound(world);
  });
});
