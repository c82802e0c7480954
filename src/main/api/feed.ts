import type { FeedItem } from '#shared/contract/feed';

/** A keyed list that any number of screens can follow; slow readers get merged changes, never a growing queue. */
export interface Feed<T> {
  put(rows: readonly T[]): void;
  remove(ids: readonly string[]): void;
  /** Snapshot first, then numbered changes; ends when the signal aborts. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<FeedItem<T>, void, void>;
  rows(): readonly T[];
  /** Hears how many readers there will be, before one begins and after one ends. Returns its undo. */
  onReaders(listener: (count: number) => void): () => void;
}

interface Reader<T> {
  pending: Map<string, T | null>;
  wake: (() => void) | null;
}

/**
 * @param idOf stable id of a row
 * @param gate called when a reader has news; resolves when the next message may leave (16 ms for prices)
 */
export function createFeed<T>(idOf: (row: T) => string, gate?: () => Promise<void>): Feed<T> {
  const rows = new Map<string, T>();
  const readers = new Set<Reader<T>>();
  const counters = new Set<{ hear(count: number): void }>();
  const tellCount = (count: number): void => {
    for (const counter of counters) counter.hear(count);
  };

  const note = (id: string, row: T | null): void => {
    for (const reader of readers) {
      reader.pending.set(id, row);
      reader.wake?.();
    }
  };

  return {
    put(changed) {
      for (const row of changed) {
        rows.set(idOf(row), row);
        note(idOf(row), row);
      }
    },
    remove(ids) {
      for (const id of ids) if (rows.delete(id)) note(id, null);
    },
    rows: () => [...rows.values()],
    onReaders(hear) {
      const counter = { hear };
      counters.add(counter);
      return () => void counters.delete(counter);
    },
    async *follow(signal) {
      const reader: Reader<T> = { pending: new Map(), wake: null };
      tellCount(readers.size + 1);
      readers.add(reader);
      const stop = () => reader.wake?.();
      signal?.addEventListener('abort', stop);
      try {
        let seq = 0;
        yield { seq: seq++, kind: 'snapshot', rows: [...rows.values()] };
        while (!signal?.aborted) {
          if (reader.pending.size === 0) {
            await new Promise<void>((resolve) => {
              reader.wake = resolve;
            });
            reader.wake = null;
            continue;
          }
          await gate?.();
          const changes = reader.pending;
          reader.pending = new Map();
          const put: T[] = [];
          const gone: string[] = [];
          for (const [id, row] of changes) row === null ? gone.push(id) : put.push(row);
          yield { seq: seq++, kind: 'change', put, gone };
        }
      } finally {
        readers.delete(reader);
        tellCount(readers.size);
        signal?.removeEventListener('abort', stop);
      }
    },
  };
}

/** A single value that screens follow; only the newest matters. */
export interface Latest<T> {
  set(value: T): void;
  get(): T | undefined;
  follow(signal: AbortSignal | undefined): AsyncGenerator<T, void, void>;
}

/** @param gate as in {@link createFeed} */
export function createLatest<T>(gate?: () => Promise<void>): Latest<T> {
  let value: T | undefined;
  let version = 0;
  const wakers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      version++;
      for (const wake of wakers) wake();
    },
    async *follow(signal) {
      let seen = 0;
      while (!signal?.aborted) {
        if (version === seen) {
          await new Promise<void>((resolve) => {
            const wake = () => {
              wakers.delete(wake);
              signal?.removeEventListener('abort', wake);
              resolve();
            };
            wakers.add(wake);
            signal?.addEventListener('abort', wake);
          });
          continue;
        }
        if (seen > 0) await gate?.();
        seen = version;
        yield value as T;
      }
    },
  };
}
