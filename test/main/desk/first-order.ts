import { fileURLToPath } from 'node:url';
import { createPool } from '#main/connectivity/index';
import { createSignals } from '#main/desk/signals';
import { createEngine, createRunner, toEngineEvents } from '#main/engine/index';
import type { Market } from '#main/market/index';
import { createRealSeams, type Seams } from '#main/seams/index';
import { openStore, readMigrations, type Store } from '#main/store/index';
import { type Decimal, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol as MarketSymbol } from '#shared/domain/instrument';
import type { StoredParams } from '#shared/domain/params';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { createFakeVenue } from '../engine/fake-venue';
import { emptyStart, FUTURE, facts, instrument } from '../engine/samples';

/** Market time at which the wave of :00 is looked for. */
const CHECK = Date.UTC(2025, 9, 21, 2, 20);
/** Everything is connected and reconciled by then. */
const BEFORE_CHECK_MS = 1_000;
const FACTS_TAKE_MS = 40;
const COIN = 'C1/USDT:USDT' as MarketSymbol;
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

export interface FirstOrder {
  /** Ms from the check minute to each entry that reached the exchange, and to each finished write of params. */
  readonly sent: readonly number[];
  readonly written: readonly number[];
  readonly stored: StoredParams | undefined;
}

const isParams = (records: Parameters<Store['record']>[0]): boolean =>
  records.some(({ kind }) => kind === 'params_changed' || kind === 'params_used');

/**
 * One wave of one signal from the signal server's socket to the order at the exchange, through the desk's signals,
 * the engine and a real store in memory. `slow` stands in for the writing of params; `wait` lets that much time pass.
 */
export async function firstOrder(options: {
  readonly seams: Seams;
  readonly wait: (ms: number) => Promise<void>;
  readonly waitMs: number;
  readonly slow: (write: () => void) => unknown;
}): Promise<FirstOrder> {
  const { seams, wait, slow } = options;
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
  const real = createRealSeams();
  const folder = fileURLToPath(new URL('../../../resources/migrations', import.meta.url));
  const store = openStore({ file: ':memory:', seams: real, migrations: readMigrations(real.disk, folder) });

  const started = seams.clock.now();
  const market = () => unixMs(CHECK - BEFORE_CHECK_MS + seams.clock.now() - started);
  const sinceCheck = () => market() - CHECK;
  const now = () => ({ wall: seams.clock.now(), market: market() });
  const after = (ms: number, run: () => void) => seams.timers.after(ms, run);
  const sent: number[] = [];
  const written: number[] = [];

  const venue = createFakeVenue(FUTURE, { now: seams.clock.now, after });
  venue.setPrice(COIN, '100' as Decimal);
  venue.onPlace = (request) => {
    if (!request.reduceOnly) sent.push(sinceCheck());
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
  venue.subscribe((fact) => {
    for (const event of toEngineEvents(FUTURE, fact, {})) runner.post(event);
  });
  runner.post({ type: 'recover' });
  runner.post({ type: 'link', venue: FUTURE, up: true });

  const pool = createPool({ seams });
  const signals = createSignals({
    seams,
    pool,
    store: {
      ...store,
      record: ((records, at) => {
        if (!isParams(records)) return store.record(records, at);
        return slow(() => {
          store.record(records, at);
          written.push(sinceCheck());
        });
      }) as Store['record'],
    },
    market: {
      factsFor: (_: VenueKey, symbol: MarketSymbol) =>
        new Promise((resolve) => {
          after(FACTS_TAKE_MS, () => resolve(facts(symbol, { priceSeenAt: seams.clock.now() })));
        }),
    } as unknown as Market,
    post: runner.post,
    now,
    at: (time, run) => after(Math.max(0, time - market()), run),
    mode: 'practice',
    settings: () => DEFAULT_SETTINGS,
    venueKeys: [FUTURE],
    connection: async () => ({ url: `ws://127.0.0.1:${server.port}`, token: 'token' }),
    notice: () => {},
    warn: () => {},
  });
  await signals.open();
  await wait(BEFORE_CHECK_MS + options.waitMs);
  const stored = store.params().find(({ exchange }) => exchange === 'binance');
  const closing = Promise.all([signals.close(), runner.stop(), pool.close(), server.close()]);
  await wait(BEFORE_CHECK_MS);
  await closing;
  store.close();
  return { sent, written, stored };
}
