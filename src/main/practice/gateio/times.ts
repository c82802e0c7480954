/** Seconds, the unit of every `time` field. */
export const seconds = (ms: number): number => Math.floor(ms / 1_000);
/** Futures write seconds with a fraction over REST. */
export const exactSeconds = (ms: number): number => ms / 1_000;
