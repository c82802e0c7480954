// The decision ledger and the events screen on a generated store of a million rows each. Rows are made by SQL: what is
// measured is reading, and that does not see how they came. BENCH_ROWS makes it smaller.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { createRealSeams } from '../src/main/seams/index';
import { readMigrations } from '../src/main/store/index';
import { openDatabase } from '../src/main/store/open-database';
import { examine } from '../src/main/store/slow-check';
import { createStore } from '../src/main/store/store';
import { percentile95 } from './measure';

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const CALLS = 40;
const WAVE_MS = 900_000;
const PER_WAVE = 30;
const T0 = 1_700_000_000_000;

const seams = createRealSeams();
const folder = mkdtempSync(join(tmpdir(), 'wavedesk-bench-'));
const migrations = readMigrations(seams.disk, join(process.cwd(), 'resources/migrations'));
const file = join(folder, 'store.db');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A number below `n` that looks random, depends on the row alone and differs from salt to salt. */
const hash = (row: string, salt: number, n: number): string =>
  `((((${row} * ${[7919, 104729, 1299709, 15485863, 32452843, 49979687][salt % 6]}) % 1000003) * 2654435761 >> 7) % ${n})`;
const oneOf = (row: string, salt: number, words: readonly (string | null)[]): string =>
  `CASE ${hash(row, salt, words.length)} ${words.map((word, n) => `WHEN ${n} THEN ${word === null ? 'NULL' : `'${word}'`}`).join(' ')} END`;

const REASONS = [
  'low_volume',
  'low_open_interest',
  'not_selected',
  'target_reached',
  'duplicate_position',
  'too_old',
  'no_price',
  'price_overheated',
  'stale_price',
  'halted',
];
const EXCHANGES = ['binance', 'bybit', 'mexc', 'gateio', 'bitget', 'hyperliquid'];

function generate(db: Database.Database): void {
  db.pragma('foreign_keys = OFF');
  const rows = `WITH RECURSIVE rows (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows WHERE n < ${ROWS})`;
  const fate = `CASE WHEN ${hash('n', 1, 100)} < 3 THEN 'executed' WHEN ${hash('n', 1, 100)} < 40 THEN 'unused' ELSE 'refused' END`;
  // Three of a hundred signals come from providers in each of the other modes.
  const mode = `CASE ${hash('n', 0, 33)} WHEN 0 THEN 'observe' WHEN 1 THEN 'paper' WHEN 2 THEN 'approve' ELSE 'auto' END`;
  const image = `'{"signal":{"id":' || n || '},"checks":"' || hex(zeroblob(300)) || '"}'`;
  db.exec(`${rows}
    INSERT INTO decisions (signal_id, wave_time, symbol, exchange, venue, side, score, fate, reason, provider_mode,
      price, price_age_ms, rank, decided_at, correlation_id, image)
    SELECT n, ${T0} + n / ${PER_WAVE} * ${WAVE_MS}, 'C' || ${hash('n', 2, 500)} || '/USDT:USDT',
      ${oneOf('n', 3, EXCHANGES)}, NULL, 'buy', 150.5, ${fate},
      CASE WHEN ${fate} = 'executed' THEN NULL ELSE ${oneOf('n', 4, REASONS)} END,
      ${mode}, '1.5', 12, n % ${PER_WAVE}, ${T0} + n / ${PER_WAVE} * ${WAVE_MS} + n % ${PER_WAVE}, 'signal-' || n, ${image}
    FROM rows`);
  // The journal row behind each event only has to be there: pages read it, and nobody checks its hash here.
  db.exec(`${rows}
    INSERT INTO journal SELECT n, ${T0} + n * 60, ${T0} + n * 60, 'event',
      '{"kind":"event","text":"' || hex(zeroblob(200)) || '"}', printf('%064d', n - 1), printf('%064d', n) FROM rows`);
  db.exec(`${rows}
    INSERT INTO events SELECT n, ${oneOf('n', 5, ['order_changed', 'decision_made', 'position_changed', 'params_used', 'signal_received', 'fill_applied'])},
      '{"status":"open","why":"bench"}', 'signal-' || (n / 10), 'position-' || (n / 10), 'wd-' || n,
      'C' || ${hash('n', 2, 500)} || '/USDT:USDT', ${oneOf('n', 3, EXCHANGES)},
      ${oneOf('n', 6, ['DEBUG', 'INFO', 'INFO', 'INFO', 'INFO', 'WARNING'])}, NULL, NULL, ${T0} + n * 60,
      'entry buy market order accepted open' FROM rows`);
}

