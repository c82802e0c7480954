import type { MarketKind } from '#shared/domain/exchange';

/** Where one Hyperliquid environment answers. No slash at the end. */
export interface Endpoints extends Readonly<Record<string, string>> {
  /** Serves /info (questions) and /exchange (signed actions), perpetuals and spot alike. */
  readonly rest: string;
  /** The one socket for public and account streams. */
  readonly stream: string;
}

export const LIVE_ENDPOINTS: Endpoints = {
  rest: 'https://api.hyperliquid.xyz',
  stream: 'wss://api.hyperliquid.xyz/ws',
};
export const TESTNET_ENDPOINTS: Endpoints = {
  rest: 'https://api.hyperliquid-testnet.xyz',
  stream: 'wss://api.hyperliquid-testnet.xyz/ws',
};

/** The private sockets of the first requirements (M-270), named for reference. The one of Hyperliquid is still alive. */
export const REFERENCE_ENDPOINTS: Readonly<Record<MarketKind, string | null>> = {
  spot: null,
  future: 'wss://api.hyperliquid.xyz/ws',
};

/**
 * Which chain an action is signed for: the signature itself says "a" (mainnet) or "b" (testnet), so that neither can
 * be replayed on the other. A practice exchange stands in for the mainnet.
 */
export const chainOf = ({ rest }: Endpoints): 'Mainnet' | 'Testnet' =>
  new URL(rest).hostname.includes('testnet') ? 'Testnet' : 'Mainnet';
