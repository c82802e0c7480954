import { describe, expect, it } from 'vitest';
import { createRunner, type VenuePort } from '#main/engine/index';
import type { Engine, EngineEvent, EngineOutput, Intent } from '#main/engine/types';
import { unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { OrderRequest } from '#shared/domain/order';
import { BTC, d, FUTURE, symbolOf, T0 } from './samples';

const request = (id: string, over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: id as never,
  venue: FUTURE,
  symbol: BTC,
  side: 'buy',
  type: 'market',
  amount: d('1'),
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});

type Trading = NonNullable<VenuePort['trading']>;
const accepted = { kind: 'accepted', venueOrderId: 'v1' as never, status: 'open' } as const;

/** A runner around a scripted engine: what each event makes it want. */
function scripted(script: (event: EngineEvent) => readonly Intent[], trading: Partial<Trading>) {
  const events: EngineEvent[] = [];
  const errors: string[] = [];
  const watches: string[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const state = { now: T0, record: () => {} };
  const engine = {
    handle(event): EngineOutput {
      events.push(event);
      return { records: [{ kind: 'app_stopped', reason: 'x' }], intents: script(event) };
    },
  } as Partial<Engine> as Engine;
  const after = (ms: number, run: () => void) => {
    const timer = { ms, run };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
  };
  const runner = createRunner({
    engine,
    record: () => state.record(),
    now: () => ({ wall: unixMs(state.now), market: unixMs(state.now) }),
    wake: { wall: after, market: after },
    venues: new Map<VenueKey, VenuePort>([[FUTURE, { trading: trading as Trading }]]),
    watch: (_venue, symbol, on) => void watches.push(`${on ? 'on' : 'off'} ${symbol}`),
    onError: (text) => void errors.push(text),
  });
  return { runner, events, errors, timers, state, watches };
}
const start: EngineEvent = { type: 'recover' };
const onStart = (intents: readonly Intent[]) => (event: EngineEvent) =>
  event.type === 'recover' ? intents : [];
const kinds = (events: readonly EngineEvent[]) =>
  events.map((event) => (event.type === 'order' ? event.evidence.kind : event.type));

describe('the runner', () => {
  it('sends an id once in its life, whatever the engine says, and stops entries', async () => {
    let calls = 0;
    const place: Intent = { kind: 'place', request: request('a') };
    const world = scripted((event) => (event.type === 'recover' ? [place] : []), {
      place: () => {
        calls += 1;
        return Promise.resolve(accepted);
      },
    });
    world.runner.post(start);
    world.runner.post(start);
    await world.runner.idle();
    expect(calls).toBe(1);
    expect(kinds(world.events)).toContain('kill');
    expect(world.errors[0]).toMatch(/twice/);
  });

  it('hands on no wake before its time: timers may fire some ms early, and the engine compares clocks', () => {
    const wake: Intent = { kind: 'wake', key: 'naked|s1', afterMs: 1_000, clock: 'wall' };
    const world = scripted(onStart([wake]), {});
    world.runner.post(start);
    world.state.now = T0 + 993;
    world.timers.shift()?.run();
    expect(kinds(world.events)).toEqual(['recover']);
    expect(world.timers.map(({ ms }) => ms)).toEqual([7]);
    world.state.now = T0 + 1_000;
    world.timers.shift()?.run();
    expect(kinds(world.events)).toEqual(['recover', 'wake']);
  });

  it('hands on a wake whose clock was set back, rather than wait for that time to come again', () => {
    const wake: Intent = { kind: 'wake', key: 'naked|s1', afterMs: 1_000, clock: 'wall' };
    const world = scripted(onStart([wake]), {});
    world.runner.post(start);
    world.state.now = T0 - 3_600_000;
    world.timers.shift()?.run();
    expect(kinds(world.events)).toEqual(['recover', 'wake']);
  });

  it('M-080 M-081 writes before it sends', async () => {
    const order: string[] = [];
    const world = scripted(onStart([{ kind: 'place', request: request('a') }]), {
      place: () => {
        order.push('sent');
        return Promise.resolve(accepted);
      },
    });
    world.state.record = () => void order.push('written');
    world.runner.post(start);
    await world.runner.idle();
    expect(order.slice(0, 2)).toEqual(['written', 'written']);
    expect(order.indexOf('sent')).toBeGreaterThan(0);
    expect(kinds(world.events)).toEqual(['recover', 'sent', 'accepted']);
  });

  it.each([
    [() => Promise.reject(new Error('boom')), 'reply-lost'],
    [
      () => {
        throw new Error('boom');
      },
      'reply-lost',
    ],
    [() => Promise.resolve({ kind: 'unknown', message: 'x' }), 'reply-lost'],
    [() => Promise.resolve({ kind: 'not-sent', message: 'x' }), 'not-sent'],
    [() => Promise.resolve({ kind: 'rejected', code: '1', message: 'x' }), 'rejected'],
    [() => Promise.resolve({ ...accepted, status: 'filled' }), 'seen'],
  ] as const)('turns outcome %# of placing into %s', async (place, kind) => {
    const world = scripted(onStart([{ kind: 'place', request: request('a') }]), {
      place: place as Trading['place'],
    });
    world.runner.post(start);
    await world.runner.idle();
    expect(kinds(world.events)).toEqual(['recover', 'sent', kind]);
  });

  it('asks for the truth when an accepted order has already ended unfilled', async () => {
    const world = scripted(onStart([{ kind: 'place', request: request('a') }]), {
      place: () => Promise.resolve({ ...accepted, status: 'expired' }),
      find: () =>
        Promise.resolve({
          kind: 'found',
          order: { ...request('a'), venueOrderId: 'v1' as never, status: 'expired', filled: d('0.4') },
        }),
    });
    world.runner.post(start);
    await world.runner.idle();
    expect(world.events.at(-1)).toMatchObject({
      evidence: { kind: 'seen', status: 'expired', filled: '0.4' },
    });
  });

  it('does not let one instrument wait for another, and keeps the order within one', async () => {
    const calls: string[] = [];
    let release = () => {};
    const world = scripted(
      onStart([
        { kind: 'set-leverage', venue: FUTURE, symbol: BTC, leverage: 1 },
        { kind: 'place', request: request('slow') },
        { kind: 'place', request: request('fast', { symbol: symbolOf('ETH') }) },
      ]),
      {
        setLeverage: () => new Promise((resolve) => (release = () => resolve(undefined))),
        place: (each) => {
          calls.push(each.clientOrderId);
          return Promise.resolve(accepted);
        },
      },
    );
    world.runner.post(start);
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(['fast']);
    release();
    await world.runner.idle();
    expect(calls).toEqual(['fast', 'slow']);
  });

  it('does not send an entry that waited too long, but sends an exit', async () => {
    const calls: string[] = [];
    let release = () => {};
    const world = scripted(
      onStart([
        { kind: 'set-leverage', venue: FUTURE, symbol: BTC, leverage: 1 },
        { kind: 'place', request: request('entry') },
        { kind: 'place', request: request('exit', { reduceOnly: true }) },
      ]),
      {
        setLeverage: () => new Promise((resolve) => (release = () => resolve(undefined))),
        place: (each) => {
          calls.push(each.clientOrderId);
          return Promise.resolve(accepted);
        },
      },
    );
    world.runner.post(start);
    await new Promise((resolve) => setImmediate(resolve));
    world.state.now += 5_001;
    release();
    await world.runner.idle();
    expect(calls).toEqual(['exit']);
    expect(world.events).toContainEqual({
      type: 'order',
      clientOrderId: 'entry',
      evidence: { kind: 'not-sent', message: 'what came before it took too long' },
    });
  });

  it('takes a call that never answers as no answer', async () => {
    const world = scripted(onStart([{ kind: 'place', request: request('a') }]), {
      place: () => new Promise(() => {}),
    });
    world.runner.post(start);
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.timers.map((timer) => timer.ms)).toEqual([30_000]);
    world.timers[0]!.run();
    await world.runner.idle();
    expect(kinds(world.events)).toEqual(['recover', 'sent', 'reply-lost']);
  });

  it('replaces a wake of the same key and drops all of them when it stops', async () => {
    const world = scripted(
      onStart([
        { kind: 'wake', key: 'k|1', afterMs: 10, clock: 'wall' },
        { kind: 'wake', key: 'k|1', afterMs: 20, clock: 'market' },
        { kind: 'wake', key: 'k|2', afterMs: 30, clock: 'wall' },
        { kind: 'cancel-wake', key: 'k|2' },
      ]),
      {},
    );
    world.runner.post(start);
    expect(world.timers.map((timer) => timer.ms)).toEqual([20]);
    await world.runner.stop();
    expect(world.timers).toEqual([]);
    world.runner.post(start);
    expect(world.events).toHaveLength(1);
  });

  it('pairs on and off of what it watches', () => {
    const watch = (on: boolean): Intent => ({ kind: 'watch', venue: FUTURE, symbol: BTC, on });
    const world = scripted(onStart([watch(false), watch(true), watch(true), watch(false), watch(false)]), {});
    world.runner.post(start);
    expect(world.watches).toEqual([`on ${BTC}`, `off ${BTC}`]);
  });

  it('keeps unwritten records and writes them first when the disk is back', () => {
    const world = scripted(onStart([{ kind: 'place', request: request('a') }]), {});
    const sizes: number[] = [];
    let broken = true;
    const engineRecords: unknown[] = [];
    const runner = createRunner({
      engine: {
        handle: (event: EngineEvent) => ({
          records: [{ kind: 'app_stopped', reason: event.type }],
          intents: [],
        }),
      } as unknown as Engine,
      record: (records) => {
        if (broken) throw new Error('full');
        sizes.push(records.length);
        engineRecords.push(...records);
      },
      now: () => ({ wall: unixMs(T0), market: unixMs(T0) }),
      wake: { wall: () => () => {}, market: () => () => {} },
      venues: new Map(),
      watch: () => {},
      onError: (text) => void world.errors.push(text),
    });
    runner.post(start);
    broken = false;
    runner.post({ type: 'wake', key: 'x' });
    expect(sizes).toEqual([3]);
    expect(engineRecords).toMatchObject([{ reason: 'recover' }, { reason: 'kill' }, { reason: 'wake' }]);
  });
});
