import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/types';
import { unixMs } from '#shared/domain/basics';
import { sum } from '#shared/domain/decimal';
import { drive, fill, opened } from './drive';
import { BTC, d, FUTURE, params, settings, signal, symbolOf, T0, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld, type World } from './world';

const ETH = symbolOf('ETH');
const SOL = symbolOf('SOL');
const [ONE, TWO, THREE] = [signal(1, BTC), signal(2, ETH), signal(3, SOL)];
type Mode = NonNullable<Extract<EngineEvent, { type: 'wave' }>['provider']>['mode'];
const followed = (mode: Mode, over: { approveWithinMs?: number; maxAgeMs?: number } = {}) => ({
  mode,
  approveWithinMs: 60_000,
  maxAgeMs: 3_600_000,
  ...over,
});
const entries = (world: World) => world.venue.placeCalls.filter((request) => !request.reduceOnly);
const decisionOf = (world: World, id: number) => world.images().decisions.get(id);
const answer = (world: World, signalId: number, yes: boolean) => {
  world.runner.post({ type: 'approve', signalId, yes });
  return world.time.pass(2_500);
};

async function start(
  mode: Mode,
  signals = [ONE, TWO],
  options: { maxTrades?: number; approveWithinMs?: number; maxAgeMs?: number } = {},
): Promise<World> {
  const world = await createWorld();
  for (const symbol of [BTC, ETH, SOL]) await world.price(symbol, '100');
  const { maxTrades, ...provider } = options;
  world.runner.post({ type: 'wave-started', waveTime: unixMs(T0) });
  world.runner.post(
    wave(signals, {
      priceSeenAt: world.time.now(),
      provider: followed(mode, provider),
      ...(maxTrades === undefined ? {} : { maxTrades }),
    }),
  );
  await world.time.pass(100);
  return world;
}

/** Prices keep coming, as they do while a signal is watched. */
async function quiet(world: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5_000) {
    await world.time.pass(Math.min(5_000, left));
    for (const symbol of [BTC, ETH, SOL]) await world.price(symbol, '100');
  }
}

describe('a provider that is only observed', () => {
  it('opens nothing, yet has every check made and recorded', async () => {
    const world = await start('observe');
    await world.time.pass(5_000);
    expect(entries(world)).toHaveLength(0);
    const decision = decisionOf(world, 1)!;
    expect(decision).toMatchObject({ fate: 'refused', reason: 'observe_only', providerMode: 'observe' });
    const rules = decision.checks.map((check) => check.rule);
    for (const rule of ['validation', 'five_minute_change', 'kill_switch', 'daily_loss', 'size'])
      expect(rules).toContain(rule);
    expect(decision.checks.filter((check) => !check.passed).map((check) => check.rule)).toEqual([
      'provider_mode',
    ]);
    expect(world.images().waves.get(T0)).toMatchObject({ status: 'completed' });
    expect([...world.watched.values()]).not.toContain(true);
  });

  it('keeps the reason that would have refused it anyway', async () => {
    const world = await createWorld({ killed: true });
    world.runner.post(wave([ONE], { priceSeenAt: world.time.now(), provider: followed('observe') }));
    await world.time.pass(100);
    expect(decisionOf(world, 1)).toMatchObject({ reason: 'kill_switch' });
  });

  it('shows as many as would have been opened, and the others as not reached', async () => {
    const world = await start('observe', [ONE, TWO, THREE], { maxTrades: 2 });
    expect([1, 2, 3].map((id) => decisionOf(world, id)?.reason)).toEqual([
      'observe_only',
      'observe_only',
      'target_reached',
    ]);
  });
});

describe('a provider followed on paper', () => {
  it('records the mode and goes to the account that the desk names, with limits of its own', () => {
    const run = drive({ settings: settings({ maxOpenPositions: 1 }) });
    run.ready();
    run.tell(wave([ONE]));
    run.tell({ type: 'link', venue: 'binance_paper', up: true });
    run.tell({ type: 'balances', venue: 'binance_paper', free: { USDT: d('10000') } });
    run.tell({ type: 'venue-orders', venue: 'binance_paper', orders: [] });
    run.tell(
      wave([signal(4, BTC, { waveTime: unixMs(T0 + 1) })], {
        venue: 'binance_paper',
        waveTime: T0 + 1,
        provider: followed('paper'),
      }),
    );
    expect(run.images().decisions.get(4)).toMatchObject({
      fate: 'opening',
      providerMode: 'paper',
      account: { openPositions: 0 },
    });
    expect(run.places().at(-1)).toMatchObject({ venue: 'binance_paper', amount: '2' });
    expect(run.images().positions.get('s4')?.leverage).toBe('1');
  });
});

