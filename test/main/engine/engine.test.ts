import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine/index';
import type { EngineEvent, EngineStart, OrderEvidence } from '#main/engine/types';
import { type ClientOrderId, unixMs } from '#shared/domain/basics';
import type { Fill } from '#shared/domain/order';
import { drive, ENTRY, fill, opened, STOP } from './drive';
import { BTC, d, FUTURE, settings, signal, startFrom, symbolOf, T0, wave } from './samples';

describe('the order of things', () => {
  it('M-081 writes decision, position and order before it asks for the order, and asks for leverage first', () => {
    const run = drive();
    run.ready();
    const { records, intents } = run.tell(wave([signal(1, BTC)]));
    const kinds = records.map((record) => record.kind);
    expect(kinds.indexOf('order_changed')).toBeGreaterThan(kinds.indexOf('position_changed'));
    expect(intents.map((intent) => intent.kind)).toEqual([
      'watch',
      'watch',
      'set-leverage',
      'place',
      'wake',
      'wake',
    ]);
    expect(run.places()[0]).toEqual({
      clientOrderId: ENTRY,
      venue: FUTURE,
      symbol: BTC,
      side: 'buy',
      type: 'market',
      amount: '2',
      price: null,
      triggerPrice: null,
      timeInForce: null,
      reduceOnly: false,
      closePosition: false,
    });
  });

  it('M-080 goes through pending_entry, entry_placed, pending_sl and active', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.order(ENTRY, { kind: 'accepted', venueOrderId: 'v1' as never });
    run.tell({ type: 'fill', fill: { ...fill('1', ENTRY, 'buy', '2'), venueOrderId: 'v1' as never } });
    run.order(STOP, { kind: 'accepted', venueOrderId: 'v2' as never });
    const statuses = run.records.flatMap((record) =>
      record.kind === 'position_changed' ? [record.position.status] : [],
    );
    expect([...new Set(statuses)]).toEqual(['pending_entry', 'entry_placed', 'pending_sl', 'active']);
  });

  it('M-087 computes the stop from the average fill price, not from the signal price', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '1', '101') });
    run.tell({ type: 'fill', fill: fill('2', ENTRY, 'buy', '1', '102') });
    expect(run.places()[1]).toMatchObject({
      type: 'stop-market',
      triggerPrice: '97.44',
      amount: '2',
      reduceOnly: true,
    });
  });

  it('M-092 sends no entry before it has recovered', () => {
    const run = drive();
    run.tell({ type: 'link', venue: FUTURE, up: true });
    run.tell({ type: 'balances', venue: FUTURE, free: { USDT: d('10000') } });
    run.tell({ type: 'venue-orders', venue: FUTURE, orders: [] });
    run.tell(wave([signal(1, BTC)]));
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'unreconciled' });
  });
});

describe('doubt', () => {
  it('does not count an absence that was asked before the expiry', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.order(ENTRY, { kind: 'reply-lost', message: 'x' });
    run.tell({ type: 'wake', key: `chase|${ENTRY}` }, 1_000);
    // Answered long after the expiry, but asked before it.
    run.order(ENTRY, { kind: 'absent' }, 10_000);
    run.order(ENTRY, { kind: 'absent' });
    expect(run.images().orders.get(ENTRY)?.status).toBe('unknown');
    run.tell({ type: 'wake', key: `chase|${ENTRY}` }, 1_000);
    run.order(ENTRY, { kind: 'absent' });
    expect(run.images().orders.get(ENTRY)?.status).toBe('unknown');
    run.tell({ type: 'wake', key: `chase|${ENTRY}` }, 1_000);
    run.order(ENTRY, { kind: 'absent' });
    expect(run.images().orders.get(ENTRY)?.status).toBe('absent');
    expect(run.places()).toHaveLength(1);
  });

  it('places no stop beside one in doubt', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.order(STOP, { kind: 'reply-lost', message: 'x' });
    for (let n = 0; n < 10; n += 1) run.tell({ type: 'wake', key: 'advance|s1' }, 500);
    run.tell({ type: 'price', venue: FUTURE, symbol: BTC, price: d('100') });
    expect(run.places()).toHaveLength(2);
    expect(run.intents.filter((intent) => intent.kind === 'ask-order')).not.toHaveLength(0);
  });

  it('halts entries on a contradiction and changes nothing, while exits go on', () => {
    const run = opened();
    run.order(STOP, { kind: 'not-sent', message: 'x' });
    expect(run.images().orders.get(STOP)?.status).toBe('open');
    expect(run.events('order_contradiction')).toHaveLength(1);
    expect(run.images().killed).toBe(true);
    run.tell({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
    expect(run.places().at(-1)).toMatchObject({
      type: 'market',
      side: 'sell',
      amount: '2',
      reduceOnly: true,
    });
  });

  it('waits for the fills that the venue claims before it resizes or repeats anything', () => {
    const run = opened();
    run.order(STOP, { kind: 'seen', venueOrderId: 'v-stop' as never, status: 'filled', filled: d('2') });
    run.tell({ type: 'wake', key: 'advance|s1' }, 5_000);
    expect(run.places()).toHaveLength(2);
    run.tell({
      type: 'fill',
      fill: { ...fill('9', STOP, 'sell', '2', '96'), venueOrderId: 'v-stop' as never },
    });
    expect(run.images().positions.get('s1')).toMatchObject({
      status: 'closed',
      closeReason: 'stop_loss',
      realised: '-8',
    });
  });
});

