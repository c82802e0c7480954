/**
 * A stand-in for main with made-up rows, for looking at the screen while main is not there and for its tests:
 * the real contract over a real socket, serving out/renderer. Run it bundled:
 *   rolldown test/renderer/fake-main.ts --platform node -o /tmp/fake-main.mjs && node /tmp/fake-main.mjs [port] [trouble]
 * `trouble`: "naked", "halted", "empty", "notice", "approve". Prints the address to open.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { DeskStatus } from '#shared/contract/app';
import type { FeedItem } from '#shared/contract/feed';
import { contract } from '#shared/contract/index';
import type { KeyInfo } from '#shared/contract/keys';
import type { Decimal } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import { TIMEFRAME_MS } from '#shared/domain/market';
import type { Recording } from '#shared/domain/recording';
import { DEFAULT_SETTINGS, type Settings } from '#shared/domain/settings';
import { candleAt, candlesBefore, instruments, quoteAt } from './fake-market';
import * as rows from './fake-rows';
import {
  ledger,
  ledgerOf,
  listeners,
  newVersion,
  paramsNow,
  provider as providerOf,
  versions,
  whatIf,
} from './fake-waves';

const [port = '8899', trouble = ''] = process.argv.slice(2);
const token = process.env.FAKE_TOKEN ?? randomBytes(16).toString('hex');
const session = randomBytes(16).toString('hex');
const root = join(process.cwd(), 'out/renderer');
const empty = trouble === 'empty';
if (trouble === 'naked') {
  rows.strip('ETH');
  rows.strip('XRP');
}
if (trouble === 'approve') rows.askApprovals();

let settings: Settings = DEFAULT_SETTINGS;
let killed = false;
let recording: Recording = { kind: 'idle', last: null };
const recordingAs = (on: boolean, scrubbed: boolean): Recording => {
  const figures = { fileName: 'frames-20261121-100700.jsonl.gz', frames: 1_234, bytes: 98_765 };
  return on
    ? { kind: 'recording', ...figures, startedAt: unixMs(Date.now()), leftOut: 0, scrubbed }
    : { kind: 'idle', last: { ...figures, problem: null } };
};
let screen: string | null = null;
let keyList: KeyInfo[] = [];
let watched: { venue: 'binance_future'; symbol: never }[] = [];
const changed = new Set<() => void>();
const touch = () => {
  for (const tell of changed) tell();
};
listeners.add(touch);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function* feed<T>(list: () => readonly T[], everyMs: number | null): AsyncGenerator<FeedItem<T>> {
  let seq = 1;
  yield { seq, kind: 'snapshot', rows: list() };
  for (;;) {
    if (everyMs === null) await new Promise<void>((resolve) => changed.add(resolve));
    else await sleep(everyMs);
    yield { seq: ++seq, kind: 'change', put: list(), gone: [] };
  }
}
async function* latest<T>(value: () => T): AsyncGenerator<T> {
  for (;;) {
    yield value();
    await new Promise<void>((resolve) => changed.add(resolve));
  }
}

const status = (): DeskStatus => {
  const now = Date.now();
  const span = 15 * 60_000;
  const next = (Math.floor(now / span) + 1) * span;
  return {
    wall: unixMs(now),
    market: unixMs(now),
    speed: 1,
    equityUsd: '10012.34' as Decimal,
    dayPnlUsd: (empty ? null : '-84.21') as Decimal | null,
    dayLossLimitUsd: '300' as Decimal,
    exposureUsd: (empty ? '0' : '783.4') as Decimal,
    maxExposureUsd: '5000' as Decimal,
    openPositions: empty ? 0 : 4,
    unprotected: trouble === 'naked' ? 2 : 0,
    linksLive: 3,
    linksWanted: 4,
    nextWaveCheckAt: unixMs(next + 5 * 60_000),
    nextWaveTime: unixMs(next - span),
    searchingWave: null,
    leaveAsked: 0,
    killed,
    halted:
      trouble === 'halted'
        ? { cause: 'The disk is full: the journal cannot be written.', since: unixMs(now - 60_000) }
        : null,
    notices:
      trouble === 'notice' ? ['The signal server has not answered since 14:02. Trying again in 40 s.'] : [],
  };
};
const page = <T>(all: readonly T[], input: { text?: string | undefined; offset: number; limit: number }) => {
  const found =
    input.text === undefined ? all : all.filter((row) => JSON.stringify(row).includes(input.text as string));
  return { rows: found.slice(input.offset, input.offset + input.limit), total: found.length };
};
const provider = () => providerOf(settings);
const some =
  <T>(list: readonly T[]) =>
  () =>
    empty ? [] : list;

const os = implement(contract);
/** Only what the panels use: a procedure the contract gains later need not be made up here at once. */
const router = {
  app: {
    info: os.app.info.handler(() => ({
      version: '0.1.0',
      mode: 'practice' as const,
      host: 'headless' as const,
      profile: 'default',
      speed: 1,
      venues: ['binance_future' as const, 'binance_spot' as const],
      replay: null,
    })),
    status: os.app.status.handler(async function* () {
      for (;;) {
        yield status();
        await sleep(500);
      }
    }),
    kill: os.app.kill.handler(({ input }) => {
      killed = input.on;
      return { killed };
    }),
    loadScreen: os.app.loadScreen.handler(() => screen),
    saveScreen: os.app.saveScreen.handler(({ input }) => {
      screen = input.state;
      return null;
    }),
  },
  market: {
    instruments: os.market.instruments.handler(() => instruments),
    quotes: os.market.quotes.handler(() =>
      feed(() => watched.map((ref) => quoteAt(ref.venue, ref.symbol, Date.now())), 350),
    ),
    watch: os.market.watch.handler(({ input }) => {
      watched = input.instruments as unknown as typeof watched;
      return null;
    }),
    candles: os.market.candles.handler(({ input }) => ({
      candles: candlesBefore(
        input.symbol,
        input.timeframe,
        input.before ?? Number.POSITIVE_INFINITY,
        input.limit,
        Date.now(),
      ),
      offline: false,
    })),
    candleUpdates: os.market.candleUpdates.handler(async function* ({ input }) {
      for (;;) {
        const now = Date.now();
        const span = TIMEFRAME_MS[input.timeframe];
        yield [candleAt(input.symbol, input.timeframe, Math.floor(now / span) * span, now)];
        await sleep(250);
      }
    }),
  },
  signals: {
    waves: os.signals.waves.handler(() => feed(some(rows.waves), null)),
    decisions: os.signals.decisions.handler(() => feed(some(rows.decisions), null)),
    ledger: os.signals.ledger.handler(({ input }) => (empty ? ledgerOf([], input) : ledgerOf(ledger, input))),
    approve: os.signals.approve.handler(({ input, errors }) => {
      const index = rows.decisions.findIndex((row) => row.signal.id === input.signalId);
      const row = rows.decisions[index];
      if (row?.fate !== 'awaiting') throw errors.NOT_AWAITING();
      console.log(`approve ${input.signalId} ${input.yes}`);
      rows.decisions[index] = input.yes
        ? { ...row, fate: 'opening', approval: null }
        : { ...row, fate: 'refused', reason: 'approval_refused', approval: null };
      touch();
      return { taken: true as const };
    }),
    pauseWave: os.signals.pauseWave.handler(({ input }) => {
      const index = rows.waves.findIndex((row) => row.waveTime === input.waveTime);
      rows.waves[index] = { ...rows.waves[index]!, paused: input.on };
      touch();
      return { taken: true as const };
    }),
    flattenWave: os.signals.flattenWave.handler(({ input }) => {
      const mine = rows.positions.filter((row) => row.waveTime === input.waveTime && row.status === 'active');
      for (const row of mine) {
        const index = rows.positions.indexOf(row);
        rows.positions[index] = { ...row, status: 'closing' };
        setTimeout(() => {
          rows.positions[index] = {
            ...row,
            status: 'closed',
            amount: '0' as Decimal,
            realised: '1.42' as Decimal,
            exitPrice: row.entryPrice,
            closeReason: 'manual',
            closedAt: unixMs(Date.now()),
          };
        }, 2500);
      }
      return { taken: true as const, positions: mine.length };
    }),
    provider: os.signals.provider.handler(() => latest(provider)),
    story: os.signals.story.handler(({ input, errors }) => {
      const decision = rows.decisions.find((row) => row.signal.id === input.signalId);
      if (decision === undefined) throw errors.NOT_FOUND();
      return { decision, rows: rows.journal.slice(0, 12).toReversed() };
    }),
  },
  params: {
    stream: os.params.stream.handler(() => feed(() => [paramsNow()], null)),
    history: os.params.history.handler(({ input }) => page(versions, input)),
    lock: os.params.lock.handler(({ input, errors }) => {
      if (Number(input.value) > 50) throw errors.REFUSED({ data: { why: 'More than 50 is refused.' } });
      newVersion('lock', { [input.name]: input.value });
      return null;
    }),
    unlock: os.params.unlock.handler(({ input }) => {
      newVersion('unlock', { [input.name]: null });
      return null;
    }),
    rollback: os.params.rollback.handler(({ input, errors }) => {
      const old = versions.find((row) => row.version === input.version);
      if (old === undefined) throw errors.REFUSED({ data: { why: 'There is no such version.' } });
      newVersion('rollback', old.locks, old.values);
      return null;
    }),
    whatIf: os.params.whatIf.handler(async function* ({ input }) {
      for (let step = 0; step < 10; step++) {
        yield { progress: step / 10, result: null };
        await sleep(200);
      }
      yield { progress: 1, result: whatIf(input.from, input.to) };
    }),
  },
  positions: {
    stream: os.positions.stream.handler(() => feed(some(rows.positions), 2000)),
    close: os.positions.close.handler(({ input }) => {
      const index = rows.positions.findIndex((row) => row.id === input.positionId);
      rows.positions[index] = { ...rows.positions[index]!, status: 'closing' };
      return { taken: true as const };
    }),
  },
  orders: { stream: os.orders.stream.handler(() => feed(some(rows.orders), null)) },
  history: {
    fills: os.history.fills.handler(({ input }) => page(empty ? [] : rows.fills, input)),
    orders: os.history.orders.handler(({ input }) => page(empty ? [] : rows.orders, input)),
    events: os.history.events.handler(({ input }) => page(empty ? [] : rows.journal, input)),
    exportCsv: os.history.exportCsv.handler(({ input }) => ({
      fileName: `wavedesk-${input.what}.csv`,
      csv: 'time,symbol\r\n',
      rows: 1,
    })),
  },
  connections: {
    stream: os.connections.stream.handler(() => feed(rows.links, 1000)),
    clocks: os.connections.clocks.handler(() => latest(rows.venueClocks)),
    reconnect: os.connections.reconnect.handler(() => null),
    recording: os.connections.recording.handler(() => latest(() => recording)),
    record: os.connections.record.handler(({ input }) => {
      recording = recordingAs(input.on, input.scrub);
      touch();
      return recording;
    }),
  },
  quoting: {
    status: os.quoting.status.handler(() => latest(() => ({ running: false, lines: [], stopped: null }))),
    run: os.quoting.run.handler(() => null),
    stop: os.quoting.stop.handler(() => null),
  },
  settings: {
    stream: os.settings.stream.handler(() => latest(() => settings)),
    save: os.settings.save.handler(({ input }) => {
      settings = input.settings;
      touch();
      return settings;
    }),
  },
  keys: {
    stream: os.keys.stream.handler(() =>
      latest(() => ({ driver: 'passphrase' as const, locked: false, note: null, keys: keyList })),
    ),
    store: os.keys.store.handler(({ input }) => {
      const info = {
        name: input.name,
        last4: input.apiKey.slice(-4),
        mode: input.mode,
        storedAt: unixMs(Date.now()),
      };
      keyList = [...keyList.filter((key) => key.name !== input.name), info];
      touch();
      return info;
    }),
    remove: os.keys.remove.handler(({ input }) => {
      keyList = keyList.filter((key) => key.name !== input.name);
      touch();
      return null;
    }),
    unlock: os.keys.unlock.handler(() => ({
      driver: 'passphrase' as const,
      locked: false,
      note: null,
      keys: keyList,
    })),
  },
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path === '/session' && request.method === 'POST') {
    const known = request.headers.authorization === `Bearer ${token}`;
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    return response.end(known ? JSON.stringify({ session }) : '{}');
  }
  const file = join(root, normalize(path === '/' ? '/index.html' : path));
  try {
    const body = await readFile(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
const handler = new RPCHandler(router);
new WebSocketServer({ server, path: '/rpc' }).on('connection', (socket) => {
  socket.once('message', (first) => {
    const hello: unknown = JSON.parse(String(first));
    if ((hello as { session?: string }).session !== session) return socket.close(1008);
    socket.send('{"ready":true}');
    void handler.upgrade(socket);
  });
});
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}/#t=${token}`);
});
