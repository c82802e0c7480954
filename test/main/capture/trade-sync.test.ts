import { describe, expect, it } from 'vitest';
import { createSyncLog, createTradeSync } from '#main/capture/index';
import { createSimulatedSeams } from '#main/seams/index';
import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import { type Fill, fillKey } from '#shared/domain/order';
import { BTC, d, FUTURE } from '../engine/samples';

const T0 = Date.UTC(2026, 10, 21, 10, 7);
const FOLDER = '/profile/logs/trade_sync';
const fillAt = (id: number, ms: number): Fill => ({
  venue: FUTURE,
  symbol: BTC,
  tradeId: String(id),
  venueOrderId: 'v' as never,
  clientOrderId: null,
  side: 'buy',
  price: d('1'),
  amount: d('1'),
  fee: null,
  maker: null,
  venueTime: unixMs(T0 + ms),
  seenAt: unixMs(T0 + ms),
});

/** An exchange that answers at most `page` fills at a time, and a desk that counts. */
function world({ page = 1_000, startMs = T0 } = {}) {
  const seams = createSimulatedSeams(1, startMs);
  const history: Fill[] = [];
  const asked: UnixMs[] = [];
  const known = new Set<string>();
  const tally = { applied: 0, repeated: 0 };
  const warnings: string[] = [];
  let marks: Readonly<Record<string, number>> = {};
  const state = { fails: false };
  const log = createSyncLog({ seams, folder: FOLDER });
  const venue = {
    account: {
      async fillsSince(_: unknown, since: UnixMs) {
        asked.push(since);
        if (state.fails) throw new Error('the exchange is away');
        return history.filter((one) => one.venueTime >= since).slice(0, page);
      },
    },
  };
  const sync = createTradeSync({
    timers: seams.timers,
    marketNow: () => seams.clock.now(),
    venues: new Map<VenueKey, typeof venue>([[FUTURE, venue]]),
    wanted: () => [{ symbol: BTC, from: unixMs(T0 - 3_600_000) }],
    marks: {
      get: () => marks,
      set: (next) => {
        marks = next;
      },
    },
    offer(one) {
      if (known.has(fillKey(one))) tally.repeated++;
      else tally.applied++;
      known.add(fillKey(one));
    },
    settle: () => {},
    tally: () => ({ ...tally }),
    log,
    warn: (text) => warnings.push(text),
  });
  const lines = () => {
    log.flush();
    const bytes = seams.disk.read(log.file);
    return bytes === null
      ? []
      : new TextDecoder()
          .decode(bytes)
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { seams, history, asked, known, tally, warnings, state, log, sync, lines, marks: () => marks };
}

describe('trade sync', () => {
  it('M-298 asks on until no new trade appears', async () => {
    const w = world({ page: 2 });
    for (let n = 0; n < 7; n++) w.history.push(fillAt(n, n));
    await w.sync.sync(FUTURE, 'start');
    expect(w.known.size).toBe(7);
    expect(w.asked[0]).toBe(T0 - 3_660_000);
    const before = w.asked.length;
    await w.sync.sync(FUTURE, 'reconnection');
    expect(w.asked.length).toBe(before + 1);
    expect(w.tally).toMatchObject({ applied: 7 });
  });

  it('M-298 runs again every ten minutes', async () => {
    const w = world();
    await w.seams.advance(600_000);
    expect(w.asked).toHaveLength(1);
    await w.seams.advance(600_000);
    expect(w.asked).toHaveLength(2);
    w.sync.close();
    await w.seams.advance(1_200_000);
    expect(w.asked).toHaveLength(2);
  });

  it('M-298 begins where the last whole answer was asked for, not at the newest fill that happened to come by stream', async () => {
    const w = world();
    await w.sync.sync(FUTURE, 'start');
    await w.seams.advance(300_000);
    // Lost while the line was down; a newer one came by stream afterwards.
    w.history.push(fillAt(1, 200_000), fillAt(2, 290_000));
    w.known.add(fillKey(fillAt(2, 290_000)));
    await w.sync.sync(FUTURE, 'reconnection');
    expect(w.known.has(fillKey(fillAt(1, 200_000)))).toBe(true);
  });

  it('does not move on from an answer that failed, says so, and asks for the same again', async () => {
    const w = world();
    w.state.fails = true;
    await w.sync.sync(FUTURE, 'start');
    expect(w.warnings).toEqual([
      `trades of ${BTC} at ${FUTURE} could not be asked for: the exchange is away`,
    ]);
    expect(w.marks()).toEqual({});
    w.state.fails = false;
    w.history.push(fillAt(1, 0));
    await w.sync.sync(FUTURE, 'period');
    expect(w.asked[1]).toBe(w.asked[0]);
    expect(w.known.size).toBe(1);
  });

  it('runs once at a time for an account, and once more when it was wanted meanwhile', async () => {
    const w = world();
    await Promise.all([
      w.sync.sync(FUTURE, 'start'),
      w.sync.sync(FUTURE, 'reconnection'),
      w.sync.sync(FUTURE, 'reconnection'),
    ]);
    expect(w.asked).toHaveLength(2);
  });
});

describe('the trade sync log', () => {
  it('M-297 holds one JSON line per fetch, result, storage and summary, in a file named after the start', async () => {
    const w = world();
    w.history.push(fillAt(1, 0), fillAt(2, 1));
    await w.sync.sync(FUTURE, 'start');
    expect(w.log.file).toBe(`${FOLDER}/trade_sync_20261121_100700.log`);
    expect(w.lines().map(({ event }) => event)).toEqual([
      'fetch_start',
      'fetch_result',
      'storage',
      'fetch_start',
      'fetch_result',
      'storage',
      'sync_summary',
    ]);
    expect(w.lines()[2]).toEqual({
      at: '2026-11-21T10:07:00.000Z',
      event: 'storage',
      venue: FUTURE,
      symbol: BTC,
      source: 'sync',
      count: 2,
      duplicates: 0,
      waiting: 0,
    });
    expect(w.lines()[5]).toMatchObject({ count: 0, duplicates: 1 });
    expect(w.lines()[6]).toMatchObject({ reason: 'start', symbols: 1, failed: 0, stored: 2, duplicates: 1 });
  });

  it('M-297 is kept for thirty days', () => {
    const seams = createSimulatedSeams(1, T0);
    const name = (ms: number) => {
      const [day, time] = new Date(ms).toISOString().split('T') as [string, string];
      return `${FOLDER}/trade_sync_${day.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}.log`;
    };
    const old = name(T0 - 30 * 86_400_000 - 1_000);
    const young = name(T0 - 30 * 86_400_000 + 1_000);
    for (const file of [old, young, `${FOLDER}/notes.txt`]) seams.disk.append(file, 'x');
    createSyncLog({ seams, folder: FOLDER }).close();
    expect(seams.disk.exists(old)).toBe(false);
    expect(seams.disk.exists(young)).toBe(true);
    expect(seams.disk.exists(`${FOLDER}/notes.txt`)).toBe(true);
  });

  it('costs lines and nothing else when the disk refuses, and says how many', async () => {
    const w = world();
    w.seams.disk.fail('the disk is full');
    await w.sync.sync(FUTURE, 'start');
    w.log.flush();
    w.seams.disk.fail(null);
    await w.sync.sync(FUTURE, 'period');
    expect(w.lines()[0]).toMatchObject({ event: 'lines_lost', count: 4 });
  });
});
