import type Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import {
  type ClientOrderId,
  type PositionId,
  type SignalId,
  unixMs,
  type VenueOrderId,
} from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { Position, Trailing } from '#shared/domain/position';
import { dec, decision, fill, note, order, position, signal, stored, wave } from './records';
import { at, migrations, seams } from './world';

const openRaw = () => {
  const db = openDatabase({ file: ':memory:', seams, migrations });
  return { db, store: createStore(db, { file: ':memory:', seams, migrations }) };
};
const columnsOf = (db: Database.Database, table: string): string[] =>
  (db.pragma(`table_xinfo(${table})`) as { name: string }[]).map(({ name }) => name);

/** domain: main tables, and what the events table must have. */
const WANTED: Readonly<Record<string, string>> = {
  params:
    'exchange_id max_trades_filter stop_loss_filter trailing_activation_filter trailing_distance_filter updated_at created_at',
  params_history:
    'id exchange_id max_trades_filter stop_loss_filter trailing_activation_filter trailing_distance_filter changed_at wave_timestamp source',
  positions:
    'id signal_id symbol exchange side quantity entry_price current_price stop_loss_price take_profit_price unrealized_pnl realized_pnl fees status exit_reason opened_at closed_at updated_at created_at leverage pnl_percentage has_stop_loss has_trailing_stop trailing_activated exchange_order_id client_order_id trailing_activation_percent trailing_callback_percent error_details retry_count last_error_at',
  orders:
    'id position_id exchange symbol order_id client_order_id type side size price status filled remaining fee fee_currency created_at updated_at',
  trades:
    'id exchange market symbol exchange_trade_id order_id side amount price cost fee_cost fee_currency timestamp is_maker source raw',
  trailing_stop_state:
    'symbol exchange position_id state is_activated highest_price lowest_price current_stop_price stop_order_id activation_price activation_percent callback_percent entry_price side quantity update_count highest_profit_percent activated_at last_update_time last_sl_update_time last_updated_sl_price last_peak_save_time last_saved_peak_price',
  waves: 'wave_time status started_at completed_at signal_count result',
  aged_positions: 'position_id symbol exchange entry_price target_price phase hours_aged loss_tolerance',
  risk_violations: 'id violation_type risk_level message timestamp',
  events:
    'id event_type event_data correlation_id position_id order_id symbol exchange severity error_message stack_trace created_at',
};

