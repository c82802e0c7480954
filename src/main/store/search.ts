import type { JournalRow } from '#shared/domain/journal';
import type { RawRow } from './canonical';
import { type Statements, toJournalRow, type Where, where } from './queries';
import type { HistoryQuery, Page, Store } from './types';

type Searches = Pick<Store, 'searchFills' | 'searchOrders' | 'searchEvents'>;

const FILL_TEXT = `symbol || ' ' || exchange || ' ' || venue || ' ' || side || ' ' || trade_id || ' ' || order_id
  || ' ' || coalesce(client_order_id, '') || ' ' || coalesce(position_id, '')`;
const ORDER_TEXT = `symbol || ' ' || exchange || ' ' || venue || ' ' || side || ' ' || type || ' ' || status
  || ' ' || leg || ' ' || client_order_id || ' ' || coalesce(order_id, '') || ' ' || position_id`;
const EVENT_TEXT = `event_type || ' ' || severity || ' ' || text || ' ' || coalesce(symbol, '') || ' '
  || coalesce(exchange, '') || ' ' || coalesce(order_id, '') || ' ' || coalesce(position_id, '') || ' '
  || coalesce(correlation_id, '')`;

/** The text as a LIKE pattern in which nothing but itself matches. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`;

function conditions(query: HistoryQuery, textOf: string, timeColumn: string): Parameters<typeof where>[0] {
  const text = query.text?.trim();
  return [
    [`(${textOf}) LIKE ? ESCAPE '\\'`, text ? containing(text) : undefined],
    [`${timeColumn} >= ?`, query.from],
    [`${timeColumn} <= ?`, query.to],
  ];
}

/** Searches of the history screen. Text ignores case of A–Z; `from` and `to` are both included. */
export function createSearches(statements: Statements): Searches {
  function page(table: string, columns: string, { sql, values }: Where, order: string, query: HistoryQuery) {
    const { total } = statements(`SELECT count(*) AS total FROM ${table}${sql}`).get(...values) as {
      total: number;
    };
    const rows = statements(`SELECT ${columns} FROM ${table}${sql} ORDER BY ${order} LIMIT ? OFFSET ?`).all(
      ...values,
      Math.max(0, query.limit),
      Math.max(0, query.offset),
    );
    return { total, rows };
  }
  function images<T>(table: string, textOf: string, time: string, query: HistoryQuery): Page<T> {
    const found = page(
      table,
      'image',
      where(conditions(query, textOf, time)),
      `${time} DESC, seq DESC`,
      query,
    );
    return {
      total: found.total,
      rows: (found.rows as { image: string }[]).map((row) => JSON.parse(row.image) as T),
    };
  }

  return {
    searchFills: (query) => images('fills', FILL_TEXT, 'timestamp', query),
    searchOrders: (query) => images('orders', ORDER_TEXT, 'intended_at', query),
    searchEvents(query) {
      const filter = where([
        ['event_type = ?', query.type],
        ['severity = ?', query.severity],
        ...conditions(query, EVENT_TEXT, 'created_at'),
      ]);
      const found = page('events', 'id', filter, 'created_at DESC, id DESC', query);
      const row = statements('SELECT * FROM journal WHERE seq = ?');
      return {
        total: found.total,
        rows: (found.rows as { id: number }[]).map(
          ({ id }) => toJournalRow(row.get(id) as RawRow) as JournalRow,
        ),
      };
    },
  };
}
