import type Database from 'better-sqlite3';
import { GENESIS_HASH, type RawRow, rowHash } from './canonical';

/** Rows looked at in one go: a few ms, so that nothing that trades waits for it. */
const SLICE = 200;

interface Column {
  readonly name: string;
  /** Its place in the primary key from 1; 0 when it is no part of it. */
  readonly pk: number;
}

/**
 * Examines a store in slices while it is in use: each step looks at some rows and comes back. The journal's chain is proved
 * from its first row on; every row of every table is read; every index must hold every row it is about. Pages that cannot
 * be read show up on the way. What nothing points to (a page that is only wasted) is left to `verifyStore`.
 */
export function* examine(
  db: Database.Database,
  tell: (problem: string) => void,
): Generator<void, void, void> {
  for (const table of tablesOf(db)) {
    try {
      yield* table === 'journal' ? chain(db, tell) : rows(db, table);
      for (const index of indexesOf(db, table)) yield* entries(db, table, index, tell);
    } catch (cause) {
      // What SQLite throws on a page it cannot read is a finding; the other tables are still worth a look.
      tell(`${table} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
      yield;
    }
  }
}

/** The journal first: it is the truth, and everything else can be made from it. */
const tablesOf = (db: Database.Database): string[] =>
  (
    db
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name <> 'journal', name",
      )
      .all() as { name: string }[]
  ).map(({ name }) => name);

function* chain(db: Database.Database, tell: (problem: string) => void): Generator<void, void, void> {
  const slice = db.prepare<[number, number], RawRow>(
    'SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  let [seq, hash] = [0, GENESIS_HASH];
  for (let found = slice.all(seq, SLICE); found.length > 0; found = slice.all(seq, SLICE)) {
    for (const row of found) {
      if (row.seq !== seq + 1) tell(`journal rows ${seq + 1} to ${row.seq - 1} are missing`);
      else if (row.prev_hash !== hash) tell(`journal row ${row.seq} does not follow row ${seq}`);
      if (rowHash(row) !== row.hash) tell(`journal row ${row.seq} was changed`);
      ({ seq, hash } = row);
    }
    yield;
  }
}

/** Reads every row whole, long ones included, in the order of their key. */
function* rows(db: Database.Database, table: string): Generator<void, void, void> {
  const keys = keyOf(db, table);
  const columns = (db.pragma(`table_info(${table})`) as Column[]).map(({ name }) => name);
  const key = keys.join(', ');
  const wanted = [...new Set([...keys, ...columns])].join(', ');
  const after = `(${key}) > (${keys.map(() => '?').join(', ')})`;
  const slice = (where: string) => `SELECT ${wanted} FROM ${table} ${where} ORDER BY ${key} LIMIT ${SLICE}`;
  const [first, next] = [db.prepare(slice('')), db.prepare(slice(`WHERE ${after}`))];
  for (let found = first.all(); found.length > 0; ) {
    yield;
    const last = found.at(-1) as Record<string, unknown>;
    found = next.all(...keys.map((name) => last[name]));
  }
}

/** Tables without a number for each row are kept in the order of their primary key, which is never null there. */
function keyOf(db: Database.Database, table: string): string[] {
  const [about] = db.pragma(`table_list(${table})`) as { wr: number }[];
  if (about?.wr !== 1) return ['rowid'];
  return (db.pragma(`table_info(${table})`) as Column[])
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name);
}

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Those about all rows of a table that numbers its rows; the others are small here. */
function indexesOf(db: Database.Database, table: string): Index[] {
  if (keyOf(db, table)[0] !== 'rowid') return [];
  return (db.pragma(`index_list(${table})`) as { name: string; partial: number }[])
    .filter(({ partial }) => partial === 0)
    .map(({ name }) => ({
      name,
      columns: (db.pragma(`index_info(${name})`) as { name: string | null }[]).map((column) => column.name),
    }))
    .flatMap(({ name, columns }) => (columns.every((one) => one !== null) ? [{ name, columns }] : []));
}

/** Looks each row of the table up in one of its indexes. */
function* entries(
  db: Database.Database,
  table: string,
  { name, columns }: Index,
  tell: (problem: string) => void,
): Generator<void, void, void> {
  const end = db.prepare<[number], { last: number | null }>(
    `SELECT max(id) AS last FROM (SELECT rowid AS id FROM ${table} NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ${SLICE})`,
  );
  const missing = db.prepare<[number, number], { id: number }>(
    `SELECT id FROM (SELECT rowid AS id, ${columns.map((column, n) => `${column} AS c${n}`).join(', ')}
       FROM ${table} NOT INDEXED WHERE rowid > ? AND rowid <= ?) AS row
     WHERE NOT EXISTS (SELECT 1 FROM ${table} INDEXED BY ${name}
       WHERE ${columns.map((column, n) => `${table}.${column} IS row.c${n}`).join(' AND ')} AND ${table}.rowid = row.id)
     LIMIT 1`,
  );
  for (let from = 0; ; ) {
    const last = end.get(from)?.last ?? null;
    if (last === null) return;
    const row = missing.get(from, last);
    if (row !== undefined) {
      tell(`the index ${name} lacks row ${row.id} of ${table}`);
      return;
    }
    from = last;
    yield;
  }
}
