import { bytesToHex } from '@noble/hashes/utils.js';
import type { Random } from '#main/seams/seams';
import type { Wire, WireModule, WireOptions } from '../wire';
import { createRateMeter } from '../wire-kit/meter';
import { createStreamHub } from '../wire-kit/stream-hub';
import { startAccountFeed } from './account-feed';
import { createActions } from './actions';
import { ccxtConfig } from './ccxt-config';
import { answerRest, createAnswers } from './rest';
import { addressOfKey } from './signer';
import { createSockets } from './sockets';
import { createWireState } from './wire-state';

const MAX_FRAME_BYTES = 1024 * 1024;
const WEIGHT_PER_MINUTE = 1_200;
const MINUTE_MS = 60_000;
const PUSH_MS = 50;

export const hyperliquidWire: WireModule = {
  ccxtId: 'hyperliquid',
  makeKey,
  open: openHyperliquidWire,
};

/** A wallet that signs for itself: the address is that of its key. */
function makeKey(random: Random) {
  const secret = `0x${bytesToHex(random.bytes(32))}`;
  return { apiKey: addressOfKey(secret), secret };
}

/**
 * Hyperliquid's wire protocol on a loopback port over two practice markets: perpetuals and spot pairs of one universe.
 * @throws Error in words when the port cannot be had or no key is given
 */
async function openHyperliquidWire(options: WireOptions): Promise<Wire> {
  const { seams, keys } = options;
  const firstKey = keys[0];
  if (firstKey === undefined) throw new Error('the practice exchange needs at least one key');
  const state = createWireState({
    seams,
    keys,
    spot: options.spot,
    future: options.future,
    bug: (error) =>
      options.onNotice?.(
        `The practice exchange failed to answer: ${error instanceof Error ? error.message : error}`,
      ),
  });
  const meter = createRateMeter(options.weightPerMinute ?? WEIGHT_PER_MINUTE, MINUTE_MS);
  const answers = createAnswers({ state, actions: createActions(state), meter });
  const hub = createStreamHub(seams.timers, options.pushMs ?? PUSH_MS);
  const sockets = createSockets({ state, hub, answers });
  const undo = [
    startAccountFeed(state, state.future),
    startAccountFeed(state, state.spot),
    hub.close,
    state.close,
  ];
  const closeAll = (): void => {
    for (const stop of undo) stop();
  };
  try {
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: options.port,
      maxFrameBytes: MAX_FRAME_BYTES,
      request: (request, response) => void answerRest({ state, answers }, request, response),
      upgrade: (request) => sockets.accepts(request.url ?? '/'),
      socket: (socket) => sockets.serve(socket),
    });
    const http = `http://127.0.0.1:${server.port}`;
    return {
      port: server.port,
      endpoints: { rest: http, stream: `ws://127.0.0.1:${server.port}/ws` },
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
