import type { Decimal, Percent, PositionSide } from '#shared/domain/basics';
import {
  abs,
  gt,
  gte,
  lt,
  lte,
  max,
  min,
  minusPercent,
  percentChange,
  plusPercent,
  toStep,
} from '#shared/domain/decimal';

import type { ParamValues } from '#shared/domain/params';
import type { Trailing } from '#shared/domain/position';

/** Improvement that goes to the exchange at once, percent. */
const AT_ONCE = '1' as Decimal;
/** Smallest improvement worth a message, percent. */
const WORTHWHILE = '0.05' as Decimal;
/** Market time between two ordinary changes. */
const PAUSE_MS = 30_000;
/** Peak changes below this wait for the next; above `SAVE_AT_ONCE` they are written at once. Percent. */
const SAVE_WORTHWHILE = '0.2' as Decimal;
const SAVE_AT_ONCE = '1' as Decimal;
const SAVE_PAUSE_MS = 10_000;

export interface TrailingRule {
  readonly side: PositionSide;
  readonly entry: Decimal;
  readonly activation: Percent;
  /** Percent; the optional extras give it more than four places. */
  readonly distance: Percent | Decimal;
  readonly tick: Decimal;
}
export interface TrailingView {
  readonly active: boolean;
  /** Best price since entry. */
  readonly peak: Decimal;
  /** Stop wanted so far; null when none is. */
  readonly stop: Decimal | null;
}

/** Stop price of a fresh position, on a tick, never further from the entry than asked. */
export function initialStop(side: PositionSide, entry: Decimal, stopLoss: Percent, tick: Decimal): Decimal {
  return side === 'long'
    ? toStep(minusPercent(entry, stopLoss), tick, 'up')
    : toStep(plusPercent(entry, stopLoss), tick, 'down');
}

/** The price at which trailing begins. */
export const activationPrice = (side: PositionSide, entry: Decimal, activation: Percent): Decimal =>
  side === 'long' ? plusPercent(entry, activation) : minusPercent(entry, activation);

/** Trailing that has not begun, counted from the entry. */
export const freshTrailing = (
  side: PositionSide,
  entry: Decimal,
  params: Pick<ParamValues, 'trailingActivation'>,
): Trailing => ({
  state: 'inactive',
  activationPrice: activationPrice(side, entry, params.trailingActivation),
  peak: entry,
  wanted: null,
  lastAcceptedAt: null,
  updates: 0,
});

/** The closer to profit of two stops: the higher for long, the lower for short. */
export const tighter = (side: PositionSide, a: Decimal, b: Decimal): Decimal =>
  side === 'long' ? max(a, b) : min(a, b);

/** True when a stop at `stop` would not fire at once at `price`. */
export const onRightSide = (side: PositionSide, stop: Decimal, price: Decimal): boolean =>
  side === 'long' ? lt(stop, price) : gt(stop, price);

/** The view after one price: domain section 7. Never loosens. */
export function follow(rule: TrailingRule, view: TrailingView, price: Decimal): TrailingView {
  const peak = tighter(rule.side, view.peak, price);
  const begins = activationPrice(rule.side, rule.entry, rule.activation);
  const active = view.active || (rule.side === 'long' ? gte(price, begins) : lte(price, begins));
  if (!active) return { active, peak, stop: view.stop };
  const candidate =
    rule.side === 'long'
      ? toStep(minusPercent(peak, rule.distance), rule.tick, 'up')
      : toStep(plusPercent(peak, rule.distance), rule.tick, 'down');
  return { active, peak, stop: view.stop === null ? candidate : tighter(rule.side, view.stop, candidate) };
}

/** Whether a wanted stop goes to the exchange now. `sinceAcceptedMs` is null when no change was accepted yet. */
export function shouldSend(move: {
  readonly side: PositionSide;
  readonly current: Decimal;
  readonly wanted: Decimal;
  readonly price: Decimal;
  readonly sinceAcceptedMs: number | null;
}): boolean {
  const better = move.side === 'long' ? gt(move.wanted, move.current) : lt(move.wanted, move.current);
  if (!better || !onRightSide(move.side, move.wanted, move.price)) return false;
  const improvement = abs(percentChange(move.current, move.wanted));
  if (gte(improvement, AT_ONCE)) return true;
  return gte(improvement, WORTHWHILE) && (move.sinceAcceptedMs === null || move.sinceAcceptedMs >= PAUSE_MS);
}

/** Whether a new peak is written to the journal now (spec M-102). */
export function shouldSavePeak(saved: Decimal, peak: Decimal, sinceSavedMs: number): boolean {
  const change = abs(percentChange(saved, peak));
  return gte(change, SAVE_AT_ONCE) || (gte(change, SAVE_WORTHWHILE) && sinceSavedMs >= SAVE_PAUSE_MS);
}
