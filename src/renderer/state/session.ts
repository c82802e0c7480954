import { create } from 'zustand';
import { connect, type DeskClient, type Way } from '../app/client';

export type SessionPhase = 'starting' | 'live' | 'lost' | 'no-key';
interface Session {
  readonly phase: SessionPhase;
  /** Wall time since when the phase holds. */
  readonly since: number;
  readonly why: string | null;
}

export const useSession = create<Session>(() => ({ phase: 'starting', since: Date.now(), why: null }));

/** The engine cannot be asked now. Nothing was sent. */
export class OfflineError extends Error {
  constructor() {
    super('No connection to the engine. Nothing was sent.');
  }
}

/**
 * Why a follower's signal aborted when the connection is gone. Streams need no cancelling then, and oRPC fails
 * loudly when it has to tell a closed socket.
 */
export const DROPPED = 'the connection dropped';

type Follower = (client: DeskClient, signal: AbortSignal) => void;
const followers = new Set<Follower>();
let live: { client: DeskClient; abort: AbortController } | null = null;
let retry: () => void = () => undefined;

/** The client of the living connection. @throws OfflineError when there is none. */
export function client(): DeskClient {
  if (live === null) throw new OfflineError();
  return live.client;
}

/** Runs `follower` now and after each reconnection; its signal aborts when the connection drops. */
export function whileLive(follower: Follower): () => void {
  const own = new AbortController();
  const run: Follower = (to, signal) => follower(to, AbortSignal.any([signal, own.signal]));
  followers.add(run);
  if (live !== null) run(live.client, live.abort.signal);
  return () => {
    followers.delete(run);
    own.abort();
  };
}

function onWay(way: Way): void {
  const { phase } = useSession.getState();
  if (way.kind === 'live') {
    live?.abort.abort(DROPPED);
    live = { client: way.client, abort: new AbortController() };
    useSession.setState({ phase: 'live', since: Date.now(), why: null });
    for (const follower of followers) follower(live.client, live.abort.signal);
    return;
  }
  live?.abort.abort(DROPPED);
  live = null;
  if (way.kind === 'no-key') useSession.setState({ phase: 'no-key', since: Date.now(), why: null });
  else if (phase === 'live') useSession.setState({ phase: 'lost', since: Date.now(), why: way.why });
  else useSession.setState({ why: way.why });
}

/** Opens the window's one connection to the engine. */
export function startSession(): void {
  const connection = connect(onWay);
  retry = connection.retry;
}
/** Tries to reach the engine now. */
export const retrySession = (): void => retry();
