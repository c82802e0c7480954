import type { ServerSocket } from '#main/seams/seams';
import { token } from '../token';
import type { PracticeCore } from '../types';
import type { Wire, WireModule, WireOptions } from '../wire';
import { createListeners } from '../wire-kit/listeners';
import { carrySocket, POLICY_VIOLATION } from '../wire-kit/socket-session';
import { createStreamHub } from '../wire-kit/stream-hub';
import { ccxtConfig } from './ccxt-config';
import { createLimits } from './limits';
import { createPrivateStream } from './private-stream';
import { answerRest } from './rest';
import { createRoutes } from './routes';
import { openSocket } from './socket';
import { createGateMarket } from './wire-market';

export const gateioWire: WireModule = {
  ccxtId: 'gate',
  makeKey: (random) => ({ apiKey: token(random, 32), secret: token(random, 64) }),
  open: createGateWire,
};

const MAX_FRAME_BYTES = 1024 * 1024;
const PUSH_MS = 50;
const SPOT_PATH = /^\/ws\/v4\/?(\?|$)/;
const FUTURE_PATH = /^\/fx\/v4\/ws\/usdt\/?(\?|$)/;
/** The server pings; nothing is documented about when it gives up. A minute is long. */
const HEARTBEAT = { everyMs: 20_000, graceMs: 60_000 };
/** None is documented; a client that sends more is broken. */
const MESSAGES_PER_SECOND = 1_000;

/**
 * Gate's API v4, spot and the perpetuals settled in USDT, on a loopback port over two practice markets.
 * @throws Error in words when the port cannot be had or no key is given
 */
export async function createGateWire(options: WireOptions): Promise<Wire> {
  const { seams, keys } = options;
  const firstKey = keys[0];
  if (firstKey === undefined) throw new Error('the practice exchange needs at least one key');
  const bug = (error: unknown): void =>
    options.onNotice?.(
      `The practice exchange failed to answer: ${error instanceof Error ? error.message : String(error)}`,
    );
  const sideOf = (core: PracticeCore) => {
    const market = createGateMarket({ core, seams, keys, bug });
    const listeners = createListeners();
    const hub = createStreamHub(seams.timers, options.pushMs ?? PUSH_MS);
    const undo = createPrivateStream(market, listeners);
    const close = (): void => {
      undo();
      hub.close();
      market.close();
    };
    return { market, listeners, hub, close };
  };
  const spot = sideOf(options.spot);
  const future = sideOf(options.future);
  const rest = {
    spot: spot.market,
    keys,
    routes: createRoutes(spot.market, future.market),
    limits: createLimits(options.weightPerMinute),
  };
  let connections = 0;
  const serve = (socket: ServerSocket): void => {
    const side = SPOT_PATH.test(socket.path) ? spot : FUTURE_PATH.test(socket.path) ? future : null;
    if (side === null) {
      socket.close(POLICY_VIOLATION);
      return;
    }
    const { market, hub, listeners } = side;
    const number = ++connections;
    const rules = { heartbeat: HEARTBEAT, messagesPerSecond: MESSAGES_PER_SECOND };
    carrySocket(socket, seams, rules, (peer) => openSocket({ socket: peer, market, hub, listeners, number }));
  };
  const closeAll = (): void => {
    spot.close();
    future.close();
  };

  try {
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: options.port,
      maxFrameBytes: MAX_FRAME_BYTES,
      request: (request, response) => void answerRest(rest, request, response),
      upgrade: (request) => SPOT_PATH.test(request.url ?? '') || FUTURE_PATH.test(request.url ?? ''),
      socket: serve,
    });
    const { port } = server;
    const user = spot.market.userOf(firstKey.account);
    return {
      port,
      endpoints: {
        rest: `http://127.0.0.1:${port}`,
        spotStream: `ws://127.0.0.1:${port}/ws/v4/`,
        futureStream: `ws://127.0.0.1:${port}/fx/v4/ws/usdt`,
      },
      ccxt: {
        spot: ccxtConfig(port, firstKey, user, 'spot'),
        future: ccxtConfig(port, firstKey, user, 'future'),
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