describe('a provider whose signals need a yes', () => {
  it('shows size, stop, risk and expiry, and waits', async () => {
    const world = await start('approve', [ONE]);
    await world.time.pass(1_000);
    expect(entries(world)).toHaveLength(0);
    expect(decisionOf(world, 1)).toMatchObject({
      fate: 'awaiting',
      reason: null,
      approval: { sizeBase: '2', sizeUsd: '200', stopPrice: '96', riskUsd: '8' },
    });
    expect(decisionOf(world, 1)?.approval?.expiresAt).toBeGreaterThan(world.time.now() + 58_000);
    expect(world.watched.get(`${FUTURE}|${BTC}`)).toBe(true);
    expect(world.images().waves.get(T0)?.status).toBe('processing');
  });

  it('opens on yes, once, however often it is said', async () => {
    const world = await start('approve', [ONE]);
    await answer(world, 1, true);
    await answer(world, 1, true);
    expect(entries(world)).toHaveLength(1);
    expect(decisionOf(world, 1)).toMatchObject({ fate: 'executed', providerMode: 'approve', approval: null });
    expect(world.events('approval_ignored')).toHaveLength(1);
    expect(world.images().waves.get(T0)).toMatchObject({
      status: 'completed',
      results: { [FUTURE]: { executed: 1, targetReached: false } },
    });
    expectSound(world);
  });

  it('ends on no', async () => {
    const world = await start('approve', [ONE]);
    await answer(world, 1, false);
    expect(entries(world)).toHaveLength(0);
    expect(decisionOf(world, 1)).toMatchObject({ fate: 'refused', reason: 'approval_refused' });
    expect(world.images().waves.get(T0)?.status).toBe('completed');
  });

  it('takes silence as no, at its expiry and not before', async () => {
    const world = await start('approve', [ONE], { approveWithinMs: 30_000 });
    await quiet(world, 29_000);
    expect(decisionOf(world, 1)?.fate).toBe('awaiting');
    await quiet(world, 2_000);
    expect(decisionOf(world, 1)).toMatchObject({ fate: 'refused', reason: 'not_approved' });
    await answer(world, 1, true);
    expect(entries(world)).toHaveLength(0);
  });

  it('is too late at its expiry, also when the timer has not spoken yet', () => {
    const run = drive();
    run.ready();
    run.tell(wave([ONE], { provider: followed('approve') }));
    run.tell({ type: 'price', venue: FUTURE, symbol: BTC, price: d('100') }, 60_000);
    run.tell({ type: 'approve', signalId: 1, yes: true });
    expect(run.images().decisions.get(1)).toMatchObject({ reason: 'not_approved' });
    expect(run.places()).toHaveLength(0);
  });

  it('goes through the gate again at the moment of the yes', async () => {
    const world = await start('approve', [ONE]);
    await quiet(world, 5_000);
    world.runner.post({ type: 'kill', on: true, cause: 'a test' });
    await answer(world, 1, true);
    expect(entries(world)).toHaveLength(0);
    expect(decisionOf(world, 1)).toMatchObject({ fate: 'refused', reason: 'kill_switch' });
  });

  it('is refused on yes when the price has gone stale meanwhile', async () => {
    const world = await start('approve', [ONE]);
    await world.time.pass(20_000);
    await answer(world, 1, true);
    expect(decisionOf(world, 1)).toMatchObject({ fate: 'refused', reason: 'stale_price' });
  });

  it('counts for the target: the next is asked only when one drops out', async () => {
    const world = await start('approve', [ONE, TWO, THREE], { maxTrades: 2 });
    const fates = () => [1, 2, 3].map((id) => decisionOf(world, id)?.fate);
    expect(fates()).toEqual(['awaiting', 'awaiting', 'pending']);
    await answer(world, 1, false);
    expect(fates()).toEqual(['refused', 'awaiting', 'awaiting']);
    await quiet(world, 5_000);
    await answer(world, 3, true);
    await answer(world, 2, true);
    await quiet(world, 5_000);
    expect(fates()).toEqual(['refused', 'executed', 'executed']);
    expect(entries(world).map((request) => request.symbol)).toEqual([SOL, ETH]);
    expectSound(world);
  });

  it('keeps a second between two orders that were approved at once', async () => {
    const world = await start('approve', [ONE, TWO]);
    const times: number[] = [];
    world.venue.onPlace = (request) => {
      if (!request.reduceOnly) times.push(world.time.now());
      return 'ok';
    };
    world.runner.post({ type: 'approve', signalId: 1, yes: true });
    world.runner.post({ type: 'approve', signalId: 2, yes: true });
    await world.time.pass(5_000);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_000);
  });

  it('is missed by a restart: not approved, not opened, and a late yes changes nothing', async () => {
    const world = await start('approve', [ONE]);
    await world.restart();
    expect(decisionOf(world, 1)).toMatchObject({ fate: 'refused', reason: 'not_approved', approval: null });
    await answer(world, 1, true);
    expect(entries(world)).toHaveLength(0);
    expect(world.images().waves.get(T0)?.status).toBe('failed');
  });
});

