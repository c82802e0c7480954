import type { Decimal, Percent, PositionSide } from '#shared/domain/basics';
import {
  div,
  gte,
  isPositive,
  min,
  minusPercent,
  mul,
  neg,
  percentChange,
  plusPercent,
} from '#shared/domain/decimal';
import type { Settings } from '#shared/domain/settings';

/**
 * Optional features of the trailing stop, all off by default (spec M-103). Pure; the spec names ATR factor, steps,
 * minutes and momentum factor, the two limits marked [ours] are our own.
 */
const ATR_FACTOR = '2' as Decimal;
const STEPS: readonly (readonly [profit: Decimal, distance: Decimal])[] = [
  ['3' as Decimal, '0.2' as Decimal],
  ['2' as Decimal, '0.3' as Decimal],
  ['1' as Decimal, '0.5' as Decimal],
];
const TIMED_MS = 600_000;
const MOMENTUM_FACTOR = '0.7' as Decimal;
/** A move of this much in profit's direction within a minute is momentum [ours]. Percent. */
const MOMENTUM = '1' as Decimal;
/** From this profit on the stop does not lie below break-even [ours]. Percent. */
const BREAKEVEN_FROM = '1' as Decimal;

type Extras = Settings['trailing'];

/** Profit of `price` against `entry` in percent; negative is a loss. */
export function profitOf(side: PositionSide, entry: Decimal, price: Decimal): Decimal {
  const change = percentChange(entry, price);
  return side === 'long' ? change : neg(change);
}

/** 2 x ATR as a percentage of the best price, or null when the range is not known. */
export const atrDistance = (atr: Decimal | null, peak: Decimal): Decimal | null =>
  atr === null || !isPositive(atr) || !isPositive(peak)
    ? null
    : div(mul(mul(atr, ATR_FACTOR), '100' as Decimal), peak);

/** Profit of 1, 2, 3 % trails at 0.5, 0.3, 0.2 %; below 1 % the steps do not say. */
export const steppedDistance = (profitPercent: Decimal): Decimal | null =>
  STEPS.find(([from]) => gte(profitPercent, from))?.[1] ?? null;

/** Momentum pulls the distance in to 0.7 of itself. `moved` is the last minute's move, signed as profit. */
export const withMomentum = (distance: Decimal, moved: Decimal | null): Decimal =>
  moved !== null && gte(moved, MOMENTUM) ? mul(distance, MOMENTUM_FACTOR) : distance;

/** Distance in percent: ATR replaces the position's own, the steps may only tighten, momentum tightens what is left. */
export function distanceOf(
  extras: Extras,
  own: Percent,
  facts: {
    readonly atr: Decimal | null;
    readonly peak: Decimal;
    /** Profit at the best price, percent. */
    readonly profit: Decimal;
    readonly moved: Decimal | null;
  },
): Decimal {
  const plain = own as string as Decimal;
  const ranged = extras.atr ? (atrDistance(facts.atr, facts.peak) ?? plain) : plain;
  const step = extras.stepped ? steppedDistance(facts.profit) : null;
  const stepped = step === null ? ranged : min(ranged, step);
  return extras.momentum ? withMomentum(stepped, facts.moved) : stepped;
}

/** The stop that gives back nothing but the two commissions, once the profit is large enough; else null. */
export function breakevenStop(
  side: PositionSide,
  entry: Decimal,
  profit: Decimal,
  commissionPercent: Percent,
): Decimal | null {
  if (!gte(profit, BREAKEVEN_FROM)) return null;
  const both = mul(commissionPercent as string as Decimal, '2' as Decimal);
  return side === 'long' ? plusPercent(entry, both) : minusPercent(entry, both);
}

/** Ten minutes of market time in profit without a break activate the trailing stop. */
export const activatesByTime = (profitSince: number | null, market: number): boolean =>
  profitSince !== null && market - profitSince >= TIMED_MS;
