import type { PracticeKey } from '../types';

/**
 * What `new ccxt.pro.mexc(...)` takes to talk to this server and to nothing else: every address ccxt knows is replaced,
 * since what is left out stays the real exchange. Plain JSON. `httpAgent: false` makes plain `ws://` work without a call.
 */
export function ccxtConfig(
  port: number,
  key: PracticeKey,
  market: 'spot' | 'future',
): Record<string, unknown> {
  const http = `http://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${port}`;
  const nowhere = `${http}/not-served`;
  return {
    apiKey: key.apiKey,
    secret: key.secret,
    httpAgent: false,
    urls: {
      api: {
        spot: { public: http, private: http },
        spot2: { public: nowhere, private: nowhere },
        contract: { public: `${http}/api/v1/contract`, private: `${http}/api/v1/private` },
        broker: { private: nowhere },
        ws: { spot: `${ws}/spot/ws`, swap: `${ws}/edge` },
      },
    },
    options: {
      defaultType: market === 'spot' ? 'spot' : 'swap',
      // ccxt asks for a book's snapshot on the 26th change; this market is calmer than the real one.
      watchOrderBook: { snapshotDelay: 0 },
    },
  };
}