function timed(work: (call: number) => void): number[] {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const start = performance.now();
    work(call);
    times.push(performance.now() - start);
  }
  return times;
}
/** First call, then the 95th percentile of all, and how many yardsticks that is. */
function measure(what: string, limitMs: number, yardstick: number, work: (call: number) => void): void {
  const times = timed(work);
  const [first, p95] = [times[0] as number, percentile95(times)];
  const verdict = p95 <= limitMs ? '' : `   OVER ${limitMs} ms`;
  say(
    `${what.padEnd(56)} first ${first.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms   ${(p95 / yardstick).toFixed(1).padStart(7)} × bare SELECT${verdict}`,
  );
}

try {
  const start = performance.now();
  const db = openDatabase({ file, seams, migrations });
  generate(db);
  say(
    `${ROWS.toLocaleString('en')} decisions and as many events made in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
  const store = createStore(db, { file, seams, migrations });
  const page = { offset: 0, limit: 50 };
  const end = (T0 + (ROWS / PER_WAVE) * WAVE_MS) as never;
  const dayBefore = (days: number) => (end - days * 86_400_000) as never;

  const bare = db.prepare('SELECT * FROM decisions WHERE decided_at < ? ORDER BY decided_at DESC LIMIT 50');
  const yardstick = percentile95(timed((call) => bare.all(end - call * WAVE_MS)));
  say(`yardstick: 50 rows of an indexed SELECT, p95 ${yardstick.toFixed(2)} ms`);

  measure('ledger: opens', 200, yardstick, () => store.ledger(page));
  measure('ledger: by reason', 100, yardstick, (n) =>
    store.ledger({ ...page, reason: REASONS[n % 10] as never }),
  );
  measure('ledger: by fate', 100, yardstick, (n) =>
    store.ledger({ ...page, fate: n % 2 ? 'executed' : 'refused' }),
  );
  measure('ledger: by fate and reason', 100, yardstick, (n) =>
    store.ledger({ ...page, fate: 'refused', reason: REASONS[n % 10] as never }),
  );
  measure('ledger: by symbol', 100, yardstick, (n) => store.ledger({ ...page, symbol: `C${n}/USDT:USDT` }));
  measure('ledger: by exchange and reason', 100, yardstick, (n) =>
    store.ledger({ ...page, exchange: 'bybit', reason: REASONS[n % 10] as never }),
  );
  measure('ledger: by reason and symbol', 100, yardstick, (n) =>
    store.ledger({ ...page, symbol: `C${n}/USDT:USDT`, reason: REASONS[n % 10] as never }),
  );
  measure('ledger: text of one symbol', 100, yardstick, (n) =>
    store.ledger({ ...page, text: `c${400 + n}/` }),
  );
  measure('ledger: text of every symbol', 100, yardstick, () => store.ledger({ ...page, text: 'usdt' }));
  measure('ledger: text of an exchange', 100, yardstick, () => store.ledger({ ...page, text: 'bybit' }));
  measure('ledger: text of a signal id', 100, yardstick, (n) =>
    store.ledger({ ...page, text: String(123_456 + n) }),
  );
  measure('ledger: text and reason', 100, yardstick, (n) =>
    store.ledger({ ...page, text: 'c4', reason: REASONS[n % 10] as never }),
  );
  measure('ledger: one day', 100, yardstick, (n) =>
    store.ledger({ ...page, from: dayBefore(n + 1), to: dayBefore(n) }),
  );
  measure('ledger: half of all time', 100, yardstick, () =>
    store.ledger({ ...page, to: ((T0 + end) / 2) as never }),
  );
  measure('ledger: reason in half of all time', 100, yardstick, (n) =>
    store.ledger({ ...page, reason: REASONS[n % 10] as never, to: ((T0 + end) / 2) as never }),
  );
  measure('ledger: text and reason in 30 days', 100, yardstick, (n) =>
    store.ledger({ ...page, text: 'c4', reason: REASONS[n % 10] as never, from: dayBefore(30) }),
  );
  measure('ledger: text and reason in half of all time', 100, yardstick, (n) =>
    store.ledger({ ...page, text: 'c4', reason: REASONS[n % 10] as never, to: ((T0 + end) / 2) as never }),
  );
  measure('ledger: one wave', 100, yardstick, (n) =>
    store.ledger({ ...page, waveTime: (T0 + n * WAVE_MS) as never }),
  );
  const MODES = ['auto', 'observe', 'auto', 'paper', 'approve'] as const;
  const modeOf = (n: number) => ({ providerMode: MODES[n % 5] as never });
  measure('ledger: mode of the provider', 100, yardstick, (n) => store.ledger({ ...page, ...modeOf(n) }));
  measure('ledger: mode and reason', 100, yardstick, (n) =>
    store.ledger({ ...page, ...modeOf(n), reason: REASONS[n % 10] as never }),
  );
  measure('ledger: mode and fate', 100, yardstick, (n) =>
    store.ledger({ ...page, ...modeOf(n), fate: n % 2 ? 'executed' : 'refused' }),
  );
  measure('ledger: mode and symbol', 100, yardstick, (n) =>
    store.ledger({ ...page, ...modeOf(n), symbol: `C${n}/USDT:USDT` }),
  );
  measure('ledger: mode and text', 100, yardstick, (n) =>
    store.ledger({ ...page, ...modeOf(n), text: `c${400 + n}/` }),
  );
  measure('ledger: mode in half of all time', 100, yardstick, (n) =>
    store.ledger({ ...page, ...modeOf(n), to: ((T0 + end) / 2) as never }),
  );
  measure('ledger: a jump to the middle', 200, yardstick, () =>
    store.ledger({ offset: ROWS / 2, limit: 50 }),
  );
  measure('ledger: the last page', 100, yardstick, () => store.ledger({ offset: ROWS - 50, limit: 50 }));
  measure('ledger: scrolling on in the middle', 100, yardstick, (n) =>
    store.ledger({ ...page, olderThan: { at: ((T0 + end) / 2 + n) as never, signalId: 1 as never } }),
  );

  measure('events: opens', 200, yardstick, () => store.searchEvents(page));
  measure('events: by severity', 100, yardstick, () => store.searchEvents({ ...page, severity: 'warning' }));
  measure('events: by type and severity', 100, yardstick, () =>
    store.searchEvents({ ...page, type: 'order_changed', severity: 'warning' }),
  );
  measure('events: by symbol', 100, yardstick, (n) =>
    store.searchEvents({ ...page, symbol: `C${n}/USDT:USDT` }),
  );
  measure('events: by symbol and severity', 100, yardstick, (n) =>
    store.searchEvents({ ...page, symbol: `C${n}/USDT:USDT`, severity: 'warning' }),
  );
  measure('events: of one signal', 100, yardstick, (n) =>
    store.searchEvents({ ...page, correlationId: `signal-${n + 5}` }),
  );
  measure('events: by exchange, an hour', 100, yardstick, (n) =>
    store.searchEvents({
      ...page,
      exchange: 'bybit',
      from: (T0 + n * 3_600_000) as never,
      to: (T0 + (n + 1) * 3_600_000) as never,
    }),
  );
  measure('events: a jump to the middle', 200, yardstick, () =>
    store.searchEvents({ offset: ROWS / 2, limit: 50 }),
  );
  measure('events: the last page', 100, yardstick, () =>
    store.searchEvents({ offset: ROWS - 50, limit: 50 }),
  );
  measure('events: the last page, by where the one before ended', 100, yardstick, () =>
    store.searchEvents({ ...page, olderThan: { at: (T0 + 3_060) as never, seq: 51 } }),
  );
  measure('events: text in the newest 100,000', 100, yardstick, (n) =>
    store.searchEvents({ ...page, text: `nowhere ${n}`, searchNewest: 100_000 }),
  );
  measure('events: text in all, counted once', 1_500, yardstick, () =>
    store.searchEvents({ ...page, text: 'accepted' }),
  );
  // The journal's hashes are made up here, so its rows are found changed: what is measured is the reading.
  const slices: number[] = [];
  const work = examine(db, () => {});
  for (let done = false; !done; ) {
    const from = performance.now();
    done = work.next().done === true;
    slices.push(performance.now() - from);
  }
  const all = slices.reduce((sum, ms) => sum + ms, 0);
  say(
    `behind the start: ${slices.length} slices, p95 ${percentile95(slices).toFixed(1)} ms, longest ${Math.max(...slices).toFixed(1)} ms, ${(all / 1000).toFixed(1)} s of work`,
  );
  store.close();
  const opening = performance.now();
  try {
    openDatabase({ file, seams, migrations }).close();
  } catch {
    // The chain of made-up hashes is refused; that is the last thing an opening does.
  }
  say(`start: opening this store takes ${(performance.now() - opening).toFixed(0)} ms`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
