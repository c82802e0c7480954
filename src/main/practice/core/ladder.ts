import { gauss, hash } from '../noise';
import type { BookShape, TapePrint } from './feed';

/** Resting levels per side. */
export const LEVELS = 24;
/** How long a level keeps its amount, market ms; each level changes at a moment of its own. */
const LEVEL_LIFE_MS = 9_000;
const TOUCH_LIFE_MS = 1_500;

/** [ticks, steps] */
export type RawLevel = readonly [number, number];
export interface Ladder {
  readonly bids: readonly RawLevel[];
  readonly asks: readonly RawLevel[];
}

/** The nearest of 1, 2, 5 x 10^n at or above a size, at least 1. */
export function niceGrid(size: number): number {
  if (size <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  for (const step of [1, 2, 5, 10]) if (step * power >= size) return Math.max(1, Math.round(step * power));
  return Math.round(10 * power);
}

/**
 * The outside market's book around its last print: the print's price is the touch it hit. Levels belong to
 * prices, not to ranks, so a small move changes a few of them. Best bid is below best ask, prices stay above 0.
 */
export function ladderAround(print: Pick<TapePrint, 'ticks' | 'side'>, shape: BookShape, at: number): Ladder {
  const ask = print.side === 'buy' ? print.ticks : print.ticks + shape.spread;
  const bid = Math.max(1, ask - shape.spread);
  return { bids: side(bid, -1, shape, at), asks: side(Math.max(ask, bid + 1), 1, shape, at) };
}

function side(touch: number, direction: 1 | -1, shape: BookShape, at: number): RawLevel[] {
  const levels: RawLevel[] = [[touch, amount(touch, 1, TOUCH_LIFE_MS, shape, at)]];
  let last = touch;
  for (let cell = Math.floor(touch / shape.grid); levels.length < LEVELS; cell += direction) {
    // Each cell of the grid holds one level at a place of its own, the same for as long as the cell is in sight.
    const ticks = cell * shape.grid + (hash(shape.seed + 21, cell) % shape.grid);
    if (ticks < 1) break;
    if ((ticks - last) * direction <= 0) continue;
    last = ticks;
    levels.push([ticks, amount(ticks, 1 + Math.floor(levels.length / 6) * 0.5, LEVEL_LIFE_MS, shape, at)]);
  }
  return levels;
}

function amount(ticks: number, weight: number, lifeMs: number, shape: BookShape, at: number): number {
  const phase = hash(shape.seed + 22, ticks) % lifeMs;
  const life = Math.floor((at + phase) / lifeMs);
  return Math.max(
    1,
    Math.round(shape.levelSteps * weight * Math.exp(0.7 * gauss(shape.seed + 23, ticks, life))),
  );
}