describe('a triggered stop that the venue continues under another id', () => {
  const child = (): Fill => ({
    ...fill('9', STOP, 'sell', '2', '96'),
    clientOrderId: null,
    venueOrderId: 'v-child' as never,
  });
  const closed = { status: 'closed', closeReason: 'stop_loss', realised: '-8' };

  it('gets its fills when the venue shows the new id after the fill', () => {
    const run = opened();
    run.tell({ type: 'fill', fill: child() });
    expect(run.images().positions.get('s1')?.status).toBe('active');
    expect(run.intents.at(-2)).toMatchObject({ kind: 'wake' });
    run.order(STOP, { kind: 'seen', venueOrderId: 'v-child' as never, status: 'filled', filled: d('2') });
    expect(run.images().positions.get('s1')).toMatchObject(closed);
    expect(run.images().fills.at(-1)?.clientOrderId).toBe(STOP);
  });

  it('gets its fills when the venue keeps showing the old id', () => {
    const run = opened();
    run.order(STOP, { kind: 'seen', venueOrderId: 'v-stop' as never, status: 'filled', filled: d('2') });
    run.tell({ type: 'fill', fill: child() });
    expect(run.images().positions.get('s1')).toMatchObject(closed);
  });

  it('does not claim what somebody else sold: after five seconds that counts as from outside', () => {
    const run = opened();
    run.tell({ type: 'fill', fill: child() });
    run.order(STOP, { kind: 'seen', venueOrderId: 'v-stop' as never, status: 'open', filled: d('0') });
    run.tell({ type: 'wake', key: 'unpark|fills' }, 5_000);
    expect(run.images().positions.get('s1')).toMatchObject({ status: 'closed', closeReason: 'manual' });
    expect(run.events('closed_outside')).toHaveLength(1);
  });
});

describe('a stop that moves', () => {
  const price = (text: string): EngineEvent => ({
    type: 'price',
    venue: FUTURE,
    symbol: BTC,
    price: d(text),
  });
  const SECOND = 'w7k2p-s1-s2' as ClientOrderId;

  it('has one change on its way at most', () => {
    const run = opened();
    run.tell(price('103'));
    run.tell(price('110'), 5_000);
    expect(run.places()).toHaveLength(3);
    expect(run.places()[2]).toMatchObject({ clientOrderId: SECOND, triggerPrice: '102.49' });
    run.order(SECOND, { kind: 'accepted', venueOrderId: 'v-2' as never });
    expect(run.intents.at(-2)).toMatchObject({ kind: 'cancel', request: { clientOrderId: STOP } });
  });

  it('comes back at its tightest price when somebody removes it', () => {
    const run = opened();
    run.tell(price('103'));
    run.order(SECOND, { kind: 'accepted', venueOrderId: 'v-2' as never });
    run.tell({ type: 'cancel-reply', clientOrderId: STOP, outcome: 'cancelled', message: null });
    run.order(SECOND, { kind: 'cancelled', venueOrderId: null }, 20_000);
    expect(run.places().at(-1)).toMatchObject({ type: 'stop-market', triggerPrice: '102.49' });
  });

  it('asks again for a cancel that did not take', () => {
    const run = opened();
    run.tell(price('103'));
    run.order(SECOND, { kind: 'accepted', venueOrderId: 'v-2' as never });
    run.tell({ type: 'cancel-reply', clientOrderId: STOP, outcome: 'unknown', message: 'x' });
    run.tell({ type: 'wake', key: `chase|${STOP}` }, 1_000);
    run.order(STOP, { kind: 'seen', venueOrderId: 'v-stop' as never, status: 'open', filled: d('0') });
    expect(run.intents.filter((intent) => intent.kind === 'cancel')).toHaveLength(2);
  });
});

