import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Disk } from '../seams/seams';

/** One step of the schema. Its number is its place in the list, from 1; a step that was released never changes. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The files of resources/migrations in order. Forward only: new steps go to the end. */
export const MIGRATION_FILES = ['001_first_light.sql'] as const;

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

/**
 * Brings the schema up to date, one transaction per step with its version number inside it. An existing store is
 * copied beside itself first; `copyTo` names the copy.
 * The caller has refused files with more steps than we know.
 */
export function migrate(
  db: Database.Database,
  migrations: readonly Migration[],
  copyTo: (fromVersion: number) => string,
): void {
  const version = schemaVersion(db);
  if (version >= migrations.length) return;
  if (version > 0 && !db.memory) db.prepare('VACUUM INTO ?').run(copyTo(version));
  migrations.slice(version).forEach((migration, index) => {
    const step = version + index + 1;
    const apply = db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${step}`);
    });
    try {
      apply.immediate();
    } catch (cause) {
      if (cause instanceof Error) cause.message = `schema step ${migration.name}: ${cause.message}`;
      throw cause;
    }
  });
}
