import type { Decimal } from '#shared/domain/basics';
import { isPositive, mul, ONE, places, toStep } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';

/** A price has at most this many significant figures; a whole number may have more. */
const FIGURES = 5;
/** Decimals of price and size together ("Tick and lot size", 2026). */
const DECIMALS: Record<MarketKind, number> = { spot: 8, future: 6 };
/** A step told for an instrument stays right until the price has risen by this factor. */
const ROOM = '1.5' as Decimal;

/** 10^-digits as a step: 0 gives "1", 3 gives "0.001". */
export const stepOf = (digits: number): Decimal =>
  digits <= 0 ? ONE : (`0.${'0'.repeat(digits - 1)}1` as Decimal);

/** How many places a price of this size may have. */
function decimalsOf(price: Decimal, most: number): number {
  const [whole = '', fraction = ''] = price.split('.');
  if (whole !== '0') return Math.max(0, Math.min(most, FIGURES - whole.length));
  const zeros = /^0*/.exec(fraction)![0].length;
  return Math.min(most, FIGURES + zeros);
}

/**
 * The exchange has no fixed tick: the step of a price depends on the price. Told is the step at one and a half times
 * the price, every multiple of which is valid now and stays so on the way there.
 */
export function tickSize(market: MarketKind, sizeDecimals: number, price: Decimal | null): Decimal {
  const most = Math.max(0, DECIMALS[market] - sizeDecimals);
  if (price === null || !isPositive(price)) return stepOf(most);
  return stepOf(decimalsOf(mul(price, ROOM), most));
}

/** Whether the exchange would take the price. */
export function isValidPrice(market: MarketKind, sizeDecimals: number, price: Decimal): boolean {
  const most = Math.max(0, DECIMALS[market] - sizeDecimals);
  return isPositive(price) && places(price) <= decimalsOf(price, most);
}

/**
 * The nearest price the exchange takes, towards `rounding`: for a price that was rounded to the instrument's step long
 * ago, and for the outer price of a market order.
 */
export function toValidPrice(
  market: MarketKind,
  sizeDecimals: number,
  price: Decimal,
  rounding: 'down' | 'up' | 'half-up',
): Decimal {
  const most = Math.max(0, DECIMALS[market] - sizeDecimals);
  const step = stepOf(decimalsOf(price, most));
  const rounded = toStep(price, step, rounding);
  // A price below the smallest step must not become 0, which means another thing.
  return isPositive(rounded) ? rounded : step;
}
