import type { Seams, ServerOptions } from '#main/seams/seams';
import { token } from '../token';
import type { PracticeCore, PracticeKey } from '../types';
import type { Wire, WireModule } from '../wire';
import { createListenKeys } from '../wire-kit/listen-keys';
import { createListeners, type Listeners } from '../wire-kit/listeners';
import { createStreamHub } from '../wire-kit/stream-hub';
import { ccxtConfig } from './ccxt-config';
import { createFutureStream } from './future-stream';
import { createWeightMeter, FUTURE_LIMITS, SPOT_LIMITS, type WireLimits } from './limits';
import { answerRest, type RestSide } from './rest';
import { futureRoutes, type Routes, spotRoutes } from './routes';
import { createSockets, type SocketSide } from './sockets';
import { createSpotStream } from './spot-stream';
import { createWireMarket, type WireMarket } from './wire-market';

export type { WireLimits } from './limits';

export interface BinanceWireOptions {
  readonly seams: Seams;
  readonly spot: PracticeCore;
  readonly future: PracticeCore;
  /** Their accounts must be open in both cores. */
  readonly keys: readonly PracticeKey[];
  /** 0 picks a free one. */
  readonly port: number;
  /** Also sends TRADE_LITE on futures, the faster copy of every fill. Default false. */
  readonly tradeLite?: boolean;
  /** A bug of the wire, in words; the caller of the wire got -1000. */
  onNotice?(text: string): void;
  readonly limits?: { readonly spot?: Partial<WireLimits>; readonly future?: Partial<WireLimits> };
}

export interface BinanceWire extends Wire {
  readonly ccxt: { readonly spot: Record<string, unknown>; readonly future: Record<string, unknown> };
}

export const binanceWire: WireModule = {
  ccxtId: 'binance',
  makeKey: (random) => ({ apiKey: token(random, 64), secret: token(random, 64) }),
  open: ({ pushMs, weightPerMinute, ...options }) => {
    const limits = {
      ...(pushMs === undefined ? {} : { pushMs }),
      ...(weightPerMinute === undefined ? {} : { weightPerMinute }),
    };
    return createBinanceWire({ ...options, limits: { spot: limits, future: limits } });
  },
};

const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Binance's wire protocol, spot and USD-M, on a loopback port over two practice markets.
 * @throws Error in words when the port cannot be had or no key is given
 */
export async function createBinanceWire(options: BinanceWireOptions): Promise<BinanceWire> {
  const { seams, keys } = options;
  const firstKey = keys[0];
  if (firstKey === undefined) throw new Error('the practice exchange needs at least one key');
  const bug = (error: unknown): void =>
    options.onNotice?.(
      `The practice exchange failed to answer: ${error instanceof Error ? error.message : error}`,
    );
  const marketOf = (core: PracticeCore, limits: WireLimits): WireMarket =>
    createWireMarket({ core, seams, keys, limits, bug });
  const spotMarket = marketOf(options.spot, { ...SPOT_LIMITS, ...options.limits?.spot });
  const futureMarket = marketOf(options.future, { ...FUTURE_LIMITS, ...options.limits?.future });

  const listenKeys = createListenKeys({
    random: seams.random,
    lifeMs: futureMarket.limits.listenKeyMs,
    now: () => seams.clock.monotonic(),
    expired: ({ key }) => sockets.listenKeyExpired(key),
  });
  const spotListeners = createListeners();
  const futureListeners = createListeners();
  const sideOf = (market: WireMarket, routes: Routes, listeners: Listeners): SocketSide => ({
    market,
    meter: createWeightMeter(market.limits),
    routes: routes.byPath,
    hub: createStreamHub(seams.timers, market.limits.pushMs),
    listeners,
  });
  const spotTable = spotRoutes(spotMarket);
  const futureTable = futureRoutes(futureMarket, listenKeys, futureListeners);
  const spot = sideOf(spotMarket, spotTable, spotListeners);
  const future = sideOf(futureMarket, futureTable, futureListeners);
  const sockets = createSockets({ seams, spot, future, listenKeys });
  const undo = [
    createSpotStream(spotMarket, spotListeners),
    createFutureStream(futureMarket, futureListeners, options.tradeLite ?? false),
    seams.timers.every(1_000, () => listenKeys.sweep()),
    spotTable.close,
    futureTable.close,
    spot.hub.close,
    future.hub.close,
    spotMarket.close,
    futureMarket.close,
  ];
  const closeAll = (): void => {
    for (const stop of undo) stop();
  };

  try {
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: options.port,
      maxFrameBytes: MAX_FRAME_BYTES,
      request: (request, response) => void route(request, response, spot, future),
      upgrade: (request) => sockets.accepts(request.url ?? '/'),
      socket: (socket) => sockets.serve(socket),
    });
    const http = `http://127.0.0.1:${server.port}`;
    const ws = `ws://127.0.0.1:${server.port}`;
    return {
      port: server.port,
      endpoints: {
        spotRest: http,
        futureRest: http,
        spotStream: `${ws}/ws`,
        spotWsApi: `${ws}/ws-api/v3`,
        futureStream: ws,
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

const route = (
  request: Parameters<ServerOptions['request']>[0],
  response: Parameters<ServerOptions['request']>[1],
  spot: RestSide,
  future: RestSide,
): Promise<void> => {
  const [path = '/', ...rest] = (request.url ?? '/').split('?');
  const side = path.startsWith('/fapi/') || path.startsWith('/futures/') ? future : spot;
  return answerRest(side, `${request.method} ${path}`, rest.join('?'), request, response);
};
