import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createPool } from '#main/connectivity/index';
import { createSignals } from '#main/desk/signals';
import type { EngineEvent } from '#main/engine/index';
import type { Market } from '#main/market/index';
import { createRealSeams, createSimulatedSeams } from '#main/seams/index';
import { openStore, readMigrations, type Store } from '#main/store/index';
import { type Percent, type SignalId, unixMs } from '#shared/domain/basics';
import type { JournalRecord } from '#shared/domain/journal';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';

const real = createRealSeams();
const migrations = readMigrations(
  real.disk,
  fileURLToPath(new URL('../../../resources/migrations', import.meta.url)),
);
/** Minute 19: the wave of :00 is looked for at 20. */
const START = Date.UTC(2025, 9, 21, 2, 19);
const WAVE = Date.UTC(2025, 9, 21, 2, 0);

const raw = (id: number, over: object = {}) => ({
  id,
  pair_symbol: `C${id}USDT`,
  recommended_action: 'BUY',
  score_week: 90 - id,
  score_month: 80,
  timestamp: '2025-10-21T02:00:00',
  created_at: '2025-10-21T02:18:00',
  trading_pair_id: id,
  exchange_id: 1,
  max_trades_filter: 7,
  stop_loss_filter: 3.5,
  trailing_activation_filter: 1.5,
  trailing_distance_filter: 0.4,
  ...over,
});
const WITHOUT = {
  max_trades_filter: null,
  stop_loss_filter: null,
  trailing_activation_filter: null,
  trailing_distance_filter: null,
};

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
});

