import type { Decimal } from '#shared/domain/basics';

/**
 * Every price, amount and sum inside this room is a bigint counting 1e-12. Tick and step of a symbol may have 12
 * places together, so price x amount is always exact.
 */
export const PLACES = 12;
export const SCALE = 10n ** 12n;
/** Fees, funding and margins are rounded to 1e-8, the places an exchange prints. */
export const MONEY_QUANTUM = 10n ** 4n;

const POWERS = Array.from({ length: PLACES + 1 }, (_, places) => 10n ** BigInt(places));

/** 10^places for 0..12. */
export const power = (places: number): bigint => {
  const value = POWERS[places];
  if (value === undefined) throw new RangeError(`more than ${PLACES} places`);
  return value;
};

/** Decimal text to 1e-12 units. @throws RangeError when it has more than 12 places. */
export function toScaled(text: Decimal): bigint {
  const dot = text.indexOf('.');
  if (dot < 0) return BigInt(text) * SCALE;
  const places = text.length - dot - 1;
  if (places > PLACES) throw new RangeError(`more than ${PLACES} decimal places: ${text.slice(0, 60)}`);
  return BigInt(text.slice(0, dot) + text.slice(dot + 1)) * power(PLACES - places);
}

/** Like toScaled, but null for text this room cannot hold exactly. */
export function tryScaled(text: Decimal | null | undefined): bigint | null {
  if (text === null || text === undefined) return null;
  const dot = text.indexOf('.');
  return dot >= 0 && text.length - dot - 1 > PLACES ? null : toScaled(text);
}

/** 1e-12 units to canonical decimal text. */
export function toText(value: bigint): Decimal {
  if (value === 0n) return '0' as Decimal;
  if (value < 0n) return `-${toText(-value)}` as Decimal;
  const digits = value.toString().padStart(PLACES + 1, '0');
  const whole = digits.slice(0, -PLACES);
  let end = digits.length;
  const dot = digits.length - PLACES;
  while (end > dot && digits.charCodeAt(end - 1) === 48) end--;
  return (end === dot ? whole : `${whole}.${digits.slice(dot, end)}`) as Decimal;
}

export const textOrNull = (value: bigint | null): Decimal | null => (value === null ? null : toText(value));

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Quotient rounded towards minus infinity; `by` above 0. */
export function divideDown(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}
/** Quotient rounded towards plus infinity; `by` above 0. */
export const divideUp = (value: bigint, by: bigint): bigint => -divideDown(-value, by);
/** Quotient rounded to nearest, halves up; `by` above 0. */
export const divideNear = (value: bigint, by: bigint): bigint => divideDown(2n * value + by, 2n * by);

/** price x amount in quote. Exact when price is on the tick and amount on the step. */
export const times = (price: bigint, amount: bigint): bigint => (price * amount) / SCALE;

/** Fee on a value: rounded up to 1e-8, so that nobody is charged less than the rate. A rebate is negative. */
export const feeOn = (value: bigint, rate: bigint): bigint =>
  divideUp(value * rate, SCALE * MONEY_QUANTUM) * MONEY_QUANTUM;
