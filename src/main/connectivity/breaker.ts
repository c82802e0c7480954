import type { Clock } from '#main/seams/seams';
import type { CircuitState } from '#shared/domain/connection';
import type { Limits } from './limits';

/**
 * The circuit of one host: so many failures within a time open it; from then on one probe at a time, and the first
 * that fails opens it again. Only a line that held closes it.
 */
export function createBreaker(clock: Clock, { failures, withinMs, probeAfterMs }: Limits['breaker']) {
  let failedAt: number[] = [];
  let openedAt: number | null = null;
  let probing = false;

  return {
    state: (): CircuitState => (openedAt === null ? 'closed' : probing ? 'half-open' : 'open'),
    /** How long the host is to be left alone, from now. */
    waitMs: (): number => (openedAt === null ? 0 : Math.max(0, openedAt + probeAfterMs - clock.monotonic())),
    /** An attempt begins; on an open circuit it is the probe. */
    tried(): void {
      probing = openedAt !== null;
    },
    failed(): void {
      const now = clock.monotonic();
      failedAt = [...failedAt.filter((time) => time > now - withinMs), now];
      if (probing || failedAt.length >= failures) openedAt = now;
      probing = false;
    },
    held(): void {
      failedAt = [];
      openedAt = null;
      probing = false;
    },
  };
}
export type Breaker = ReturnType<typeof createBreaker>;
