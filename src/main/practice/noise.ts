/**
 * Randomness by address instead of by sequence: the same (seed, place) always gives the same value, so that any
 * minute of a market can be computed without computing the ones before it.
 */

/** A 32-bit hash of a text (FNV-1a), to turn seeds and symbol names into numbers. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** 32 well mixed bits for a place. The parts may be any integers below 2^53. */
export function hash(seed: number, a: number, b = 0): number {
  const high = Math.floor(a / 4_294_967_296);
  return mix(
    mix(mix(seed ^ (a | 0)) + Math.imul(high, 0x9e3779b1) + 0x7f4a7c15) ^ Math.imul(b + 1, 0x9e3779b1),
  );
}

/** Uniform in [0, 1). */
export const uniform = (seed: number, a: number, b = 0): number => hash(seed, a, b) / 4_294_967_296;

/** Close to a standard normal, cut at about 3.4: the sum of the four bytes of one hash. */
export function gauss(seed: number, a: number, b = 0): number {
  const bits = hash(seed, a, b);
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}

/** Smooth noise with one random value per `period`, standard deviation near 1, for slow things (bases, anchors). */
export function slowNoise(seed: number, time: number, period: number): number {
  const cell = Math.floor(time / period);
  const part = time / period - cell;
  const ease = part * part * (3 - 2 * part);
  return gauss(seed, cell) * (1 - ease) + gauss(seed, cell + 1) * ease;
}
