import type { Seams, ServerSocket } from '#main/seams/seams';
import type { ListenKeys } from '../wire-kit/listen-keys';
import type { Listeners } from '../wire-kit/listeners';
import { carrySocket, type Peer, POLICY_VIOLATION, type Session } from '../wire-kit/socket-session';
import type { StreamHub } from '../wire-kit/stream-hub';
import { openPublicSocket } from './public-socket';
import type { RestSide } from './rest';
import { readSocketPath, type SocketTarget } from './socket-path';
import { openApiSocket } from './ws-api';

export interface SocketSide extends RestSide {
  readonly hub: StreamHub;
  readonly listeners: Listeners;
}

const HEARTBEAT = {
  spot: { everyMs: 20_000, graceMs: 60_000 },
  future: { everyMs: 180_000, graceMs: 600_000 },
} as const;
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
    // The websocket API is limited by request weight, streams by messages.
    const messagesPerSecond =
      target.kind === 'api' ? Number.POSITIVE_INFINITY : side.market.limits.socketMessagesPerSecond;
    const heartbeat = HEARTBEAT[isSpot ? 'spot' : 'future'];
    carrySocket(socket, seams, { heartbeat, messagesPerSecond }, (peer) => openSession(peer, target));
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
