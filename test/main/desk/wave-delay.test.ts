import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createPool } from '#main/connectivity/index';
import { createSignals } from '#main/desk/signals';
import { createEngine, createRunner, toEngineEvents } from '#main/engine/index';
import type { Market } from '#main/market/index';
import { createRealSeams, createSimulatedSeams, type SimulatedSeams } from '#main/seams/index';
import { openStore, readMigrations, type Store } from '#main/store/index';
import { type Decimal, type UnixMs, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol as MarketSymbol } from '#shared/domain/instrument';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { createFakeVenue } from '../engine/fake-venue';
import { emptyStart, FUTURE, facts, instrument } from '../engine/samples';

const real = createRealSeams();
const migrations = readMigrations(
  real.disk,
  fileURLToPath(new URL('../../../resources/migrations', import.meta.url)),
);
/** Minute 19: the wave of :00 is looked for at 20. */
const START = Date.UTC(2025, 9, 21, 2, 19);
const FACTS_TAKE_MS = 40;
const SLOW_MS = 5_000;
const COIN = 'C1/USDT:USDT' as MarketSymbol;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
});

const SIGNAL = {
  id: 1,
  pair_symbol: 'C1USDT',
  recommended_action: 'BUY',
  score_week: 90,
  score_month: 80,
  timestamp: '2025-10-21T02:00:00',
  exchange_id: 1,
  max_trades_filter: 2,
  stop_loss_filter: 3.5,
};

type Record = Store['record'];
const isParams = (records: Parameters<Record>[0]): boolean =>
  records.some(({ kind }) => kind === 'params_changed' || kind === 'params_used');

/** From the signal server's frame to the order at the exchange; `slow` stands in for the writing of params. */
async function firstOrder(slow: (write: () => void, seams: SimulatedSeams) => unknown) {
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
          if (type === 'get_signals') socket.send(JSON.stringify({ type: 'signals', data: [SIGNAL] }));
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const store = openStore({ file: ':memory:', seams: real, migrations });
  undo.push(() => store.close());
  const written: number[] = [];
  const slowStore: Store = {
    ...store,
    record: ((records, at) => {
      if (!isParams(records)) return store.record(records, at);
      return slow(() => {
        store.record(records, at);
        written.push(seams.clock.now());
      }, seams);
    }) as Record,
  };

  const now = () => ({ wall: seams.clock.now(), market: seams.clock.now() });
  const after = (ms: number, run: () => void) => seams.timers.after(ms, run);
  const venue = createFakeVenue(FUTURE, { now: seams.clock.now, after });
  venue.setPrice(COIN, '100' as Decimal);
  const sent: number[] = [];
  venue.onPlace = (request) => {
    if (!request.reduceOnly) sent.push(seams.clock.now());
    return 'ok';
  };
  const runner = createRunner({
    engine: createEngine(emptyStart({ instruments: [instrument(COIN)] })),
    record: (records, at) => void store.record(records, at),
    now,
    wake: { wall: after, market: after },
    venues: new Map<VenueKey, typeof venue.port>([[FUTURE, venue.port]]),
    watch: () => {},
    onError: () => {},
  });
  undo.push(() => runner.stop());
  venue.subscribe((fact) => {
    for (const event of toEngineEvents(FUTURE, fact, {})) runner.post(event);
  });
  runner.post({ type: 'recover' });
  runner.post({ type: 'link', venue: FUTURE, up: true });
  const signals = createSignals({
    seams,
    pool: createPool({ seams }),
    store: slowStore,
    market: {
      factsFor: (_: VenueKey, symbol: MarketSymbol) =>
        new Promise((resolve) => {
          after(FACTS_TAKE_MS, () => resolve(facts(symbol, { priceSeenAt: seams.clock.now() as UnixMs })));
        }),
    } as unknown as Market,
    post: runner.post,
    now,
    at: (time, run) => after(Math.max(0, time - seams.clock.now()), run),
    settings: () => DEFAULT_SETTINGS,
    ...{ mode: 'practice' as const },
    venueKeys: [FUTURE],
    connection: async () => ({ url: `ws://127.0.0.1:${server.port}`, token: 'token' }),
    notice: () => {},
    warn: () => {},
  });
  await signals.open();
  undo.push(() => signals.close());
  await seams.advance(60_000 + 3 * SLOW_MS);
  const stored = store.params().find((row) => row?.exchange === 'binance');
  return { sent, written, stored };
}

describe('the first order of a wave', () => {
  it('leaves as soon as ever while its params take 5 s to be written', async () => {
    const atOnce = await firstOrder((write) => write());
    const slow = await firstOrder(
      (write, seams) =>
        new Promise<void>((resolve) => {
          seams.timers.after(SLOW_MS, () => {
            write();
            resolve();
          });
        }),
    );
    expect([atOnce.sent.length, slow.sent.length]).toEqual([1, 1]);
    expect(Math.abs(slow.sent[0]! - atOnce.sent[0]!)).toBeLessThan(50);
    // The control: it was really slow, really written, and the order was long gone by then.
    expect(slow.written[0]! - atOnce.written[0]!).toBeGreaterThanOrEqual(SLOW_MS);
    expect(slow.sent[0]).toBeLessThan(slow.written[0]!);
    expect(slow.stored?.values.stopLoss).toBe('3.5');
    expect(atOnce.stored?.waveTime).toBe(unixMs(Date.UTC(2025, 9, 21, 2, 0)));
  });

  it('leaves when its params cannot be written at all', async () => {
    const { sent, stored } = await firstOrder(() => {
      throw new Error('disk full');
    });
    expect(sent).toHaveLength(1);
    expect(stored?.values.stopLoss ?? null).toBeNull();
  });
});
