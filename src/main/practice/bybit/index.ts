import type { Seams } from '#main/seams/seams';
import { token } from '../token';
import type { PracticeCore, PracticeKey } from '../types';
import type { Wire, WireModule } from '../wire';
import { createListeners } from '../wire-kit/listeners';
import { createStreamHub } from '../wire-kit/stream-hub';
import { createAccount } from './account';
import { ccxtConfig } from './ccxt-config';
import { LIMITS, type WireLimits } from './limits';
import { createOrders } from './orders';
import { createPrivateStream } from './private-stream';
import { createRest, type Site } from './rest';
import { createSockets, readTarget, type SocketSide } from './sockets';
import { createTopics } from './streams';
import { createWireMarket } from './wire-market';

export interface BybitWireOptions {
  readonly seams: Seams;
  readonly spot: PracticeCore;
  readonly future: PracticeCore;
  /** Their accounts must be open in both cores. */
  readonly keys: readonly PracticeKey[];
  /** 0 picks a free one. */
  readonly port: number;
  readonly limits?: Partial<WireLimits>;
  /** A bug of the wire, in words; its caller got 10016. */
  onNotice?(text: string): void;
}

export const bybitWire: WireModule = {
  ccxtId: 'bybit',
  makeKey: (random) => ({ apiKey: token(random, 18), secret: token(random, 36) }),
  open: ({ pushMs, weightPerMinute, ...options }) =>
    createBybitWire({
      ...options,
      limits: {
        ...(pushMs === undefined ? {} : { pushMs }),
        ...(weightPerMinute === undefined ? {} : { requests: weightPerMinute, requestWindowMs: 60_000 }),
      },
    }),
};

const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Bybit's v5 protocol, spot and linear contracts, on a loopback port over two practice markets. A real account has
 * one wallet; the two markets here have one each, so every path also stands below /cash and /contract, which choose.
 * Without either, calls without a category and the account socket's wallet are those of contracts.
 * @throws Error in words when the port cannot be had or no key is given
 */
export async function createBybitWire(options: BybitWireOptions): Promise<Wire> {
  const { seams, keys } = options;
  const firstKey = keys[0];
  if (firstKey === undefined) throw new Error('the practice exchange needs at least one key');
  const limits: WireLimits = { ...LIMITS, ...options.limits };
  const bug = (error: unknown): void =>
    options.onNotice?.(
      `The practice exchange failed to answer: ${error instanceof Error ? error.message : error}`,
    );
  const sideOf = (core: PracticeCore): SocketSide => {
    const market = createWireMarket({ core, seams, keys, limits, bug });
    return {
      market,
      orders: createOrders(market),
      account: createAccount(market),
      hub: createStreamHub(seams.timers, limits.pushMs),
      topics: createTopics(market),
      listeners: createListeners(),
      counts: new Map(),
    };
  };
  const spot = sideOf(options.spot);
  const future = sideOf(options.future);
  const undos = [spot, future].flatMap((side) => [
    createPrivateStream(side.market, side.listeners),
    side.hub.close,
    side.market.close,
  ]);
  const closeAll = (): void => {
    for (const undo of undos) undo();
  };
  const answer = createRest({ spot, future }, limits);

  try {
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: options.port,
      maxFrameBytes: MAX_FRAME_BYTES,
      request(request, response) {
        const { site, path, query } = readPath(request.url ?? '/');
        void answer(site, path, query, request, response);
      },
      upgrade: (request) => readTarget(request.url ?? '/') !== null,
      socket: createSockets(seams, spot, future),
    });
    const http = `http://127.0.0.1:${server.port}`;
    const ws = `ws://127.0.0.1:${server.port}`;
    return {
      port: server.port,
      endpoints: {
        spotRest: `${http}/cash`,
        futureRest: `${http}/contract`,
        publicStream: `${ws}/v5/public`,
        spotPrivate: `${ws}/cash/v5/private`,
        futurePrivate: `${ws}/contract/v5/private`,
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

function readPath(url: string): { readonly site: Site; readonly path: string; readonly query: string } {
  const [whole = '/', ...rest] = url.split('?');
  const site = whole.startsWith('/cash/') ? 'spot' : 'future';
  return { site, path: whole.replace(/^\/(cash|contract)(?=\/)/, ''), query: rest.join('?') };
}
