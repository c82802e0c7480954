import type { PracticeKey } from '../types';

const PUBLIC = ['wallet', 'futures', 'margin', 'delivery', 'spot', 'options', 'sub_accounts', 'earn'];
const PRIVATE = [
  ...['withdrawals', 'wallet', 'futures', 'margin', 'delivery', 'spot', 'options', 'subAccounts'],
  ...['unified', 'rebate', 'earn', 'account', 'loan', 'otc'],
];
const all = (names: readonly string[], url: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, url]));

/**
 * What `new ccxt.pro.gate(...)` takes to talk to this server and to nothing else: every address ccxt knows is replaced,
 * since what is left out stays the real exchange. Plain JSON. ccxt tells the market of a socket by its address: with
 * "fx" it is the perpetuals'.
 *
 * `httpAgent: false` is what makes plain `ws://` work without a call: ccxt refuses such urls while httpAgent is
 * undefined, and Node reads false as "a fresh connection".
 */
export function ccxtConfig(
  port: number,
  key: PracticeKey,
  user: number,
  market: 'spot' | 'future',
): Record<string, unknown> {
  const rest = `http://127.0.0.1:${port}/api/v4`;
  const ws = `ws://127.0.0.1:${port}`;
  const nowhere = `${ws}/not-served`;
  return {
    apiKey: key.apiKey,
    secret: key.secret,
    // Futures channels are subscribed with it.
    uid: String(user),
    httpAgent: false,
    urls: {
      api: {
        public: all(PUBLIC, rest),
        private: all(PRIVATE, rest),
        rest,
        ws: nowhere,
        spot: `${ws}/ws/v4/`,
        swap: { usdt: `${ws}/fx/v4/ws/usdt`, btc: `${nowhere}/fx/btc` },
        future: { usdt: `${nowhere}/fx/delivery/usdt`, btc: `${nowhere}/fx/delivery/btc` },
        option: { usdt: `${nowhere}/op-ws/usdt`, btc: `${nowhere}/op-ws/btc` },
      },
    },
    options: {
      defaultType: market === 'spot' ? 'spot' : 'swap',
      unifiedAccount: false,
      fetchCurrencies: false,
      fetchMarkets: { types: [market === 'spot' ? 'spot' : 'swap'] },
      swap: { fetchMarkets: { settlementCurrencies: ['usdt'] } },
    },
  };
}
