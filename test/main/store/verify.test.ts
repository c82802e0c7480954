import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RawRow, rowHash } from '#main/store/canonical';
import { openDatabase } from '#main/store/open-database';
import { PROJECTIONS } from '#main/store/projector';
import { createStore } from '#main/store/store';
import { verifyStore } from '#main/store/verify';
import type { JournalRecord } from '#shared/domain/journal';
import { type Fill, fillKey, type Order } from '#shared/domain/order';
import type { StoredParams } from '#shared/domain/params';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { anyJournal } from './records';
import { at, migrations, open, seams } from './world';

type Journal = readonly { readonly wall: number; readonly records: readonly JournalRecord[] }[];

/** What the tables must say, kept the plainest way: the last image of each thing, the first of each fill. */
function model(journal: Journal) {
  const images = {
    positions: new Map<string, Position>(),
    orders: new Map<string, Order>(),
    fills: new Map<string, Fill>(),
    params: new Map<string, StoredParams>(),
  };
  let rows = 0;
  for (const { records } of journal) {
    for (const record of records) {
      rows += 1;
      if (record.kind === 'position_changed') images.positions.set(record.position.id, record.position);
      if (record.kind === 'order_changed')
        images.orders.set(record.order.request.clientOrderId, record.order);
      if (record.kind === 'params_changed') {
        const version = (images.params.get(record.exchange)?.version ?? 0) + 1;
        images.params.set(record.exchange, { ...record.after, version });
      }
      if (record.kind === 'fill_applied') {
        if (images.fills.has(fillKey(record.fill))) rows -= 1;
        else images.fills.set(fillKey(record.fill), record.fill);
      }
    }
  }
  return { ...images, rows };
}

const asSet = (things: Iterable<unknown>) =>
  new Set([...things].map((thing) => JSON.stringify(sorted(thing))));
const sorted = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sorted(inner)]),
      )
    : value;

function write(journal: Journal) {
  const db = openDatabase({ file: ':memory:', seams, migrations });
  const store = createStore(db, { file: ':memory:', seams, migrations });
  for (const { wall, records } of journal) store.record(records, at(wall));
  return { db, store };
}

describe('any journal', () => {
  it('leaves tables equal to a plain model of it, and verify agrees', () => {
    fc.assert(
      fc.property(anyJournal, (journal) => {
        const { db, store } = write(journal);
        const wanted = model(journal);
        expect(asSet(store.positions({}))).toEqual(asSet(wanted.positions.values()));
        expect(asSet(store.positions({ open: true }))).toEqual(
          asSet([...wanted.positions.values()].filter((one) => OPEN_POSITION_STATUSES.has(one.status))),
        );
        expect(asSet(store.orders({}))).toEqual(asSet(wanted.orders.values()));
        expect(asSet(store.fills({}))).toEqual(asSet(wanted.fills.values()));
        expect(asSet(store.params())).toEqual(asSet(wanted.params.values()));
        const times = store.fills({}).map((one) => one.venueTime);
        expect(times).toEqual([...times].sort((a, b) => b - a));
        expect(store.verify()).toMatchObject({ ok: true, rows: wanted.rows, problems: [] });
        db.close();
      }),
      { numRuns: 60 },
    );
  });

  it('has one hash, whatever order the keys of its records were written in', () => {
    fc.assert(
      fc.property(anyJournal, (journal) => {
        const one = write(journal);
        const two = write(JSON.parse(JSON.stringify(sorted({ journal }))).journal as Journal);
        expect(two.store.verify().headHash).toBe(one.store.verify().headHash);
        one.db.close();
        two.db.close();
      }),
      { numRuns: 20 },
    );
  });
});

