import type Database from 'better-sqlite3';
import { ALIKE_WITHIN_MS, hasTradeId, isAlike } from '#shared/domain/fill-identity';
import type { Fill, OrderStatus } from '#shared/domain/order';
import { isEnded, ORDER_TRANSITIONS } from '#shared/domain/order-machine';
import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import type { RawRow } from './canonical';
import type { Cell } from './rows';
import type { Store } from './types';

type Reads = Pick<
  Store,
  | 'settings'
  | 'params'
  | 'positions'
  | 'orders'
  | 'fills'
  | 'waves'
  | 'decisions'
  | 'executedSignalIds'
  | 'lastFillTime'
  | 'hasFill'
  | 'fillsLike'
  | 'tradedSince'
  | 'journal'
>;

/** The SQL condition and its values; all conditions must hold. */
export interface Where {
  readonly sql: string;
  readonly values: readonly Cell[];
}
/** Joins the conditions that apply; a condition is left out when its value is undefined. */
export function where(conditions: readonly (readonly [string, Cell | undefined])[]): Where {
  const used = conditions.filter(
    (condition): condition is readonly [string, Cell] => condition[1] !== undefined,
  );
  return {
    sql: used.length === 0 ? '' : ` WHERE ${used.map(([sql]) => sql).join(' AND ')}`,
    values: used.map(([, value]) => value),
  };
}

const listed = (statuses: readonly string[]): string => statuses.map((status) => `'${status}'`).join(', ');
const OPEN_ORDERS = listed(
  (Object.keys(ORDER_TRANSITIONS) as OrderStatus[]).filter((status) => !isEnded(status)),
);
const OPEN_POSITIONS = listed([...OPEN_POSITION_STATUSES]);

/** "Open or not". Written so that the index on status serves the short list of what is open. */
const openIs = (statuses: string, open: boolean | undefined): readonly [string, Cell | undefined] => [
  `status ${open ? 'IN' : 'NOT IN'} (${statuses}) AND ? IN (0, 1)`,
  open === undefined ? undefined : Number(open),
];

export const toJournalRow = (row: RawRow) => ({
  seq: row.seq,
  at: { wall: row.at_wall, market: row.at_market },
  record: JSON.parse(row.body),
  hash: row.hash,
});

/** Statements by their text: each is prepared once. */
export function createStatements(db: Database.Database) {
  const prepared = new Map<string, Database.Statement<Cell[]>>();
  return (sql: string): Database.Statement<Cell[]> => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = db.prepare<Cell[]>(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
}
export type Statements = ReturnType<typeof createStatements>;

const EVERYTHING = -1;

export function createQueries(statements: Statements): Reads {
  function images<T>(from: string, { sql, values }: Where, order: string, limit = EVERYTHING): T[] {
    const query = statements(`SELECT image FROM ${from}${sql} ORDER BY ${order} LIMIT ?`);
    return (query.all(...values, limit) as { image: string }[]).map((row) => JSON.parse(row.image) as T);
  }
  const none = where([]);

  return {
    settings: () => images<never>('settings', none, 'id')[0] ?? null,
    params: () => images('params', { sql: ' WHERE image IS NOT NULL', values: [] }, 'exchange_id'),
    positions: ({ open, limit }) =>
      images('positions', where([openIs(OPEN_POSITIONS, open)]), 'opened_at DESC, id DESC', limit),
    orders: ({ positionId, open, limit }) =>
      images(
        'orders',
        where([['position_id = ?', positionId], openIs(OPEN_ORDERS, open)]),
        'intended_at DESC, seq DESC',
        limit,
      ),
    fills: ({ positionId, since, limit }) =>
      images(
        'fills',
        where([
          ['position_id = ?', positionId],
          ['timestamp >= ?', since],
        ]),
        'timestamp DESC, seq DESC',
        limit,
      ),
    waves: (limit) => images('waves', none, 'wave_time DESC', limit),
    decisions: ({ waveTime, signalId, limit }) =>
      images(
        'decisions',
        where([
          ['wave_time = ?', waveTime],
          ['signal_id = ?', signalId],
        ]),
        'decided_at DESC, signal_id DESC',
        limit,
      ),
    executedSignalIds() {
      const rows = statements(
        `SELECT signal_id AS id FROM decisions WHERE fate IN ('opening', 'executed')
         UNION SELECT signal_id FROM positions WHERE signal_id IS NOT NULL`,
      ).all() as { id: number }[];
      return new Set(rows.map((row) => row.id));
    },
    lastFillTime(venue) {
      const row = statements('SELECT max(timestamp) AS at FROM fills WHERE venue = ?').get(venue) as {
        at: never;
      };
      return row.at;
    },
    hasFill: ({ venue, symbol, tradeId }) =>
      statements('SELECT 1 FROM fills WHERE venue = ? AND symbol = ? AND trade_id = ?').get(
        venue,
        symbol,
        tradeId,
      ) !== undefined,
    fillsLike(fill) {
      // The index of fills' names is in order, and no trade id of an exchange comes after the mark. Said outright:
      // by time SQLite would read every fill of the last second, for each fill.
      const [index, named] = hasTradeId(fill)
        ? ['INDEXED BY one_row_per_fill', "AND trade_id >= '~'"]
        : ['INDEXED BY fills_by_venue_time', ''];
      const rows = statements(
        `SELECT image FROM fills ${index} WHERE venue = ? AND symbol = ? ${named} AND timestamp BETWEEN ? AND ?`,
      ).all(fill.venue, fill.symbol, fill.venueTime - ALIKE_WITHIN_MS, fill.venueTime + ALIKE_WITHIN_MS);
      return (rows as { image: string }[])
        .map((row) => JSON.parse(row.image) as Fill)
        .filter((row) => isAlike(fill, row));
    },
    tradedSince: (venue, since) =>
      statements(
        'SELECT symbol, max(timestamp) AS at FROM fills WHERE venue = ? AND timestamp >= ? GROUP BY symbol',
      ).all(venue, since) as never,
    journal: (fromSeq, limit) =>
      (
        statements('SELECT * FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?').all(
          fromSeq,
          limit,
        ) as RawRow[]
      ).map((row) => toJournalRow(row) as never),
  };
}
