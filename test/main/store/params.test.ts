import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '#main/store/index';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import type { Store } from '#main/store/types';
import { unixMs } from '#shared/domain/basics';
import type { ExchangeName } from '#shared/domain/exchange';
import type { StoredParams } from '#shared/domain/params';
import { pct, stored } from './records';
import { at, folder, migrations, open, seams } from './world';

const openRaw = () => {
  const db = openDatabase({ file: ':memory:', seams, migrations });
  return { db, store: createStore(db, { file: ':memory:', seams, migrations }) };
};
const put = (store: Store, after: StoredParams, wall: number): void => {
  const before = store.params().find((row) => row.exchange === after.exchange) ?? null;
  store.record(
    [{ kind: 'params_changed', exchange: after.exchange, before, after, source: 'wave' }],
    at(wall),
  );
};
const rowOf = (db: ReturnType<typeof openRaw>['db'], exchangeId: number) =>
  db.prepare('SELECT * FROM params WHERE exchange_id = ?').get(exchangeId) as Record<string, unknown>;

describe('the params table', () => {
  it('M-001 has one row per exchange with the four values, its times, and 4 decimals in each percentage', () => {
    const { db, store } = openRaw();
    const columns = db.pragma('table_info(params)') as { name: string; type: string; pk: number }[];
    expect(columns).toEqual(
      expect.arrayContaining(
        [
          { name: 'exchange_id', type: 'INTEGER', pk: 1 },
          { name: 'max_trades_filter', type: 'INTEGER' },
          { name: 'stop_loss_filter', type: 'TEXT' },
          { name: 'trailing_activation_filter', type: 'TEXT' },
          { name: 'trailing_distance_filter', type: 'TEXT' },
          { name: 'created_at', type: 'INTEGER' },
          { name: 'updated_at', type: 'INTEGER' },
        ].map((column) => expect.objectContaining(column)),
      ),
    );
    put(store, stored(), 1);
    put(store, stored({ values: { ...stored().values, maxTrades: 7, stopLoss: pct('3.5') } }), 2);
    expect(db.prepare('SELECT count(*) FROM params WHERE exchange_id = 1').pluck().get()).toBe(1);
    expect(rowOf(db, 1)).toMatchObject({ max_trades_filter: 7, stop_loss_filter: '3.5000' });
    // The control: a percentage that does not have its 4 places cannot be written.
    expect(() => db.exec("UPDATE params SET stop_loss_filter = '3.5'")).toThrow(/CHECK/);
    db.close();
  });

  it('M-003 keeps 2.12345 as 2.1235, rounding half upwards', () => {
    const { db, store } = openRaw();
    for (const [text, kept] of [
      ['2.12345', '2.1235'],
      ['2.12344', '2.1234'],
      ['2.12345000', '2.1235'],
      ['0.00005', '0.0001'],
      ['99.99995', '100.0000'],
      ['3', '3.0000'],
    ] as const) {
      put(store, stored({ values: { ...stored().values, stopLoss: pct(text) } }), 1);
      expect(rowOf(db, 1).stop_loss_filter).toBe(kept);
    }
    db.close();
  });

  it('M-005 keeps the time of creation, moves the time of change, and lists newest change first by an index', () => {
    const { db, store } = openRaw();
    const made = rowOf(db, 1).created_at;
    for (const wall of [1_000, 2_000]) {
      put(store, stored({ exchange: 'binance', updatedAt: unixMs(wall) }), wall);
      put(store, stored({ exchange: 'mexc', updatedAt: unixMs(wall + 1) }), wall + 1);
      expect(rowOf(db, 1)).toMatchObject({ created_at: made, updated_at: wall });
    }
    expect(rowOf(db, 3)).toMatchObject({ created_at: 1_001, updated_at: 2_001 });
    expect(() => db.exec('UPDATE params SET created_at = 1')).toThrow(/created_at never changes/);
    const plan = db.prepare('EXPLAIN QUERY PLAN SELECT * FROM params ORDER BY updated_at DESC').all();
    expect(JSON.stringify(plan)).toContain('params_by_change');
    expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
    db.close();
  });

  it('M-002 starts with two rows that say nothing, and setting up again changes nothing', () => {
    const file = `${folder()}/store.db`;
    const first = openStore({ file, seams, migrations });
    const rows = first.getAllParams();
    expect([...rows.keys()]).toEqual([1, 2]);
    const none = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
    for (const row of rows.values()) expect(row).toMatchObject(none);
    expect(first.params()).toEqual([]);
    expect(first.verify().problems).toEqual([]);
    first.close();
    expect(open(file).getAllParams()).toEqual(rows);
  });

  it('M-004 refuses a filter of zero or less and an exchange that is not in the table; null is fine', () => {
    const { db } = openRaw();
    const columns = ['stop_loss_filter', 'trailing_activation_filter', 'trailing_distance_filter'];
    for (const column of columns) {
      for (const bad of ["'0.0000'", "'-1.0000'", "'x'"])
        expect(() => db.exec(`UPDATE params SET ${column} = ${bad}`)).toThrow(/CHECK/);
      expect(() => db.exec(`UPDATE params SET ${column} = '0.0001'`)).not.toThrow();
      expect(() => db.exec(`UPDATE params SET ${column} = NULL`)).not.toThrow();
    }
    for (const bad of [0, -1])
      expect(() => db.exec(`UPDATE params SET max_trades_filter = ${bad}`)).toThrow(/CHECK/);
    const insert = 'INSERT INTO params (exchange_id, exchange, updated_at, created_at) VALUES';
    for (const id of [0, 7, -1]) expect(() => db.exec(`${insert} (${id}, 'x${id}', 1, 1)`)).toThrow(/CHECK/);
    expect(() => db.exec(`${insert} (6, 'hyperliquid', 1, 1)`)).not.toThrow();
    db.close();
  });

  it('M-011 never touches another exchange, whatever is changed in whatever order', () => {
    const exchanges = ['binance', 'bybit'] as const;
    const change = fc.record({
      exchange: fc.constantFrom<ExchangeName>(...exchanges),
      maxTrades: fc.option(fc.integer({ min: 1, max: 100 })),
      stopLoss: fc.option(fc.integer({ min: 1, max: 990_000 }).map((n) => pct((n / 10_000).toFixed(4)))),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const { db, store } = openRaw();
        for (const exchange of exchanges) put(store, stored({ exchange, updatedAt: unixMs(1) }), 1);
        for (const [index, { exchange, maxTrades, stopLoss }] of changes.entries()) {
          const other = exchange === 'binance' ? 2 : 1;
          const before = rowOf(db, other);
          const values = { ...stored().values, maxTrades, stopLoss };
          put(store, stored({ exchange, values, updatedAt: unixMs(index + 2) }), index + 2);
          expect(rowOf(db, other)).toEqual(before);
          expect(rowOf(db, other === 1 ? 2 : 1)).toMatchObject({
            max_trades_filter: maxTrades,
            updated_at: index + 2,
          });
        }
        db.close();
      }),
      { numRuns: 30 },
    );
  });

  it('M-119 comes back from a real SQLite file as it was written, after closing and opening', () => {
    const file = `${folder()}/store.db`;
    const first = open(file);
    const rows = [
      stored(),
      stored({
        exchange: 'bybit',
        values: { ...stored().values, maxTrades: 3, trailingDistance: pct('0.4') },
      }),
    ];
    for (const row of rows) put(first, row, 5);
    first.close();
    const second = open(file);
    expect(second.params()).toEqual(rows.map((row) => ({ ...row, version: 1 })));
    expect(second.verify().problems).toEqual([]);
  });
});