describe('the age of a signal', () => {
  it.each([
    [600_000, null],
    [599_999, 'too_old'],
  ] as const)('counts from the close of its candle: at most %d ms gives %s', (maxAgeMs, reason) => {
    const run = drive();
    run.ready();
    // The candle of 15 minutes closed ten minutes ago.
    const late = 900_000 + 600_000;
    run.tell(wave([ONE], { provider: followed('auto', { maxAgeMs }), priceSeenAt: T0 + late }), late);
    expect(run.images().decisions.get(1)?.reason).toBe(reason);
  });
});

describe('pausing a wave', () => {
  const pause = (world: World, on: boolean) => {
    world.runner.post({ type: 'pause-wave', waveTime: unixMs(T0), on });
    return world.time.settle();
  };

  it('calls off what is not sent yet, and lets the entry under way go on', async () => {
    const world = await start('auto', [ONE, TWO, THREE]);
    await pause(world, true);
    await quiet(world, 10_000);
    expect(entries(world)).toHaveLength(1);
    expect([1, 2, 3].map((id) => decisionOf(world, id)?.reason)).toEqual([
      null,
      'wave_paused',
      'wave_paused',
    ]);
    expect(world.images().waves.get(T0)).toMatchObject({ paused: true, status: 'processing' });
    expectSound(world);
  });

  it('goes on in order', async () => {
    const world = await start('auto', [ONE, TWO, THREE]);
    await pause(world, true);
    await quiet(world, 10_000);
    await pause(world, false);
    await quiet(world, 10_000);
    expect(entries(world).map((request) => request.symbol)).toEqual([BTC, ETH, SOL]);
    expect(world.images().waves.get(T0)).toMatchObject({
      paused: false,
      status: 'completed',
      results: { [FUTURE]: { executed: 3 } },
    });
    expectSound(world);
  });

  it('does not go on when the wave has grown old', async () => {
    const world = await start('auto', [ONE, TWO], { maxAgeMs: 60_000 });
    await pause(world, true);
    await world.time.pass(900_000 + 61_000);
    await pause(world, false);
    await quiet(world, 5_000);
    expect(entries(world)).toHaveLength(1);
    expect(decisionOf(world, 2)).toMatchObject({ fate: 'unused', reason: 'too_old' });
    expect(world.images().waves.get(T0)?.status).toBe('completed');
  });

  it('ends for good when a newer wave comes', async () => {
    const world = await start('auto', [ONE, TWO]);
    await pause(world, true);
    await quiet(world, 5_000);
    world.runner.post(wave([signal(9, SOL)], { waveTime: T0 + 900_000, priceSeenAt: world.time.now() }));
    await quiet(world, 5_000);
    expect(world.images().waves.get(T0)?.status).toBe('completed');
    await pause(world, false);
    await quiet(world, 5_000);
    expect(world.events('wave_pause_ignored')).toHaveLength(1);
    expect(entries(world).map((request) => request.symbol)).toEqual([BTC, SOL]);
  });

  it('before its signals came holds all of them', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    world.runner.post({ type: 'wave-started', waveTime: unixMs(T0) });
    await pause(world, true);
    world.runner.post(wave([ONE], { priceSeenAt: world.time.now() }));
    await world.time.pass(2_000);
    expect(entries(world)).toHaveLength(0);
    expect(decisionOf(world, 1)?.reason).toBe('wave_paused');
    await pause(world, false);
    await world.time.pass(2_000);
    expect(entries(world)).toHaveLength(1);
  });

  it('takes cards back and asks again when it goes on', async () => {
    const world = await start('approve', [ONE]);
    await pause(world, true);
    await answer(world, 1, true);
    expect(entries(world)).toHaveLength(0);
    await quiet(world, 1_000);
    await pause(world, false);
    expect(decisionOf(world, 1)?.fate).toBe('awaiting');
    await answer(world, 1, true);
    expect(entries(world)).toHaveLength(1);
  });

  it('is over after a restart: what was called off stays so', async () => {
    const world = await start('auto', [ONE, TWO]);
    await pause(world, true);
    await quiet(world, 3_000);
    await world.restart();
    await pause(world, false);
    await quiet(world, 5_000);
    expect(entries(world)).toHaveLength(1);
    expect(decisionOf(world, 2)).toMatchObject({ fate: 'unused', reason: 'wave_paused' });
  });
});

