import { type Statements, type Where, where } from './queries';
import type { HistoryQuery, Page, Store } from './types';

type Searches = Pick<Store, 'searchFills' | 'searchOrders'>;

const FILL_TEXT = `symbol || ' ' || exchange || ' ' || venue || ' ' || side || ' ' || trade_id || ' ' || order_id
  || ' ' || coalesce(client_order_id, '') || ' ' || coalesce(position_id, '')`;
const ORDER_TEXT = `symbol || ' ' || exchange || ' ' || venue || ' ' || side || ' ' || type || ' ' || status
  || ' ' || leg || ' ' || client_order_id || ' ' || coalesce(order_id, '') || ' ' || position_id`;
/** The text as a LIKE pattern in which nothing but itself matches. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`;

export function conditions(
  query: HistoryQuery,
  textOf: string,
  timeColumn: string,
): Parameters<typeof where>[0] {
  const text = query.text?.trim();
  return [
    [`(${textOf}) LIKE ? ESCAPE '\\'`, text ? containing(text) : undefined],
    [`${timeColumn} >= ?`, query.from],
    [`${timeColumn} <= ?`, query.to],
  ];
}

/** How to read one page of a sorted list whose length is known: from its nearer end, and never past the last match. */
export function fromNearerEnd(
  total: number,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { readonly order: 'ASC' | 'DESC'; readonly offset: number; readonly limit: number } {
  const start = Math.min(Math.max(0, offset), total);
  const length = Math.min(Math.max(0, limit), total - start);
  return start > total / 2
    ? { order: 'ASC', offset: total - start - length, limit: length }
    : { order: 'DESC', offset: start, limit: length };
}

/** Searches of fills and orders on the history screen. Text ignores case of A–Z; `from` and `to` are both included. */
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
  };
}
