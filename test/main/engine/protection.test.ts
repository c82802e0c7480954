import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/types';
import type { ClientOrderId } from '#shared/domain/basics';
import type { OrderRequest } from '#shared/domain/order';
import { drive, ENTRY, fill, opened, STOP } from './drive';
import type { FakeVenue } from './fake-venue';
import { BTC, d, FUTURE, settings, signal, symbolOf, T0, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld, type World } from './world';

const ETH = symbolOf('ETH');
type Row = Extract<EngineEvent, { type: 'venue-orders' }>['orders'][number];
const price = (text: string): EngineEvent => ({ type: 'price', venue: FUTURE, symbol: BTC, price: d(text) });
const positions = (amount: string, entryPrice: string | null = null): EngineEvent => ({
  type: 'venue-positions',
  venue: FUTURE,
  positions: [{ symbol: BTC, amount: d(amount), entryPrice: entryPrice === null ? null : d(entryPrice) }],
});
const orders = (...rows: readonly Row[]): EngineEvent => ({
  type: 'venue-orders',
  venue: FUTURE,
  orders: rows,
});
const standing = (id: string, over: Partial<Row> = {}): Row => ({
  clientOrderId: id as ClientOrderId,
  venueOrderId: `v-${id}` as never,
  symbol: BTC,
  status: 'open',
  filled: d('0'),
  reduceOnly: true,
  triggerPrice: d('96'),
  amount: d('2'),
  side: 'sell',
  ...over,
});
const imported = (run: ReturnType<typeof drive>) =>
  [...run.images().positions.values()].find((position) => position.imported);
const cancels = (run: ReturnType<typeof drive>) =>
  run.intents.flatMap((intent) => (intent.kind === 'cancel' ? [intent.request.clientOrderId] : []));

/** A position that only the exchange knows, seen twice ten seconds apart. */
function found(amount = '2', entryPrice: string | null = '100') {
  const run = drive();
  run.ready();
  run.tell(price('100'));
  run.tell(positions(amount, entryPrice));
  run.tell(price('100'), 10_000);
  run.tell(positions(amount, entryPrice));
  return run;
}

