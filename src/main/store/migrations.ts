import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Disk } from '../seams/seams';
import { rebuildProjections } from './rebuild';

/** One step of the schema. Its number is its place in the list, from 1; a step that was released never changes. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The files of resources/migrations in order. Forward only: new steps go to the end. */
export const MIGRATION_FILES = [
  '001_first_light.sql',
  '002_waves_complete.sql',
  '003_fill_source.sql',
  '004_ledger_by_mode.sql',
] as const;

/** Marks a SQLite file as ours ("WvDk"), so that no other program's database is ever migrated. */
export const APPLICATION_ID = 0x5776446b;

/** Reads the steps from the folder that the host resolved. @throws Error naming the file that is missing. */
export function readMigrations(disk: Disk, folder: string): readonly Migration[] {
  return MIGRATION_FILES.map((name) => {
    const bytes = disk.read(join(folder, name));
    if (bytes === null)
      throw new Error(`the schema step ${join(folder, name)} is missing: install Wavedesk again`);
    return { name, sql: new TextDecoder().decode(bytes) };
  });
}

export const schemaVersion = (db: Database.Database): number =>
  db.pragma('user_version', { simple: true }) as number;

const MADE_AT = 'made_at';

/** When the store was made, wall ms: kept at the first schema step, because rows that no fact made carry it. */
export function madeAt(db: Database.Database): number | null {
  const kept = db
    .prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?')
    .get(MADE_AT)?.value;
  if (kept !== undefined) return Number(kept);
  const first = db.prepare<[], { at: number }>('SELECT at_wall AS at FROM journal WHERE seq = 1').get();
  return first?.at ?? null;
}

export interface MigrateOptions {
  /** Where an existing store is copied to first; gets the version it is copied from. */
  readonly copyTo: (fromVersion: number) => string;
  /** Wall ms, for a store that is only being made. */
  readonly now: number;
}

/**
 * Brings the schema up to date in one transaction, version number and projections included: an existing store is
 * copied beside itself first, and its tables are filled again from its journal.
 * The caller has refused files with more steps than we know.
 */
export function migrate(
  db: Database.Database,
  migrations: readonly Migration[],
  { copyTo, now }: MigrateOptions,
): void {
  const version = schemaVersion(db);
  if (version >= migrations.length) return;
  if (version > 0 && !db.memory) db.prepare('VACUUM INTO ?').run(copyTo(version));
  let birth = version > 0 ? madeAt(db) : null;
  birth ??= now;
  db.function('store_made_at', () => birth);
  const apply = db.transaction(() => {
    for (const { name, sql } of migrations.slice(version)) {
      try {
        db.exec(sql);
      } catch (cause) {
        if (cause instanceof Error) cause.message = `schema step ${name}: ${cause.message}`;
        throw cause;
      }
    }
    db.prepare('INSERT OR IGNORE INTO meta VALUES (?, ?)').run(MADE_AT, String(birth));
    if (version > 0) rebuildProjections(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${migrations.length}`);
  });
  apply.immediate();
}
