import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import { StoreError } from '#main/store/types';
import type { PositionId, SignalId } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRow } from '#shared/domain/journal';
import { ORDER_TRANSITIONS } from '#shared/domain/order-machine';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { dec, decision, fill, note, order, pct, position, signal, stored, wave } from './records';
import { at, folder, migrations, open, seams } from './world';

const openRaw = (file = ':memory:') => {
  const db = openDatabase({ file, seams, migrations });
  return { db, store: createStore(db, { file, seams, migrations }) };
};

describe('the store', () => {
  it('gives back every image as it was recorded', () => {
    const store = open();
    store.record(
      [
        { kind: 'signal_received', signal: signal() },
        { kind: 'wave_changed', wave: wave() },
        { kind: 'decision_made', decision: decision() },
        { kind: 'params_changed', exchange: 'binance', before: null, after: stored(), source: 'wave' },
        { kind: 'position_changed', position: position(), why: 'opened' },
        { kind: 'order_changed', order: order(), fact: 'intended', why: 'entry' },
        { kind: 'fill_applied', fill: fill(), positionId: 'p1' as PositionId },
        { kind: 'settings_changed', before: null, after: DEFAULT_SETTINGS },
      ],
      at(1000, 2000),
    );
    expect(store.waves(10)).toEqual([wave()]);
    expect(store.decisions({})).toEqual([decision()]);
    expect(store.params()).toEqual([{ ...stored(), version: 1 }]);
    expect(store.positions({})).toEqual([position()]);
    expect(store.orders({})).toEqual([order()]);
    expect(store.fills({})).toEqual([fill()]);
    expect(store.settings()).toEqual(DEFAULT_SETTINGS);
    expect(store.journal(1, 100)).toHaveLength(8);
    expect(store.journal(2, 1)[0]).toMatchObject({ seq: 2, at: { wall: 1000, market: 2000 } });
    expect(store.verify()).toMatchObject({ ok: true, rows: 8, problems: [] });
  });

  it('survives closing and opening, and goes on with the same chain', () => {
    const file = `${folder()}/store.db`;
    const first = open(file);
    const [row] = first.record([note('one')], at(1));
    first.setMeta('prefix', 'ab12');
    first.close();
    const second = open(file);
    second.record([note('two')], at(2));
    expect(second.getMeta('prefix')).toBe('ab12');
    expect(second.getMeta('nothing')).toBeNull();
    expect(second.journal(1, 10).map((one) => one.seq)).toEqual([1, 2]);
    expect(second.journal(1, 1)[0]?.hash).toBe(row?.hash);
    expect(second.verify().problems).toEqual([]);
  });

  it('counts the same fill once: the second changes nothing, neither tables nor journal', () => {
    const store = open();
    const record = { kind: 'fill_applied', fill: fill('7'), positionId: null } as const;
    expect(store.record([record], at(1))).toHaveLength(1);
    const head = store.verify().headHash;
    expect(store.record([record, record], at(2))).toEqual([]);
    expect(store.record([{ ...record, fill: fill('7', { price: dec('1') }) }], at(3))).toEqual([]);
    expect(store.fills({})).toEqual([fill('7')]);
    expect(store.verify().headHash).toBe(head);
  });

  it('tells fills of different venues and symbols apart though their trade ids agree', () => {
    const store = open();
    const fills = [
      fill('7'),
      fill('7', { venue: 'binance_spot', symbol: 'BTC/USDT' as Symbol }),
      fill('7', { symbol: 'ETH/USDT:USDT' as Symbol }),
    ];
    store.record(
      fills.map((one) => ({ kind: 'fill_applied', fill: one, positionId: null }) as const),
      at(1),
    );
    expect(store.fills({})).toHaveLength(3);
  });

  it('M-069 refuses a second open position of one symbol on one exchange and writes nothing of the batch', () => {
    const store = open();
    store.record([{ kind: 'position_changed', position: position('p1'), why: '' }], at(1));
    const twice = [note('before'), { kind: 'position_changed', position: position('p2'), why: '' }] as const;
    expect(() => store.record(twice, at(2))).toThrow(/UNIQUE.*positions/);
    expect(store.journal(1, 10)).toHaveLength(1);
    expect(store.positions({})).toHaveLength(1);
    store.record(
      [
        { kind: 'position_changed', position: position('p1', { status: 'closed' }), why: '' },
        { kind: 'position_changed', position: position('p2'), why: '' },
      ],
      at(3),
    );
    expect(store.positions({ open: true }).map((one) => one.id)).toEqual(['p2']);
    expect(store.positions({ open: false }).map((one) => one.id)).toEqual(['p1']);
    expect(store.verify().problems).toEqual([]);
  });

  it('refuses a number that is none instead of writing null for it', () => {
    const store = open();
    const bad = { kind: 'decision_made', decision: decision(1, { priceAgeMs: Number.NaN }) } as const;
    expect(() => store.record([bad], at(1))).toThrow(/NaN/);
    expect(store.journal(1, 10)).toEqual([]);
  });

  it('keeps open exactly the orders that the order machine says have not ended', () => {
    const store = open();
    const statuses = Object.keys(ORDER_TRANSITIONS) as (keyof typeof ORDER_TRANSITIONS)[];
    store.record(
      statuses.map(
        (status) =>
          ({
            kind: 'order_changed',
            order: order(`o-${status}`, { status }),
            fact: 'sent',
            why: '',
          }) as const,
      ),
      at(1),
    );
    expect(new Set(store.orders({ open: true }).map((one) => one.status))).toEqual(
      new Set(['intended', 'sent', 'unknown', 'open', 'partially_filled']),
    );
    expect(store.orders({ open: false })).toHaveLength(5);
    expect(store.orders({ positionId: 'p1', limit: 3 })).toHaveLength(3);
    expect(store.orders({ positionId: 'p2' })).toEqual([]);
  });

  it('M-068 counts a signal as executed from the moment its opening began', () => {
    const store = open();
    store.record(
      [
        { kind: 'decision_made', decision: decision(1, { fate: 'opening' }) },
        { kind: 'decision_made', decision: decision(2, { fate: 'executed' }) },
        { kind: 'decision_made', decision: decision(3, { fate: 'refused' }) },
        { kind: 'position_changed', position: position('p4', { signalId: 4 as SignalId }), why: '' },
      ],
      at(1),
    );
    expect(store.executedSignalIds()).toEqual(new Set([1, 2, 4]));
  });

  it('knows the last fill time of each venue, and null where there is none', () => {
    const store = open();
    store.record(
      [5, 9, 7].map(
        (n) =>
          ({
            kind: 'fill_applied',
            fill: fill(`${n}`, { venueTime: n as never }),
            positionId: null,
          }) as const,
      ),
      at(1),
    );
    expect(store.lastFillTime('binance_future')).toBe(9);
    expect(store.lastFillTime('binance_spot')).toBeNull();
    expect(store.fills({ since: 7 as never }).map((one) => one.venueTime)).toEqual([9, 7]);
  });

  it('writes percentages with four places and money as it came', () => {
    const { db, store } = openRaw();
    const values = {
      maxTrades: 5,
      stopLoss: pct('2.5'),
      trailingActivation: null,
      trailingDistance: pct('0.1234'),
    };
    store.record(
      [
        {
          kind: 'params_changed',
          exchange: 'binance',
          before: null,
          after: stored({ values }),
          source: 'lock',
        },
        {
          kind: 'fill_applied',
          fill: fill('1', { price: dec('0.00000001'), amount: dec('3') }),
          positionId: null,
        },
        { kind: 'order_changed', order: order('o', { filled: dec('0.001') }), fact: 'sent', why: '' },
      ],
      at(1),
    );
    expect(db.prepare('SELECT * FROM params_history').get()).toMatchObject({
      stop_loss_filter: '2.5000',
      trailing_activation_filter: null,
      trailing_distance_filter: '0.1234',
      source: 'lock',
    });
    expect(db.prepare('SELECT price, cost, is_maker, market FROM fills').get()).toEqual({
      price: '0.00000001',
      cost: '0.00000003',
      is_maker: 0,
      market: 'future',
    });
    expect(db.prepare('SELECT remaining FROM orders').get()).toEqual({ remaining: '0.002' });
    db.close();
  });

  it('tells listeners after the commit, in order, also when one records and one throws', () => {
    const later: (() => void)[] = [];
    const store = open(':memory:', {
      seams: { ...seams, timers: { ...seams.timers, soon: (run) => void later.push(run) } },
    });
    const heard: number[] = [];
    store.onCommit((rows) => {
      if (rows[0]?.seq === 1) store.record([note('from inside')], at(2));
    });
    store.onCommit(() => {
      throw new Error('broken listener');
    });
    const undo = store.onCommit((rows) => {
      expect(store.journal(rows[0]?.seq ?? 0, 1)).toHaveLength(1);
      heard.push(...rows.map((row) => row.seq));
    });
    expect(store.record([note('a')], at(1))).toHaveLength(1);
    expect(heard).toEqual([1, 2]);
    expect(later[0]).toThrow('broken listener');
    undo();
    undo();
    store.record([note('b')], at(3));
    expect(heard).toEqual([1, 2]);
  });

  it('says that the disk is full, keeps what it had, and goes on when there is room again', () => {
    const file = `${folder()}/store.db`;
    const { db, store } = openRaw(file);
    store.record([note('kept')], at(1));
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages}`);
    const big = note('x'.repeat(100_000));
    const failed = (() => {
      try {
        store.record([note('with it'), big], at(2));
        return null;
      } catch (error) {
        return error;
      }
    })();
    expect(failed).toBeInstanceOf(StoreError);
    expect(failed).toMatchObject({ code: 'full' });
    expect(store.journal(1, 10).map((row: JournalRow) => row.seq)).toEqual([1]);
    db.pragma('max_page_count = 100000');
    expect(store.record([note('again')], at(3))[0]?.seq).toBe(2);
    expect(store.verify().problems).toEqual([]);
    store.close();
  });

  it('writes nothing more after a failed sync, which may not be tried again, and says what to do', () => {
    const db = openDatabase({ file: ':memory:', seams, migrations });
    let failing = false;
    const prepare = db.prepare.bind(db);
    db.prepare = ((sql: string) => {
      const statement = prepare(sql);
      if (!sql.startsWith('UPDATE journal_head')) return statement;
      const run = statement.run.bind(statement);
      statement.run = (...values) => {
        if (failing) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
        return run(...values);
      };
      return statement;
    }) as typeof db.prepare;
    const store = createStore(db, { file: ':memory:', seams, migrations });
    store.record([note('kept')], at(1));
    failing = true;
    expect(() => store.record([note('lost')], at(2))).toThrow(/disk failed.*started again/);
    failing = false;
    expect(() => store.record([note('too early')], at(3))).toThrow(StoreError);
    expect(store.journal(1, 10)).toHaveLength(1);
    expect(store.verify().problems).toEqual([]);
    db.close();
  });

  it('never lets a journal row be changed or deleted by a statement', () => {
    const { db, store } = openRaw();
    store.record([note('fact')], at(1));
    expect(() => db.exec("UPDATE journal SET body = '{}'")).toThrow(/append-only/);
    expect(() => db.exec('DELETE FROM journal')).toThrow(/append-only/);
    db.close();
  });

  it('runs on synchronous FULL, WAL and an exclusive lock, where the library alone would choose less', () => {
    const path = folder();
    const { db, store } = openRaw(`${path}/store.db`);
    const read = (name: string) => db.pragma(name, { simple: true });
    expect([read('synchronous'), read('journal_mode'), read('locking_mode'), read('foreign_keys')]).toEqual([
      2,
      'wal',
      'exclusive',
      1,
    ]);
    expect([read('trusted_schema'), read('cell_size_check')]).toEqual([0, 1]);
    store.close();
    // The control: what one gets without asking, reopening a WAL file.
    const plain = new Database(`${path}/store.db`);
    expect(plain.prepare('SELECT count(*) FROM journal').pluck().get()).toBe(0);
    expect(plain.pragma('synchronous', { simple: true })).toBe(1);
    plain.close();
  });

  it('keeps the newest candles of a series, oldest first, and replaces the open one', () => {
    const store = open();
    const candle = (n: number, close: number, closed = true) =>
      ({ openTime: n * 60_000, open: 1, high: 2, low: 0.5, close, volume: 3, closed }) as never;
    store.saveCandles('binance_spot', 'BTC/USDT', '1m', [candle(1, 1), candle(2, 2, false)]);
    store.saveCandles('binance_spot', 'BTC/USDT', '1m', [candle(2, 2.5), candle(3, 3)]);
    store.saveCandles('binance_spot', 'BTC/USDT', '5m', [candle(1, 9)]);
    expect(store.candles('binance_spot', 'BTC/USDT', '1m', 2)).toEqual([candle(2, 2.5), candle(3, 3)]);
    store.saveCandles(
      'binance_spot',
      'BTC/USDT',
      '1m',
      Array.from({ length: 5_100 }, (_, n) => candle(n + 1, n)),
    );
    const kept = store.candles('binance_spot', 'BTC/USDT', '1m', 10_000);
    expect([kept.length, kept[0]?.openTime]).toEqual([5_000, 101 * 60_000]);
    expect(store.candles('binance_spot', 'BTC/USDT', '5m', 9)).toHaveLength(1);
  });

  it('keeps instruments per exchange', () => {
    const store = open();
    const one = (exchange: string, symbol: string) =>
      ({ exchange, market: 'spot', symbol, wireSymbol: 'X', tickSize: '0.01', maxAmount: null }) as never;
    store.saveInstruments([one('binance', 'BTC/USDT'), one('bybit', 'BTC/USDT')]);
    store.saveInstruments([one('binance', 'BTC/USDT')]);
    expect(store.instruments()).toHaveLength(2);
    expect(store.instruments('bybit')).toEqual([one('bybit', 'BTC/USDT')]);
  });
});
