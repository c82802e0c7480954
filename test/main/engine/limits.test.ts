import { describe, expect, it } from 'vitest';
import type { EngineEvent, EngineStart, SignalFacts } from '#main/engine/types';
import { unixMs } from '#shared/domain/basics';
import { drive, fill } from './drive';
import { BTC, d, emptyStart, FUTURE, instrument, settings, signal, symbolOf, T0, wave } from './samples';
import { createWorld } from './world';

const ETH = symbolOf('ETH');
const HOUR = 3_600_000;
const equity = (now: string | null, paper?: boolean): EngineEvent => ({
  type: 'equity',
  equityUsd: now === null ? null : d(now),
  dayOpeningUsd: d('1000'),
  ...(paper === undefined ? {} : { paper }),
});
const price = (text: string, over: Partial<Extract<EngineEvent, { type: 'price' }>> = {}): EngineEvent => ({
  type: 'price',
  venue: FUTURE,
  symbol: BTC,
  price: d(text),
  ...over,
});

function ready(over: Partial<EngineStart> = {}) {
  const run = drive(over);
  run.ready();
  return run;
}
const reason = (run: ReturnType<typeof drive>, id = 1) => run.images().decisions.get(id)?.reason;
const oneWave = (over: Partial<SignalFacts> = {}, priceSeenAt = T0) =>
  wave([signal(1, BTC)], { facts: over, priceSeenAt });

describe('the loss of the day', () => {
  it('refuses entries at 3 %, is named with its numbers, and is said', () => {
    const run = ready();
    run.tell(equity('970'));
    run.tell(oneWave());
    expect(reason(run)).toBe('daily_loss');
    expect(
      run
        .images()
        .decisions.get(1)
        ?.checks.find((check) => check.rule === 'daily_loss'),
    ).toMatchObject({
      passed: false,
      numbers: { equity: '970', dayOpening: '1000', lossPercent: '3', limit: '3' },
    });
    expect(run.events('risk_limits_exceeded')).toHaveLength(1);
  });

  it('is no limit before equity was ever told, and says so', () => {
    const run = ready();
    run.tell(oneWave());
    expect(reason(run)).toBeNull();
  });

  it.each<readonly [string, EngineEvent, number, string | null]>([
    ['unknown', equity(null), 0, 'daily_loss'],
    ['fresh', equity('1000'), 300_000, null],
    ['told too long ago', equity('1000'), 300_001, 'daily_loss'],
    ['of the paper account', equity('1', true), 0, null],
  ])('equity that is %s', (_what, event, ms, expected) => {
    const run = ready();
    run.tell(event);
    run.tell(oneWave({}, T0 + ms), ms);
    expect(reason(run)).toBe(expected);
  });

  it('begins anew with the UTC day: yesterday’s numbers say nothing about today', () => {
    const day = 24 * HOUR;
    const late = (run: ReturnType<typeof drive>, told: EngineEvent) => {
      run.tell(told, day - 1_000);
      run.tell(
        wave([signal(1, BTC, { waveTime: unixMs(T0 + day) })], { waveTime: T0 + day, priceSeenAt: T0 + day }),
        1_000,
      );
      return reason(run);
    };
    expect(late(ready(), equity('1000'))).toBe('daily_loss');
    const run = ready();
    run.tell(equity('900'), day);
    run.tell(equity('990'));
    run.tell(
      wave([signal(1, BTC, { waveTime: unixMs(T0 + day) })], { waveTime: T0 + day, priceSeenAt: T0 + day }),
    );
    expect(reason(run)).toBeNull();
  });

  it('is expected after a restart when it was told before', () => {
    const run = ready({ equityExpected: true });
    run.tell(oneWave());
    expect(reason(run)).toBe('daily_loss');
  });

  it('never stops an exit', () => {
    const run = ready();
    run.tell(oneWave());
    run.tell({ type: 'fill', fill: fill('1', 'w7k2p-s1-e1' as never, 'buy', '2') });
    run.tell(equity('1'));
    run.tell({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
    expect(run.places().at(-1)).toMatchObject({ type: 'market', reduceOnly: true });
  });
});

describe('trades of the day', () => {
  it('are remembered over a restart, also those whose positions are closed', () => {
    const openedAt = [T0 - 25 * HOUR, T0 + 1, T0 + 2].map(unixMs);
    const limited = (most: number) => {
      const run = ready({ settings: settings({ maxTradesPerDay: most }), openedAt });
      run.tell(oneWave());
      return reason(run);
    };
    expect(limited(2)).toBe('trades_per_day');
    expect(limited(3)).toBeNull();
  });
});

describe('a price that is missing', () => {
  const missing = { price: null, priceSeenAt: null };
  it('M-070 is asked for twice more, two seconds apart, and then refuses', () => {
    const run = ready();
    run.tell(oneWave(missing));
    const wakes = () =>
      run.intents
        .filter(({ kind }) => kind === 'wake')
        .filter((each) => 'key' in each && each.key.startsWith('wave|'));
    expect(run.intents).toContainEqual({ kind: 'watch', venue: FUTURE, symbol: BTC, on: true });
    expect(wakes().at(-1)).toMatchObject({ afterMs: 2_000, clock: 'wall' });
    expect(run.images().decisions.get(1)?.fate).toBe('pending');
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 2_000);
    expect(wakes()).toHaveLength(2);
    expect(wakes().at(-1)).toMatchObject({ afterMs: 2_000 });
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 2_000);
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'no_price' });
    expect(wakes()).toHaveLength(2);
    expect(run.places()).toHaveLength(0);
  });

  it('M-070 is taken as soon as it comes', () => {
    const run = ready();
    run.tell(oneWave(missing));
    run.tell(price('50'), 1_500);
    expect(run.places()[0]).toMatchObject({ amount: '4', reduceOnly: false });
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'opening', price: '50' });
  });

  it('M-070 takes nobody’s place: the others are tried as if it were not there', () => {
    const run = ready();
    const event = wave(
      ['BTC', 'ETH', 'SOL', 'XRP', 'ADA'].map((base, n) => signal(n + 1, symbolOf(base))),
      { maxTrades: 1 },
    ) as Extract<EngineEvent, { type: 'wave' }>;
    const signals = event.signals.map((member, n) =>
      n === 0 ? { ...member, facts: { ...member.facts, ...missing } } : member,
    );
    run.tell({ ...event, signals });
    expect([1, 2, 3, 4, 5].map((id) => run.images().decisions.get(id)?.fate)).toEqual(
      Array(5).fill('pending'),
    );
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 4_000);
    expect(reason(run)).toBe('no_price');
    expect(run.places()[0]?.symbol).toBe(ETH);
  });
});

