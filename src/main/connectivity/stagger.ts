import type { Clock } from '#main/seams/seams';

/** Hands out moments to connect, per host at least `gapMs` apart. Returns the wait from now. */
export function createStagger(clock: Clock, gapMs: number) {
  const latest = new Map<string, number>();
  return (host: string, delayMs: number): number => {
    const now = clock.monotonic();
    const at = Math.max(now + delayMs, (latest.get(host) ?? Number.NEGATIVE_INFINITY) + gapMs);
    latest.set(host, at);
    return at - now;
  };
}
export type Stagger = ReturnType<typeof createStagger>;