describe('a position that only the exchange knows', () => {
  it('M-104 is taken over after two looks and gets a stop from the default parameters', () => {
    const run = found();
    expect(imported(run)).toMatchObject({
      side: 'long',
      amount: '2',
      entryPrice: '100',
      signalId: null,
      waveTime: null,
      params: { stopLoss: '4' },
    });
    expect(run.places()).toHaveLength(1);
    expect(run.places()[0]).toMatchObject({
      type: 'stop-market',
      side: 'sell',
      amount: '2',
      triggerPrice: '96',
      reduceOnly: true,
    });
    run.order(run.places()[0]!.clientOrderId, { kind: 'accepted', venueOrderId: 'v9' as never });
    expect(imported(run)).toMatchObject({ status: 'active', nakedSince: null, trailing: null });
    expect(run.events('position_imported')).toHaveLength(1);
  });

  it('M-104 is not believed at the first look, nor when it is gone at the second', () => {
    const run = drive();
    run.ready();
    run.tell(price('100'));
    run.tell(positions('2', '100'));
    run.tell(positions('2', '100'), 9_999);
    expect(imported(run)).toBeUndefined();
    run.tell({ type: 'venue-positions', venue: FUTURE, positions: [] });
    run.tell(positions('2', '100'), 10_000);
    expect(imported(run)).toBeUndefined();
  });

  it('M-104 waits while an order of ours could still explain it', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.order(ENTRY, { kind: 'reply-lost', message: 'x' });
    for (let n = 0; n < 4; n += 1) run.tell(positions('2', '100'), 10_000);
    expect(imported(run)).toBeUndefined();
  });

  it('M-104 waits for fills that the exchange claims for an order of ours that was thought gone', () => {
    const run = drive();
    run.ready();
    run.tell(wave([signal(1, BTC)]));
    run.order(ENTRY, { kind: 'cancelled', venueOrderId: 'v1' as never });
    expect(run.images().positions.get('s1')?.status).toBe('failed');
    run.order(ENTRY, { kind: 'seen', venueOrderId: 'v1' as never, status: 'filled', filled: d('2') });
    for (let n = 0; n < 3; n += 1) run.tell(positions('2', '100'), 10_000);
    expect(imported(run)).toBeUndefined();
    run.tell({ type: 'fill', fill: { ...fill('1', ENTRY, 'buy', '2'), venueOrderId: 'v1' as never } });
    expect(run.images().positions.get('s1')).toMatchObject({ status: 'pending_sl', amount: '2' });
  });

  it('M-104 is protected from the price of now when nobody tells its entry, and says so', () => {
    const run = found('-3', null);
    expect(imported(run)).toMatchObject({ side: 'short', entryPrice: '100', amount: '3' });
    expect(imported(run)?.note).toContain('not known');
    expect(run.places()[0]).toMatchObject({ side: 'buy', triggerPrice: '104' });
  });

  it('M-104 is never fought: a loss beyond the stop gets a stop from here instead of a market order', () => {
    const run = found('2', '150');
    expect(run.places()).toHaveLength(1);
    expect(run.places()[0]).toMatchObject({ type: 'stop-market', triggerPrice: '96' });
  });

  it('M-104 is never fought: when no stop can be placed it is not closed, but shouted about', () => {
    const run = found();
    for (let n = 0; n < 3; n += 1) {
      run.order(run.places().at(-1)!.clientOrderId, { kind: 'rejected', code: '1', message: 'no' });
      run.tell({ type: 'wake', key: `advance|${imported(run)!.id}` }, 3_000);
    }
    expect(run.places().map((each) => each.type)).toEqual(Array(3).fill('stop-market'));
    expect(imported(run)?.status).toBe('pending_sl');
    expect(run.events('stop_loss_not_placed')).toHaveLength(1);
    run.tell({ type: 'wake', key: `reconcile|${FUTURE}` }, 120_000);
    expect(run.places()).toHaveLength(4);
  });

  it('M-104 is neither trailed nor aged, and closes only by its stop or a person', () => {
    const run = found();
    run.order(run.places()[0]!.clientOrderId, { kind: 'accepted', venueOrderId: 'v9' as never });
    run.tell(price('120'), 60_000);
    run.tell(price('100.2'), 40 * 3_600_000);
    expect(run.places()).toHaveLength(1);
    const stop = run.places()[0]!.clientOrderId;
    run.tell({
      type: 'fill',
      fill: { ...fill('9', stop, 'sell', '2', '96'), venueOrderId: 'v9' as never },
    });
    expect(imported(run)).toMatchObject({ status: 'closed', closeReason: 'stop_loss', realised: '-8' });
  });

  it('M-104 comes back after a restart as it was', async () => {
    const world = await createWorld();
    world.venue.positions.set(ETH, d('3'));
    await world.price(ETH, '100');
    await world.time.pass(400_000);
    const before = [...world.images().positions.values()];
    expect(before).toHaveLength(1);
    expect(before[0]).toMatchObject({ imported: true, status: 'active', amount: '3' });
    await world.restart();
    await world.time.pass(200_000);
    expect([...world.images().positions.values()]).toEqual(before);
    expectSound(world);
  });

  it('M-104 ends when a person closes it, by the fill that tells so', () => {
    const run = found();
    run.order(run.places()[0]!.clientOrderId, { kind: 'accepted', venueOrderId: 'v9' as never });
    const theirs = fill('77', 'web_1' as ClientOrderId, 'sell', '2', '110');
    run.tell({ type: 'fill', fill: { ...theirs, venueTime: (T0 + 60_000) as never } }, 60_000);
    expect(imported(run)).toMatchObject({ status: 'closed', realised: '20' });
    expect(cancels(run)).toHaveLength(1);
  });

  it('M-104 does not count a fill that the list it was taken from already held', () => {
    const run = found();
    run.tell({ type: 'fill', fill: fill('77', 'web_1' as ClientOrderId, 'sell', '1', '110') });
    expect(imported(run)?.amount).toBe('2');
  });
});

