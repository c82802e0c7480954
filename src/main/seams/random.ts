import type { Random } from './seams';

/**
 * A seeded generator: the same seed gives the same numbers on every machine (sfc32, 128 bits of state, filled by
 * splitmix32). For worlds and tests, never for keys.
 */
export function createSeededRandom(seed: number): Random {
  let mix = Math.trunc(seed) >>> 0;
  const fill = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const word = (): number => {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + result) >>> 0;
    return result;
  };
  // The first outputs still show the seed.
  for (let warm = 0; warm < 12; warm++) word();
  return {
    // 53 bits, so that every double of the grid can come up.
    next: () => ((word() >>> 5) * 0x4000000 + (word() >>> 6)) / 0x20000000000000,
    bytes: (length) => Uint8Array.from({ length }, () => word() >>> 24),
  };
}
