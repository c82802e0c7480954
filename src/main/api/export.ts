import type { UnixMs } from '#shared/domain/basics';
import type { JournalRow } from '#shared/domain/journal';
import type { Fill, Order } from '#shared/domain/order';
import type { HistoryQuery, Page, Store } from '../store/index';
import { toCsv } from './csv';

const utc = (time: UnixMs): string => new Date(time).toISOString();

const FILL_COLUMNS = [
  { name: 'time_utc', of: (fill: Fill) => utc(fill.venueTime) },
  { name: 'venue', of: (fill: Fill) => fill.venue },
  { name: 'symbol', of: (fill: Fill) => fill.symbol },
  { name: 'side', of: (fill: Fill) => fill.side },
  { name: 'amount_base', of: (fill: Fill) => fill.amount },
  { name: 'price_quote', of: (fill: Fill) => fill.price },
  { name: 'fee', of: (fill: Fill) => fill.fee?.cost ?? null },
  { name: 'fee_currency', of: (fill: Fill) => fill.fee?.currency ?? null },
  { name: 'maker', of: (fill: Fill) => fill.maker },
  { name: 'trade_id', of: (fill: Fill) => fill.tradeId },
  { name: 'order_id', of: (fill: Fill) => fill.venueOrderId },
  { name: 'client_order_id', of: (fill: Fill) => fill.clientOrderId },
];
const ORDER_COLUMNS = [
  { name: 'intended_at_utc', of: (order: Order) => utc(order.intendedAt) },
  { name: 'venue', of: (order: Order) => order.request.venue },
  { name: 'symbol', of: (order: Order) => order.request.symbol },
  { name: 'leg', of: (order: Order) => order.leg },
  { name: 'side', of: (order: Order) => order.request.side },
  { name: 'type', of: (order: Order) => order.request.type },
  { name: 'amount_base', of: (order: Order) => order.request.amount },
  { name: 'price', of: (order: Order) => order.request.price },
  { name: 'trigger_price', of: (order: Order) => order.request.triggerPrice },
  { name: 'reduce_only', of: (order: Order) => order.request.reduceOnly },
  { name: 'status', of: (order: Order) => order.status },
  { name: 'filled_base', of: (order: Order) => order.filled },
  { name: 'average_price', of: (order: Order) => order.averagePrice },
  { name: 'client_order_id', of: (order: Order) => order.request.clientOrderId },
  { name: 'order_id', of: (order: Order) => order.venueOrderId },
  { name: 'note', of: (order: Order) => order.note },
];
const EVENT_COLUMNS = [
  { name: 'seq', of: (row: JournalRow) => row.seq },
  { name: 'wall_utc', of: (row: JournalRow) => utc(row.at.wall) },
  { name: 'market_utc', of: (row: JournalRow) => utc(row.at.market) },
  { name: 'kind', of: (row: JournalRow) => row.record.kind },
  { name: 'body', of: (row: JournalRow) => JSON.stringify(row.record) },
];

const PAGE = 500;

function all<T>(search: (query: HistoryQuery) => Page<T>, text: string | undefined): readonly T[] {
  const rows: T[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = search({ ...(text ? { text } : {}), offset, limit: PAGE });
    rows.push(...page.rows);
    if (page.rows.length < PAGE) return rows;
  }
}

/** Everything that matches, as CSV. `now` only names the file. */
export function exportCsv(
  store: Store,
  what: 'fills' | 'orders' | 'events',
  text: string | undefined,
  now: UnixMs,
) {
  const [csv, rows] =
    what === 'fills'
      ? table(
          FILL_COLUMNS,
          all((query) => store.searchFills(query), text),
        )
      : what === 'orders'
        ? table(
            ORDER_COLUMNS,
            all((query) => store.searchOrders(query), text),
          )
        : table(
            EVENT_COLUMNS,
            all((query) => store.searchEvents(query), text),
          );
  return { fileName: `wavedesk-${what}-${utc(now).slice(0, 10)}.csv`, csv, rows };
}

function table<T>(columns: Parameters<typeof toCsv<T>>[0], rows: readonly T[]): [string, number] {
  return [toCsv(columns, rows), rows.length];
}
