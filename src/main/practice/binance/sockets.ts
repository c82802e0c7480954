import type { Seams, ServerSocket } from '#main/seams/seams';
import type { ListenKeys } from './listen-keys';
import type { Listeners } from './listeners';
import { openPublicSocket } from './public-socket';
import type { RestSide } from './rest';
import { readSocketPath, type SocketTarget } from './socket-path';
import type { StreamHub } from './stream-hub';
import { openApiSocket } from './ws-api';

export interface SocketSide extends RestSide {
  readonly hub: StreamHub;
  readonly listeners: Listeners;
}

/** What a connection does with frames; heartbeat and limits are the same for all. */
interface Session {
  message(text: string): void;
  close(): void;
}

type Peer = Pick<ServerSocket, 'send' | 'remoteAddress'>;

const HEARTBEAT = {
  spot: { everyMs: 20_000, graceMs: 60_000 },
  future: { everyMs: 180_000, graceMs: 600_000 },
} as const;
/** A reader this far behind is dropped; its backlog would only grow. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
const POLICY_VIOLATION = 1008;

/** Serves every websocket path of both markets. */
export function createSockets(options: {
  readonly seams: Seams;
  readonly spot: SocketSide;
  readonly future: SocketSide;
  readonly listenKeys: ListenKeys;
}) {
  const { seams, spot, future, listenKeys } = options;
  const privates = new Map<string, Set<(event: Readonly<Record<string, unknown>>) => void>>();

  const openPrivate = (socket: Peer, target: Extract<SocketTarget, { kind: 'private' }>): Session => {
    const { listenKey, combined, events } = target;
    const send = (event: Readonly<Record<string, unknown>>): void => {
      if (events !== null && !events.includes(String(event.e)) && event.e !== 'listenKeyExpired') return;
      socket.send(JSON.stringify(combined ? { stream: listenKey, data: event } : event));
    };
    const account = listenKeys.accountOf(listenKey);
    // A key that is not alive is taken and stays silent, as on the real host.
    const stop =
      account === undefined
        ? () => {}
        : future.listeners.add(account, (event) => {
            if (listenKeys.accountOf(listenKey) === account) send(event);
          });
    const mine = privates.get(listenKey ?? '') ?? new Set();
    privates.set(listenKey ?? '', mine);
    mine.add(send);
    return {
      message(text) {
        const listing = /"method"\s*:\s*"LIST_SUBSCRIPTIONS"/.test(text);
        const id = /"id"\s*:\s*(-?\d{1,18}|"[\w-]{1,36}")/.exec(text)?.[1] ?? 'null';
        socket.send(`{"result":${listing ? JSON.stringify([listenKey]) : 'null'},"id":${id}}`);
      },
      close() {
        stop();
        mine.delete(send);
        if (mine.size === 0) privates.delete(listenKey ?? '');
      },
    };
  };

  const openSession = (socket: Peer, target: SocketTarget): Session => {
    if (target.kind === 'private') return openPrivate(socket, target);
    if (target.kind === 'api') {
      const side = target.market === 'spot' ? spot : future;
      return openApiSocket({ socket, side, listeners: side.listeners });
    }
    const { market, hub } = target.path === 'spot' ? spot : future;
    const { path, combined, names } = target;
    return openPublicSocket({ socket, market, hub, path, combined, names });
  };

  const serve = (socket: ServerSocket): void => {
    const target = readSocketPath(socket.path);
    if (target === null) {
      socket.close(POLICY_VIOLATION);
      return;
    }
    const isSpot =
      target.kind === 'api' ? target.market === 'spot' : target.kind === 'public' && target.path === 'spot';
    const side = isSpot ? spot : future;
    const { everyMs, graceMs } = HEARTBEAT[isSpot ? 'spot' : 'future'];
    const guarded: Peer = {
      remoteAddress: socket.remoteAddress,
      send(data) {
        if (socket.bufferedBytes > MAX_BACKLOG_BYTES) socket.terminate();
        else socket.send(data);
      },
    };
    const session = openSession(guarded, target);
    // Counted from the first ping without an answer, so that a computer that slept is asked again.
    let unanswered: number | null = null;
    const stopPing = seams.timers.every(everyMs, () => {
      const now = seams.clock.monotonic();
      if (unanswered !== null && now - unanswered > graceMs) socket.terminate();
      else {
        unanswered ??= now;
        socket.ping();
      }
    });

    // The websocket API is limited by request weight, streams by messages.
    const allowed =
      target.kind === 'api' ? Number.POSITIVE_INFINITY : side.market.limits.socketMessagesPerSecond;
    let windowStart = seams.clock.monotonic();
    let inWindow = 0;
    socket.listen({
      message(data) {
        const now = seams.clock.monotonic();
        if (now - windowStart >= 1000) {
          windowStart = now;
          inWindow = 0;
        }
        inWindow += 1;
        if (inWindow > allowed) return socket.close(POLICY_VIOLATION);
        session.message(typeof data === 'string' ? data : new TextDecoder().decode(data));
      },
      pong() {
        unanswered = null;
      },
      close() {
        stopPing();
        session.close();
      },
    });
  };

  return {
    serve,
    accepts: (url: string): boolean => readSocketPath(url) !== null,
    /** Tells the connections of a listen key that it has ended; they stay open and fall silent. */
    listenKeyExpired(key: string): void {
      const event = { e: 'listenKeyExpired', E: seams.clock.now(), listenKey: key };
      for (const send of privates.get(key) ?? []) send(event);
    },
  };
}
