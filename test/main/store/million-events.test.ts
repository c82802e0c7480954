import { expect, it } from 'vitest';
import { openDatabase } from '#main/store/open-database';
import { createStore } from '#main/store/store';
import { unixMs } from '#shared/domain/basics';
import { migrations, seams } from './world';

const ROWS = 1_000_000;
const T0 = 1_700_000_000_000;
const EVERY_MS = 60;
/** What a person feels as a freeze; measured pages take a tenth of it and less. */
const FREEZE_MS = 1_000;
const PAGE = 100;

/** Events made by SQL, and the journal rows behind the pages that are read. */
function createMillion() {
  const db = openDatabase({ file: ':memory:', seams, migrations });
  db.pragma('foreign_keys = OFF');
  const rows = `WITH RECURSIVE rows (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows WHERE n < ${ROWS})`;
  db.exec(`${rows}
    INSERT INTO events (id, event_type, event_data, severity, text, symbol, exchange, created_at)
    SELECT n, CASE n % 4 WHEN 0 THEN 'order_changed' WHEN 1 THEN 'decision_made' WHEN 2 THEN 'fill_applied'
      ELSE 'position_changed' END, '{}', CASE n % 50 WHEN 0 THEN 'WARNING' ELSE 'INFO' END, 'text', 'C' || (n % 500),
      CASE n % 2 WHEN 0 THEN 'binance' ELSE 'bybit' END, ${T0} + n * ${EVERY_MS} FROM rows`);
  db.exec(`${rows}
    INSERT INTO journal SELECT n, ${T0}, ${T0}, 'event', '{"kind":"event","n":' || n || '}',
      printf('%064d', n - 1), printf('%064d', n) FROM rows
    WHERE n <= 60000 OR n > ${ROWS - 60_000} OR abs(n - ${ROWS / 2}) <= 60000`);
  return { db, store: createStore(db, { file: ':memory:', seams, migrations }) };
}

it('M-114 pages through a million events by any filter without a freeze, from the first page to the last', {
  timeout: 120_000,
}, () => {
  const { db, store } = createMillion();
  const search = (query: Partial<Parameters<typeof store.searchEvents>[0]>) => {
    const start = performance.now();
    const page = store.searchEvents({ offset: 0, limit: PAGE, ...query });
    expect(performance.now() - start).toBeLessThan(FREEZE_MS);
    return { total: page.total, seqs: page.rows.map(({ seq }) => seq) };
  };
  const newestFirst = (from: number, step = 1) => Array.from({ length: PAGE }, (_, n) => from - n * step);

  expect(search({})).toEqual({ total: ROWS, seqs: newestFirst(ROWS) });
  expect(search({ offset: ROWS / 2 }).seqs).toEqual(newestFirst(ROWS / 2));
  expect(search({ offset: ROWS - PAGE }).seqs).toEqual(newestFirst(PAGE));
  const middle = { at: unixMs(T0 + (ROWS / 2 + 1) * EVERY_MS), seq: ROWS / 2 + 1 };
  expect(search({ olderThan: middle }).seqs).toEqual(newestFirst(ROWS / 2));

  expect(search({ type: 'order_changed' })).toEqual({ total: ROWS / 4, seqs: newestFirst(ROWS, 4) });
  expect(search({ severity: 'warning' })).toEqual({ total: ROWS / 50, seqs: newestFirst(ROWS, 50) });
  expect(search({ exchange: 'binance' })).toEqual({ total: ROWS / 2, seqs: newestFirst(ROWS, 2) });
  expect(search({ symbol: 'C0' })).toEqual({ total: ROWS / 500, seqs: newestFirst(ROWS, 500) });
  expect(search({ symbol: 'C0', type: 'order_changed', severity: 'warning', exchange: 'binance' })).toEqual({
    total: ROWS / 500,
    seqs: newestFirst(ROWS, 500),
  });
  const to = unixMs(T0 + (ROWS / 2) * EVERY_MS);
  expect(search({ to })).toEqual({ total: ROWS / 2, seqs: newestFirst(ROWS / 2) });
  expect(search({ from: to, to }).total).toBe(1);
  db.close();
});
