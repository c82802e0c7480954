import type { Seams, ServerSocket } from '#main/seams/seams';
import type { PracticeKey } from '../types';
import { carrySocket, POLICY_VIOLATION } from '../wire-kit/socket-session';
import type { StreamHub } from '../wire-kit/stream-hub';
import { openPrivateSession, type PrivateSide } from './private-session';
import { openPublicSession } from './public-session';
import type { WireMarket } from './wire-market';

/** Messages a client may send in a second, pings among them. */
const MESSAGES_PER_SECOND = 10;
/** A client that does not say "ping" for so long is dropped. */
const SILENCE_MS = 120_000;
const LOOK_EVERY_MS = 30_000;

const pathOf = (url: string): string => url.split('?')[0] ?? '';
const PATHS = new Set(['/v2/ws/public', '/v3/ws/public', '/v2/ws/private']);

/** Serves the websocket paths. A unified account has no private socket here: its keys are refused everywhere. */
export function createSockets(options: {
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly spot: WireMarket;
  readonly future: WireMarket;
  readonly hub: StreamHub;
  readonly sides: readonly PrivateSide[];
}) {
  const { seams, keys, spot, future, hub, sides } = options;
  let connections = 0;

  const serve = (socket: ServerSocket): void => {
    const path = pathOf(socket.path);
    const id = ++connections;
    let heardAt = seams.clock.monotonic();
    const asleep = [spot.wake(), future.wake()];
    const stop = seams.timers.every(LOOK_EVERY_MS, () => {
      if (seams.clock.monotonic() - heardAt > SILENCE_MS) socket.close(POLICY_VIOLATION);
    });
    carrySocket(socket, seams, { heartbeat: null, messagesPerSecond: MESSAGES_PER_SECOND }, (peer) => {
      const session =
        path === '/v2/ws/private'
          ? openPrivateSession({
              peer,
              keys,
              sides,
              now: () => seams.clock.now(),
              hangUp: () => socket.close(),
            })
          : openPublicSession({
              peer,
              id,
              generation: path.startsWith('/v3') ? 'v3' : 'v2',
              markets: { spot, future },
              hub,
            });
      return {
        message(text) {
          heardAt = seams.clock.monotonic();
          session.message(text);
        },
        close() {
          stop();
          session.close();
          for (const sleep of asleep) sleep();
        },
      };
    });
  };
  return { serve, accepts: (url: string): boolean => PATHS.has(pathOf(url)) };
}
