/** Limits of the wire. The defaults are Bybit's; tests make them small. */
export interface WireLimits {
  /** Requests of one address in a window; one more is answered with 403 and shuts the address out. */
  readonly requests: number;
  readonly requestWindowMs: number;
  readonly banMs: number;
  /** Of one account and second: placing, cancelling and the rest of what needs a key. */
  readonly placesPerSecond: { readonly spot: number; readonly future: number };
  readonly readsPerSecond: number;
  /** A connection on which the client says nothing for so long is cut. */
  readonly idleMs: number;
  /** The push clock of public streams: none speaks more often, wall ms. */
  readonly pushMs: number;
  /** Trades in one public message. */
  readonly tradesPerMessage: number;
}

export const LIMITS: WireLimits = {
  requests: 600,
  requestWindowMs: 5_000,
  banMs: 600_000,
  placesPerSecond: { spot: 20, future: 10 },
  readsPerSecond: 50,
  idleMs: 600_000,
  pushMs: 20,
  tradesPerMessage: 1_024,
};
