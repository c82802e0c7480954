import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Candle } from '#shared/domain/market';
import type { TickGrid } from './tick-grid';

export const MINUTE_MS = 60_000;
/** When within the minute the path is at open, first extreme, second extreme and close. */
const OFFSETS_MS = [0, 20_000, 40_000, 59_000] as const;

export interface PathPoint {
  readonly at: UnixMs;
  readonly ticks: number;
}

/**
 * The way a price is taken to have gone through a 1-minute candle: open, low, high, close when it rose or stood,
 * open, high, low, close when it fell. Straight in between.
 */
export function pathOf(candle: Candle, grid: TickGrid): readonly PathPoint[] {
  const { open, high, low, close } = candle;
  const prices = close >= open ? [open, low, high, close] : [open, high, low, close];
  return prices.map((price, index) => ({
    at: unixMs(candle.openTime + OFFSETS_MS[index]!),
    ticks: grid.fromPrice(price),
  }));
}

/** Where the path is at a time within its minute; at its close from there on. */
export function ticksAt(path: readonly PathPoint[], time: number): number {
  let from = path[0]!;
  for (const to of path) {
    if (to.at > time) {
      const part = to.at === from.at ? 0 : (time - from.at) / (to.at - from.at);
      return Math.round(from.ticks + (to.ticks - from.ticks) * Math.max(0, part));
    }
    from = to;
  }
  return from.ticks;
}

/** The first of `levels` that a price meets on the way from one to another, the end included; null for none. */
export function nextStop(levels: Iterable<number>, from: number, to: number): number | null {
  let first: number | null = null;
  for (const level of levels) {
    const met = from < to ? level > from && level <= to : level < from && level >= to;
    if (met && (first === null || Math.abs(level - from) < Math.abs(first - from))) first = level;
  }
  return first;
}

/** When the straight way between two points is at a price strictly between theirs; before the second one's time. */
export function onTheWay(from: PathPoint, to: PathPoint, ticks: number): PathPoint {
  const part = (ticks - from.ticks) / (to.ticks - from.ticks);
  return { at: unixMs(Math.min(to.at - 1, from.at + Math.round((to.at - from.at) * part))), ticks };
}
