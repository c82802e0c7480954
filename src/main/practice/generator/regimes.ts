import { gauss, slowNoise, uniform } from '../noise';

/** A block of minutes is drawn in one go; its ends are pinned to slow noise, so every block stands alone. */
export const BLOCK_MINUTES = 240;

export type Regime = 'trend' | 'range' | 'spike' | 'quiet';

export interface Block {
  /** Log price relative to the factor's mean at each minute edge, BLOCK_MINUTES + 1 values. */
  readonly level: Float64Array;
  /** Volatility of each minute as a multiple of the usual one. */
  readonly heat: Float32Array;
  /** Turnover of each minute as a multiple of the usual one. */
  readonly turnover: Float32Array;
  readonly regime: readonly Regime[];
}

/** Slow waves in log price: period in blocks, amplitude in usual minute volatilities. */
const TIDES = [
  [2, 7],
  [6, 13],
  [18, 20],
  [80, 34],
] as const;

const tide = (seed: number, block: number, sigma: number): number => {
  let level = 0;
  TIDES.forEach(([period, amplitude], n) => {
    level += amplitude * sigma * slowNoise(seed + 101 * n, block, period);
  });
  return level;
};

const pick = (chance: number): Regime =>
  chance < 0.4 ? 'trend' : chance < 0.73 ? 'range' : chance < 0.83 ? 'spike' : 'quiet';

/** Shortest length and how much longer a regime may last, in minutes. */
const LENGTH: Record<Regime, readonly [number, number]> = {
  trend: [18, 45],
  range: [15, 40],
  spike: [3, 5],
  quiet: [10, 22],
};
const HEAT: Record<Regime, number> = { trend: 0.9, range: 0.85, spike: 1.7, quiet: 0.35 };
const TURNOVER: Record<Regime, number> = { trend: 1.25, range: 0.85, spike: 4, quiet: 0.4 };

/**
 * The minutes of one block of one random factor: a pure function of its arguments.
 * `sigma` is the usual volatility of a minute, as a fraction.
 */
export function drawBlock(seed: number, block: number, sigma: number): Block {
  const level = new Float64Array(BLOCK_MINUTES + 1);
  const heat = new Float32Array(BLOCK_MINUTES);
  const turnover = new Float32Array(BLOCK_MINUTES);
  const regime: Regime[] = [];
  let minute = 0;
  let x = 0;
  for (let segment = 0; minute < BLOCK_MINUTES; segment++) {
    const draw = (n: number): number => uniform(seed, block, 1000 + segment * 8 + n);
    const kind = pick(draw(0));
    const length = Math.round(LENGTH[kind][0] + draw(1) * LENGTH[kind][1]);
    const direction = draw(2) < 0.5 ? -1 : 1;
    const force = draw(3);
    const centre = x;
    for (let i = 0; i < length && minute < BLOCK_MINUTES; i++, minute++) {
      const shock = gauss(seed, block, minute) * sigma * HEAT[kind];
      // Trends breathe: their pull swells and fades, else a chart shows a ruler line.
      const swell = 0.6 + 0.8 * Math.sin((Math.PI * (i + 0.5)) / length);
      if (kind === 'trend') x += shock + direction * sigma * (0.14 + 0.22 * force) * swell;
      else if (kind === 'range') x += shock - 0.1 * (x - centre);
      else if (kind === 'spike') x += shock + spikePull(i, length, direction, force) * sigma;
      else x += shock;
      level[minute + 1] = x;
      heat[minute] = HEAT[kind];
      turnover[minute] = TURNOVER[kind];
      regime.push(kind);
    }
  }
  const from = tide(seed, block, sigma);
  const miss = tide(seed, block + 1, sigma) - from - x;
  for (let i = 0; i <= BLOCK_MINUTES; i++) level[i] = level[i]! + from + (miss * i) / BLOCK_MINUTES;
  return { level, heat, turnover, regime };
}

/** A thrust over the first half, then part of it is given back. */
const spikePull = (i: number, length: number, direction: number, force: number): number =>
  i < length / 2 ? direction * (2 + 2.5 * force) : -direction * (0.5 + force);
