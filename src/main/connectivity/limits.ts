/** The figures every link lives by. Times in milliseconds. */
export interface Limits {
  /** Waits between attempts; the last one repeats. Counted anew only after real data. */
  readonly backoffMs: readonly number[];
  /** Attempts on one host keep at least this distance, so that they do not all come back in the same second. */
  readonly staggerMs: number;
  readonly maxFrameBytes: number;
  /** From the first step of an attempt until it is ready for topics. */
  readonly readyWithinMs: number;
  readonly heartbeat: { readonly pingEveryMs: number; readonly pongWithinMs: number };
}

export const DEFAULT_LIMITS: Limits = {
  backoffMs: [5_000, 10_000, 20_000, 40_000, 60_000],
  staggerMs: 1_000,
  maxFrameBytes: 10_485_760,
  readyWithinMs: 30_000,
  heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
};

/** The wait before the next attempt when `failures` in a row came before this one. */
export const backoff = (table: readonly number[], failures: number): number =>
  table[Math.min(failures, table.length - 1)] ?? 0;
