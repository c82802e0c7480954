import type { Seams, ServerSocket } from '#main/seams/seams';
import { token } from '../token';
import type { PracticeCore } from '../types';
import type { Wire, WireModule, WireOptions } from '../wire';
import { createListenKeys } from '../wire-kit/listen-keys';
import { createListeners } from '../wire-kit/listeners';
import { carrySocket, POLICY_VIOLATION, type SessionRules } from '../wire-kit/socket-session';
import { createStreamHub } from '../wire-kit/stream-hub';
import { ccxtConfig } from './ccxt-config';
import { openFutureSocket } from './future-socket';
import { createFutureStream } from './future-stream';
import { encodeFrame } from './proto';
import { answerRest, createLimit, type RestSide } from './rest';
import { futureRoutes, spotRoutes } from './routes';
import { openSpotSocket } from './spot-socket';
import { createSpotStream } from './spot-stream';
import { createWireMarket } from './wire-market';

export const mexcWire: WireModule = {
  ccxtId: 'mexc',
  makeKey: (random) => ({ apiKey: `mx0${token(random, 15)}`, secret: token(random, 32) }),
  open: createMexcWire,
};

const MAX_FRAME_BYTES = 256 * 1024;
const PUSH_MS = 50;
const LISTEN_KEY_MS = 3_600_000;
/** A connection that says nothing for a minute, not even a ping, is closed. */
const IDLE_MS = 60_000;
const RULES: SessionRules = { heartbeat: null, messagesPerSecond: 100 };

/**
 * MEXC's wire protocol, spot and USDT perpetuals, on a loopback port over two practice markets.
 * @throws Error in words when the port cannot be had or no key is given
 */
export async function createMexcWire(options: WireOptions): Promise<Wire> {
  const { seams, keys, weightPerMinute } = options;
  const firstKey = keys[0];
  if (firstKey === undefined) throw new Error('the practice exchange needs at least one key');
  const bug = (error: unknown): void =>
    options.onNotice?.(
      `The practice MEXC failed to answer: ${error instanceof Error ? error.message : error}`,
    );
  const marketOf = (core: PracticeCore) => createWireMarket({ core, seams, keys, bug });
  const spot = marketOf(options.spot);
  const future = marketOf(options.future);
  const listenKeys = createListenKeys({
    random: seams.random,
    lifeMs: LISTEN_KEY_MS,
    now: () => seams.clock.monotonic(),
    // The stream falls silent; nothing is said.
    expired: () => {},
  });
  const listeners = { spot: createListeners(), future: createListeners() };
  const pushMs = options.pushMs ?? PUSH_MS;
  const hubs = {
    spot: createStreamHub<Uint8Array>(seams.timers, pushMs, encodeFrame),
    future: createStreamHub(seams.timers, pushMs),
  };
  const sides: Record<'spot' | 'future', RestSide> = {
    spot: { market: spot, routes: spotRoutes(spot, listenKeys), take: createLimit(spot, weightPerMinute) },
    future: { market: future, routes: futureRoutes(future), take: createLimit(future, weightPerMinute) },
  };
  const undo = [
    createSpotStream(spot, listeners.spot),
    createFutureStream(future, listeners.future),
    seams.timers.every(10_000, () => listenKeys.sweep()),
    hubs.spot.close,
    hubs.future.close,
    spot.close,
    future.close,
  ];
  const closeAll = (): void => {
    for (const stop of undo) stop();
  };

  const serveSocket = (socket: ServerSocket): void => {
    const url = URL.parse(socket.path, 'ws://localhost');
    const guarded = closingWhenIdle(socket, seams);
    if (url?.pathname === '/spot/ws')
      carrySocket(guarded, seams, RULES, (peer) =>
        openSpotSocket(
          { market: spot, hub: hubs.spot, listeners: listeners.spot, listenKeys },
          peer,
          url.searchParams.get('listenKey'),
          () => socket.close(POLICY_VIOLATION),
        ),
      );
    else
      carrySocket(guarded, seams, RULES, (peer) =>
        openFutureSocket({ market: future, hub: hubs.future, listeners: listeners.future }, peer),
      );
  };

  try {
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: options.port,
      maxFrameBytes: MAX_FRAME_BYTES,
      request: (request, response) =>
        void answerRest(
          (request.url ?? '').startsWith('/api/v1/') ? sides.future : sides.spot,
          request,
          response,
        ),
      upgrade: ({ url }) => ['/spot/ws', '/edge'].includes((url ?? '').split('?')[0]!),
      socket: serveSocket,
    });
    const http = `http://127.0.0.1:${server.port}`;
    const ws = `ws://127.0.0.1:${server.port}`;
    return {
      port: server.port,
      endpoints: {
        spotRest: http,
        futureRest: http,
        spotStream: `${ws}/spot/ws`,
        futureStream: `${ws}/edge`,
      },
      ccxt: {
        spot: ccxtConfig(server.port, firstKey, 'spot'),
        future: ccxtConfig(server.port, firstKey, 'future'),
      },
      async close() {
        closeAll();
        await server.close();
      },
    };
  } catch (error) {
    closeAll();
    throw error;
  }
}

/** Every message of the client counts as a sign of life; protocol pings do not. */
function closingWhenIdle(socket: ServerSocket, { timers, clock }: Seams): ServerSocket {
  let heardAt = clock.monotonic();
  const stop = timers.every(IDLE_MS / 4, () => {
    if (clock.monotonic() - heardAt > IDLE_MS) socket.close(1000);
  });
  return {
    get path() {
      return socket.path;
    },
    get remoteAddress() {
      return socket.remoteAddress;
    },
    get bufferedBytes() {
      return socket.bufferedBytes;
    },
    send: (data) => socket.send(data),
    ping: () => socket.ping(),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
    listen: (handlers) =>
      socket.listen({
        ...handlers,
        message(data) {
          heardAt = clock.monotonic();
          handlers.message(data);
        },
        close(code, reason) {
          stop();
          handlers.close(code, reason);
        },
      }),
  };
}
