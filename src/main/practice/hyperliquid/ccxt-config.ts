import type { PracticeKey } from '../types';

/**
 * What `new ccxt.pro.hyperliquid(...)` takes to talk to this server and to nothing else: every address ccxt knows is
 * replaced, the test ones too. Plain JSON. `httpAgent: false` is what makes plain `ws://` work without a call: ccxt
 * refuses such urls while httpAgent is undefined, and Node reads false as "a fresh connection".
 */
export function ccxtConfig(
  port: number,
  key: PracticeKey,
  market: 'spot' | 'future',
): Record<string, unknown> {
  const http = `http://127.0.0.1:${port}`;
  const api = { public: http, private: http, ws: { public: `ws://127.0.0.1:${port}/ws` } };
  const type = market === 'spot' ? 'spot' : 'swap';
  return {
    walletAddress: key.apiKey,
    privateKey: key.secret,
    httpAgent: false,
    urls: { api, test: api },
    options: {
      defaultType: type,
      fetchMarkets: { types: [type] },
      // Without these two ccxt names a referrer and pays a builder on every order.
      refSet: true,
      builderFee: false,
    },
  };
}