describe('limits', () => {
  const two = () => wave([signal(1, BTC), signal(2, symbolOf('ETH'))]);
  const afterFirst = (over: Partial<EngineStart>, free: string) => {
    const run = drive(over);
    run.ready();
    run.tell({ type: 'balances', venue: FUTURE, free: { USDT: d(free) } });
    run.tell(two());
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.order(STOP, { kind: 'accepted', venueOrderId: 'v-stop' as never });
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 1_000);
    return run.images().decisions.get(2);
  };

  it('count what was just spent although the balance message is still on its way', () => {
    expect(afterFirst({}, '410')).toMatchObject({ fate: 'opening' });
    expect(afterFirst({}, '409')).toMatchObject({ fate: 'refused', reason: 'insufficient_balance' });
  });

  it('count open positions, exposure and trades of the day', () => {
    expect(afterFirst({ settings: settings({ maxOpenPositions: 1 }) }, '9000')).toMatchObject({
      reason: 'max_positions',
    });
    expect(afterFirst({ settings: settings({ maxExposureUsd: d('399') }) }, '9000')).toMatchObject({
      reason: 'max_exposure',
    });
    expect(afterFirst({ settings: settings({ maxTradesPerDay: 1 }) }, '9000')).toMatchObject({
      reason: 'trades_per_day',
    });
  });

  it('M-065 M-067 allow a symbol once, also within one wave', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC), signal(2, BTC)]));
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    run.order(STOP, { kind: 'accepted', venueOrderId: 'v-stop' as never });
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 1_000);
    expect(run.images().decisions.get(2)).toMatchObject({ fate: 'refused', reason: 'duplicate_position' });
  });

  it('M-078 stop the rest of the exchange when the exchange says that money is short', () => {
    const run = drive();
    run.ready();
    run.tell(two());
    run.order(ENTRY, { kind: 'rejected', code: '-2019', message: 'Margin is insufficient.' });
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'failed', reason: 'entry_rejected' });
    expect(run.images().decisions.get(2)).toMatchObject({ fate: 'refused', reason: 'insufficient_balance' });
  });
});

