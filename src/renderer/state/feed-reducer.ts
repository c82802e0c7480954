import type { FeedItem } from '#shared/contract/feed';

/** Rows by id as of change number `seq`. */
export interface Feed<T> {
  readonly seq: number;
  readonly rows: ReadonlyMap<string, T>;
}

/**
 * The list after one more item, or 'gap' when the item does not follow the last one: the reader then has to start
 * over with a fresh snapshot, because a missing change cannot be guessed.
 */
export function applyFeedItem<T>(
  feed: Feed<T> | null,
  item: FeedItem<T>,
  idOf: (row: T) => string,
): Feed<T> | 'gap' {
  if (item.kind === 'snapshot') {
    return { seq: item.seq, rows: new Map(item.rows.map((row) => [idOf(row), row])) };
  }
  if (feed === null || item.seq !== feed.seq + 1) return 'gap';
  const rows = new Map(feed.rows);
  for (const row of item.put) rows.set(idOf(row), row);
  for (const id of item.gone) rows.delete(id);
  return { seq: item.seq, rows };
}
