import { toNumber } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import type { Settings } from '#shared/domain/settings';
import type { TickGrid } from './tick-grid';

const HOUR_MS = 3_600_000;
type Rule = Settings['aged'];

/**
 * Prices, in ticks, at which the engine acts by itself: where trailing begins, and where an aged position closes.
 * They only tell where a path must not be stepped over; what is done there the engine decides.
 */
export function actingPrices(
  position: Position | undefined,
  rule: Rule,
  at: number,
  grid: TickGrid,
): readonly number[] {
  if (!position) return [];
  const { trailing, side } = position;
  const begins =
    trailing && trailing.state !== 'active' ? [grid.reaching(trailing.activationPrice, side)] : [];
  const target = agedTicks(position, rule, at, grid);
  return target === null ? begins : [...begins, target];
}

/** True when an aged position would be closed at this price, give or take a tick. */
export function isAgedOut(
  position: Position | undefined,
  rule: Rule,
  at: number,
  ticks: number,
  grid: TickGrid,
): boolean {
  const target = position ? agedTicks(position, rule, at, grid) : null;
  if (target === null) return false;
  return position!.side === 'long' ? ticks >= target - 1 : ticks <= target + 1;
}

/** The position tells where the target was when it was last looked at; after grace it gives way with each hour. */
function agedTicks(position: Position, rule: Rule, at: number, grid: TickGrid): number | null {
  const { aged, entryPrice, side } = position;
  if (!aged || entryPrice === null) return null;
  if (aged.phase === 'grace') return grid.reaching(aged.target, side);
  const entry = toNumber(entryPrice);
  const given = (Math.abs(entry - toNumber(aged.target)) / entry) * 100;
  const more = (toNumber(rule.lossPercentPerHour) * (at - aged.at)) / HOUR_MS;
  const lost = Math.min(given + more, toNumber(rule.maxLossPercent)) / 100;
  const price = entry * (side === 'long' ? 1 - lost : 1 + lost);
  return grid.fromPrice(price);
}
