import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerQuery, Store } from '#main/store/index';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import type { SignalId } from '#shared/domain/basics';
import type { Decision, ReasonCode, SignalFate } from '#shared/domain/decision';
import type { ExchangeName } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { decision, signal } from './records';
import { at, migrations, open, seams } from './world';

const page = { offset: 0, limit: 20 };
const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT', '1000PEPE/USDT:USDT', 'A_B/USDT:USDT'];
const EXCHANGES: readonly ExchangeName[] = ['binance', 'bybit', 'mexc'];
const FATES: readonly SignalFate[] = ['pending', 'refused', 'executed'];
const REASONS: readonly (ReasonCode | null)[] = [null, 'too_old', 'halted'];

const anyDecision: fc.Arbitrary<Decision> = fc
  .record({
    id: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(1000)),
    symbol: fc.constantFrom(...SYMBOLS),
    exchange: fc.constantFrom(...EXCHANGES),
    fate: fc.constantFrom(...FATES),
    reason: fc.constantFrom(...REASONS),
    decidedAt: fc.integer({ min: 1, max: 8 }),
    wave: fc.integer({ min: 1, max: 3 }),
    mode: fc.constantFrom('observe' as const, 'auto' as const),
  })
  .map(({ id, symbol, exchange, fate, reason, decidedAt, wave, mode }) =>
    decision(id, {
      signal: signal(id, { symbol: symbol as Symbol, exchange, waveTime: (wave * 900_000) as never }),
      fate,
      reason,
      decidedAt: decidedAt as never,
      providerMode: mode,
    }),
  );
// Most queries ask for few things at once: with all of them nothing would ever be found.
const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const anyQuery = fc
  .record({
    fate: maybe(fc.constantFrom(...FATES)),
    reason: maybe(fc.constantFrom('too_old' as const, 'halted' as const)),
    exchange: maybe(fc.constantFrom(...EXCHANGES)),
    symbol: maybe(fc.constantFrom(...SYMBOLS)),
    providerMode: maybe(fc.constantFrom('observe' as const, 'auto' as const)),
    waveTime: maybe(fc.constantFrom(900_000, 1_800_000)),
    text: maybe(fc.constantFrom('btc', ' USDT ', '1000', '7', 'bybit', 'b', '_', '%', 'nowhere')),
    from: maybe(fc.integer({ min: 1, max: 8 })),
    to: maybe(fc.integer({ min: 1, max: 8 })),
    offset: fc.integer({ min: 0, max: 30 }),
    limit: fc.integer({ min: 0, max: 12 }),
  })
  .map(
    (query) =>
      Object.fromEntries(Object.entries(query).filter(([, v]) => v !== undefined)) as never as LedgerQuery,
  );

const isSaid = ({ signal: s }: Decision, text: string): boolean =>
  s.symbol.toLowerCase().includes(text) || s.exchange.includes(text) || String(s.id) === text;

/** The ledger in the plainest way: all last decisions, filtered, sorted, cut. */
function plain(decisions: ReadonlyMap<number, Decision>, query: LedgerQuery) {
  const text = query.text?.trim().toLowerCase();
  const found = [...decisions.values()]
    .filter(
      (one) =>
        (query.fate === undefined || one.fate === query.fate) &&
        (query.reason === undefined || one.reason === query.reason) &&
        (query.exchange === undefined || one.signal.exchange === query.exchange) &&
        (query.symbol === undefined || one.signal.symbol === query.symbol) &&
        (query.providerMode === undefined || one.providerMode === query.providerMode) &&
        (query.waveTime === undefined || one.signal.waveTime === query.waveTime) &&
        (query.from === undefined || one.decidedAt >= query.from) &&
        (query.to === undefined || one.decidedAt <= query.to) &&
        (!text || isSaid(one, text)),
    )
    .sort((a, b) => b.decidedAt - a.decidedAt || b.signal.id - a.signal.id);
  return { total: found.length, ids: found.map((one) => one.signal.id) };
}
const record = (store: Store, decisions: readonly Decision[]) =>
  store.record(
    decisions.map((one) => ({ kind: 'decision_made', decision: one }) as const),
    at(1),
  );

