import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPositions, createEngine, createRunner, type VenuePort } from '../src/main/engine/index';
import { createRealSeams } from '../src/main/seams/index';
import { openStore, readMigrations } from '../src/main/store/index';
import { type ClientOrderId, type PositionId, unixMs, type VenueOrderId } from '../src/shared/domain/basics';
import type { VenueKey } from '../src/shared/domain/exchange';
import type { Fill, Order } from '../src/shared/domain/order';
import type { Position } from '../src/shared/domain/position';
import { d, emptyStart, FUTURE, instrument, params, symbolOf } from '../test/main/engine/samples';
import { percentile95 } from './measure';

/** spec M-299: 500 fills a second for 60 s through engine and store; none lost, none doubled. */
const PER_SECOND = 500;
const SECONDS = Number(process.env.SECONDS ?? 60);
const POSITIONS = 60;
/** Every so many-th fill is told twice, as streams and gap fills do. */
const REPEAT_EVERY = 5;

const seams = createRealSeams();
const folder = mkdtempSync(join(tmpdir(), 'wavedesk-fills-'));
const store = openStore({
  file: join(folder, 'wavedesk.db'),
  seams,
  migrations: readMigrations(seams.disk, join(process.cwd(), 'resources/migrations')),
});
const now = () => ({ wall: seams.clock.now(), market: seams.clock.now() });
const began = now().wall;
const symbols = Array.from({ length: POSITIONS }, (_, n) => symbolOf(`C${n}`));
const idOf = (n: number) => `s${n + 1}` as PositionId;
const entryOf = (n: number) => `w7k2p-s${n + 1}-e1` as ClientOrderId;

const positions: Position[] = symbols.map((symbol, n) => ({
  id: idOf(n),
  venue: FUTURE,
  symbol,
  side: 'long',
  status: 'entry_placed',
  signalId: null,
  waveTime: null,
  intendedAmount: d('1000000'),
  amount: d('0'),
  entryPrice: null,
  exitPrice: null,
  realised: d('0'),
  fees: {},
  params: params().values,
  stop: null,
  trailing: null,
  closeReason: null,
  note: null,
  leverage: d('1'),
  openedAt: unixMs(began),
  closedAt: null,
  nakedSince: null,
  correlationId: `c${n}`,
}));
const orders: Order[] = symbols.map((symbol, n) => ({
  request: {
    clientOrderId: entryOf(n),
    venue: FUTURE,
    symbol,
    side: 'buy',
    type: 'market',
    amount: d('1000000'),
    price: null,
    triggerPrice: null,
    timeInForce: null,
    reduceOnly: false,
    closePosition: false,
  },
  positionId: idOf(n),
  leg: 'entry',
  attempt: 1,
  status: 'open',
  venueOrderId: `v${n}` as VenueOrderId,
  filled: d('0'),
  averagePrice: null,
  intendedAt: unixMs(began),
  expiresAt: null,
  updatedAt: unixMs(began),
  note: null,
}));
store.record(
  [
    ...positions.map((position) => ({ kind: 'position_changed' as const, position, why: 'bench' })),
    ...orders.map((order) => ({
      kind: 'order_changed' as const,
      order,
      fact: 'accepted' as const,
      why: 'bench',
    })),
  ],
  now(),
);

/** Accepts what it is asked for, so that stops are placed and moved as the positions grow. */
let placed = 0;
const port: VenuePort = {
  trading: {
    place: async () => ({ kind: 'accepted', venueOrderId: `x${++placed}` as VenueOrderId, status: 'open' }),
    cancel: async () => ({ kind: 'cancelled' }),
    find: async () => ({ kind: 'absent' }),
    openOrders: async () => [],
  },
  account: { fillsSince: async () => [], balances: async () => [] },
};
const engine = createEngine(
  emptyStart({
    positions,
    orders,
    instruments: symbols.map((symbol) => instrument(symbol)),
    storedFills: { has: store.hasFill, near: store.fillsLike },
  }),
);
const runner = createRunner({
  engine,
  record: (records, at) => void store.record(records, at),
  now,
  wake: { wall: (ms, run) => seams.timers.after(ms, run), market: (ms, run) => seams.timers.after(ms, run) },
  venues: new Map<VenueKey, VenuePort>([[FUTURE, port]]),
  watch: () => {},
  soon: (run) => seams.timers.soon(run),
  onError: () => {},
});

const fillOf = (n: number): Fill => ({
  venue: FUTURE,
  symbol: symbols[n % POSITIONS]!,
  tradeId: String(n),
  venueOrderId: `v${n % POSITIONS}` as VenueOrderId,
  clientOrderId: entryOf(n % POSITIONS),
  side: 'buy',
  price: d('100.01'),
  amount: d('0.013'),
  fee: { cost: d('0.0007'), currency: n % 3 === 0 ? 'BNB' : 'USDT' },
  maker: false,
  venueTime: unixMs(began + Math.floor((n * 1000) / PER_SECOND)),
  seenAt: seams.clock.now(),
  source: 'stream',
});

const total = PER_SECOND * SECONDS;
/** By how much each tick of 5 ms came late. */
const late: number[] = [];
const cpu = process.cpuUsage();
let sent = 0;
let latest = 0;
await new Promise<void>((done) => {
  const start = performance.now();
  let expected = start;
  const tick = (): void => {
    late.push(Math.max(0, performance.now() - expected));
    const due = Math.min(total, Math.floor(((performance.now() - start) * PER_SECOND) / 1000));
    for (; sent < due; sent++) {
      runner.post({ type: 'fill', fill: fillOf(sent) });
      if (sent % REPEAT_EVERY === 0) runner.post({ type: 'fill', fill: { ...fillOf(sent), source: 'sync' } });
    }
    latest = Math.max(latest, performance.now() - start - (sent * 1000) / PER_SECOND);
    expected = performance.now() + 5;
    if (sent < total) seams.timers.after(5, tick);
    else done();
  };
  tick();
});
const used = process.cpuUsage(cpu);
await runner.idle();

const stored = store.fills({});
const distinct = new Set(stored.map(({ tradeId }) => tradeId)).size;
const differences = checkPositions(store.positions({ open: true }), (positionId) =>
  store.fills({ positionId }),
);
const { stream, sync } = engine.captured();
const repeats = Math.ceil(total / REPEAT_EVERY);
process.stdout.write(
  `${total} fills at ${PER_SECOND}/s for ${SECONDS} s, ${repeats} of them told twice, over ${POSITIONS} positions, database on disk\n` +
    `lost ${total - distinct}, doubled ${stored.length - distinct}, repeats known ${stream.repeated + sync.repeated} of ${repeats}, positions that differ from their fills ${differences.length}\n` +
    `CPU ${((used.user + used.system) / 10_000 / SECONDS).toFixed(1)} % of one core; a timer comes late by ${percentile95(late).toFixed(1)} ms (p95), ${Math.max(...late).toFixed(0)} ms at most; furthest behind ${latest.toFixed(0)} ms\n`,
);
const verified = store.verify();
await runner.stop();
store.close();
rmSync(folder, { recursive: true, force: true });
const isGood = distinct === total && stored.length === total && differences.length === 0 && verified.ok;
process.stdout.write(
  isGood
    ? 'good\n'
    : `NOT GOOD ${differences
        .slice(0, 3)
        .map((each) => JSON.stringify(each))
        .join(' ')} ${verified.problems.join(' ')}\n`,
);
process.exitCode = isGood ? 0 : 1;
