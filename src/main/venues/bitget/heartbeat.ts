import type { LinkProtocol, Rhythm } from '#main/connectivity/types';

/** The client pings with the text "ping" every 30 s and is closed after 2 minutes without; the answer is "pong". */
export const HEARTBEAT: Rhythm = {
  pingEveryMs: 25_000,
  pongWithinMs: 10_000,
  frame: () => 'ping',
  isPong: (data) => data === 'pong',
};

/** Older documentation speaks of a close after 24 hours; a connection is made anew before. */
export const RENEW_AFTER_MS: NonNullable<LinkProtocol['renewAfterMs']> = 23.5 * 3_600_000;