describe('the decision ledger', () => {
  it('finds, counts and pages as a plain filter over all decisions does, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.array(anyDecision, { minLength: 1, maxLength: 60 }),
        fc.array(anyQuery, { minLength: 1, maxLength: 8 }),
        (decisions, queries) => {
          const db = openDatabase({ file: ':memory:', seams, migrations });
          const store = createStore(db, { file: ':memory:', seams, migrations });
          record(store, decisions);
          const last = new Map(decisions.map((one) => [one.signal.id as number, one]));
          for (const query of queries) {
            const { total, ids } = plain(last, query);
            const got = store.ledger(query);
            const about = JSON.stringify(query);
            expect(got.total, about).toBe(total);
            expect(
              got.rows.map((row) => row.signalId),
              about,
            ).toEqual(ids.slice(query.offset, query.offset + query.limit));
          }
          const reasons: Record<string, number> = {};
          for (const { fate, reason } of last.values()) {
            for (const kind of reason === null ? [fate] : [fate, reason])
              reasons[kind] = (reasons[kind] ?? 0) + 1;
          }
          expect(store.ledger(page).reasons).toEqual(reasons);
          expect(store.verify().problems).toEqual([]);
          db.close();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gives light rows, and the whole decision on demand', () => {
    const store = open();
    record(store, [decision(7, { fate: 'refused', reason: 'low_volume' })]);
    expect(store.ledger(page).rows).toEqual([
      {
        signalId: 7,
        symbol: 'BTC/USDT:USDT',
        exchange: 'binance',
        side: 'buy',
        waveTime: 1_760_000_000_000,
        fate: 'refused',
        reason: 'low_volume',
        score: 86.2 + 69.1,
        decidedAt: 1_760_000_000_005,
        price: '60000.5',
      },
    ]);
    const [whole] = store.decisions({ signalId: 7 as SignalId });
    expect(whole?.checks).toHaveLength(1);
  });

  it('goes on where a page ended without counting from the start', () => {
    const store = open();
    record(
      store,
      Array.from({ length: 25 }, (_, n) => decision(n + 1, { decidedAt: (100 + (n % 4)) as never })),
    );
    const all = store.ledger({ offset: 0, limit: 100 }).rows;
    const seen: unknown[] = [];
    let olderThan: LedgerQuery['olderThan'];
    for (let pages = 0; pages < 6; pages += 1) {
      const { rows, total } = store.ledger({ offset: 0, limit: 6, ...(olderThan ? { olderThan } : {}) });
      expect(total).toBe(25);
      seen.push(...rows);
      const end = rows.at(-1);
      if (end !== undefined) olderThan = { at: end.decidedAt, signalId: end.signalId };
    }
    expect(seen).toEqual(all);
  });

  it('counts a signal under its last fate only, and verify notices a counter that was changed', () => {
    const db = openDatabase({ file: ':memory:', seams, migrations });
    const store = createStore(db, { file: ':memory:', seams, migrations });
    record(store, [decision(1), decision(2)]);
    record(store, [decision(1, { fate: 'refused', reason: 'too_old' })]);
    expect(store.ledger(page).reasons).toEqual({ pending: 1, refused: 1, too_old: 1 });
    record(store, [decision(2, { fate: 'executed' })]);
    expect(store.ledger(page).reasons).toEqual({ executed: 1, refused: 1, too_old: 1 });
    expect(store.verify().ok).toBe(true);
    db.exec("UPDATE decision_totals SET count = 5 WHERE fate = 'executed'");
    expect(store.verify().problems).toEqual([
      'decision_totals: row binance|executed|| differs from the journal',
    ]);
    db.close();
  });

  it('reads an index for every filter and never the whole table', () => {
    const db = openDatabase({ file: ':memory:', seams, migrations });
    const asked: string[] = [];
    const prepare = db.prepare.bind(db);
    db.prepare = ((sql: string) => {
      asked.push(sql);
      return prepare(sql);
    }) as typeof db.prepare;
    const store = createStore(db, { file: ':memory:', seams, migrations });
    record(store, [decision(1)]);
    asked.length = 0;
    const queries: Partial<LedgerQuery>[] = [
      {},
      { reason: 'too_old' },
      { fate: 'refused' },
      { exchange: 'bybit', reason: 'too_old' },
      { symbol: 'X' },
      { text: 'btc' },
      { text: 'b', fate: 'pending', from: 1 as never },
      { waveTime: 1 as never },
      { providerMode: 'auto' },
      { providerMode: 'auto', reason: 'too_old', text: 'b' },
      { providerMode: 'auto', fate: 'refused', from: 1 as never },
    ];
    for (const query of queries) store.ledger({ ...page, ...query });
    const plans = asked
      .filter((sql) => sql.includes('FROM decisions'))
      .flatMap((sql) =>
        prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(
          ...Array(sql.split('?').length - 1).fill(null),
        ),
      );
    expect(plans.length).toBeGreaterThan(10);
    expect(
      plans.map(({ detail }) => detail).filter((detail) => /^SCAN decisions(?! USING)/.test(detail)),
    ).toEqual([]);
    db.close();
  });
});