describe('the tables of the domain', () => {
  it('M-115 M-060 M-111 are there with every column', () => {
    const { db } = openRaw();
    for (const [table, columns] of Object.entries(WANTED))
      expect(columnsOf(db, table), table).toEqual(expect.arrayContaining(columns.split(' ')));
    db.close();
  });

  it('M-115 knows of a position its orders, its result in percent and what went wrong', () => {
    const { db, store } = openRaw();
    const entry = order('wd-1-e2', { attempt: 2, venueOrderId: '77' as VenueOrderId, status: 'filled' });
    store.record(
      [
        { kind: 'position_changed', position: position('p1'), why: '' },
        { kind: 'order_changed', order: order('wd-1-e1', { status: 'rejected' }), fact: 'rejected', why: '' },
        { kind: 'order_changed', order: entry, fact: 'filled', why: '' },
        {
          kind: 'order_changed',
          order: order('wd-1-s9', { leg: 'stop', attempt: 9 }),
          fact: 'sent',
          why: '',
        },
      ],
      at(5),
    );
    const row = () => db.prepare('SELECT * FROM positions').get() as Record<string, unknown>;
    expect(row()).toMatchObject({ client_order_id: 'wd-1-e2', exchange_order_id: '77', retry_count: 1 });
    expect(row()).toMatchObject({ current_price: null, pnl_percentage: null, error_details: null });
    const short: Partial<Position> = { side: 'short', entryPrice: dec('200'), exitPrice: dec('210') };
    store.record(
      [
        {
          kind: 'position_changed',
          position: position('p1', { ...short, status: 'rolled_back', note: 'no stop' }),
          why: '',
        },
      ],
      at(9),
    );
    expect(row()).toMatchObject({
      pnl_percentage: '-5.0000',
      error_details: '{"note":"no stop","status":"rolled_back"}',
      last_error_at: 9,
      client_order_id: 'wd-1-e2',
      created_at: 5,
      updated_at: 9,
    });
    expect(store.verify().problems).toEqual([]);
    db.close();
  });

  it('M-115 adds up the fees of an order exactly, and says none while one is unknown or the currencies differ', () => {
    const { db, store } = openRaw();
    const fee = () => db.prepare('SELECT fee, fee_currency FROM orders').raw().get();
    const one = (id: string, cost: string | null, currency = 'USDT') => {
      const paid = cost === null ? null : { cost: dec(cost), currency };
      // The venue's history names an order by its own id alone.
      const by = id === '2' ? { clientOrderId: null } : {};
      return { kind: 'fill_applied', fill: fill(id, { fee: paid, ...by }), positionId: null } as const;
    };
    const own = order('wd-1-entry-1', { venueOrderId: '9007199254740993' as VenueOrderId });
    store.record([{ kind: 'order_changed', order: own, fact: 'accepted', why: '' }, one('1', '0.1')], at(1));
    expect(fee()).toEqual(['0.1', 'USDT']);
    store.record([one('2', '0.2')], at(2));
    expect(fee()).toEqual(['0.3', 'USDT']);
    // The order's own later image does not take the fee away.
    store.record(
      [{ kind: 'order_changed', order: { ...own, status: 'filled' }, fact: 'filled', why: '' }],
      at(3),
    );
    expect(fee()).toEqual(['0.3', 'USDT']);
    store.record([one('3', '1', 'BNB')], at(4));
    expect(fee()).toEqual([null, null]);
    store.record([one('4', null)], at(5));
    expect(fee()).toEqual([null, null]);
    expect(db.prepare('SELECT exchange_trade_id, cost, market FROM trades').raw().all()).toHaveLength(4);
    expect(store.verify().problems).toEqual([]);
    db.close();
  });

  it('M-115 keeps one trailing row per open position and lets it go with the position', () => {
    const { db, store } = openRaw();
    const rows = () => db.prepare('SELECT * FROM trailing_stop_state').all() as Record<string, unknown>[];
    const trailing = (change: Partial<Trailing>): Trailing => ({
      state: 'inactive',
      activationPrice: dec('102'),
      peak: dec('100'),
      wanted: null,
      lastAcceptedAt: null,
      updates: 0,
      ...change,
    });
    const put = (change: Partial<Position>, wall: number) =>
      store.record(
        [
          {
            kind: 'position_changed',
            position: position('p1', { entryPrice: dec('100'), ...change }),
            why: '',
          },
        ],
        at(wall),
      );
    put({ trailing: trailing({}) }, 10);
    expect(rows()).toMatchObject([{ is_activated: 0, activated_at: null, last_peak_save_time: 10 }]);
    put({ trailing: trailing({ state: 'active', peak: dec('103'), wanted: dec('102.485') }) }, 20);
    put(
      { trailing: trailing({ state: 'active', peak: dec('103'), wanted: dec('102.485'), updates: 1 }) },
      30,
    );
    expect(rows()).toMatchObject([
      {
        state: 'active',
        is_activated: 1,
        activated_at: 20,
        highest_price: '103',
        lowest_price: null,
        highest_profit_percent: '3.0000',
        current_stop_price: '102.485',
        last_peak_save_time: 20,
        last_update_time: 30,
        update_count: 1,
      },
    ]);
    expect(store.verify().problems).toEqual([]);
    put({ status: 'closed', trailing: trailing({ state: 'triggered' }) }, 40);
    expect(rows()).toEqual([]);
    expect(store.verify().problems).toEqual([]);
    db.close();
  });

  it('M-115 lists aged positions with their target and how far below the entry it lies', () => {
    const { db, store } = openRaw();
    const aged = (side: 'long' | 'short', target: string, hours: number) =>
      store.record(
        [
          {
            kind: 'position_changed',
            position: position('p1', {
              side,
              entryPrice: dec('100'),
              openedAt: unixMs(0),
              aged: { phase: 'progressive', target: dec(target), at: unixMs(hours * 3_600_000) },
            }),
            why: '',
          },
        ],
        at(1),
      );
    const row = () =>
      db.prepare('SELECT target_price, hours_aged, loss_tolerance FROM aged_positions').raw().get();
    aged('long', '99.5', 7);
    expect(row()).toEqual(['99.5', 7, '0.5000']);
    aged('long', '100.1', 3.5);
    expect(row()).toEqual(['100.1', 3.5, '0.0000']);
    aged('short', '110', 26);
    expect(row()).toEqual(['110', 26, '10.0000']);
    db.close();
  });

  it('M-115 lists each refusal by a limit, each limit found passed and each halt as a violation', () => {
    const { db, store } = openRaw();
    store.record(
      [
        { kind: 'decision_made', decision: decision(1, { fate: 'refused', reason: 'max_positions' }) },
        { kind: 'decision_made', decision: decision(2, { fate: 'refused', reason: 'low_volume' }) },
        { kind: 'halt_changed', halted: true, cause: 'daily loss' },
        { kind: 'halt_changed', halted: false, cause: 'resumed' },
        note('exposure 120 %', { type: 'risk_limits_exceeded', severity: 'error' }),
      ],
      at(7),
    );
    expect(
      db.prepare('SELECT violation_type, risk_level, timestamp FROM risk_violations ORDER BY id').raw().all(),
    ).toEqual([
      ['max_positions', 'INFO', 7],
      ['halt_changed', 'CRITICAL', 7],
      ['risk_limits_exceeded', 'ERROR', 7],
    ]);
    db.close();
  });

  it('M-069 lets a paper position stand beside a real one of the same symbol, and no second of either', () => {
    const { db, store } = openRaw();
    const put = (id: string, venue: 'binance_future' | 'binance_paper') =>
      store.record([{ kind: 'position_changed', position: position(id, { venue }), why: '' }], at(1));
    put('p1', 'binance_future');
    put('p2', 'binance_paper');
    expect(() => put('p3', 'binance_future')).toThrow(/UNIQUE/);
    expect(() => put('p4', 'binance_paper')).toThrow(/UNIQUE/);
    db.close();
  });
});

