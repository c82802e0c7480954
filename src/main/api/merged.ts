/** Rows for one reader, merged while it is busy: the newest of each id, in the order in which the ids came up. */
export interface Merged<T> {
  put(row: T): void;
  /** Never empty; ends when the signal aborts. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<readonly T[], void, void>;
}

/** @param gate resolves when the next message may leave after one has left */
export function createMerged<T>(idOf: (row: T) => string, gate: () => Promise<void>): Merged<T> {
  let pending = new Map<string, T>();
  let wake: (() => void) | null = null;
  return {
    put(row) {
      pending.set(idOf(row), row);
      wake?.();
    },
    async *follow(signal) {
      const stop = (): void => wake?.();
      signal?.addEventListener('abort', stop);
      try {
        while (!signal?.aborted) {
          if (pending.size === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = null;
            continue;
          }
          const rows = [...pending.values()];
          pending = new Map();
          yield rows;
          await gate();
        }
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
  };
}
