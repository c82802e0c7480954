import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, GENESIS_HASH, rowHash } from '#main/store/canonical';
import { APPLICATION_ID } from '#main/store/migrations';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import type { JournalRecord } from '#shared/domain/journal';
import { fillKey } from '#shared/domain/order';
import { anyJournal, pct, stored } from './records';
import { at, folder, migrations, open, seams } from './world';

/** A store as the first version of the schema left it: its journal as written then, its tables of no account here. */
function firstVersion(file: string, records: readonly { wall: number; record: JournalRecord }[]): void {
  const db = new Database(file);
  db.exec(migrations[0]?.sql ?? '');
  let [seq, hash] = [0, GENESIS_HASH];
  const insert = db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const { wall, record } of records) {
    seq += 1;
    const row = {
      seq,
      at_wall: wall,
      at_market: wall,
      kind: record.kind,
      body: canonicalJson(record),
      prev_hash: hash,
    };
    hash = rowHash(row);
    insert.run(...Object.values(row), hash);
  }
  db.prepare('UPDATE journal_head SET seq = ?, hash = ?').run(seq, hash);
  db.exec(
    "INSERT INTO params VALUES (1, 'binance', 99, NULL, NULL, NULL, NULL, NULL, 1, 1, '{\"stale\":true}')",
  );
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma('user_version = 1');
  db.close();
}

describe('a store of the first version', () => {
  it('M-002 M-060 gets its new tables filled from its journal, and counts the versions it never counted', () => {
    const file = `${folder()}/store.db`;
    const change = (stopLoss: string) =>
      ({
        kind: 'params_changed',
        exchange: 'binance',
        before: null,
        after: stored({ values: { ...stored().values, stopLoss: pct(stopLoss) } }),
        source: 'wave',
      }) as const;
    firstVersion(file, [
      { wall: 1_000, record: change('4') },
      { wall: 2_000, record: change('5') },
    ]);
    const store = open(file);
    const history = store.paramsHistory('binance', { offset: 0, limit: 10 }).rows;
    expect(history.map((row) => [row.version, row.values.stopLoss, row.significant])).toEqual([
      [2, '5', ['stopLoss']],
      [1, '4', []],
    ]);
    expect(store.getParams(1)).toMatchObject({ maxTrades: 5, stopLoss: '5.0000', createdAt: 1_000 });
    expect(store.getParams(2)).toMatchObject({ maxTrades: null, createdAt: 1_000 });
    expect(store.verify().problems).toEqual([]);
    // What was written then stands as it was written.
    expect(store.journal(1, 1)[0]?.record).toEqual(change('4'));
    store.updateParams(1, { maxTrades: 9 }, at(3_000));
    expect(store.params()[0]?.version).toBe(3);
    expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.backup'))).toHaveLength(1);
    store.close();
    expect(open(file).verify().problems).toEqual([]);
  });

  it('has, whatever is in its journal, the tables a store has that was of the new version all along', () => {
    fc.assert(
      fc.property(anyJournal, (journal) => {
        const seen = new Set<string>();
        const facts = journal
          .flatMap(({ wall, records }) => records.map((record) => ({ wall, record })))
          .filter(({ record }) => {
            if (record.kind !== 'fill_applied') return true;
            const key = fillKey(record.fill);
            return !seen.has(key) && seen.add(key) !== undefined;
          });
        const file = `${folder()}/store.db`;
        firstVersion(file, facts);
        const db = openDatabase({ file, seams, migrations });
        const upgraded = createStore(db, { file, seams, migrations });
        expect(upgraded.verify().problems).toEqual([]);
        const fresh = open();
        for (const { wall, record } of facts) fresh.record([record], at(wall));
        expect(upgraded.params()).toEqual(fresh.params());
        expect(upgraded.positions({})).toEqual(fresh.positions({}));
        expect(upgraded.ledger({ offset: 0, limit: 99 })).toEqual(fresh.ledger({ offset: 0, limit: 99 }));
        upgraded.close();
      }),
      { numRuns: 15 },
    );
  });
});
