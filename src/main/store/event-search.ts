import type { JournalRow } from '#shared/domain/journal';
import type { RawRow } from './canonical';
import { type Statements, toJournalRow, type Where, where } from './queries';
import { conditions, fromNearerEnd } from './search';
import type { EventQuery, Store } from './types';

const EVENT_TEXT = `event_type || ' ' || severity || ' ' || text || ' ' || coalesce(symbol, '') || ' '
  || coalesce(exchange, '') || ' ' || coalesce(order_id, '') || ' ' || coalesce(position_id, '') || ' '
  || coalesce(correlation_id, '')`;
/** Totals remembered, one per filter that was asked for last. */
const REMEMBERED = 32;

/** The index to read where SQLite, which keeps no statistics here, would take a worse one; '' leaves it the choice. */
function indexFor(query: EventQuery): string {
  const { type, severity, symbol, exchange, correlationId, positionId } = query;
  if (correlationId !== undefined || positionId !== undefined) return '';
  if (symbol !== undefined) return 'INDEXED BY events_by_symbol';
  const named = [type, severity, exchange].filter((one) => one !== undefined).length;
  if (named === 0 && !query.text?.trim()) return 'INDEXED BY events_by_moment';
  return named > 1 ? 'INDEXED BY events_by_time' : '';
}

/**
 * The events screen. Events are only ever added, so a total that was counted once is brought up to date by counting
 * what came after it: paging through a million rows counts them once.
 */
export function createEventSearch(statements: Statements): Pick<Store, 'searchEvents'> {
  const totals = new Map<string, { upTo: number; total: number }>();
  const newestId = statements('SELECT coalesce(max(id), 0) AS id FROM events');
  const journalRow = statements('SELECT * FROM journal WHERE seq = ?');

  function totalOf({ sql, values }: Where, index: string, newest: number, remembered: boolean): number {
    const key = JSON.stringify([sql, ...values]);
    const known = (remembered ? totals.get(key) : undefined) ?? { upTo: 0, total: 0 };
    let { total } = known;
    if (newest > known.upTo) {
      // The few that came since are found by their numbers.
      const how = known.upTo > 0 ? 'NOT INDEXED' : index;
      const since = `${sql === '' ? ' WHERE' : `${sql} AND`} id > ?`;
      const query = statements(`SELECT count(*) AS total FROM events ${how}${since}`);
      total += (query.get(...values, known.upTo) as { total: number }).total;
    }
    totals.delete(key);
    totals.set(key, { upTo: newest, total });
    if (totals.size > REMEMBERED) totals.delete(totals.keys().next().value as string);
    return total;
  }

  return {
    searchEvents(query: EventQuery) {
      const { type, symbol, exchange, correlationId, positionId, olderThan, searchNewest } = query;
      const newest = (newestId.get() as { id: number }).id;
      const text = query.text?.trim();
      const unsearched = text && searchNewest !== undefined ? newest - searchNewest : 0;
      const filter = where([
        ['correlation_id = ?', correlationId],
        ['position_id = ?', positionId],
        ['event_type = ?', type],
        ['severity = ?', query.severity?.toUpperCase()],
        ['symbol = ?', symbol],
        ['exchange = ?', exchange],
        ['id > ?', unsearched > 0 ? unsearched : undefined],
        ...conditions(query, EVENT_TEXT, 'created_at'),
      ]);
      const index = unsearched > 0 ? 'NOT INDEXED' : indexFor(query);
      // A line may get its correlation id after it was written, when its position comes.
      const total = totalOf(filter, index, newest, correlationId === undefined);

      const page = olderThan
        ? { order: 'DESC', offset: 0, limit: Math.min(Math.max(0, query.limit), total) }
        : fromNearerEnd(total, query);
      const before = olderThan
        ? `${filter.sql === '' ? ' WHERE' : `${filter.sql} AND`} (created_at, id) < (?, ?)`
        : filter.sql;
      const ids = statements(
        `SELECT id FROM events ${index}${before} ORDER BY created_at ${page.order}, id ${page.order} LIMIT ? OFFSET ?`,
      ).all(
        ...filter.values,
        ...(olderThan ? [olderThan.at, olderThan.seq] : []),
        page.limit,
        page.offset,
      ) as { id: number }[];
      if (page.order === 'ASC') ids.reverse();
      return {
        total,
        rows: ids.map(({ id }) => toJournalRow(journalRow.get(id) as RawRow) as JournalRow),
        ...(unsearched > 0 ? { notSearchedUpTo: unsearched } : {}),
      };
    },
  };
}
