import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Seams } from '../seams/seams';
import { guarded, storeError } from './errors';
import { APPLICATION_ID, type Migration, migrate, schemaVersion } from './migrations';
import { checkNewest } from './verify';

export interface OpenOptions {
  /** The database file; ':memory:' for a store that nobody keeps. */
  readonly file: string;
  readonly seams: Pick<Seams, 'disk' | 'clock' | 'timers'>;
  readonly migrations: readonly Migration[];
  /** How long a second instance waits for the first before it is refused. Default 200. */
  readonly lockTimeoutMs?: number;
  /** Up to this many pages the whole file is examined before the start, a fifth of a second at most; default 8,192. */
  readonly examinePages?: number;
  /** For the log: what was asked of the store and not done. */
  readonly warn?: (text: string) => void;
}

const EXAMINE_PAGES = 8_192;

/** A large file would keep the desk from its positions for seconds: it is examined behind the start, in slices. */
export const isExaminedAtStart = (
  db: Database.Database,
  { examinePages = EXAMINE_PAGES }: Pick<OpenOptions, 'examinePages'>,
): boolean => db.memory || (read(db, 'page_count') as number) <= examinePages;

const read = (db: Database.Database, pragma: string): unknown => db.pragma(pragma, { simple: true });

/** Refuses to run on less than it asked for: SQLite ignores a pragma it cannot honour without a word. */
function demand(
  db: Database.Database,
  pragma: string,
  value: string | number,
  reads: string | number = value,
): void {
  db.pragma(`${pragma} = ${value}`);
  const got = read(db, pragma);
  if (got !== reads) throw new Error(`SQLite keeps ${pragma} at ${String(got)}, not ${reads}`);
}

/** While this file stands beside it, an empty database is one we were just making and not one that lost its content. */
const markerOf = (file: string): string => `${file}.being-made`;

function makeEmptyFile({ file, seams: { disk } }: OpenOptions): void {
  disk.makeFolder(dirname(file));
  disk.write(markerOf(file), '');
  // Not `write`: its rename would pull the file from under another instance that is making the same store.
  disk.append(file, '');
}

const isBlank = (db: Database.Database): boolean =>
  schemaVersion(db) === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;

/** Looks without touching: every answer here comes from reads, before any pragma that writes to the file. */
function inspect(db: Database.Database, options: OpenOptions): void {
  const { file, seams, migrations } = options;
  const beingMade = seams.disk.exists(markerOf(file));
  const pages = read(db, 'page_count') as number;
  if (beingMade && isBlank(db)) return;
  if (pages === 0) throw storeError('corrupt', file, 'the file is empty');
  const version = schemaVersion(db);
  if (read(db, 'application_id') !== APPLICATION_ID) {
    throw storeError('corrupt', file, 'it is a SQLite database, but not of Wavedesk');
  }
  if (version > migrations.length) {
    throw storeError('newer-version', file, `schema ${version}, this version knows ${migrations.length}`);
  }
  const pagesCheck = isExaminedAtStart(db, options)
    ? (db.pragma('quick_check(3)') as { quick_check: string }[])
    : [];
  const problems = pagesCheck.map((line) => line.quick_check).filter((line) => line !== 'ok');
  if (problems.length === 0) problems.push(...checkNewest(db));
  if (problems.length > 0) throw storeError('corrupt', file, problems.slice(0, 3).join('; ').slice(0, 300));
}

function configure(db: Database.Database): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  demand(db, 'foreign_keys', 'ON', 1);
  if (!db.memory) demand(db, 'journal_mode', 'wal');
  // Set after WAL: better-sqlite3 is built with NORMAL for WAL files, which loses the last commits in a power cut.
  demand(db, 'synchronous', 'FULL', 2);
  db.pragma('fullfsync = 1');
  db.pragma('checkpoint_fullfsync = 1');
}

/** A write that changes nothing: a profile that cannot be written is refused now and not at the first fill. */
function proveWritable(db: Database.Database): void {
  db.transaction(() => db.pragma(`user_version = ${schemaVersion(db)}`)).immediate();
}

/**
 * Opens the one writing connection: exclusive, WAL, synchronous FULL, schema up to date. A file that is not a
 * healthy store of ours is left exactly as it was.
 * @throws StoreError in words.
 */
export function openDatabase(options: OpenOptions): Database.Database {
  const { file, seams, migrations, lockTimeoutMs = 200 } = options;
  const memory = file === ':memory:';
  return guarded(file, () => {
    const exists = memory || seams.disk.exists(file);
    if (!exists) {
      try {
        makeEmptyFile(options);
      } catch (cause) {
        throw storeError('not-writable', file, cause instanceof Error ? cause.message : String(cause));
      }
    }
    const db = new Database(file, { fileMustExist: exists && !memory, timeout: lockTimeoutMs });
    try {
      if (!memory) {
        demand(db, 'locking_mode', 'exclusive');
        inspect(db, options);
      }
      configure(db);
      proveWritable(db);
      migrate(db, migrations, {
        copyTo: (from) => `${file}.schema-${from}.${seams.clock.now()}.backup`,
        now: seams.clock.now(),
      });
      if (!memory) seams.disk.remove(markerOf(file));
      return db;
    } catch (cause) {
      db.close();
      throw cause;
    }
  });
}
