import type { Clock } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import { createTrend } from './trend';

const WINDOW_S = 10;

/** Counts what arrives. */
export function createMeter(clock: Clock) {
  const perSecond = new Array<number>(WINDOW_S + 1).fill(0);
  let trend: ReturnType<typeof createTrend> | null = null;
  let second = 0;
  let begun: number | null = null;
  let messages = 0;
  let bytes = 0;
  let lastMessageAt: UnixMs | null = null;

  const turnTo = (now: number): void => {
    const current = Math.floor(now / 1000);
    const stale = Math.min(current - second, perSecond.length);
    for (let i = 1; i <= stale; i++) perSecond[(second + i) % perSecond.length] = 0;
    // After a long pause the loop above has emptied every slot, whichever it started from.
    second = Math.max(second, current);
  };
  return {
    /** Called when a socket is ready; the first call starts the life that `rate` and the trend look back on. */
    begin(): void {
      begun ??= clock.monotonic();
      trend ??= createTrend(clock);
    },
    count(data: string | Uint8Array, at: UnixMs): void {
      messages++;
      bytes += typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
      lastMessageAt = at;
      turnTo(clock.monotonic());
      perSecond[second % perSecond.length]!++;
      trend?.message();
    },
    roundTrip: (ms: number): void => trend?.roundTrip(ms),
    read() {
      const now = clock.monotonic();
      turnTo(now);
      const life = begun === null ? 0 : (now - begun) / 1000;
      let recent = 0;
      for (let back = 1; back <= WINDOW_S; back++)
        recent += perSecond[(second - back + 2 * perSecond.length) % perSecond.length] ?? 0;
      // The running second is not full yet; it counts only while there is little else to look at.
      if (life < WINDOW_S) recent += perSecond[second % perSecond.length]!;
      const rate = life < 1 ? null : recent / Math.min(life, WINDOW_S);
      return { messages, bytes, lastMessageAt, rate, trend: trend?.read() ?? NO_TREND };
    },
  };
}

const NO_TREND = { slotMs: 5_000, rate: [], roundTripMs: [] };
