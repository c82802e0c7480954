import type { Timers, Undo } from '../seams/index';

/** No screen sees one market change more often: 20 times a second. */
export const PUSH_MS = 50;
const MOST_FAILURES = 5;
const BACK_OFF_MS = 5_000;

export interface PushParts<T> {
  readonly timers: Timers;
  readonly idOf: (row: T) => string;
  /** Begins to hear of changes, with what is known now told first; returns its undo. */
  listen(take: (rows: readonly T[]) => void): Undo;
  /** Hands merged rows on. */
  deliver(rows: readonly T[]): void;
  /** Hears once when pushing backs off. */
  failed(error: unknown): void;
}

/**
 * Carries market data towards the screens: only while somebody looks, each row at most every 50 ms and then as it is
 * by then. After five failures in a row it leaves off for 5 s and goes on with the newest.
 */
export function createPush<T>({ timers, idOf, listen, deliver, failed }: PushParts<T>) {
  const pending = new Map<string, T>();
  let undoListen: Undo | null = null;
  let undoTimer: Undo | null = null;
  let failures = 0;

  const flush = (): void => {
    undoTimer = null;
    if (pending.size === 0) return;
    const rows = [...pending.values()];
    pending.clear();
    let waitMs = PUSH_MS;
    try {
      deliver(rows);
      failures = 0;
    } catch (error) {
      // Kept for the next time, unless it has changed again by then.
      for (const row of rows) if (!pending.has(idOf(row))) pending.set(idOf(row), row);
      if (++failures % MOST_FAILURES === 0) {
        waitMs = BACK_OFF_MS;
        failed(error);
      }
    }
    undoTimer = timers.after(waitMs, flush);
  };
  const take = (rows: readonly T[]): void => {
    for (const row of rows) pending.set(idOf(row), row);
    // A market that was quiet is shown at once; the timer that runs then spaces what follows.
    if (undoTimer === null) flush();
  };
  const stop = (): void => {
    undoListen?.();
    undoListen = null;
    undoTimer?.();
    undoTimer = null;
    pending.clear();
    failures = 0;
  };
  return {
    /** Begins with the first reader and ends with the last. */
    readers(count: number): void {
      if (count === 0) stop();
      else undoListen ??= listen(take);
    },
    isRunning: (): boolean => undoListen !== null,
    close: stop,
  };
}
