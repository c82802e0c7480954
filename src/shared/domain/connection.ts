import type { UnixMs } from './basics';
import type { VenueKey } from './exchange';

export type LinkState =
  | 'idle'
  | 'connecting'
  | 'authenticating'
  | 'live'
  | 'stale'
  | 'waiting'
  | 'refused'
  | 'closed';

/** The five states people and reports know. */
export type ConnectionState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting' | 'error';

/** Open: the host failed too often and is left alone. Half-open: one attempt shows whether it works again. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** One socket as the Connections panel shows it. Ages are computed by the reader from wall times. */
export interface LinkStatus {
  /** "binance_future public", "signals" … */
  readonly key: string;
  readonly state: LinkState;
  readonly since: UnixMs;
  /** Since when it is up without a break (a planned renewal is none); null while it is not. */
  readonly connectedAt: UnixMs | null;
  /** Host and port that were dialled last; null before the first time. */
  readonly host: string | null;
  readonly circuit: CircuitState;
  readonly users: number;
  readonly streams: readonly StreamStatus[];
  readonly lastMessageAt: UnixMs | null;
  readonly messages: number;
  readonly bytes: number;
  /** Messages per second over the last 10 s; null before 1 s of life. */
  readonly rate: number | null;
  /** Attempts after the first, with the running one. */
  readonly reconnects: number;
  /** Of them, those that went live, planned renewals among them … */
  readonly reconnected: number;
  /** … and those that did not. */
  readonly reconnectsFailed: number;
  readonly badFrames: number;
  /** Wall time of the next attempt when state is 'waiting'. */
  readonly nextAttemptAt: UnixMs | null;
  readonly roundTripMs: number | null;
  readonly trend: LinkTrend;
  /** The connection ended as its exchange had announced (24 h, maintenance): nothing to worry about. */
  readonly planned: boolean;
  /** What went wrong last, for people; null when nothing has. */
  readonly problem: string | null;
}
export interface StreamStatus {
  readonly name: string;
  readonly users: number;
  readonly lastMessageAt: UnixMs | null;
  /** Why the exchange does not deliver it; null when it has not refused. */
  readonly refused: string | null;
  /** It promises data and brings none; asked for again. */
  readonly silent: boolean;
}
/** The last five minutes in equal slots, oldest first; the running slot is left out. */
export interface LinkTrend {
  readonly slotMs: number;
  /** Messages per second. */
  readonly rate: readonly number[];
  /** Slowest round trip of each slot; null where none was measured. */
  readonly roundTripMs: readonly (number | null)[];
}

/** How far an exchange's clock is from ours, as measured last. */
export interface VenueClock {
  readonly venue: VenueKey;
  /** Exchange minus ours; null while it was never measured. */
  readonly offsetMs: number | null;
  readonly roundTripMs: number | null;
  readonly measuredAt: UnixMs | null;
  /** Why the newest measurement failed; null when it did not. */
  readonly problem: string | null;
}
/** A difference above this is made up for in signatures. */
export const CLOCK_COMPENSATED_MS = 1_000;
/** A difference above this is shown as a warning: candles, waves and ages are then off by as much. */
export const CLOCK_WARNING_MS = 10_000;

/**
 * Connected means signed in, and for an account that the exchange has confirmed its channels: a socket alone is not
 * enough. Waiting for the next attempt is part of reconnecting.
 */
export function connectionState({
  state,
  reconnects,
}: Pick<LinkStatus, 'state' | 'reconnects'>): ConnectionState {
  switch (state) {
    case 'idle':
    case 'closed':
      return 'disconnected';
    case 'connecting':
    case 'authenticating':
      return reconnects > 0 ? 'reconnecting' : 'connecting';
    case 'waiting':
      return 'reconnecting';
    case 'live':
    case 'stale':
      return 'connected';
    case 'refused':
      return 'error';
  }
}