/** Signals of a desk with a real store, a signal server on virtual sockets, and an engine that only listens. */
async function createWorld(
  data: readonly object[],
  spoil: (store: Store) => Store = (store) => store,
  before: readonly JournalRecord[] = [],
) {
  const seams = createSimulatedSeams(1, START);
  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: 100_000,
    request: (_, response) => response.end(),
    socket: (socket) => {
      socket.send('{"type":"auth_required"}');
      socket.listen({
        message: (text) => {
          const { type } = JSON.parse(String(text)) as { type: string };
          if (type === 'auth') socket.send('{"type":"auth_success"}');
          if (type === 'get_signals') socket.send(JSON.stringify({ type: 'signals', data }));
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const store = openStore({ file: ':memory:', seams: real, migrations });
  undo.push(() => store.close());
  if (before.length > 0) store.record(before, { wall: unixMs(1), market: unixMs(1) });
  const logged: string[] = [];
  const factsAsked: (readonly unknown[])[] = [];
  const posted: { readonly at: number; readonly event: EngineEvent }[] = [];
  const notices: string[] = [];
  const now = () => ({ wall: seams.clock.now(), market: seams.clock.now() });
  const signals = createSignals({
    seams,
    pool: createPool({ seams }),
    store: spoil(store),
    market: {
      factsFor: async (...asked: readonly unknown[]) => {
        factsAsked.push(asked);
        if (asked[1] === 'C13/USDT:USDT') throw new Error('the exchange lists no C13');
        return { price: null };
      },
    } as unknown as Market,
    post: (event) => void posted.push({ at: seams.clock.now(), event }),
    now,
    at: (time, run) => seams.timers.after(Math.max(0, time - seams.clock.now()), run),
    settings: () => DEFAULT_SETTINGS,
    ...{ mode: 'practice' as const },
    venueKeys: ['binance_future', 'bybit_future'],
    connection: async () => ({ url: `ws://127.0.0.1:${server.port}`, token: 'token' }),
    notice: (text) => void notices.push(text),
    warn: () => {},
    log: (text) => void logged.push(text),
  });
  await signals.open();
  undo.push(() => signals.close());
  await seams.advance(65_000);
  const waves = posted.flatMap(({ event }) => (event.type === 'wave' ? [event] : []));
  const used = store
    .journal(1, 1_000)
    .flatMap(({ record }) => (record.kind === 'params_used' ? [record] : []));
  const events = (type: string) =>
    store
      .journal(1, 1_000)
      .flatMap(({ record }) => (record.kind === 'event' && record.type === type ? [record] : []));
  return { seams, store, posted, notices, waves, used, logged, events, factsAsked };
}

/** The same store, whose params writes of one exchange fail. */
const failing =
  (exchange: string) =>
  (store: Store): Store => ({
    ...store,
    record: (records, at) => {
      if (records.some((each) => each.kind === 'params_used' && each.params.exchange === exchange))
        throw new Error('disk full');
      return store.record(records, at);
    },
  });

describe('a wave on the desk', () => {
  it('M-045 is announced to the engine before its signals are handed over', async () => {
    const { posted } = await createWorld([raw(1)]);
    expect(posted.map(({ event }) => event.type)).toEqual(['wave-started', 'wave']);
  });

  it('M-073 M-074 is judged by the market at the time of its signals, not by that of the check minute', async () => {
    const { factsAsked } = await createWorld([raw(1), raw(2, { timestamp: null })]);
    expect(factsAsked.map(([venue, symbol, , signalAt]) => [venue, symbol, signalAt])).toEqual([
      ['binance_future', 'C1/USDT:USDT', WAVE],
      ['binance_future', 'C2/USDT:USDT', WAVE + 18 * 60_000],
    ]);
  });

  it('M-038 goes on when nothing can be known about one of its signals', async () => {
    const { waves } = await createWorld([raw(13), raw(1)]);
    expect(waves[0]!.signals.map(({ signal, facts }) => [signal.id, facts.price])).toEqual([
      [1, null],
      [13, null],
    ]);
  });

  it('M-056 runs on the values it brought, also when they cannot be stored', async () => {
    const { waves, store, notices } = await createWorld([raw(1)], failing('binance'));
    expect(waves).toHaveLength(1);
    expect(waves[0]).toMatchObject({
      waveTime: WAVE,
      params: {
        binance: {
          values: { maxTrades: 7, stopLoss: '3.5', trailingActivation: '1.5', trailingDistance: '0.4' },
          origins: {
            maxTrades: 'wave',
            stopLoss: 'wave',
            trailingActivation: 'wave',
            trailingDistance: 'wave',
          },
        },
      },
    });
    expect(store.params().find((row) => row.exchange === 'binance')?.values.maxTrades ?? null).toBeNull();
    expect(notices).toHaveLength(1);
  });

  it('M-052 takes them from the best signal of each exchange, and from no other', async () => {
    const { waves, store } = await createWorld([
      raw(3, { max_trades_filter: 3 }),
      raw(1, WITHOUT),
      raw(2),
      raw(5, { exchange_id: 2, max_trades_filter: 9 }),
      raw(4, { exchange_id: 2, max_trades_filter: 4 }),
    ]);
    expect(waves[0]!.params.binance?.origins.maxTrades).toBe('default');
    expect(waves[0]!.params.bybit?.values.maxTrades).toBe(4);
    expect(store.params().find((row) => row.exchange === 'binance')?.values.maxTrades ?? null).toBeNull();
    expect(store.params().find((row) => row.exchange === 'bybit')?.values.maxTrades).toBe(4);
  });

  it('M-053 stores the values of each exchange by itself: one that fails holds no other up', async () => {
    const wave = [raw(1), raw(2, { exchange_id: 2, max_trades_filter: 4 })];
    for (const [broken, other] of [
      ['binance', 'bybit'],
      ['bybit', 'binance'],
    ] as const) {
      const { store, used } = await createWorld(wave, failing(broken));
      const values = (exchange: string) =>
        store.params().find((row) => row.exchange === exchange)?.values.maxTrades ?? null;
      expect([values(broken), values(other)]).toEqual([null, other === 'bybit' ? 4 : 7]);
      expect(used.map(({ params }) => params.exchange)).toEqual([other]);
    }
  });

  it('M-053 stores the values of all exchanges in the same moment', async () => {
    const at: number[] = [];
    await createWorld([raw(1), raw(2, { exchange_id: 2 })], (store) => ({
      ...store,
      record: (records, moment) => {
        if (records.some((each) => each.kind === 'params_used')) at.push(moment.wall);
        return store.record(records, moment);
      },
    }));
    expect(at).toHaveLength(2);
    expect(at[1]! - at[0]!).toBeLessThanOrEqual(1);
  });

  it('M-059 records where each value came from when nobody had set it', async () => {
    const { used } = await createWorld([raw(1, { ...WITHOUT, stop_loss_filter: 3 })]);
    expect(used).toHaveLength(1);
    expect(used[0]).toMatchObject({
      waveTime: unixMs(WAVE),
      signalId: 1,
      params: {
        values: { maxTrades: 5, stopLoss: '3', trailingActivation: '2', trailingDistance: '0.5' },
        origins: {
          maxTrades: 'default',
          stopLoss: 'wave',
          trailingActivation: 'default',
          trailingDistance: 'default',
        },
      },
    });
  });

  it('M-057 tells of a change in one log line with its values, one when it is stored, and an event with its wave', async () => {
    const { logged, events } = await createWorld([raw(1)]);
    const about = 'exchange 1 signal 1 wave 2025-10-21T02:00';
    const values = '{"maxTrades":7,"stopLoss":"3.5","trailingActivation":"1.5","trailingDistance":"0.4"}';
    expect(logged).toEqual([`params update: ${about} ${values}`, `params stored: ${about} changed`]);
    expect(events('params_updated')).toMatchObject([
      { exchange: 'binance', data: { waveTime: WAVE, signalId: 1, result: 'changed' } },
    ]);
  });

  it('M-058 writes no row and no history for what is stored already, and says that it is unchanged', async () => {
    const percent = (text: string) => text as Percent;
    const after = {
      exchange: 'binance',
      values: {
        maxTrades: 7,
        stopLoss: percent('3.5000'),
        trailingActivation: percent('1.5'),
        trailingDistance: percent('0.4'),
      },
      locks: { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null },
      waveTime: unixMs(WAVE - 900_000),
      signalId: 9 as SignalId,
      updatedAt: unixMs(1),
    } as const;
    const earlier: JournalRecord = {
      kind: 'params_changed',
      exchange: 'binance',
      before: null,
      after,
      source: 'wave',
    };
    const { store, events } = await createWorld([raw(1)], undefined, [earlier]);
    expect(store.params().find((row) => row.exchange === 'binance')).toMatchObject(after);
    expect(store.paramsHistory('binance', { offset: 0, limit: 10 }).total).toBe(1);
    expect(events('params_updated')).toMatchObject([{ data: { waveTime: WAVE, result: 'unchanged' } }]);
  });
});