describe('phantoms', () => {
  const empty: EngineEvent = { type: 'venue-positions', venue: FUTURE, positions: [] };
  it('need two looks at least ten seconds apart, and fills asked in between', () => {
    const run = opened();
    run.tell(empty);
    expect(run.intents.at(-2)).toMatchObject({ kind: 'ask-fills' });
    run.tell(empty, 9_999);
    expect(run.images().positions.get('s1')?.status).toBe('active');
    run.tell(empty, 1);
    expect(run.images().positions.get('s1')).toMatchObject({ status: 'phantom', closeReason: 'phantom' });
    expect(run.intents.filter((intent) => intent.kind === 'cancel')).toHaveLength(1);
  });

  it('are forgotten when the position shows again', () => {
    const run = opened();
    run.tell(empty);
    run.tell({ type: 'venue-positions', venue: FUTURE, positions: [{ symbol: BTC, amount: d('2') }] }, 5_000);
    run.tell(empty, 6_000);
    expect(run.images().positions.get('s1')?.status).toBe('active');
  });

  it('are not believed while an order is in doubt', () => {
    const run = opened();
    run.tell({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
    run.order('w7k2p-s1-x1' as ClientOrderId, { kind: 'reply-lost', message: 'x' });
    run.tell(empty);
    run.tell(empty, 20_000);
    expect(run.images().positions.get('s1')?.status).toBe('closing');
  });
});

describe('money from outside', () => {
  it('closes a position by a fill that nobody here sent', () => {
    const run = opened();
    run.tell({ type: 'fill', fill: fill('x', 'web_abc' as ClientOrderId, 'sell', '2', '110') });
    expect(run.images().positions.get('s1')).toMatchObject({
      status: 'closed',
      closeReason: 'manual',
      realised: '20',
    });
    expect(run.events('closed_outside')).toHaveLength(1);
  });

  it('records a stranger without touching our position', () => {
    const run = opened();
    run.tell({ type: 'fill', fill: fill('x', 'web_abc' as ClientOrderId, 'buy', '5', '110') });
    expect(run.images().positions.get('s1')).toMatchObject({ amount: '2' });
    expect(run.records.at(-1)).toMatchObject({ kind: 'fill_applied', positionId: null });
  });

  it('asks the store about fills of earlier runs', () => {
    const run = drive({ storedFills: { has: ({ tradeId }) => tradeId === 'old', near: () => [] } });
    run.ready();
    const before = run.records.length;
    run.tell({ type: 'fill', fill: fill('old', 'w7k2p-s9-e1' as ClientOrderId, 'buy', '5') });
    expect(run.records.length).toBe(before);
  });
});

describe('prices', () => {
  it('are let go when an entry fails', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.order(ENTRY, { kind: 'rejected', code: '1', message: 'no' });
    expect(run.intents).toContainEqual({ kind: 'watch', venue: FUTURE, symbol: BTC, on: false });
  });
});

describe('memory', () => {
  it('does not grow with the number of finished positions', () => {
    const run = drive({ settings: settings({ maxTradesPerDay: 1000 }) });
    run.ready();
    run.tell(wave([signal(999, symbolOf('ETH'))], { waveTime: T0 - 1 }));
    for (let id = 1; id <= 400; id += 1) {
      run.tell(wave([signal(id, BTC, { waveTime: unixMs(T0) })], { waveTime: T0 + id }));
      run.order(`w7k2p-s${id.toString(36)}-e1` as ClientOrderId, {
        kind: 'rejected',
        code: '1',
        message: 'no',
      });
    }
    expect(run.engine.positions().length).toBeLessThanOrEqual(201);
    expect(run.engine.orders().length).toBeLessThanOrEqual(201);
    expect(run.engine.positions().find((position) => position.symbol === symbolOf('ETH'))?.status).toBe(
      'pending_entry',
    );
  });
});

const SOL = symbolOf('SOL');
const CLEANING = { mode: 'on' as const, protectedOrderIds: [] };
const ALL_EXTRAS = { atr: true, stepped: true, breakeven: true, timed: true, momentum: true };
const leftOver = (id: string, symbol: typeof BTC) => ({
  clientOrderId: id as ClientOrderId,
  venueOrderId: `v-${id}` as never,
  symbol,
  status: 'open' as const,
  filled: d('0'),
  reduceOnly: true,
  triggerPrice: d('96'),
  amount: d('2'),
  side: 'sell' as const,
});

/** Random lives: whatever comes, in whatever order. */
const evidence = fc.oneof(
  fc.constantFrom<OrderEvidence>(
    { kind: 'sent' },
    { kind: 'accepted', venueOrderId: null },
    { kind: 'cancelled', venueOrderId: null },
    { kind: 'expired', venueOrderId: null },
    { kind: 'rejected', code: '1', message: 'no' },
    { kind: 'reply-lost', message: 'x' },
    { kind: 'not-sent', message: 'x' },
    { kind: 'absent' },
    { kind: 'question-failed', message: 'x' },
  ),
  fc.constantFrom('open' as const, 'partially_filled' as const, 'filled' as const, 'cancelled' as const).map(
    (status): OrderEvidence => ({
      kind: 'seen',
      venueOrderId: 'v7' as never,
      status,
      filled: d(status === 'filled' ? '2' : '0'),
    }),
  ),
);
const someId = fc
  .tuple(fc.constantFrom('e', 's', 'x'), fc.integer({ min: 1, max: 3 }))
  .map(([leg, attempt]) => `w7k2p-s1-${leg}${attempt}` as ClientOrderId);
const anyEvent: fc.Arbitrary<EngineEvent> = fc.oneof(
  fc.record({ type: fc.constant('order' as const), clientOrderId: someId, evidence }),
  fc.tuple(fc.integer({ min: 1, max: 9 }), someId, fc.integer({ min: 1, max: 40 })).map(
    ([trade, id, tenths]): EngineEvent => ({
      type: 'fill',
      fill: fill(
        String(trade),
        id,
        id.includes('-e') ? 'buy' : 'sell',
        (tenths / 10).toFixed(1).replace('.0', ''),
      ),
    }),
  ),
  fc
    .integer({ min: 90, max: 110 })
    .map((price): EngineEvent => ({ type: 'price', venue: FUTURE, symbol: BTC, price: d(String(price)) })),
  fc
    .constantFrom('advance|s1', 'exit|s1', 'naked|s1', `wave|${FUTURE}|${T0}`, `reconcile|${FUTURE}`)
    .map((key): EngineEvent => ({ type: 'wake', key })),
  someId.map((id): EngineEvent => ({ type: 'wake', key: `chase|${id}` })),
  fc.record({
    type: fc.constant('cancel-reply' as const),
    clientOrderId: someId,
    outcome: fc.constantFrom('cancelled' as const, 'not-open' as const, 'unknown' as const),
    message: fc.constant(null),
  }),
  fc.constantFrom<EngineEvent>(
    { type: 'venue-positions', venue: FUTURE, positions: [] },
    { type: 'venue-positions', venue: FUTURE, positions: [{ symbol: BTC, amount: d('2') }] },
    { type: 'venue-orders', venue: FUTURE, orders: [] },
    { type: 'link', venue: FUTURE, up: false },
    { type: 'link', venue: FUTURE, up: true },
    { type: 'close-position', positionId: 's1' as never, reason: 'manual' },
    { type: 'kill', on: true, cause: 'x' },
    { type: 'kill', on: false, cause: 'x' },
    { type: 'pause-wave', waveTime: unixMs(T0), on: true },
    { type: 'pause-wave', waveTime: unixMs(T0), on: false },
    { type: 'flatten-wave', waveTime: unixMs(T0) },
    { type: 'flatten-all', cause: 'x' },
    { type: 'venue-positions', venue: FUTURE, positions: [{ symbol: BTC, amount: d('5') }] },
    { type: 'venue-positions', venue: FUTURE, positions: [{ symbol: SOL, amount: d('-4') }] },
    { type: 'venue-orders', venue: FUTURE, orders: [leftOver('w7k2p-s1-s7', BTC)] },
    { type: 'venue-orders', venue: FUTURE, orders: [leftOver('w7k2p-s9-s1', SOL), leftOver('web', BTC)] },
    { type: 'equity', equityUsd: d('950'), dayOpeningUsd: d('1000') },
    { type: 'equity', equityUsd: null, dayOpeningUsd: null },
    { type: 'leverage', venue: FUTURE, symbol: symbolOf('ETH'), leverage: d('20') },
    { type: 'atr', venue: FUTURE, symbol: BTC, value: d('1') },
    { type: 'settings', settings: settings({ trailing: ALL_EXTRAS, zombies: CLEANING }) },
    { type: 'wake', key: 'aged|s1' },
    { type: 'wake', key: `look|${FUTURE}` },
  ),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([signalId, yes]): EngineEvent => ({ type: 'approve', signalId, yes })),
  fc.integer({ min: 1, max: 3 }).map((id): EngineEvent => ({ type: 'wake', key: `approve|${id}` })),
);
const gap = fc.oneof(fc.integer({ min: 0, max: 15_000 }), fc.integer({ min: 0, max: 5 * 3_600_000 }));
const life = fc.array(fc.tuple(anyEvent, gap), { maxLength: 60 });
const mode = fc.constantFrom('auto' as const, 'approve' as const, 'observe' as const);
const lives = fc.tuple(mode, life);