describe('flattening a wave', () => {
  it('closes each of its positions reduce-only, calls its rest off, and touches no other wave', async () => {
    const world = await start('auto', [ONE, TWO, THREE]);
    await quiet(world, 1_500);
    world.runner.post({ type: 'flatten-wave', waveTime: unixMs(T0) });
    await quiet(world, 10_000);
    const closed = [...world.images().positions.values()];
    expect(closed.length).toBeGreaterThan(0);
    for (const position of closed)
      expect(position).toMatchObject({ status: 'closed', closeReason: 'manual', amount: '0' });
    expect(decisionOf(world, 3)?.reason).toBe('wave_paused');
    expect(world.events('position_closed')).toHaveLength(closed.length);
    const exits = world.venue.placeCalls.filter(({ type, reduceOnly }) => type === 'market' && reduceOnly);
    expect(exits).toHaveLength(closed.length);
    expectSound(world);
  });

  it('leaves positions of other waves alone', () => {
    const run = opened();
    run.tell({ type: 'flatten-wave', waveTime: unixMs(T0 - 900_000) });
    expect(run.images().positions.get('s1')?.status).toBe('active');
  });
});

describe('flattening everything', () => {
  it('stops entries, calls off what was not sent, and closes every position of every wave reduce-only', async () => {
    const world = await start('auto', [ONE, TWO, THREE]);
    await quiet(world, 1_500);
    const open = [...world.images().positions.values()].filter(({ status }) => status === 'active').length;
    world.runner.post({ type: 'flatten-all', cause: 'the test' });
    await quiet(world, 10_000);
    const positions = [...world.images().positions.values()];
    expect(open).toBeGreaterThan(0);
    for (const position of positions) expect(position).toMatchObject({ status: 'closed', amount: '0' });
    const exits = world.venue.placeCalls.filter(({ type, reduceOnly }) => type === 'market' && reduceOnly);
    expect(exits).toHaveLength(positions.length);
    expect(world.images().killed).toBe(true);
    expect(world.events('flatten_all')).toHaveLength(1);
    expectSound(world);
  });
});

