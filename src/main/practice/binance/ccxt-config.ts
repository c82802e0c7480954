import type { PracticeKey } from '../types';

/**
 * What `new ccxt.pro.binance(...)` takes to talk to this server and to nothing else: every address ccxt knows is
 * replaced, since what is left out stays the real exchange. Plain JSON.
 *
 * `httpAgent: false` is what makes plain `ws://` work without a call: ccxt refuses such urls while httpAgent is
 * undefined, and Node reads false as "a fresh connection".
 */
export function ccxtConfig(
  port: number,
  key: PracticeKey,
  market: 'spot' | 'future',
): Record<string, unknown> {
  const http = `http://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${port}`;
  const nowhere = `${http}/not-served`;
  const wsNowhere = `${ws}/not-served`;
  const unserved = [
    ...['dapiPublic', 'dapiPrivate', 'dapiPrivateV2', 'dapiData', 'eapiPublic', 'eapiPrivate', 'eapiData'],
    ...['sapi', 'sapiV2', 'sapiV3', 'sapiV4', 'papi', 'papiV2', 'v1', 'web', 'tradingView'],
  ];
  const unservedSockets = ['delivery', 'stock', 'option', 'optionMarket', 'optionPrivate', 'papi'];
  return {
    apiKey: key.apiKey,
    secret: key.secret,
    httpAgent: false,
    urls: {
      api: {
        ...Object.fromEntries(unserved.map((name) => [name, nowhere])),
        public: `${http}/api/v3`,
        private: `${http}/api/v3`,
        fapiPublic: `${http}/fapi/v1`,
        fapiPublicV2: `${http}/fapi/v2`,
        fapiPublicV3: `${http}/fapi/v3`,
        fapiPrivate: `${http}/fapi/v1`,
        fapiPrivateV2: `${http}/fapi/v2`,
        fapiPrivateV3: `${http}/fapi/v3`,
        fapiData: `${http}/futures/data`,
        ws: {
          ...Object.fromEntries(unservedSockets.map((name) => [name, wsNowhere])),
          spot: `${ws}/stream/spot/ws`,
          margin: `${ws}/stream/spot/ws`,
          future: `${ws}/fut/ws`,
          'ws-api': { spot: `${ws}/ws-api/v3`, future: `${ws}/ws-fapi/v1`, delivery: wsNowhere },
        },
      },
    },
    options: {
      defaultType: market === 'spot' ? 'spot' : 'swap',
      fetchCurrencies: false,
      fetchMargins: false,
      fetchMarkets: { types: [market === 'spot' ? 'spot' : 'linear'] },
    },
  };
}
