import type { UnixMs } from '#shared/domain/basics';
import { createWindows } from '../wire-kit/meter';
import { WireError } from './wire-error';

/** Limits of one market. The defaults are Binance's; tests make them small. */
export interface WireLimits {
  /** Request weight per minute and address. */
  readonly weightPerMinute: number;
  /** Requests that are still answered with 429 in one minute before the address is banned. */
  readonly refusalsBeforeBan: number;
  readonly banMs: number;
  readonly ordersPer10s: number;
  /** Second order window: a day on spot, a minute on futures. */
  readonly ordersPerLongWindow: number;
  readonly socketMessagesPerSecond: number;
  /** Public trades sent per stream and flush; older ones of a burst are left out. */
  readonly tradesPerFlush: number;
  readonly listenKeyMs: number;
  /** The push clock of public streams: none speaks more often, wall ms. */
  readonly pushMs: number;
}

const COMMON = {
  refusalsBeforeBan: 30,
  banMs: 120_000,
  tradesPerFlush: 200,
  listenKeyMs: 3_600_000,
  pushMs: 50,
};
export const SPOT_LIMITS: WireLimits = {
  ...COMMON,
  weightPerMinute: 6_000,
  ordersPer10s: 100,
  ordersPerLongWindow: 200_000,
  socketMessagesPerSecond: 5,
};
export const FUTURE_LIMITS: WireLimits = {
  ...COMMON,
  weightPerMinute: 2_400,
  ordersPer10s: 300,
  ordersPerLongWindow: 1_200,
  socketMessagesPerSecond: 10,
};

const MINUTE_MS = 60_000;

/** Counts request weight per address in minutes of the wall clock: 429 above the limit, then 418. */
export function createWeightMeter(limits: WireLimits) {
  const windows = createWindows(MINUTE_MS);
  const bans = new Map<string, number>();

  const banned = (until: number, now: number): WireError =>
    new WireError(
      -1003,
      `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`,
      418,
      Math.ceil((until - now) / 1000),
    );

  return {
    used: (address: string, now: UnixMs): number => windows.of(address, now).count,
    /** @throws WireError 429 or 418 */
    take(address: string, weight: number, now: UnixMs): void {
      const until = bans.get(address);
      if (until !== undefined && now < until) throw banned(until, now);
      const window = windows.of(address, now);
      window.count += weight;
      if (window.count <= limits.weightPerMinute) return;
      window.refused += 1;
      if (window.refused > limits.refusalsBeforeBan) {
        bans.set(address, now + limits.banMs);
        throw banned(now + limits.banMs, now);
      }
      throw new WireError(
        -1003,
        `Too much request weight used; current limit is ${limits.weightPerMinute} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
        429,
        Math.ceil((windows.endOf(window) - now) / 1000),
      );
    },
    /** Spot placements and cancels that succeed cost nothing (since 2026-04-02). */
    giveBack(address: string, weight: number, now: UnixMs): void {
      const window = windows.of(address, now);
      window.count = Math.max(0, window.count - weight);
    },
  };
}
export type WeightMeter = ReturnType<typeof createWeightMeter>;

export interface OrderCounts {
  readonly short: number;
  readonly long: number;
}

/** Counts placements per account in the two windows of the market. */
export function createOrderMeter(limits: WireLimits, longWindowMs: number, longName: string) {
  const shortWindows = createWindows(10_000);
  const longWindows = createWindows(longWindowMs);
  const countsOf = (account: string, now: UnixMs) => ({
    short: shortWindows.of(account, now),
    long: longWindows.of(account, now),
  });
  const refuse = (limit: number, name: string, retryMs: number): never => {
    throw new WireError(
      -1015,
      `Too many new orders; current limit is ${limit} orders per ${name}.`,
      429,
      Math.ceil(retryMs / 1000),
    );
  };
  return {
    counts(account: string, now: UnixMs): OrderCounts {
      const { short, long } = countsOf(account, now);
      return { short: short.count, long: long.count };
    },
    /** @throws WireError -1015 */
    take(account: string, now: UnixMs): void {
      const { short, long } = countsOf(account, now);
      if (short.count >= limits.ordersPer10s)
        refuse(limits.ordersPer10s, '10 SECOND', shortWindows.endOf(short) - now);
      if (long.count >= limits.ordersPerLongWindow)
        refuse(limits.ordersPerLongWindow, longName, longWindows.endOf(long) - now);
      short.count += 1;
      long.count += 1;
    },
  };
}
export type OrderMeter = ReturnType<typeof createOrderMeter>;
