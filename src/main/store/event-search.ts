import type { JournalRow } from '#shared/domain/journal';
import type { RawRow } from './canonical';
import { type Statements, toJournalRow, where } from './queries';
import { conditions } from './search';
import type { EventQuery, Store } from './types';

const EVENT_TEXT = `event_type || ' ' || severity || ' ' || text || ' ' || coalesce(symbol, '') || ' '
  || coalesce(exchange, '') || ' ' || coalesce(order_id, '') || ' ' || coalesce(position_id, '') || ' '
  || coalesce(correlation_id, '')`;
/** Totals remembered, one per filter that was asked for last. */
const REMEMBERED = 32;

/** The index that has every filter of the events screen in it. */
const WIDE = 'INDEXED BY events_by_time';

/**
 * The events screen. Events are only ever added, so a total that was counted once is brought up to date by counting
 * what came after it: paging through a million rows counts them once.
 */
export function createEventSearch(statements: Statements): Pick<Store, 'searchEvents'> {
  const totals = new Map<string, { upTo: number; total: number }>();
  const newestId = statements('SELECT coalesce(max(id), 0) AS id FROM events');
  const journalRow = statements('SELECT * FROM journal WHERE seq = ?');

  return {
    searchEvents(query: EventQuery) {
      const { type, symbol, exchange, correlationId, positionId, olderThan } = query;
      const severity = query.severity?.toUpperCase();
      const filter = where([
        ['correlation_id = ?', correlationId],
        ['position_id = ?', positionId],
        ['event_type = ?', type],
        ['severity = ?', severity],
        ['symbol = ?', symbol],
        ['exchange = ?', exchange],
        ...conditions(query, EVENT_TEXT, 'created_at'),
      ]);
      const named = [type, severity, symbol, exchange].filter((one) => one !== undefined).length;
      const about = correlationId !== undefined || positionId !== undefined;
      // Several common filters at once: one walk over an index that holds them all, instead of a look at each row.
      const index = named > 1 && !about ? WIDE : '';

      const key = JSON.stringify([filter.sql, ...filter.values]);
      const known = totals.get(key) ?? { upTo: 0, total: 0 };
      const upTo = (newestId.get() as { id: number }).id;
      let { total } = known;
      if (upTo > known.upTo) {
        const since = filter.sql === '' ? ' WHERE id > ?' : `${filter.sql} AND id > ?`;
        const how = known.upTo > 0 ? 'NOT INDEXED' : index;
        const found = statements(`SELECT count(*) AS total FROM events ${how}${since}`).get(
          ...filter.values,
          known.upTo,
        ) as { total: number };
        total += found.total;
      }
      totals.delete(key);
      totals.set(key, { upTo, total });
      if (totals.size > REMEMBERED) totals.delete(totals.keys().next().value as string);

      const before = olderThan ? [olderThan.at, olderThan.seq] : [];
      const page = olderThan ? `${filter.sql === '' ? ' WHERE' : ' AND'} (created_at, id) < (?, ?)` : '';
      const ids = statements(
        `SELECT id FROM events ${index}${filter.sql}${page} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
      ).all(...filter.values, ...before, Math.max(0, query.limit), Math.max(0, query.offset)) as {
        id: number;
      }[];
      return {
        total,
        rows: ids.map(({ id }) => toJournalRow(journalRow.get(id) as RawRow) as JournalRow),
      };
    },
  };
}
