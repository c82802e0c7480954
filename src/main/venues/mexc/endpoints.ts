import type { MarketKind } from '#shared/domain/exchange';

/** Where one MEXC environment answers. No slash at the end. */
export interface Endpoints extends Readonly<Record<string, string>> {
  /** Serves /api/v3. */
  readonly spotRest: string;
  /** Serves /api/v1/contract and /api/v1/private. */
  readonly futureRest: string;
  /** Spot sockets, public and (with a listen key) private; binary protobuf frames. */
  readonly spotStream: string;
  /** Futures sockets, public and (after a login) private; text frames. */
  readonly futureStream: string;
}

/** Futures REST moved from contract.mexc.com to api.mexc.com on 2026-01-19. MEXC has no testnet. */
export const LIVE_ENDPOINTS: Endpoints = {
  spotRest: 'https://api.mexc.com',
  futureRest: 'https://api.mexc.com',
  spotStream: 'wss://wbs-api.mexc.com/ws',
  futureStream: 'wss://contract.mexc.com/edge',
};

/**
 * The private sockets of the first requirements (M-270), named for reference. Both are gone: the spot host went silent
 * on 2025-08-04 with its JSON frames, the futures path moved to /edge on 2024-01-31.
 */
export const REFERENCE_ENDPOINTS: Readonly<Record<MarketKind, string>> = {
  spot: 'wss://wbs.mexc.com/ws',
  future: 'wss://contract.mexc.com/ws',
};

/** Everything on one practice exchange, e.g. loopbackEndpoints('http://127.0.0.1:4001'). */
export function loopbackEndpoints(httpBase: string): Endpoints {
  const socketBase = httpBase.replace(/^http/, 'ws');
  return {
    spotRest: httpBase,
    futureRest: httpBase,
    spotStream: `${socketBase}/spot/ws`,
    futureStream: `${socketBase}/edge`,
  };
}
