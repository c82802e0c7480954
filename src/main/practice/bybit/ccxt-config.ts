import type { PracticeKey } from '../types';

/**
 * What `new ccxt.pro.bybit(...)` takes to talk to this server and to nothing else: every address ccxt knows is
 * replaced, the order entry socket too, which ccxt does not build from a host name. Plain JSON.
 *
 * `httpAgent: false` is what makes plain `ws://` work without a call: ccxt refuses such urls while httpAgent is
 * undefined, and Node reads false as "a fresh connection". The three words on unified accounts keep ccxt from asking
 * first; the answers would be the same.
 */
export function ccxtConfig(
  port: number,
  key: PracticeKey,
  market: 'spot' | 'future',
): Record<string, unknown> {
  const site = market === 'spot' ? 'cash' : 'contract';
  const http = `http://127.0.0.1:${port}/${site}`;
  const ws = `ws://127.0.0.1:${port}`;
  const nowhere = `${ws}/not-served`;
  const account = `${ws}/${site}/v5/private`;
  return {
    apiKey: key.apiKey,
    secret: key.secret,
    httpAgent: false,
    has: { fetchCurrencies: false },
    urls: {
      api: {
        public: http,
        private: http,
        spot: http,
        futures: http,
        v2: http,
        ws: {
          public: {
            spot: `${ws}/v5/public/spot`,
            linear: `${ws}/v5/public/linear`,
            inverse: nowhere,
            option: nowhere,
          },
          private: {
            spot: { unified: account, nonUnified: account },
            contract: account,
            usdc: account,
            trade: `${ws}/v5/trade`,
          },
        },
      },
    },
    options: {
      defaultType: market === 'spot' ? 'spot' : 'swap',
      fetchMarkets: { types: [market === 'spot' ? 'spot' : 'linear'] },
      enableUnifiedMargin: false,
      enableUnifiedAccount: true,
      unifiedMarginStatus: 6,
      // ccxt warns that only the last 500 orders can be asked for, and answers when it is told that one knows.
      fetchOrder: { acknowledged: true },
    },
  };
}
