import type { Decimal } from '#shared/domain/basics';
import { add, isPositive, toStep } from '#shared/domain/decimal';
import type { Level } from '#shared/domain/market';
import type { MatchSymbol } from '../matching/types';

const PLACES = 12;

/** Decimal text in units of 1e-12; null for text with more places, which the matching engine cannot hold. */
export function scaled(text: Decimal): bigint | null {
  const dot = text.indexOf('.');
  const places = dot < 0 ? 0 : text.length - dot - 1;
  if (places > PLACES) return null;
  const digits = dot < 0 ? text : text.slice(0, dot) + text.slice(dot + 1);
  return BigInt(digits + '0'.repeat(PLACES - places));
}

/** The prices and amounts that the matching engine takes for one instrument. */
export interface Grid {
  readonly tick: Decimal;
  readonly step: Decimal;
  readonly scaledTick: bigint;
  readonly scaledStep: bigint;
}

/** @throws RangeError for a tick or step that is not above 0 or has too many places */
export function gridOf({ symbol, tickSize, stepSize }: MatchSymbol): Grid {
  const scaledTick = scaled(tickSize);
  const scaledStep = scaled(stepSize);
  if (!scaledTick || !scaledStep || scaledTick < 0n || scaledStep < 0n)
    throw new RangeError(`${symbol}: tick and step must be above 0 and have at most ${PLACES} places`);
  return { tick: tickSize, step: stepSize, scaledTick, scaledStep };
}

function isOn(value: Decimal, size: bigint): boolean {
  const exact = scaled(value);
  return exact !== null && exact % size === 0n;
}

/**
 * A ladder (best first) on the grid. After an exchange changed a tick its old quotes stand between two ticks: they
 * are moved to the one that is worse for whoever takes them, so that paper is never kinder than the exchange.
 */
export function onGrid(levels: readonly Level[], side: 'bid' | 'ask', grid: Grid): readonly Level[] {
  if (levels.every((level) => fits(level, grid))) return levels;
  const moved: Level[] = [];
  for (const [price, amount] of levels) {
    const at = isOn(price, grid.scaledTick)
      ? price
      : toStep(price, grid.tick, side === 'bid' ? 'down' : 'up');
    const size = isOn(amount, grid.scaledStep) ? amount : toStep(amount, grid.step, 'down');
    if (!isPositive(at) || !isPositive(size)) continue;
    const last = moved.at(-1);
    if (last?.[0] === at) moved[moved.length - 1] = [at, add(last[1], size)];
    else moved.push([at, size]);
  }
  return moved;
}

const fits = ([price, amount]: Level, grid: Grid): boolean =>
  amount !== '0' && isOn(price, grid.scaledTick) && isOn(amount, grid.scaledStep);

/** A public trade on the grid, at least one step large; null when its price makes no sense. */
export function tradeOnGrid(price: Decimal, amount: Decimal, grid: Grid): Level | null {
  const at = isOn(price, grid.scaledTick) ? price : toStep(price, grid.tick, 'half-up');
  if (!isPositive(at)) return null;
  const size = isOn(amount, grid.scaledStep) ? amount : toStep(amount, grid.step, 'down');
  return [at, isPositive(size) ? size : grid.step];
}
