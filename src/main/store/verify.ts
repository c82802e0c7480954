import Database from 'better-sqlite3';
import { canonicalJson, GENESIS_HASH, type RawRow, rowHash } from './canonical';
import { type Migration, madeAt, migrate } from './migrations';
import { createProjector, PROJECTIONS, type Projector } from './projector';
import { replayRow } from './rebuild';
import type { Store } from './types';

/** Enough to see what is wrong; a damaged store could name every row it has. */
const MOST_PROBLEMS = 50;

/** Checks rows from after `from` on. Returns the hash the chain ends with and the seq of its last row. */
export function checkChain(
  db: Database.Database,
  from: { readonly seq: number; readonly hash: string },
  tell: (problem: string) => void,
  visit: (row: RawRow) => void = () => {},
): { readonly seq: number; readonly hash: string } {
  let { seq, hash } = from;
  for (const row of db
    .prepare<[number], RawRow>('SELECT * FROM journal WHERE seq > ? ORDER BY seq')
    .iterate(seq)) {
    if (row.seq !== seq + 1) tell(`journal rows ${seq + 1} to ${row.seq - 1} are missing`);
    else if (row.prev_hash !== hash) tell(`journal row ${row.seq} does not follow row ${seq}`);
    if (rowHash(row) !== row.hash) tell(`journal row ${row.seq} was changed`);
    visit(row);
    ({ seq, hash } = row);
  }
  const head = db
    .prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM journal_head WHERE id = 1')
    .get();
  if (head?.seq !== seq || head.hash !== hash) {
    tell(`the journal should end with row ${head?.seq ?? '?'}, but ends with row ${seq}`);
  }
  return { seq, hash };
}

/** Rows whose chain is proved at every start; `verifyStore` proves all of them. */
const CHECKED_AT_START = 1_000;

/** What is wrong with the newest journal rows; empty when nothing is. */
export function checkNewest(db: Database.Database): readonly string[] {
  const before = db
    .prepare<[number], { seq: number; hash: string }>(
      'SELECT seq, hash FROM journal WHERE seq <= (SELECT max(seq) FROM journal) - ? ORDER BY seq DESC LIMIT 1',
    )
    .get(CHECKED_AT_START);
  const problems: string[] = [];
  checkChain(db, before ?? { seq: 0, hash: GENESIS_HASH }, (problem) => problems.push(problem));
  return problems;
}

const schemaOf = (db: Database.Database): ReadonlyMap<string, string> =>
  new Map(
    db
      .prepare<[], { name: string; sql: string | null }>(
        "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'",
      )
      .all()
      .map(({ name, sql }) => [name, sql ?? '']),
  );

function compareSchemas(
  kept: Database.Database,
  wanted: Database.Database,
  tell: (problem: string) => void,
): void {
  const [have, want] = [schemaOf(kept), schemaOf(wanted)];
  for (const name of new Set([...have.keys(), ...want.keys()])) {
    if (have.get(name) !== want.get(name)) tell(`the schema differs at ${name}`);
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Walks both tables by key, so that a missing row is named as such and does not shift all that follow. */
function compareTables(
  table: string,
  key: string,
  kept: Database.Database,
  rebuilt: Database.Database,
  tell: (problem: string) => void,
): void {
  const walk = (db: Database.Database) =>
    db.prepare<[], Row>(`SELECT * FROM ${table} ORDER BY ${key}`).iterate();
  const [left, right] = [walk(kept), walk(rebuilt)];
  let [have, want] = [left.next(), right.next()];
  while (!have.done || !want.done) {
    const haveKey = have.done ? null : (have.value[key] as string | number);
    const wantKey = want.done ? null : (want.value[key] as string | number);
    if (wantKey === null || (haveKey !== null && before(haveKey, wantKey))) {
      tell(`${table}: row ${haveKey} is not in the journal`);
      have = left.next();
    } else if (haveKey === null || before(wantKey, haveKey)) {
      tell(`${table}: row ${wantKey} is missing`);
      want = right.next();
    } else {
      if (canonicalJson(have.value) !== canonicalJson(want.value)) {
        tell(`${table}: row ${haveKey} differs from the journal`);
      }
      [have, want] = [left.next(), right.next()];
    }
  }
}

/** SQLite's order: numbers by value, text by its bytes. */
const before = (a: string | number, b: string | number): boolean =>
  typeof a === 'number' && typeof b === 'number'
    ? a < b
    : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b))) < 0;

/**
 * Proves the store: pages sound, schema ours, chain whole, and every projection equal to what the journal
 * rebuilds in a temporary database. Reads only.
 */
export function verifyStore(
  db: Database.Database,
  migrations: readonly Migration[],
): ReturnType<Store['verify']> {
  const problems: string[] = [];
  const tell = (problem: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  // '' is SQLite's anonymous file: in memory while small, on disk when large, gone when closed.
  const rebuilt = new Database('');
  let rows = 0;
  let headHash = GENESIS_HASH;
  try {
    for (const line of db.pragma('integrity_check(10)') as { integrity_check: string }[]) {
      if (line.integrity_check !== 'ok') tell(`the file is damaged: ${line.integrity_check.slice(0, 200)}`);
    }
    migrate(rebuilt, migrations, { copyTo: () => '', now: madeAt(db) ?? 0 });
    compareSchemas(db, rebuilt, tell);
    rebuilt.pragma('foreign_keys = OFF');
    const project = createProjector(rebuilt);
    rebuilt.exec('BEGIN');
    const end = checkChain(db, { seq: 0, hash: GENESIS_HASH }, tell, (row) => {
      rows += 1;
      replay(row, project, tell);
    });
    headHash = end.hash;
    rebuilt.exec('COMMIT');
    for (const [table, key] of Object.entries(PROJECTIONS)) compareTables(table, key, db, rebuilt, tell);
  } catch (cause) {
    // What SQLite throws on a page it cannot read is a finding, not a failure of the check.
    tell(`the check could not go on: ${cause instanceof Error ? cause.message : String(cause)}`);
  } finally {
    rebuilt.close();
  }
  return { ok: problems.length === 0, rows, headHash, problems };
}

function replay(row: RawRow, project: Projector, tell: (problem: string) => void): void {
  try {
    replayRow(row, project);
  } catch (cause) {
    tell(
      `journal row ${row.seq} cannot be replayed: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}
