import type { Clock, Socket, Timers } from '#main/seams/seams';
import type { Limits } from './limits';

export interface HeartbeatEvents {
  /** Half the time for an answer is over and nothing came. */
  quiet(): void;
  /** Something came after `quiet`. */
  awake(): void;
  dead(): void;
}

/** Pings, and takes any frame after a ping for an answer. Runs until stopped. */
export function createHeartbeat(
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  { pingEveryMs, pongWithinMs }: Limits['heartbeat'],
  socket: Pick<Socket, 'ping'>,
  events: HeartbeatEvents,
) {
  let pingedAt: number | null = null;
  let isQuiet = false;
  let roundTripMs: number | null = null;
  let undoQuiet = (): void => {};
  let undoDead = (): void => {};

  const ping = (): void => {
    // A ping without answer runs against its limit; another one would push it on.
    if (pingedAt !== null) return;
    pingedAt = clock.monotonic();
    undoQuiet = timers.after(pongWithinMs / 2, () => {
      isQuiet = true;
      events.quiet();
    });
    undoDead = timers.after(pongWithinMs, () => events.dead());
    socket.ping();
  };
  const heard = (): void => {
    if (pingedAt === null) return;
    pingedAt = null;
    undoQuiet();
    undoDead();
    if (!isQuiet) return;
    isQuiet = false;
    events.awake();
  };
  const undoPing = timers.every(pingEveryMs, ping);
  return {
    heard,
    pong(): void {
      if (pingedAt !== null) roundTripMs = clock.monotonic() - pingedAt;
      heard();
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
