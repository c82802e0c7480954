import Big from 'big.js';
import { Decimal, type Percent } from './basics';

Big.strict = true;
Big.NE = -41;
Big.PE = 41;
// Division only meets money in averages and percentages; 20 places keep those exact far past any tick.
Big.DP = 20;
Big.RM = Big.roundHalfUp;

const out = (value: Big): Decimal => {
  const text = value.toFixed();
  return (text === '-0' ? '0' : text) as Decimal;
};

export const ZERO = '0' as Decimal;
export const ONE = '1' as Decimal;

/**
 * Reads a decimal from text as an exchange or a person writes it ("0.0100", "1e-7", "12").
 * @throws RangeError when the text is not a finite decimal number of at most 40 digits.
 */
export function fromText(text: string): Decimal {
  if (typeof text !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$/.test(text)) {
    throw new RangeError(`not a decimal number: ${JSON.stringify(text)?.slice(0, 60)}`);
  }
  const result = out(new Big(text.startsWith('+') ? text.slice(1) : text));
  if (!Decimal.safeParse(result).success)
    throw new RangeError(`decimal number too long: ${text.slice(0, 60)}`);
  return result;
}

/** The decimal a JSON number was printed as (16.9 stays 16.9). @throws RangeError on NaN and infinities. */
export function fromNumber(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`);
  return out(new Big(String(value)));
}

/** For charts, indicators and sorting only. Never send, book or compare money with the result. */
export const toNumber = (value: Decimal | Percent): number => Number(value);

export const add = (a: Decimal, b: Decimal): Decimal => out(new Big(a).plus(b));
export const sub = (a: Decimal, b: Decimal): Decimal => out(new Big(a).minus(b));
export const mul = (a: Decimal, b: Decimal): Decimal => out(new Big(a).times(b));
/** Quotient, half-up at 20 places. @throws Error when b is zero. */
export const div = (a: Decimal, b: Decimal): Decimal => out(new Big(a).div(b));
export const neg = (a: Decimal): Decimal => out(new Big(a).times('-1'));
export const abs = (a: Decimal): Decimal => out(new Big(a).abs());
export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = new Big('0');
  for (const value of values) total = total.plus(value);
  return out(total);
};
/** -1, 0 or 1. The only way to order decimals: `<` on text compares letters. */
export const cmp = (a: Decimal, b: Decimal): -1 | 0 | 1 => new Big(a).cmp(b) as -1 | 0 | 1;
export const eq = (a: Decimal, b: Decimal): boolean => cmp(a, b) === 0;
export const lt = (a: Decimal, b: Decimal): boolean => cmp(a, b) < 0;
export const lte = (a: Decimal, b: Decimal): boolean => cmp(a, b) <= 0;
export const gt = (a: Decimal, b: Decimal): boolean => cmp(a, b) > 0;
export const gte = (a: Decimal, b: Decimal): boolean => cmp(a, b) >= 0;
export const isZero = (a: Decimal): boolean => new Big(a).eq('0');
export const isPositive = (a: Decimal): boolean => new Big(a).gt('0');
export const isNegative = (a: Decimal): boolean => new Big(a).lt('0');
export const min = (a: Decimal, b: Decimal): Decimal => (cmp(a, b) <= 0 ? a : b);
export const max = (a: Decimal, b: Decimal): Decimal => (cmp(a, b) >= 0 ? a : b);

export type Rounding = 'down' | 'up' | 'half-up';

/** Rounds to a multiple of `step` (a tick or a lot); 'down' is towards zero, 'up' away from it. */
export function toStep(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  const mode = rounding === 'down' ? Big.roundDown : rounding === 'up' ? Big.roundUp : Big.roundHalfUp;
  const size = new Big(step);
  if (!size.gt('0')) throw new RangeError(`step must be above 0: ${step}`);
  // The quotient may be periodic; enough extra places keep a value that is a multiple from rounding off it.
  const steps = new Big(value).div(size).round(12, Big.roundHalfUp).round(0, mode);
  return out(steps.times(size));
}

/** value x (1 + percent/100); pass a negative percent to go down. Exact. */
export const plusPercent = (value: Decimal, percent: Percent | Decimal): Decimal =>
  out(new Big(value).times(new Big('100').plus(percent).times('0.01')));
/** value x (1 - percent/100). Exact. */
export const minusPercent = (value: Decimal, percent: Percent | Decimal): Decimal =>
  out(new Big(value).times(new Big('100').minus(percent).times('0.01')));
/** (to - from) / from x 100, as a decimal. @throws Error when from is zero. */
export const percentChange = (from: Decimal, to: Decimal): Decimal =>
  out(new Big(to).minus(from).times('100').div(from));

/** A percentage rounded half-up to 4 decimals, trailing zeros dropped: 2.12345 reads 2.1235. */
export const toPercent = (value: Decimal): Percent =>
  out(new Big(value).round(4, Big.roundHalfUp)) as string as Percent;

/** Decimal places of a tick or step: "0.010" -> 2, "1" -> 0. */
export const places = (step: Decimal): number => {
  const text = out(new Big(step));
  const dot = text.indexOf('.');
  return dot < 0 ? 0 : text.length - dot - 1;
};

/** Fixed number of places for the screen or the wire, half-up. */
export const toFixed = (value: Decimal, decimals: number): string =>
  new Big(value).toFixed(decimals, Big.roundHalfUp);
