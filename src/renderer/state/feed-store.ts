import { create } from 'zustand';
import type { FeedItem } from '#shared/contract/feed';
import type { DeskClient } from '../app/client';
import { applyFeedItem, type Feed } from './feed-reducer';
import { follow } from './follow';
import { perFrame } from './per-frame';

export interface FeedView<T> {
  /** Null until the first snapshot: loading, which is not the same as empty. */
  readonly rows: ReadonlyMap<string, T> | null;
  /** Why the list is not fresh, in words; null when it is. */
  readonly trouble: string | null;
}

/**
 * A store fed by one of the engine's lists. It keeps the last rows when the connection drops (the screen says that
 * they are old) and starts over from a snapshot on a gap. `start` returns its own undo.
 */
export function createFeedStore<T>(
  open: (client: DeskClient, signal: AbortSignal) => Promise<AsyncIterable<FeedItem<T>>>,
  idOf: (row: T) => string,
) {
  const use = create<FeedView<T>>(() => ({ rows: null, trouble: null }));
  let feed: Feed<T> | null = null;
  const publish = perFrame(() => {
    if (feed !== null) use.setState({ rows: feed.rows, trouble: null });
  });
  const start = () =>
    follow(
      open,
      (item) => {
        const next = applyFeedItem(feed, item, idOf);
        if (next === 'gap') {
          feed = null;
          return 'restart';
        }
        feed = next;
        publish();
        return undefined;
      },
      (trouble) => use.setState({ trouble }),
    );
  return { use, start };
}
