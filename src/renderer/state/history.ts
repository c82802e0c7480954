import type { HistoryPage } from '#shared/contract/history';
import type { JournalRow } from '#shared/domain/journal';
import type { Fill, Order } from '#shared/domain/order';
import { client } from './session';

export type HistoryKind = 'fills' | 'orders' | 'events';
export interface HistoryRows {
  readonly fills: Fill;
  readonly orders: Order;
  readonly events: JournalRow;
}
export const HISTORY_PAGE = 200;

/** One page of the local history, newest first. Needs the engine, no network. @throws OfflineError */
export async function historyPage<K extends HistoryKind>(
  kind: K,
  text: string,
  offset: number,
  limit = HISTORY_PAGE,
): Promise<HistoryPage<HistoryRows[K]>> {
  const query = { offset, limit, ...(text === '' ? {} : { text }) };
  const page = await client().history[kind](query);
  return page as HistoryPage<HistoryRows[K]>;
}

/** Everything that matches as a CSV file. @throws OfflineError */
export const historyCsv = (what: HistoryKind, text: string) =>
  client().history.exportCsv({ what, ...(text === '' ? {} : { text }) });
