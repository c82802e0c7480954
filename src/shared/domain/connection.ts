import type { UnixMs } from './basics';

export type LinkState =
  | 'idle'
  | 'connecting'
  | 'authenticating'
  | 'live'
  | 'stale'
  | 'waiting'
  | 'refused'
  | 'closed';

/** One socket as the Connections panel shows it. Ages are computed by the reader from wall times. */
export interface LinkStatus {
  /** "binance_future public", "signals" … */
  readonly key: string;
  readonly state: LinkState;
  readonly since: UnixMs;
  readonly users: number;
  readonly streams: readonly StreamStatus[];
  readonly lastMessageAt: UnixMs | null;
  readonly messages: number;
  readonly bytes: number;
  /** Messages per second over the last 10 s; null before 1 s of life. */
  readonly rate: number | null;
  readonly reconnects: number;
  readonly badFrames: number;
  /** Wall time of the next attempt when state is 'waiting'. */
  readonly nextAttemptAt: UnixMs | null;
  readonly roundTripMs: number | null;
  /** What went wrong last, for people; null when nothing has. */
  readonly problem: string | null;
}
export interface StreamStatus {
  readonly name: string;
  readonly users: number;
  readonly lastMessageAt: UnixMs | null;
}