describe('what a decision records', () => {
  it('names free money, open positions and exposure, and the version of the parameters', () => {
    const run = opened();
    run.tell(
      wave([signal(2, ETH, { waveTime: unixMs(T0 + 1) })], {
        waveTime: T0 + 1,
        params: { ...params(), version: 7 },
      }),
    );
    expect(run.images().decisions.get(2)?.account).toEqual({
      freeUsd: '9800',
      openPositions: 1,
      exposureUsd: '200',
    });
    expect(run.images().positions.get('s2')?.paramsVersion).toBe(7);
    expect(run.images().positions.get('s1')?.paramsVersion).toBeUndefined();
  });

  it('says null for money that was never told', () => {
    const run = drive();
    run.tell({ type: 'recover' });
    run.tell({ type: 'link', venue: FUTURE, up: true });
    run.tell(wave([ONE]));
    expect(run.images().decisions.get(1)?.account?.freeUsd).toBeNull();
  });
});

describe('the result of a wave', () => {
  it('M-079 counts every signal once: filtered by reason and validated add up to the total', () => {
    const bases = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOT'];
    const kinds = fc.constantFrom('good', 'dull', 'same', 'wide');
    fc.assert(
      fc.property(
        fc.array(kinds, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<Mode>('auto', 'observe', 'approve'),
        (list, maxTrades, mode) => {
          const run = drive({ settings: settings({ strictSpread: true }) });
          run.ready();
          const event = wave(
            list.map((kind, n) => signal(n + 1, symbolOf(kind === 'same' ? 'BTC' : bases[n]!))),
            { maxTrades, provider: followed(mode) },
          ) as Extract<EngineEvent, { type: 'wave' }>;
          const signals = event.signals.map((member, n) => ({
            ...member,
            facts: {
              ...member.facts,
              ...(list[n] === 'dull' ? { hourVolumeUsd: d('1') } : {}),
              ...(list[n] === 'wide' ? { bid: d('90') } : {}),
            },
          }));
          run.tell({ ...event, signals });
          for (let n = 1; n <= 20; n += 1) {
            for (const { clientOrderId, reduceOnly, type } of run.places().slice(-1))
              if (!reduceOnly || type === 'market')
                run.order(clientOrderId, { kind: 'rejected', code: '1', message: 'no' });
            run.tell({ type: 'approve', signalId: n, yes: n % 2 === 0 }, 1_100);
          }
          const done = run.images().waves.get(T0)!;
          expect(done.status).toBe('completed');
          const result = done.results[FUTURE]!;
          const filtered = sum(Object.values(result.filtered).map((n) => d(String(n))));
          expect(Number(filtered) + result.validated).toBe(result.total);
          expect(result.total).toBe(list.length);
          expect(result.duplicates).toBe(result.filtered.duplicate_position ?? 0);
          expect(result.executed + result.failed).toBeLessThanOrEqual(result.validated);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    [{ maxTrades: 'lock', stopLoss: 'wave' }, 'override'],
    [{ stopLoss: 'mine' }, 'override'],
    [{ maxTrades: 'stored', stopLoss: 'wave' }, 'wave'],
    [{ trailingDistance: 'stored' }, 'database'],
    [{}, 'settings'],
  ] as const)('M-079 names where its values came from: %j is %s', (origins, source) => {
    const run = drive();
    run.ready();
    const base = params();
    run.tell(wave([ONE], { params: { ...base, origins: { ...base.origins, ...origins } } }));
    expect(run.images().waves.get(T0)?.results[FUTURE]?.paramsSource).toBe(source);
  });

  it('M-079 says how much of the buffer was used and whether the target was reached', () => {
    const run = drive();
    run.ready();
    run.tell(wave([ONE, TWO, THREE], { maxTrades: 1 }));
    run.order('w7k2p-s1-e1' as never, { kind: 'rejected', code: '1', message: 'no' });
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 1_000);
    run.tell({
      type: 'fill',
      fill: { ...fill('1', 'w7k2p-s2-e1' as never, 'buy', '2'), symbol: ETH },
    });
    run.order('w7k2p-s2-s1' as never, { kind: 'accepted', venueOrderId: 'v-2' as never });
    expect(run.images().waves.get(T0)?.results[FUTURE]).toMatchObject({
      total: 3,
      validated: 3,
      executed: 1,
      failed: 1,
      target: 1,
      targetReached: true,
      bufferUsed: 1,
    });
    expect(run.events('wave_target_reached')).toHaveLength(1);
    expect(run.events('wave_completed')).toHaveLength(1);
  });
});