/** Flips one bit of one value: text in one of its bytes, a number by one. */
function flipped(value: unknown, place: number): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string' || value === '') return 'x';
  const bytes = Buffer.from(value);
  const index = place % bytes.length;
  // The lowest bit of an ASCII byte gives another ASCII byte; the rest is not touched so that the text stays text.
  const at = bytes.findIndex((byte, n) => n >= index && byte < 0x7f && byte > 0x20);
  if (at < 0) return `${value}x`;
  bytes[at] = bytes[at]! ^ 1;
  return bytes.toString();
}

describe('verify', () => {
  it('finds one bit changed in any column of any row, and any row gone or doubled', () => {
    const tables = { journal: 'seq', journal_head: 'id', ...PROJECTIONS };
    let tried = 0;
    fc.assert(
      fc.property(
        anyJournal,
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('flip', 'delete'),
        (journal, t, r, c, how) => {
          const { db } = write(journal);
          db.pragma('foreign_keys = OFF');
          db.pragma('ignore_check_constraints = ON');
          const triggers = db
            .prepare<[], { name: string; sql: string }>(
              "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
            )
            .all();
          for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
          const filledTables = Object.entries(tables).filter(([name]) =>
            db.prepare(`SELECT 1 FROM ${name}`).get(),
          );
          const [table, key] = filledTables[t % filledTables.length]!;
          const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
          const row = rows[r % rows.length]!;
          const column = Object.keys(row)[c % Object.keys(row).length]!;
          if (how === 'delete') db.prepare(`DELETE FROM ${table} WHERE ${key} = ?`).run(row[key]);
          else if (!tamper(db, table, key, column, row, c)) return void db.close();
          for (const { sql } of triggers) db.exec(sql);
          db.pragma('ignore_check_constraints = OFF');
          tried += 1;
          const { ok, problems } = verifyStore(db, migrations);
          expect(ok, `${how} ${table}.${column} of row ${String(row[key])}`).toBe(false);
          expect(problems.length).toBeGreaterThan(0);
          return void db.close();
        },
      ),
      { numRuns: 140 },
    );
    expect(tried).toBeGreaterThan(80);
  });

  it('finds an edited row whose own hash was made to fit: the row after it no longer does', () => {
    const { db } = write([
      { wall: 1, records: ['a', 'b', 'c'].map((reason) => ({ kind: 'app_stopped', reason }) as const) },
    ]);
    db.exec('DROP TRIGGER journal_rows_never_change');
    const row = db.prepare<[], RawRow>('SELECT * FROM journal WHERE seq = 2').get()!;
    const body = row.body.replace('"b"', '"x"');
    const hash = rowHash({ ...row, body });
    db.prepare('UPDATE journal SET body = ?, hash = ? WHERE seq = 2').run(body, hash);
    db.prepare('UPDATE journal SET prev_hash = ? WHERE seq = 3').run(hash);
    expect(verifyStore(db, migrations).problems).toContain('journal row 3 was changed');
    db.close();
  });

  it('names a lost trigger or index', () => {
    const { db } = write([]);
    db.exec('DROP TRIGGER journal_rows_never_change');
    db.exec('DROP INDEX one_open_position_per_symbol');
    expect(verifyStore(db, migrations).problems).toEqual([
      'the schema differs at journal_rows_never_change',
      'the schema differs at one_open_position_per_symbol',
    ]);
    db.close();
  });

  it('reads only: the store is the same before and after, and goes on', () => {
    const store = open();
    store.record([{ kind: 'app_stopped', reason: 'x' }], at(1));
    const first = store.verify();
    expect(store.verify()).toEqual(first);
    expect(store.record([{ kind: 'app_stopped', reason: 'y' }], at(2))[0]?.seq).toBe(2);
  });
});

/** False where SQLite itself refuses the change (a key taken, a wrong type): then nothing was tampered with. */
function tamper(
  db: Database.Database,
  table: string,
  key: string,
  column: string,
  row: Record<string, unknown>,
  place: number,
): boolean {
  try {
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`).run(
      flipped(row[column], place),
      row[key],
    );
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) return false;
    if (error instanceof Error && error.message.includes('generated column')) return false;
    throw error;
  }
}
