import type { MarketKind } from '#shared/domain/exchange';

/** Where one Bitget environment answers. Bases have no slash at the end; spot and futures share them. */
export interface Endpoints extends Readonly<Record<string, string>> {
  /** Serves /api/v2 and /api/v3. */
  readonly rest: string;
  /** Serves /v3/ws/public and /v2/ws/private. */
  readonly stream: string;
}

export const LIVE_ENDPOINTS: Endpoints = {
  rest: 'https://api.bitget.com',
  stream: 'wss://ws.bitget.com',
};

/** Demo trading: the same REST host with a header (see {@link isDemo}), stream hosts of its own, a demo key. */
export const TESTNET_ENDPOINTS: Endpoints = {
  rest: 'https://api.bitget.com',
  stream: 'wss://wspap.bitget.com',
};

/**
 * The addresses people still find in old guides. Both were switched off with the whole v1 interface on 2025-11-28;
 * {@link LIVE_ENDPOINTS} names their successors.
 */
export const REFERENCE_ENDPOINTS: Readonly<Record<MarketKind, string>> = {
  spot: 'wss://ws.bitget.com/spot/v1/stream',
  future: 'wss://ws.bitget.com/mix/v1/stream',
};

/** REST tells demo from live by the header `paptrading: 1` alone; that the streams go to the demo host decides it. */
export const isDemo = (endpoints: Endpoints): boolean => endpoints.stream === TESTNET_ENDPOINTS.stream;

/** Market data of both generations of accounts; it alone names the predecessor of every book update on spot too. */
export const publicUrl = (endpoints: Endpoints): string => `${endpoints.stream}/v3/ws/public`;
/** Orders, fills and balances of a classic account. */
export const privateUrl = (endpoints: Endpoints): string => `${endpoints.stream}/v2/ws/private`;

/** Everything on one practice exchange, e.g. loopbackEndpoints('http://127.0.0.1:4001'). */
export const loopbackEndpoints = (httpBase: string): Endpoints => ({
  rest: httpBase,
  stream: httpBase.replace(/^http/, 'ws'),
});
