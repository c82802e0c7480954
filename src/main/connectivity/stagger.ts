import type { Clock } from '#main/seams/seams';

const MINUTE_MS = 60_000;

interface HostTimes {
  latest: number;
  /** Dialled, or promised to be, in the last minute; in no order. */
  dialled: readonly number[];
}

/** Hands out moments to connect, per host at least `gapMs` apart and at most `perMinute` in any minute. */
export function createStagger(clock: Clock, gapMs: number, perMinute = Number.POSITIVE_INFINITY) {
  const hosts = new Map<string, HostTimes>();
  const timesOf = (host: string): HostTimes => {
    const from = clock.monotonic() - MINUTE_MS;
    const known = hosts.get(host);
    return {
      latest: known?.latest ?? Number.NEGATIVE_INFINITY,
      dialled: known?.dialled.filter((time) => time > from) ?? [],
    };
  };
  return {
    /** Returns the wait from now. */
    wait(host: string, delayMs: number): number {
      const now = clock.monotonic();
      const { latest, dialled } = timesOf(host);
      const crowd = dialled.toSorted((a, b) => b - a)[perMinute - 1] ?? Number.NEGATIVE_INFINITY;
      const at = Math.max(now + delayMs, latest + gapMs, crowd + MINUTE_MS);
      hosts.set(host, { latest: at, dialled: [...dialled, at] });
      return at - now;
    },
    /** Somebody dials at once: a first user, or a person who asks for it. */
    note(host: string): void {
      const { latest, dialled } = timesOf(host);
      hosts.set(host, { latest, dialled: [...dialled, clock.monotonic()] });
    },
  };
}
export type Stagger = ReturnType<typeof createStagger>;
