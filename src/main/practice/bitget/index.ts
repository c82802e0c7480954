import { token } from '../token';
import type { Wire, WireModule, WireOptions } from '../wire';
import { createListeners } from '../wire-kit/listeners';
import { createStreamHub } from '../wire-kit/stream-hub';
import { ccxtConfig } from './ccxt-config';
import { createFutureAccount } from './future-account';
import { madeClientOid } from './ids';
import { createPrivateFeed } from './private-feed';
import { createRest } from './rest';
import { createRoutes } from './routes';
import { createSockets } from './sockets';
import { createWireMarket } from './wire-market';

const MAX_FRAME_BYTES = 1024 * 1024;
const REQUESTS_PER_MINUTE = 6_000;
const PLACES_PER_SECOND = 10;
const PUSH_MS = 50;

export const bitgetWire: WireModule = {
  ccxtId: 'bitget',
  makeKey: (random) => ({
    apiKey: `bg_${token(random, 32).toLowerCase()}`,
    secret: token(random, 64).toLowerCase(),
    passphrase: token(random, 16),
  }),
  open: createBitgetWire,
};

/**
 * Bitget's wire protocol for classic accounts, spot and USDT-M, on a loopback port over two practice markets; market
 * data also in the words of the unified interface.
 * @throws Error in words when the port cannot be had or no key is given
 */
async function createBitgetWire(options: WireOptions): Promise<Wire> {
  const { seams, keys } = options;
  const firstKey = keys[0];
  if (firstKey === undefined) throw new Error('the practice exchange needs at least one key');
  const bug = (error: unknown): void =>
    options.onNotice?.(
      `The practice exchange failed to answer: ${error instanceof Error ? error.message : error}`,
    );
  const spot = createWireMarket({ core: options.spot, seams, keys, bug });
  const future = createWireMarket({ core: options.future, seams, keys, bug });
  const money = createFutureAccount(future);
  const fresh = (): string => madeClientOid(Math.floor(seams.random.next() * 1e15));
  const rest = createRest({
    seams,
    keys,
    routes: createRoutes({ spot, future, money, fresh }),
    requestsPerMinute: options.weightPerMinute ?? REQUESTS_PER_MINUTE,
    placesPerSecond: PLACES_PER_SECOND,
    bug,
  });
  const hub = createStreamHub(seams.timers, options.pushMs ?? PUSH_MS);
  const sides = [spot, future].map((market) => {
    const listeners = createListeners();
    return {
      market,
      listeners,
      feed: createPrivateFeed(market, market === future ? money : null, listeners),
    };
  });
  const sockets = createSockets({ seams, keys, spot, future, hub, sides });
  const closeAll = (): void => {
    hub.close();
    for (const { feed } of sides) feed.close();
    spot.close();
    future.close();
  };

  try {
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: options.port,
      maxFrameBytes: MAX_FRAME_BYTES,
      request: (request, response) => void rest(request, response),
      upgrade: (request) => sockets.accepts(request.url ?? '/'),
      socket: (socket) => sockets.serve(socket),
    });
    return {
      port: server.port,
      endpoints: { rest: `http://127.0.0.1:${server.port}`, stream: `ws://127.0.0.1:${server.port}` },
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