describe('another amount on the exchange', () => {
  it('M-104 is taken over after two looks, and the stop follows', () => {
    const run = opened();
    run.tell(positions('3', '101'));
    expect(run.images().positions.get('s1')?.amount).toBe('2');
    run.tell(positions('3', '101'), 10_000);
    expect(run.images().positions.get('s1')).toMatchObject({
      amount: '3',
      outside: { amount: '1', price: '101' },
    });
    expect(run.places().at(-1)).toMatchObject({ type: 'stop-market', amount: '3' });
    expect(run.events('position_amount_updated')).toHaveLength(1);
    run.order(run.places().at(-1)!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-3' as never });
    run.tell(positions('2', '100'), 1_000);
    run.tell(positions('2', '100'), 10_000);
    expect(run.images().positions.get('s1')).toMatchObject({ amount: '2', outside: null });
  });

  it('M-104 claims no profit for what went at a price nobody told', () => {
    const run = opened();
    run.tell(positions('1'));
    run.tell(positions('1'), 10_000);
    expect(run.images().positions.get('s1')).toMatchObject({
      amount: '1',
      realised: '0',
      entryPrice: '100',
      outside: { amount: '-1', price: null },
    });
    run.tell(
      { type: 'fill', fill: { ...fill('9', STOP, 'sell', '1', '96'), venueTime: (T0 + 90_000) as never } },
      80_000,
    );
    expect(run.images().positions.get('s1')).toMatchObject({ status: 'closed', realised: '-4' });
  });

  it('M-104 is explained by a late fill without counting it twice', () => {
    const run = opened();
    run.tell(positions('1'));
    run.tell(positions('1'), 10_000);
    run.tell({ type: 'fill', fill: fill('9', 'web_1' as ClientOrderId, 'sell', '1', '110') }, 1_000);
    expect(run.images().positions.get('s1')).toMatchObject({ amount: '1', realised: '10', outside: null });
  });

  it('M-104 is not believed for one look, nor while an order is in doubt, nor on the other side', () => {
    const run = opened();
    run.tell(positions('3'));
    run.tell(positions('2'), 10_000);
    run.tell(positions('3'), 1_000);
    expect(run.images().positions.get('s1')?.amount).toBe('2');
    run.tell(positions('-3'), 20_000);
    run.tell(positions('-3'), 20_000);
    expect(run.images().positions.get('s1')).toMatchObject({ amount: '2', side: 'long' });
    run.order(STOP, {
      kind: 'seen',
      venueOrderId: 'v-stop' as never,
      status: 'partially_filled',
      filled: d('1'),
    });
    run.tell(positions('1'), 20_000);
    run.tell(positions('1'), 20_000);
    expect(run.images().positions.get('s1')?.amount).toBe('2');
  });
});

describe('a stop of ours that no record knows', () => {
  const lost = (row: Partial<Row>, id = 'w7k2p-s1-s4') => {
    const run = drive();
    run.ready();
    run.tell(price('100'));
    run.tell(wave([signal(1, BTC)]));
    run.tell(orders(standing(id, row)));
    run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
    return run;
  };

  it.each([
    ['exactly where it is wanted', { triggerPrice: d('96') }],
    ['above, short of the price', { triggerPrice: d('99.9') }],
    ['5 % below', { triggerPrice: d('91.2') }],
  ] as const)('M-093 is used again: %s', (_where, row) => {
    const run = lost(row);
    expect(run.places()).toHaveLength(1);
    expect(run.images().positions.get('s1')).toMatchObject({
      status: 'active',
      stop: { clientOrderId: 'w7k2p-s1-s4', price: row.triggerPrice },
    });
    expect(run.events('stop_loss_reused')).toHaveLength(1);
  });

  it.each<{ readonly why: string; readonly row: Partial<Row>; readonly id?: string }>([
    { why: 'it is further than 5 % away', row: { triggerPrice: d('91.19') } },
    { why: 'it is on the wrong side', row: { side: 'buy' } },
    { why: 'it would fire at once', row: { triggerPrice: d('100.8') } },
    { why: 'its side is not told', row: { side: undefined as never } },
    { why: 'it is not reduce-only', row: { reduceOnly: false } },
    { why: 'it covers too little', row: { amount: d('1.999') } },
    { why: 'it is partly filled', row: { filled: d('0.5'), status: 'partially_filled' } },
    { why: 'it is for another symbol', row: { symbol: ETH } },
    { why: 'it is of another installation', row: {}, id: 'abcdp-s1-s4' },
    { why: 'it is of another mode', row: {}, id: 'w7k2l-s1-s4' },
    { why: "it is a person's", row: {}, id: 'web_stop' },
  ])('M-093 is not used again when $why', ({ row, id }) => {
    const run = lost(row, id);
    expect(run.places()).toHaveLength(2);
    expect(run.places()[1]).toMatchObject({ type: 'stop-market', triggerPrice: '96', amount: '2' });
  });

  it('M-093 is replaced when it does not fit: cancelled once the right one stands, not before', () => {
    const run = lost({ triggerPrice: d('80') });
    expect(cancels(run)).toEqual([]);
    run.tell(orders(standing('w7k2p-s1-s4', { triggerPrice: d('80') })));
    expect(cancels(run)).toEqual([]);
    run.order(STOP, { kind: 'accepted', venueOrderId: 'v-stop' as never });
    run.tell(orders(standing('w7k2p-s1-s4', { triggerPrice: d('80') })));
    expect(cancels(run)).toEqual(['w7k2p-s1-s4']);
  });

  it('M-093 is not believed from a list that is more than ten seconds old', () => {
    for (const [ms, count] of [
      [10_000, 1],
      [10_001, 2],
    ] as const) {
      const run = drive();
      run.ready();
      run.tell(wave([signal(1, BTC)]));
      run.tell(orders(standing('w7k2p-s1-s4')));
      run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') }, ms);
      expect(run.places()).toHaveLength(count);
    }
  });

  it('M-093 gives its number up: the next stop never gets the same id', () => {
    const run = lost({});
    run.order('w7k2p-s1-s4' as ClientOrderId, { kind: 'cancelled', venueOrderId: null }, 20_000);
    expect(run.places().at(-1)?.clientOrderId).toBe('w7k2p-s1-s5');
  });
});

describe('time without a stop', () => {
  it('M-101 is measured, and a gap of an active position above 300 ms is said', () => {
    const run = opened();
    run.order(STOP, { kind: 'cancelled', venueOrderId: null }, 20_000);
    const second = run.places().at(-1)!.clientOrderId;
    run.order(second, { kind: 'accepted', venueOrderId: 'v-2' as never }, 301);
    expect(run.images().positions.get('s1')).toMatchObject({ longestNakedMs: 301, nakedSince: null });
    expect(run.events('stop_loss_gap')).toHaveLength(1);
  });

  it('M-101 up to 300 ms is measured without a warning, and the longest is kept', () => {
    const run = opened();
    run.order(STOP, { kind: 'cancelled', venueOrderId: null }, 20_000);
    run.order(run.places().at(-1)!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-2' as never }, 300);
    run.order(run.places().at(-1)!.clientOrderId, { kind: 'cancelled', venueOrderId: null }, 20_000);
    run.order(run.places().at(-1)!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-3' as never }, 10);
    expect(run.images().positions.get('s1')?.longestNakedMs).toBe(300);
    expect(run.events('stop_loss_gap')).toHaveLength(0);
  });

  it('M-101 does not pass while a stop moves: the new one stands before the old one is cancelled', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
    await world.time.pass(31_000);
    const least = watchStops(world);
    for (const next of ['103', '105', '107']) {
      await world.price(BTC, next);
      await world.time.pass(2_000);
    }
    expect(least()).toBe(1);
    expect(world.events('stop_loss_gap')).toHaveLength(0);
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
    expectSound(world);
  });

  /** Smallest number of stops that ever stood while cancels came in. */
  function watchStops(world: World): () => number {
    let least = Number.POSITIVE_INFINITY;
    const trading = (world.venue as FakeVenue).port.trading!;
    const cancel = trading.cancel.bind(trading);
    trading.cancel = async (request: OrderRequest) => {
      const outcome = await cancel(request);
      least = Math.min(least, world.venue.stopsOf(BTC).length);
      return outcome;
    };
    return () => least;
  }
});

describe('a stop that has moved', () => {
  it('M-101 has its old order cancelled, exactly that one, and only after the new one is confirmed', () => {
    const run = opened();
    run.tell(price('103'), 31_000);
    const second = run.places().at(-1)!.clientOrderId;
    expect(cancels(run)).toEqual([]);
    run.order(second, { kind: 'sent' });
    expect(cancels(run)).toEqual([]);
    run.order(second, { kind: 'accepted', venueOrderId: 'v-2' as never });
    expect(cancels(run)).toEqual([STOP]);
  });
});

describe('an exit', () => {
  it('is sent one at a time: nothing further while one is not ended, whatever comes', () => {
    const run = opened();
    run.tell({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
    const exits = () => run.places().filter((each) => each.type === 'market' && each.reduceOnly);
    const first = exits()[0]!.clientOrderId;
    for (const evidence of [
      { kind: 'sent' } as const,
      { kind: 'reply-lost', message: 'x' } as const,
      { kind: 'accepted', venueOrderId: 'v-x' as never } as const,
    ]) {
      run.order(first, evidence, 2_000);
      run.tell({ type: 'wake', key: 'advance|s1' }, 2_000);
      run.tell({ type: 'wake', key: 'exit|s1' }, 20_000);
      run.tell({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
      expect(exits()).toHaveLength(1);
    }
    run.order(first, { kind: 'cancelled', venueOrderId: null });
    run.tell({ type: 'wake', key: 'advance|s1' }, 2_000);
    expect(exits()).toHaveLength(2);
  });
});

describe('a silent trailing stop', () => {
  const look = { type: 'wake', key: `reconcile|${FUTURE}` } as const;
  it('M-105 hands its duty back after five minutes without a price, and takes it up with the next', () => {
    const run = opened();
    run.tell(price('103'), 31_000);
    run.order(run.places().at(-1)!.clientOrderId, { kind: 'accepted', venueOrderId: 'v-2' as never });
    run.tell(look, 299_999);
    expect(run.images().positions.get('s1')?.trailing?.state).toBe('active');
    run.tell(look, 1);
    expect(run.images().positions.get('s1')).toMatchObject({
      trailing: { state: 'waiting' },
      stop: { price: '102.49' },
    });
    expect(run.events('trailing_stop_handed_back')).toHaveLength(1);
    run.tell(price('105'), 1_000);
    expect(run.images().positions.get('s1')?.trailing?.state).toBe('active');
    expect(run.places().at(-1)?.triggerPrice).toBe('104.48');
  });

  it('M-105 that fires while waiting is still told as the trailing stop', () => {
    const run = opened();
    run.tell(price('103'), 31_000);
    const second = run.places().at(-1)!.clientOrderId;
    run.order(second, { kind: 'accepted', venueOrderId: 'v-2' as never });
    run.tell({ type: 'cancel-reply', clientOrderId: STOP, outcome: 'cancelled', message: null });
    run.tell(look, 300_000);
    run.tell({
      type: 'fill',
      fill: { ...fill('9', second, 'sell', '2', '102.49'), venueOrderId: 'v-2' as never },
    });
    expect(run.images().positions.get('s1')).toMatchObject({
      closeReason: 'trailing_stop',
      trailing: { state: 'triggered' },
    });
  });
});

describe('an order that the exchange once took', () => {
  it('M-108 is believed gone after two answers, also where requests never expire', () => {
    const run = opened({ requestExpiryMs: {} });
    const ask = { type: 'wake', key: `chase|${STOP}` } as const;
    run.tell(orders(), 1_000);
    run.order(STOP, { kind: 'absent' }, 100);
    expect(run.images().orders.get(STOP)?.status).toBe('open');
    run.tell(ask, 1_000);
    run.order(STOP, { kind: 'absent' }, 100);
    expect(run.images().orders.get(STOP)?.status).toBe('absent');
    expect(run.events('zombie_phantom')).toHaveLength(1);
    expect(run.places().at(-1)).toMatchObject({ type: 'stop-market', amount: '2' });
  });
});

describe('an order that is missing once', () => {
  it('M-109 is not gone when it was seen in between', () => {
    const run = opened();
    run.tell(orders(), 6_000);
    run.order(STOP, { kind: 'absent' }, 100);
    run.tell(orders(standing(STOP, { venueOrderId: 'v-stop' as never })), 10_000);
    run.tell(orders(), 10_000);
    run.order(STOP, { kind: 'absent' }, 100);
    expect(run.images().orders.get(STOP)?.status).toBe('open');
    expect(run.places()).toHaveLength(2);
  });
});

describe('the settings', () => {
  it('apply to the next look at a position at once', () => {
    const run = opened();
    run.tell({ type: 'settings', settings: settings({ aged: { ...settings().aged, afterHours: 1 } }) });
    expect(run.intents.at(-1)).toMatchObject({ kind: 'wake', key: 'aged|s1', afterMs: 3_600_001 });
  });
});
