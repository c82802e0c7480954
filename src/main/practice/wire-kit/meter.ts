import type { UnixMs } from '#shared/domain/basics';

export interface Window {
  id: number;
  count: number;
  refused: number;
}

/** Counts per key (address, account, endpoint) in fixed windows of the wall clock. */
export function createWindows(windowMs: number) {
  const windows = new Map<string, Window>();
  return {
    /** The running window of a key; mutable, its owner counts in it. */
    of(key: string, now: UnixMs): Window {
      const id = Math.floor(now / windowMs);
      const known = windows.get(key);
      if (known?.id === id) return known;
      const fresh = { id, count: 0, refused: 0 };
      windows.set(key, fresh);
      return fresh;
    },
    endOf: (window: Window): number => (window.id + 1) * windowMs,
  };
}

/** How a request stands to a limit after it was counted. */
export interface Rate {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** When the window is over, wall ms. */
  readonly resetAt: number;
}

/** So many requests per window and key; one too many is not allowed and does not count. */
export function createRateMeter(limit: number, windowMs: number) {
  const windows = createWindows(windowMs);
  return {
    take(key: string, now: UnixMs, weight = 1): Rate {
      const window = windows.of(key, now);
      const allowed = window.count + weight <= limit;
      if (allowed) window.count += weight;
      else window.refused += 1;
      return { allowed, limit, remaining: Math.max(0, limit - window.count), resetAt: windows.endOf(window) };
    },
  };
}
export type RateMeter = ReturnType<typeof createRateMeter>;
