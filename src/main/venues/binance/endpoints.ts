/** Where one Binance environment answers. Bases have no slash at the end. */
export interface Endpoints extends Readonly<Record<string, string>> {
  /** Serves /api/v3. */
  readonly spotRest: string;
  /** Serves /fapi/v1, /fapi/v2, /fapi/v3 and /futures/data. */
  readonly futureRest: string;
  /** Raw stream socket of the spot market. */
  readonly spotStream: string;
  /** Spot WS-API, which also carries the spot user stream. */
  readonly spotWsApi: string;
  /** Base of the USD-M stream host, which is split in /public, /market and /private since 2026-04-23. */
  readonly futureStream: string;
}

export const LIVE_ENDPOINTS: Endpoints = {
  spotRest: 'https://api.binance.com',
  futureRest: 'https://fapi.binance.com',
  spotStream: 'wss://stream.binance.com:9443/ws',
  spotWsApi: 'wss://ws-api.binance.com:443/ws-api/v3',
  futureStream: 'wss://fstream.binance.com',
};

/** Futures: the demo REST host is paired with the stream host of the old testnet, as in ccxt. */
export const TESTNET_ENDPOINTS: Endpoints = {
  spotRest: 'https://testnet.binance.vision',
  futureRest: 'https://demo-fapi.binance.com',
  spotStream: 'wss://stream.testnet.binance.vision/ws',
  spotWsApi: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
  futureStream: 'wss://fstream.binancefuture.com',
};
/** Everything on one practice exchange, e.g. loopbackEndpoints('http://127.0.0.1:4001'). */
export function loopbackEndpoints(httpBase: string): Endpoints {
  const socketBase = httpBase.replace(/^http/, 'ws');
  return {
    spotRest: httpBase,
    futureRest: httpBase,
    spotStream: `${socketBase}/ws`,
    spotWsApi: `${socketBase}/ws-api/v3`,
    futureStream: socketBase,
  };
}

/** Other doors to the same streams, as the exchange names them; the keyless mirror carries market data only. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  'wss://stream.binance.com:9443/ws': [
    'wss://stream.binance.com:443/ws',
    'wss://data-stream.binance.vision/ws',
  ],
  'wss://ws-api.binance.com:443/ws-api/v3': ['wss://ws-api.binance.com:9443/ws-api/v3'],
};

/** Where a socket may be dialled, the host of choice first. */
export const hostsOf = (address: string): readonly string[] => [address, ...(ALTERNATIVES[address] ?? [])];