describe('any sequence of events', () => {
  const live = ([followed, events]: readonly [
    'auto' | 'approve' | 'observe',
    readonly (readonly [EngineEvent, number])[],
  ]) => {
    const run = drive({ settings: settings({ zombies: CLEANING }) });
    run.ready();
    run.tell(
      wave([signal(1, BTC), signal(2, symbolOf('ETH'))], {
        provider: { mode: followed, approveWithinMs: 60_000, maxAgeMs: 3_600_000 },
      }),
    );
    for (const [event, ms] of events) run.tell(event, ms);
    return run;
  };

  it('gives the same records and intents again', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const [a, b] = [live(events), live(events)];
        expect(a.records).toEqual(b.records);
        expect(a.intents).toEqual(b.intents);
      }),
      { numRuns: 60 },
    );
  });

  it('never asks for one order twice, never sends an entry twice, and exits only reduce', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const places = live(events).places();
        expect(new Set(places.map((each) => each.clientOrderId)).size).toBe(places.length);
        const entries = places.filter((each) => each.symbol === BTC && !each.reduceOnly);
        expect(entries.length).toBeLessThanOrEqual(1);
        if (events[0] === 'observe') expect(places.filter((each) => !each.reduceOnly)).toEqual([]);
        for (const each of places) if (each.side === 'sell') expect(each.reduceOnly).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never breaks an invariant and never fails inside', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const run = live(events);
        expect(run.events('invariant_broken')).toEqual([]);
        expect(run.events('engine_error')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the same state in the journal as in memory', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const run = live(events);
        const images = run.images();
        expect(run.engine.positions()).toEqual([...images.positions.values()]);
        expect(run.engine.orders()).toEqual([...images.orders.values()]);
        const again = createEngine(startFrom(run.records));
        const open = run.engine
          .positions()
          .filter((position) => !['closed', 'failed', 'rolled_back', 'phantom'].includes(position.status));
        expect(again.positions()).toEqual(open);
      }),
      { numRuns: 150 },
    );
  });
});
