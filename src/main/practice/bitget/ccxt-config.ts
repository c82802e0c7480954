import type { MarketKind } from '#shared/domain/exchange';
import type { PracticeKey } from '../types';

/** Families of ccxt's address table; all lead to one host on the exchange, and to this one here. */
const FAMILIES = [
  ...['spot', 'mix', 'user', 'p2p', 'broker', 'margin', 'common', 'tax', 'convert', 'copy', 'earn', 'uta'],
] as const;

/**
 * What `new ccxt.pro.bitget(...)` takes to talk to this server and to nothing else: every address ccxt knows is
 * replaced, since what is left out stays the real exchange. Plain JSON.
 *
 * `httpAgent: false` is what makes plain `ws://` work without a call: ccxt refuses such urls while httpAgent is
 * undefined, and Node reads false as "a fresh connection". `uta: false` spares the question of which kind the account
 * is; asked, this exchange says classic.
 */
export function ccxtConfig(port: number, key: PracticeKey, market: MarketKind): Record<string, unknown> {
  const http = `http://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${port}`;
  const sockets = {
    public: `${ws}/v2/ws/public`,
    private: `${ws}/v2/ws/private`,
    utaPublic: `${ws}/v3/ws/public`,
    utaPrivate: `${ws}/v3/ws/private`,
  };
  return {
    apiKey: key.apiKey,
    secret: key.secret,
    password: key.passphrase ?? '',
    httpAgent: false,
    urls: {
      api: { ...Object.fromEntries(FAMILIES.map((name) => [name, http])), ws: sockets, demo: sockets },
    },
    options: {
      uta: false,
      defaultType: market === 'spot' ? 'spot' : 'swap',
      fetchCurrencies: false,
      fetchMarkets: { types: [market === 'spot' ? 'spot' : 'swap'] },
    },
  };
}
