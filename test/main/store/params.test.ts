import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '#main/store/index';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import type { Store } from '#main/store/types';
import { type SignalId, unixMs } from '#shared/domain/basics';
import type { ExchangeName } from '#shared/domain/exchange';
import type { StoredParams } from '#shared/domain/params';
import { dec, pct, stored } from './records';
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

const page = { offset: 0, limit: 10 };

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

describe('the params repository', () => {
  const none = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
  const warned = () => {
    const warnings: string[] = [];
    return { warnings, store: open(':memory:', { warn: (text) => void warnings.push(text) }) };
  };

  it('M-006 gives all seven fields of a row, and null where there is none', () => {
    const { store } = warned();
    expect(store.updateParams(1, { maxTrades: 5, stopLoss: dec('2.5') }, at(7_000))).toBe(true);
    expect(store.getParams(1)).toEqual({
      exchangeId: 1,
      maxTrades: 5,
      stopLoss: '2.5000',
      trailingActivation: null,
      trailingDistance: null,
      updatedAt: 7_000,
      createdAt: store.getParams(2)?.createdAt,
    });
    for (const id of [3, 0, 99]) expect(store.getParams(id)).toBeNull();
  });

  it('M-003 reads back 2.1235 for 2.12345, in the row, the image and the history', () => {
    const { store } = warned();
    store.updateParams(2, { trailingDistance: dec('2.12345') }, at(1));
    expect(store.getParams(2)?.trailingDistance).toBe('2.1235');
    expect(store.params()[0]?.values.trailingDistance).toBe('2.1235');
    expect(store.paramsHistory('bybit', page).rows[0]?.values.trailingDistance).toBe('2.1235');
  });

  it('M-007 changes only what is provided, for any row of updates; absent and null stay', () => {
    const value = fc.option(
      fc.integer({ min: 1, max: 90_000 }).map((n) => dec((n / 10_000).toFixed(4))),
      { nil: undefined },
    );
    const partial = fc.record({
      maxTrades: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
      stopLoss: value,
      trailingActivation: value,
      trailingDistance: value,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2, 3), partial), { maxLength: 8 }), (updates) => {
        const db = openDatabase({ file: ':memory:', seams, migrations });
        const store = createStore(db, { file: ':memory:', seams, migrations });
        const wanted = new Map<number, Record<string, unknown>>([1, 2, 3].map((id) => [id, { ...none }]));
        for (const [index, [id, change]] of updates.entries()) {
          const given = Object.fromEntries(Object.entries(change).filter(([, v]) => v !== undefined));
          Object.assign(wanted.get(id) ?? {}, given);
          // Null and absent are the same: leave it.
          const asked =
            index % 2 ? Object.fromEntries(Object.entries(change).map(([k, v]) => [k, v ?? null])) : given;
          expect(store.updateParams(id, asked, at(index + 1))).toBe(Object.keys(given).length > 0);
        }
        for (const [id, row] of wanted) {
          if (id < 3 || Object.values(row).some((v) => v !== null))
            expect(store.getParams(id)).toMatchObject(row);
        }
        expect(store.verify().problems).toEqual([]);
        db.close();
      }),
      { numRuns: 60 },
    );
  });

  it('M-007 answers false and never throws for what cannot be, and writes nothing', () => {
    const { store, warnings } = warned();
    const bad = [
      [1, { stopLoss: dec('0') }],
      [1, { stopLoss: dec('-1') }],
      [1, { stopLoss: dec('0.00004') }],
      [1, { stopLoss: dec('many') }],
      [1, { maxTrades: 0 }],
      [1, { maxTrades: 2.5 }],
      [1, { maxTrades: Number.NaN }],
      [7, { maxTrades: 1 }],
    ] as const;
    for (const [id, partial] of bad)
      expect(store.updateParams(id, partial, at(1)), JSON.stringify(partial)).toBe(false);
    expect(warnings).toHaveLength(bad.length);
    expect(store.journal(1, 10)).toEqual([]);
    expect(store.getParams(1)).toMatchObject(none);
    store.close();
    expect(store.updateParams(1, { maxTrades: 1 }, at(1))).toBe(false);
  });

  it('M-008 writes nothing when nothing is provided, warns and answers false', () => {
    const { store, warnings } = warned();
    expect(store.updateParams(1, {}, at(1))).toBe(false);
    expect(store.updateParams(1, { stopLoss: null }, at(1))).toBe(false);
    expect(warnings).toEqual(Array(2).fill('params of exchange 1 not updated: no value was provided'));
    expect(store.journal(1, 10)).toEqual([]);
  });

  it('M-009 makes the row of an exchange that has none; M-010 lists all rows by exchange id', () => {
    const { store } = warned();
    expect(store.updateParams(4, { maxTrades: 3 }, at(9))).toBe(true);
    expect([...store.getAllParams().keys()]).toEqual([1, 2, 4]);
    expect(store.getAllParams().get(4)).toEqual({
      exchangeId: 4,
      ...none,
      maxTrades: 3,
      updatedAt: 9,
      createdAt: 9,
    });
  });

  it('M-011 leaves the other row alone, its time of change included', () => {
    const { store } = warned();
    store.updateParams(1, { maxTrades: 3 }, at(5));
    const bybit = store.getParams(2);
    const binance = store.getParams(1);
    store.updateParams(1, { maxTrades: 4 }, at(6));
    expect(store.getParams(2)).toEqual(bybit);
    store.updateParams(2, { maxTrades: 4 }, at(7));
    expect(store.getParams(1)).toEqual({ ...binance, maxTrades: 4, updatedAt: 6 });
  });

  it('M-058 M-060 keeps one version per effective change, with who, when and from which wave', () => {
    const { store } = warned();
    const author = { waveTime: unixMs(900_000), signalId: 8 as SignalId };
    store.updateParams(1, { maxTrades: 5, stopLoss: dec('4') }, at(1), author);
    expect(store.updateParams(1, { stopLoss: dec('4.0000') }, at(2), author)).toBe(true);
    store.updateParams(1, { stopLoss: dec('4.4') }, at(3), { source: 'rollback' });
    store.updateParams(1, { stopLoss: dec('4.9') }, at(4), author);
    store.updateParams(2, { maxTrades: 1 }, at(5));
    const { rows, total } = store.paramsHistory('binance', page);
    expect(total).toBe(3);
    expect(
      rows.map((row) => [row.version, row.source, row.changedAt, row.waveTime, row.values.stopLoss]),
    ).toEqual([
      [3, 'wave', 4, 900_000, '4.9'],
      [2, 'rollback', 3, null, '4.4'],
      [1, 'wave', 1, 900_000, '4'],
    ]);
    // M-061: 4 to 4.4 is exactly 10 %, 4.4 to 4.9 is more.
    expect(rows.map((row) => row.significant)).toEqual([['stopLoss'], [], []]);
    expect(store.paramsHistory('binance', { offset: 1, limit: 1 }).rows.map((row) => row.version)).toEqual([
      2,
    ]);
    expect(store.params().map((row) => row.version)).toEqual([3, 1]);
  });

  it('counts versions itself, whatever the maker of a record believed', () => {
    const { store } = warned();
    for (const version of [7, 7, 1]) {
      const after = stored({ version });
      store.record(
        [{ kind: 'params_changed', exchange: 'binance', before: null, after, source: 'wave' }],
        at(1),
      );
    }
    expect(store.paramsHistory('binance', page).rows.map((row) => row.version)).toEqual([3, 2, 1]);
    expect(store.journal(3, 1)[0]?.record).toMatchObject({ after: { version: 3 } });
    expect(store.verify().problems).toEqual([]);
  });
});
