import type Database from 'better-sqlite3';
import type { JournalRecord } from '#shared/domain/journal';
import type { RawRow } from './canonical';
import { createProjector, PROJECTIONS, type Projector } from './projector';

/** Applies one journal row as it stands on disk. @throws whatever the projections refuse. */
export function replayRow(row: RawRow, project: Projector): void {
  const record = JSON.parse(row.body) as JournalRecord;
  if (record.kind !== row.kind)
    throw new Error(`journal row ${row.seq} says ${row.kind} but holds ${record.kind}`);
  project(record, { seq: row.seq, at: { wall: row.at_wall, market: row.at_market } as never });
}

/** Fills every projection again from the journal alone; the caller holds the transaction. */
export function rebuildProjections(db: Database.Database): void {
  for (const table of Object.keys(PROJECTIONS)) {
    if (table !== 'params') db.exec(`DELETE FROM ${table}`);
  }
  // The two rows every store begins with are no facts: they lose what was said about them and stay.
  db.exec(`DELETE FROM params WHERE exchange_id > 2;
    UPDATE params SET max_trades_filter = NULL, stop_loss_filter = NULL, trailing_activation_filter = NULL,
      trailing_distance_filter = NULL, wave_timestamp = NULL, signal_id = NULL, version = NULL, image = NULL,
      updated_at = created_at`);
  const project = createProjector(db);
  const newest =
    db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM journal').get()?.seq ?? 0;
  const page = db.prepare<[number, number], RawRow>(
    'SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const PAGE = 1_000;
  for (let from = 0; from < newest; from += PAGE) {
    for (const row of page.all(from, PAGE)) replayRow(row, project);
  }
}
