import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPositions } from '../src/main/engine/index';
import { createRealSeams } from '../src/main/seams/index';
import { openStore, readMigrations } from '../src/main/store/index';
import { createFlood, PER_SECOND, POSITIONS } from '../test/main/engine/fill-flood';
import { percentile95 } from './measure';

/** spec M-299: 500 fills a second for 60 s through engine and store; none lost, none doubled. */
const SECONDS = Number(process.env.SECONDS ?? 60);
/** Every so many-th fill is told twice, as streams and gap fills do. */
const REPEAT_EVERY = 5;

const seams = createRealSeams();
const folder = mkdtempSync(join(tmpdir(), 'wavedesk-fills-'));
const store = openStore({
  file: join(folder, 'wavedesk.db'),
  seams,
  migrations: readMigrations(seams.disk, join(process.cwd(), 'resources/migrations')),
});
const { engine, runner, fillOf } = createFlood(seams, store);

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