describe('leverage', () => {
  const leverage = (value: string): EngineEvent => ({
    type: 'leverage',
    venue: FUTURE,
    symbol: BTC,
    leverage: d(value),
  });

  it('M-085 that is too high is set first, and the entry waits for it', () => {
    const run = ready();
    run.tell(leverage('20'));
    run.tell(oneWave());
    expect(run.places()).toHaveLength(0);
    expect(run.intents).toContainEqual({ kind: 'set-leverage', venue: FUTURE, symbol: BTC, leverage: 1 });
    run.tell(leverage('1'), 500);
    expect(run.places()).toHaveLength(1);
  });

  it('M-085 that stays too high refuses the entry', () => {
    const run = ready();
    run.tell(leverage('20'));
    run.tell(oneWave());
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 5_000);
    expect(run.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'leverage_too_high' });
    expect(run.places()).toHaveLength(0);
  });

  it('M-085 that cannot be set is logged and does not stop an entry when nothing says that it is too high', async () => {
    const world = await createWorld();
    world.venue.port.trading!.setLeverage = () => Promise.reject(new Error('no'));
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
    await world.time.pass(2_000);
    expect(world.position('s1').status).toBe('active');
    expect(world.errors.some((text) => text.includes('leverage'))).toBe(true);
  });
});

describe('what an exchange allows', () => {
  it('M-084 refuses above its maximum notional before any order', () => {
    const instruments = emptyStart().instruments.map((each) => ({ ...each, maxNotional: d('150') }));
    const run = ready({ instruments });
    run.tell(oneWave());
    expect(reason(run)).toBe('size_too_large');
    expect(run.places()).toHaveLength(0);
    expect(instrument(BTC).maxNotional).toBeUndefined();
  });

  it('M-086 warns of a wide spread and goes on', () => {
    const run = ready();
    run.tell(oneWave({ bid: d('99') }));
    expect(reason(run)).toBeNull();
    expect(run.events('spread_wide')).toHaveLength(1);
  });

  it('M-086 refuses a wide spread when strict, by the newest bid and ask', () => {
    const strict = { settings: settings({ strictSpread: true }) };
    const run = ready(strict);
    run.tell(oneWave({ bid: d('99') }));
    expect(reason(run)).toBe('spread_too_wide');
    const second = ready(strict);
    second.tell(price('100', { bid: d('99.99'), ask: d('100.01') }));
    second.tell(oneWave({ bid: d('99') }));
    expect(reason(second)).toBeNull();
  });
});
