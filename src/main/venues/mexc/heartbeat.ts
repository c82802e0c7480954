import type { Frame, Rhythm } from '#main/connectivity/types';

const holds = (word: string) => (data: Frame) =>
  typeof data === 'string' && data.length < 200 && data.includes(word);

/** A spot socket that hears nothing for 60 s is closed. {"id":0,"code":0,"msg":"PONG"} */
export const spotHeartbeat: Rhythm = {
  pingEveryMs: 20_000,
  pongWithinMs: 10_000,
  frame: () => '{"method":"PING"}',
  isPong: holds('"PONG"'),
};

/** Futures want one every 10 to 20 s and hang up after 60. {"channel":"pong","data":1587453241453} */
export const futureHeartbeat: Rhythm = {
  pingEveryMs: 15_000,
  pongWithinMs: 10_000,
  frame: () => '{"method":"ping"}',
  isPong: holds('"channel":"pong"'),
};

/** Spot sockets end after 24 h. */
export const RENEW_AFTER_MS = 23.5 * 3_600_000;
