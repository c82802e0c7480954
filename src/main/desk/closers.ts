/** What was opened and must be closed, last opened first. */
export interface Closers {
  add(close: () => unknown): void;
  /** Closes all but the first `keep`; one that fails does not keep the others open. */
  close(keep?: number): Promise<void>;
}

export function createClosers(): Closers {
  const closers: (() => unknown)[] = [];
  return {
    add: (close) => void closers.push(close),
    async close(keep = 0) {
      for (const close of closers.splice(keep).reverse()) {
        try {
          await close();
        } catch {
          // Closing goes on: what matters was on disk before.
        }
      }
    },
  };
}
