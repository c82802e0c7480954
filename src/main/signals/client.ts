import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { LinkStatus } from '#shared/domain/connection';
import type { MarketKind } from '#shared/domain/exchange';
import type { BadSignal, Signal } from '#shared/domain/signal';
import { adaptSnapshot } from './adapter';
import { createSignalBuffer } from './buffer';
import { GET_SIGNALS } from './frames';
import type { SignalLink, SignalProtocol } from './link-port';
import { type SignalSession, signalProtocol } from './protocol';
import { createSequence } from './sequence';

/** A question is not asked again before this, unless it was answered; a fast market clock asks hundreds a second. */
const ANSWER_WITHIN_MS = 1_000;
/** Of one snapshot; the counter counts all. */
const BAD_REPORTED = 100;

export interface SignalClientOptions {
  /** The pool's `link`. */
  link(protocol: SignalProtocol): SignalLink;
  readonly url: string;
  /** Read at each handshake, never kept. */
  token(): string;
  /** Which market the signals are about. */
  readonly market: MarketKind;
  /** Wall time. */
  now(): UnixMs;
  /** After each snapshot: all of the buffer, best first, and what could not be read (at most 100). */
  onSnapshot(signals: readonly Signal[], bad: readonly BadSignal[]): void;
  /** Makes the error that stops reconnecting when the token is wrong. */
  refuse?(message: string): Error;
  /** Wave values that were not used, complaints of the server. Each text comes once in a row. */
  warn?(text: string): void;
  /** For the log: frames of a newer server that nobody here understands. */
  debug?(text: string): void;
}

/** The five states a person knows (M-026), and the one that needs them. */
export type SignalClientState =
  | 'disconnected'
  | 'connecting'
  | 'connected'
  | 'authenticated'
  | 'reconnecting'
  | 'refused';

export interface SignalClientStats {
  readonly state: SignalClientState;
  /** Wall times; null while there is none. */
  readonly connectedAt: UnixMs | null;
  readonly lastSignalTime: UnixMs | null;
  /** Different signals, not repetitions in later snapshots. */
  readonly signalsReceived: number;
  readonly badSignals: number;
  readonly reconnections: number;
  readonly totalBytesReceived: number;
  readonly bufferedSignals: number;
  readonly session: SignalSession | null;
  /** What could not be read, by reason. */
  readonly bad: Readonly<Record<string, number>>;
  /** Frames whose numbers never came; null while the server has not counted. */
  readonly missedFrames: number | null;
}

export interface SignalClient {
  /** Asks for a snapshot. False when the line is not up or a question is still open. */
  request(): boolean;
  /** The last snapshot, best first, at most 100. */
  signals(): readonly Signal[];
  stats(): SignalClientStats;
  /** Connects again now, also after a refused token. */
  restart(): void;
  close(): void;
}

const STATES: Readonly<Record<LinkStatus['state'], SignalClientState>> = {
  idle: 'disconnected',
  closed: 'disconnected',
  connecting: 'connecting',
  authenticating: 'connected',
  live: 'authenticated',
  stale: 'authenticated',
  waiting: 'reconnecting',
  refused: 'refused',
};

/** The desk's ear at the signal server: keeps the last snapshot and tells of each new one. */
export function createSignalClient(options: SignalClientOptions): SignalClient {
  const { url, market, now, onSnapshot, warn = () => {} } = options;
  const buffer = createSignalBuffer();
  let session: SignalSession | null = null;
  let connectedAt: UnixMs | null = null;
  let lastSignalTime: UnixMs | null = null;
  let signalsReceived = 0;
  let badSignals = 0;
  const badByReason: Record<string, number> = {};
  const sequence = createSequence();
  let askedAt = Number.NEGATIVE_INFINITY;
  let warned = new Set<string>();

  const warnOnce = (texts: readonly string[]): void => {
    // Every snapshot repeats its signals, and with them what is wrong with them.
    for (const text of texts) if (!warned.has(text)) warn(text);
    warned = new Set(texts);
  };
  const { refuse } = options;
  const link = options.link(
    signalProtocol({
      url,
      token: () => options.token(),
      ...(refuse === undefined ? {} : { refuse: (message: string) => refuse(message) }),
      onSession: (agreed) => {
        session = agreed;
        sequence.restart();
      },
      onSequence: (seq) => {
        const missed = sequence.see(seq);
        if (missed > 0) warn(`${missed} frame(s) of the signal server never came (before number ${seq})`);
      },
      onOther: (frame) => {
        if (frame.type === 'unknown') options.debug?.(`a frame of type "${frame.named}" was ignored`);
        if (frame.type === 'error') warn(`the signal server reports an error: ${frame.message}`);
      },
    }),
  );
  const undoLive = link.onLive(() => {
    connectedAt = now();
    askedAt = Number.NEGATIVE_INFINITY;
  });
  const undoWant = link.want('signals', (message, seenAt) => {
    askedAt = Number.NEGATIVE_INFINITY;
    const { signals, bad, warnings } = adaptSnapshot(message as readonly unknown[], market, unixMs(seenAt));
    const fresh = buffer.replace(signals);
    signalsReceived += fresh.length;
    badSignals += bad.length;
    for (const { reason } of bad) badByReason[reason] = (badByReason[reason] ?? 0) + 1;
    if (fresh.length > 0) lastSignalTime = unixMs(seenAt);
    warnOnce(warnings);
    onSnapshot(buffer.signals(), bad.slice(0, BAD_REPORTED));
  });

  return {
    request: () => {
      const at = now();
      if (Math.abs(at - askedAt) < ANSWER_WITHIN_MS || !link.send(GET_SIGNALS)) return false;
      askedAt = at;
      return true;
    },
    signals: buffer.signals,
    stats: () => {
      const status = link.status();
      const known = STATES[status.state];
      const state = known === 'connecting' && status.reconnects > 0 ? 'reconnecting' : known;
      return {
        state,
        connectedAt: state === 'authenticated' ? connectedAt : null,
        lastSignalTime,
        signalsReceived,
        badSignals,
        reconnections: status.reconnects,
        totalBytesReceived: status.bytes,
        bufferedSignals: buffer.signals().length,
        session,
        bad: { ...badByReason },
        missedFrames: sequence.missed(),
      };
    },
    restart: () => link.restart(),
    close: () => {
      undoLive();
      undoWant();
    },
  };
}
