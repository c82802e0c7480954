import type { MarketKind } from '#shared/domain/exchange';

/** Where one Gate environment answers. */
export interface Endpoints extends Readonly<Record<string, string>> {
  /** Serves /api/v4; signatures count the path from there on. */
  readonly rest: string;
  /** Public and private spot streams. The slash at its end belongs to the live address. */
  readonly spotStream: string;
  /** Public and private streams of the perpetuals settled in USDT. */
  readonly futureStream: string;
}

export const LIVE_ENDPOINTS: Endpoints = {
  rest: 'https://api.gateio.ws',
  spotStream: 'wss://api.gateio.ws/ws/v4/',
  futureStream: 'wss://fx-ws.gateio.ws/v4/ws/usdt',
};

export const TESTNET_ENDPOINTS: Endpoints = {
  rest: 'https://api-testnet.gateapi.io',
  spotStream: 'wss://ws-testnet.gate.com/v4/ws/spot',
  futureStream: 'wss://ws-testnet.gate.com/v4/ws/futures/usdt',
};

/**
 * Stream addresses as the first version of this product was told them. The futures one answers for contracts settled
 * in BTC, because it names no settlement; its successor for USDT is {@link LIVE_ENDPOINTS}.
 */
export const REFERENCE_ENDPOINTS: Readonly<Record<MarketKind, string>> = {
  spot: 'wss://api.gateio.ws/ws/v4/',
  future: 'wss://fx-ws.gateio.ws/v4/ws',
};

export const streamOf = (endpoints: Endpoints, market: MarketKind): string =>
  market === 'spot' ? endpoints.spotStream : endpoints.futureStream;
