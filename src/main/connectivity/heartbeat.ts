import type { Clock, Timers } from '#main/seams/seams';
import type { Frame, Rhythm } from './types';

export interface HeartbeatEvents {
  /** Sends a ping: a frame where the exchange wants text, else the protocol's own. */
  ping(frame: Frame | null): void;
  /** Half the time for an answer is over and nothing came. */
  quiet(): void;
  /** Something came after `quiet`. */
  awake(): void;
  dead(): void;
  roundTrip(ms: number): void;
}

/** Pings, and takes any frame after a ping for an answer. Runs until stopped. */
export function createHeartbeat(
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  { pingEveryMs, pongWithinMs, frame, isPong }: Rhythm,
  events: HeartbeatEvents,
) {
  /** No sign of life since the last ping. */
  let waiting = false;
  /** When the ping left whose own answer is still out; on a busy line data comes before it. */
  let sentAt: number | null = null;
  let isQuiet = false;
  let roundTripMs: number | null = null;
  let undoQuiet = (): void => {};
  let undoDead = (): void => {};

  const ping = (): void => {
    // A ping without answer runs against its limit; another one would push it on.
    if (waiting) return;
    waiting = true;
    sentAt = clock.monotonic();
    undoQuiet = timers.after(pongWithinMs / 2, () => {
      isQuiet = true;
      events.quiet();
    });
    undoDead = timers.after(pongWithinMs, () => events.dead());
    events.ping(frame?.() ?? null);
  };
  const heard = (): void => {
    if (!waiting) return;
    waiting = false;
    undoQuiet();
    undoDead();
    if (!isQuiet) return;
    isQuiet = false;
    events.awake();
  };
  const pong = (): void => {
    heard();
    if (sentAt === null) return;
    roundTripMs = clock.monotonic() - sentAt;
    sentAt = null;
    events.roundTrip(roundTripMs);
  };
  const undoPing = timers.every(pingEveryMs, ping);
  return {
    pong,
    /** True when the frame is the answer to our ping, and of no interest to anybody else. */
    takes(data: Frame): boolean {
      heard();
      if (sentAt === null || isPong?.(data) !== true) return false;
      pong();
      return true;
    },
    roundTripMs: () => roundTripMs,
    stop(): void {
      undoPing();
      undoQuiet();
      undoDead();
    },
  };
}
export type Heartbeat = ReturnType<typeof createHeartbeat>;
