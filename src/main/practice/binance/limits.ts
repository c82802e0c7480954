import type { UnixMs } from '#shared/domain/basics';
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

interface Window {
  id: number;
  count: number;
  refused: number;
}

/** Counts request weight per address in minutes of the wall clock: 429 above the limit, then 418. */
export function createWeightMeter(limits: WireLimits) {
  const windows = new Map<string, Window>();
  const bans = new Map<string, number>();

  const windowOf = (address: string, now: UnixMs): Window => {
    const id = Math.floor(now / MINUTE_MS);
    const known = windows.get(address);
    if (known?.id === id) return known;
    const fresh = { id, count: 0, refused: 0 };
    windows.set(address, fresh);
    return fresh;
  };
  const banned = (until: number, now: number): WireError =>
    new WireError(
      -1003,
      `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`,
      418,
      Math.ceil((until - now) / 1000),
    );

  return {
    used: (address: string, now: UnixMs): number => windowOf(address, now).count,
    /** @throws WireError 429 or 418 */
    take(address: string, weight: number, now: UnixMs): void {
      const until = bans.get(address);
      if (until !== undefined && now < until) throw banned(until, now);
      const window = windowOf(address, now);
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
        Math.ceil(((window.id + 1) * MINUTE_MS - now) / 1000),
      );
    },
    /** Spot placements and cancels that succeed cost nothing (since 2026-04-02). */
    giveBack(address: string, weight: number, now: UnixMs): void {
      const window = windowOf(address, now);
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
  const windows = new Map<string, { short: Window; long: Window }>();
  const fresh = (id: number): Window => ({ id, count: 0, refused: 0 });
  const countsOf = (account: string, now: UnixMs) => {
    const shortId = Math.floor(now / 10_000);
    const longId = Math.floor(now / longWindowMs);
    const pair = windows.get(account) ?? { short: fresh(shortId), long: fresh(longId) };
    if (pair.short.id !== shortId) pair.short = fresh(shortId);
    if (pair.long.id !== longId) pair.long = fresh(longId);
    windows.set(account, pair);
    return pair;
  };
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
        refuse(limits.ordersPer10s, '10 SECOND', (short.id + 1) * 10_000 - now);
      if (long.count >= limits.ordersPerLongWindow)
        refuse(limits.ordersPerLongWindow, longName, (long.id + 1) * longWindowMs - now);
      short.count += 1;
      long.count += 1;
    },
  };
}
export type OrderMeter = ReturnType<typeof createOrderMeter>;
