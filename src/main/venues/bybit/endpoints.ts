import type { MarketKind } from '#shared/domain/exchange';

/** Where one Bybit environment answers. Bases have no slash at the end; on the exchange both markets share hosts. */
export interface Endpoints extends Readonly<Record<string, string>> {
  /** Serves /v5, for the spot market and for contracts. */
  readonly spotRest: string;
  readonly futureRest: string;
  /** Base of the public sockets; the market is the next part of the path: /spot, /linear. */
  readonly publicStream: string;
  /** The account socket. */
  readonly spotPrivate: string;
  readonly futurePrivate: string;
}

/** Sites of some countries (bybit.nl, .tr, .kz, .eu, …) have hosts of their own, and keys that work only there. */
export const LIVE_ENDPOINTS: Endpoints = {
  spotRest: 'https://api.bybit.com',
  futureRest: 'https://api.bybit.com',
  publicStream: 'wss://stream.bybit.com/v5/public',
  spotPrivate: 'wss://stream.bybit.com/v5/private',
  futurePrivate: 'wss://stream.bybit.com/v5/private',
};

export const TESTNET_ENDPOINTS: Endpoints = {
  spotRest: 'https://api-testnet.bybit.com',
  futureRest: 'https://api-testnet.bybit.com',
  publicStream: 'wss://stream-testnet.bybit.com/v5/public',
  spotPrivate: 'wss://stream-testnet.bybit.com/v5/private',
  futurePrivate: 'wss://stream-testnet.bybit.com/v5/private',
};

/** The account sockets that the first plan of this program named. Bybit's are still in use, for both markets. */
export const REFERENCE_ENDPOINTS: Readonly<Record<MarketKind, string>> = {
  spot: 'wss://stream.bybit.com/v5/private',
  future: 'wss://stream.bybit.com/v5/private',
};

/** Bybit's word for a market, in paths and parameters. */
export const CATEGORY: Readonly<Record<MarketKind, 'spot' | 'linear'>> = { spot: 'spot', future: 'linear' };

/** Everything on one practice exchange, e.g. loopbackEndpoints('http://127.0.0.1:4001'). */
export function loopbackEndpoints(httpBase: string): Endpoints {
  const socketBase = httpBase.replace(/^http/, 'ws');
  return {
    spotRest: httpBase,
    futureRest: httpBase,
    publicStream: `${socketBase}/v5/public`,
    spotPrivate: `${socketBase}/v5/private`,
    futurePrivate: `${socketBase}/v5/private`,
  };
}
