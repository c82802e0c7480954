import type Database from 'better-sqlite3';
import type { JournalRecord, JournalRow } from '#shared/domain/journal';
import type { Seams } from '../seams/seams';
import { canonicalJson, type RawRow, rowHash } from './canonical';
import { guarded, toStoreError } from './errors';
import { createEventSearch } from './event-search';
import { createLedger } from './ledger';
import { createMarketCache } from './market-cache';
import { isExaminedAtStart, type OpenOptions } from './open-database';
import { createParamsCounter } from './params-projection';
import { createParamsRepository } from './params-repository';
import { createProjector } from './projector';
import { createQueries, createStatements } from './queries';
import { createSearches } from './search';
import { examine } from './slow-check';
import { type Store, StoreError } from './types';
import { verifyStore } from './verify';

/** Tells listeners of commits one after another, also when one of them records something itself. */
function createCommitFeed(timers: Seams['timers']) {
  const listeners = new Set<(rows: readonly JournalRow[]) => void>();
  const waiting: (readonly JournalRow[])[] = [];
  let telling = false;
  return {
    add(listener: (rows: readonly JournalRow[]) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(rows: readonly JournalRow[]) {
      waiting.push(rows);
      if (telling) return;
      telling = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        for (const listener of [...listeners]) {
          try {
            listener(next);
          } catch (error) {
            // The rows are on disk: a broken listener must not look like a failed write to whoever recorded them.
            timers.soon(() => {
              throw error;
            });
          }
        }
      }
      telling = false;
    },
  };
}

interface Fact {
  readonly record: JournalRecord;
  readonly at: JournalRow['at'];
}

/** Between two slices of the examination: it takes a sixth of one core, half an hour for a million of each kind of row. */
const SLICE_EVERY_MS = 25;

/** The store over an open database; `close` closes it. */
export function createStore(
  db: Database.Database,
  options: Pick<OpenOptions, 'file' | 'migrations' | 'warn' | 'examinePages'> & {
    seams: Pick<Seams, 'clock' | 'timers'>;
  },
): Store {
  const { file, seams, migrations, warn = () => {} } = options;
  const examined = isExaminedAtStart(db, options);
  const statements = createStatements(db);
  const project = createProjector(db);
  const counter = createParamsCounter(db);
  const feed = createCommitFeed(seams.timers);
  const insert = db.prepare<[RawRow]>(
    'INSERT INTO journal VALUES (@seq, @at_wall, @at_market, @kind, @body, @prev_hash, @hash)',
  );
  const moveHead = db.prepare<[number, string]>('UPDATE journal_head SET seq = ?, hash = ?');
  const hasFill = db.prepare<[string, string, string]>(
    'SELECT 1 FROM fills WHERE venue = ? AND symbol = ? AND trade_id = ?',
  );
  let head = db.prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM journal_head').get()!;

  const isRepeat = (record: JournalRecord): boolean =>
    record.kind === 'fill_applied' &&
    hasFill.get(record.fill.venue, record.fill.symbol, record.fill.tradeId) !== undefined;

  const append = db.transaction((facts: readonly Fact[]) => {
    const rows: JournalRow[] = [];
    let { seq, hash } = head;
    for (const { record: given, at } of facts) {
      if (isRepeat(given)) continue;
      const record = given.kind === 'params_changed' ? counter.numbered(given) : given;
      const content = {
        seq: seq + 1,
        at_wall: at.wall,
        at_market: at.market,
        kind: record.kind,
        body: canonicalJson(record),
        prev_hash: hash,
      };
      hash = rowHash(content);
      seq += 1;
      insert.run({ ...content, hash });
      project(record, { seq, at });
      rows.push({ seq, at, record, hash });
    }
    if (rows.length > 0) moveHead.run(seq, hash);
    return rows;
  });

  const safely =
    <A extends unknown[], R>(run: (...args: A) => R) =>
    (...args: A): R =>
      guarded(file, () => run(...args));
  const reads = createQueries(statements);
  const searches = createSearches(statements);
  const events = createEventSearch(statements);
  const ledger = createLedger(statements);
  const cache = createMarketCache(db, statements, seams.clock);

  // A failed sync may not be tried again: the system may have dropped the pages and then report success.
  let broken: StoreError | null = null;
  const appendOrBreak = (facts: readonly Fact[]): JournalRow[] => {
    if (broken !== null) throw broken;
    try {
      return append.immediate(facts);
    } catch (cause) {
      const error = toStoreError(cause, file);
      if (error instanceof StoreError && (error.code === 'io' || error.code === 'corrupt')) broken = error;
      throw error;
    }
  };

  const recordAll = safely((facts: readonly Fact[]): readonly JournalRow[] => {
    const rows = appendOrBreak(facts);
    const last = rows.at(-1);
    if (last === undefined) return rows;
    head = { seq: last.seq, hash: last.hash };
    feed.tell(rows);
    return rows;
  });
  const record: Store['record'] = (records, at) => recordAll(records.map((each) => ({ record: each, at })));
  const params = createParamsRepository({ statements, counter, record, warn });

  return {
    record,
    recordAll,
    onCommit: feed.add,
    getMeta: safely((key) => {
      const row = statements('SELECT value FROM meta WHERE key = ?').get(key) as
        | { value: string }
        | undefined;
      return row?.value ?? null;
    }),
    setMeta: safely((key, value) => {
      statements('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(
        key,
        value,
      );
    }),
    settings: safely(reads.settings),
    params: safely(reads.params),
    getParams: safely(params.getParams),
    getAllParams: safely(params.getAllParams),
    updateParams: params.updateParams,
    paramsHistory: safely(params.paramsHistory),
    positions: safely(reads.positions),
    orders: safely(reads.orders),
    fills: safely(reads.fills),
    waves: safely(reads.waves),
    decisions: safely(reads.decisions),
    executedSignalIds: safely(reads.executedSignalIds),
    lastFillTime: safely(reads.lastFillTime),
    hasFill: safely(reads.hasFill),
    fillsLike: safely(reads.fillsLike),
    tradedSince: safely(reads.tradedSince),
    journal: safely(reads.journal),
    searchFills: safely(searches.searchFills),
    searchOrders: safely(searches.searchOrders),
    searchEvents: safely(events.searchEvents),
    ledger: safely(ledger.ledger),
    savePrices: safely(cache.savePrices),
    prices: safely(cache.prices),
    saveCandles: safely(cache.saveCandles),
    candles: safely(cache.candles),
    saveInstruments: safely(cache.saveInstruments),
    instruments: safely(cache.instruments),
    examineRest(tell) {
      if (examined) return () => {};
      const work = examine(db, tell);
      const stop = seams.timers.every(SLICE_EVERY_MS, () => {
        if (work.next().done) stop();
      });
      return stop;
    },
    verify: () => verifyStore(db, migrations),
    close: () => void db.close(),
  };
}