describe('the events table', () => {
  it('M-111 has data, order, error and stack of an event, severity in capitals, and indexes for every filter', () => {
    const { db, store } = openRaw();
    const data = { clientOrderId: 'wd-1', error: 'refused', stack: 'at x', n: 2 };
    store.record([note('text', { severity: 'error', data })], at(4));
    expect(db.prepare('SELECT * FROM events').get()).toMatchObject({
      event_type: 'zombie_found',
      event_data: '{"clientOrderId":"wd-1","error":"refused","n":2,"stack":"at x"}',
      order_id: 'wd-1',
      severity: 'ERROR',
      error_message: 'refused',
      stack_trace: 'at x',
      created_at: 4,
    });
    for (const column of [
      'event_type',
      'symbol',
      'severity',
      'exchange',
      'position_id',
      'correlation_id',
      'created_at',
    ]) {
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN SELECT * FROM events WHERE ${column} = ? ORDER BY created_at DESC`)
        .all('x');
      expect(JSON.stringify(plan), column).toMatch(/USING (COVERING )?INDEX events_by_/);
      expect(JSON.stringify(plan), column).not.toContain('TEMP B-TREE');
    }
    db.close();
  });

  it('M-116 gives all events of one signal one correlation id, from its arrival to the close of its position', () => {
    const { db, store } = openRaw();
    const mine = signal(1, { correlationId: 'c1' });
    const from = { positionId: 'p1' as PositionId };
    const effective = { exchange: 'binance', values: position().params, origins: {} } as never;
    store.record([{ kind: 'signal_received', signal: mine }], at(1));
    store.record(
      [
        { kind: 'params_changed', exchange: 'binance', before: null, after: stored(), source: 'wave' },
        { kind: 'params_used', params: effective, waveTime: unixMs(1), signalId: 1 as SignalId },
        // The order stands before its position here: it gets the id all the same.
        { kind: 'order_changed', order: order('wd-1-e1'), fact: 'intended', why: '' },
        { kind: 'position_changed', position: position('p1'), why: 'opened' },
        { kind: 'decision_made', decision: decision(1, { fate: 'executed', ...from }) },
      ],
      at(2),
    );
    store.record(
      [
        { kind: 'fill_applied', fill: fill('1', { clientOrderId: 'wd-1-e1' as ClientOrderId }), ...from },
        note('stop placed', from),
        note('about the signal', { data: { signalId: 1 } }),
        { kind: 'position_changed', position: position('p1', { status: 'closed' }), why: 'closed' },
        // The controls: another signal, another position, the wave of many.
        { kind: 'signal_received', signal: signal(2, { correlationId: 'c2' }) },
        {
          kind: 'order_changed',
          order: order('wd-2', { positionId: 'p2' as PositionId }),
          fact: 'sent',
          why: '',
        },
        { kind: 'wave_changed', wave: wave() },
      ],
      at(3),
    );
    const found = store.searchEvents({ correlationId: 'c1', offset: 0, limit: 50 });
    expect(found.rows.map((row) => row.seq).reverse()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(found.total).toBe(10);
    expect(store.verify().problems).toEqual([]);
    db.close();
  });

  it('M-114 filters by type, symbol, exchange, severity and time in any mixture, and pages from either end', () => {
    const { db, store } = openRaw();
    const plain = Array.from({ length: 60 }, (_, n) => ({
      seq: n + 1,
      type: ['a', 'b'][n % 2] as string,
      symbol: ['BTC/USDT', 'ETH/USDT', 'XRP/USDT'][n % 3] as string,
      exchange: ['binance', 'bybit'][Math.floor(n / 7) % 2] as string,
      severity: (['info', 'warning', 'critical'] as const)[Math.floor(n / 5) % 3] ?? 'info',
      wall: 1_000 + Math.floor(n / 3),
    }));
    const half = plain.slice(0, 31);
    const write = (events: typeof plain) => {
      for (const { type, symbol, exchange, severity, wall } of events)
        store.record([note('x', { type, symbol: symbol as Symbol, exchange, severity })], at(wall));
    };
    const check = (known: typeof plain) => {
      for (let mask = 0; mask < 32; mask += 1) {
        const query = {
          ...(mask & 1 ? { type: 'a' } : {}),
          ...(mask & 2 ? { symbol: 'ETH/USDT' } : {}),
          ...(mask & 4 ? { exchange: 'bybit' } : {}),
          ...(mask & 8 ? { severity: 'warning' } : {}),
          ...(mask & 16 ? { from: unixMs(1_003), to: unixMs(1_014) } : {}),
        };
        const wanted = known
          .filter(
            (one) =>
              (!(mask & 1) || one.type === 'a') &&
              (!(mask & 2) || one.symbol === 'ETH/USDT') &&
              (!(mask & 4) || one.exchange === 'bybit') &&
              (!(mask & 8) || one.severity === 'warning') &&
              (!(mask & 16) || (one.wall >= 1_003 && one.wall <= 1_014)),
          )
          .map(({ seq }) => seq)
          .reverse();
        for (const offset of [0, 3, 20, 40]) {
          const { total, rows } = store.searchEvents({ ...query, offset, limit: 7 });
          expect([total, rows.map((row) => row.seq)], JSON.stringify(query)).toEqual([
            wanted.length,
            wanted.slice(offset, offset + 7),
          ]);
        }
      }
    };
    write(half);
    check(half);
    // Totals that were counted once are right again after more was written.
    write(plain.slice(31));
    check(plain);
    const [, , third] = store.searchEvents({ offset: 0, limit: 3 }).rows;
    const rest = store.searchEvents({
      offset: 0,
      limit: 100,
      olderThan: { at: third?.at.wall ?? unixMs(0), seq: third?.seq ?? 0 },
    });
    expect(rest.rows.map((row) => row.seq)).toEqual(Array.from({ length: 57 }, (_, n) => 57 - n));
    db.close();
  });

  it('says how far a text was looked for when asked to stop early', () => {
    const { db, store } = openRaw();
    for (let n = 1; n <= 20; n += 1) store.record([note(n % 2 ? 'odd' : 'even')], at(n));
    const page = { offset: 0, limit: 50 };
    expect(store.searchEvents({ ...page, text: 'odd' })).toMatchObject({ total: 10 });
    expect(store.searchEvents({ ...page, text: 'odd' })).not.toHaveProperty('notSearchedUpTo');
    const early = store.searchEvents({ ...page, text: 'odd', searchNewest: 6 });
    expect([early.total, early.notSearchedUpTo, early.rows.map((row) => row.seq)]).toEqual([
      3,
      14,
      [19, 17, 15],
    ]);
    expect(store.searchEvents({ ...page, text: 'odd', searchNewest: 99 })).not.toHaveProperty(
      'notSearchedUpTo',
    );
    db.close();
  });
});
