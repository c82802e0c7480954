/**
 * Run by kill.test.ts, never by itself: records without end and says which row is on disk only after `record`
 * has returned. Arguments: file, migrations folder, a number that tells this run's fills from those of others.
 */
import { writeSync } from 'node:fs';
import { createRealSeams } from '#main/seams/index';
import { openStore, readMigrations } from '#main/store/index';
import { at, fill, note, order, position } from './records';

const [file, folder, run] = process.argv.slice(2) as [string, string, string];
const seams = createRealSeams();
const store = openStore({
  file,
  seams,
  migrations: readMigrations(seams.disk, folder),
  lockTimeoutMs: 2_000,
});
writeSync(1, 'open\n');
for (let n = 0; ; n += 1) {
  const id = `${run}-${n}`;
  const rows = store.record(
    [
      { kind: 'fill_applied', fill: fill(id), positionId: null },
      { kind: 'position_changed', position: position('p1', { note: id }), why: 'fill' },
      { kind: 'order_changed', order: order(`o-${run}`, { note: id }), fact: 'part-filled', why: 'fill' },
      note(id),
    ],
    at(n),
  );
  writeSync(1, `${rows.at(-1)?.seq} ${id}\n`);
}
