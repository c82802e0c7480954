import { createRateMeter, type RateMeter } from '../wire-kit/meter';

/** Gate counts requests in windows of ten seconds, by endpoint, and orders by user and market in single seconds. */
export interface Limits {
  /** By address and endpoint. */
  readonly open: RateMeter;
  /** By user and endpoint. */
  readonly own: RateMeter;
  readonly placeSpot: RateMeter;
  readonly placeFuture: RateMeter;
  readonly cancel: RateMeter;
}

export function createLimits(requestsPerMinute: number | undefined): Limits {
  return {
    open:
      requestsPerMinute === undefined
        ? createRateMeter(200, 10_000)
        : createRateMeter(requestsPerMinute, 60_000),
    own: createRateMeter(200, 10_000),
    placeSpot: createRateMeter(10, 1_000),
    placeFuture: createRateMeter(100, 1_000),
    cancel: createRateMeter(200, 1_000),
  };
}
