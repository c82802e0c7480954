/** The figures every link lives by. Times in milliseconds. */
export interface Limits {
  /** Waits between attempts; the last one repeats. Counted anew only after real data, or a line that held. */
  readonly backoffMs: readonly number[];
  /** Attempts on one host keep at least this distance, so that they do not all come back in the same second. */
  readonly staggerMs: number;
  /** Attempts on one host in a minute: half of the strictest limit known (Bitget, Binance: 300 in 5 minutes). */
  readonly dialsPerMinute: number;
  readonly maxFrameBytes: number;
  /** From the first step of an attempt until it is ready for topics; also the longest dialling. */
  readonly readyWithinMs: number;
  /** A dialling without an answer is told to people after this long. */
  readonly slowAfterMs: number;
  /** How long the other side may take over a goodbye before the connection is dropped. */
  readonly closeWithinMs: number;
  /** The same for a socket that nobody uses any more. */
  readonly leaveWithinMs: number;
  /** A line that held this long worked; one that ended sooner failed, whatever it brought. */
  readonly steadyAfterMs: number;
  /** So many failures of one host within the time open its circuit; then one probe each `probeAfterMs`. */
  readonly breaker: {
    readonly failures: number;
    readonly withinMs: number;
    readonly probeAfterMs: number;
  };
  /** No topic counts as silent sooner, whatever its exchange promises: for a practice exchange that is slowed down. */
  readonly leastSilenceMs: number;
  /** How long an old socket stays at most beside its successor. */
  readonly overlapMs: number;
  /** How long a successor's messages wait at most for the old socket to come as far. */
  readonly holdMs: number;
  readonly heartbeat: { readonly pingEveryMs: number; readonly pongWithinMs: number };
}

export const DEFAULT_LIMITS: Limits = {
  backoffMs: [5_000, 10_000, 20_000, 40_000, 60_000],
  staggerMs: 1_000,
  dialsPerMinute: 30,
  maxFrameBytes: 10_485_760,
  readyWithinMs: 30_000,
  slowAfterMs: 3_000,
  closeWithinMs: 5_000,
  leaveWithinMs: 2_000,
  steadyAfterMs: 30_000,
  breaker: { failures: 5, withinMs: 600_000, probeAfterMs: 60_000 },
  leastSilenceMs: 0,
  overlapMs: 10_000,
  holdMs: 500,
  heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
};

/** The wait before the next attempt when `failures` in a row came before this one. */
export const backoff = (table: readonly number[], failures: number): number =>
  table[Math.min(failures, table.length - 1)] ?? 0;
