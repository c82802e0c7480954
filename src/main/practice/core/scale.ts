import type { Decimal } from '#shared/domain/basics';
import { eq, places } from '#shared/domain/decimal';

/** Whole ticks or steps to exact decimal text and back to a number to paint. Counts must be safe integers. */
export interface Scale {
  text(count: number): Decimal;
  number(count: number): number;
  /** How many whole ticks or steps a text is; the inverse of `text`. @throws RangeError when it is none */
  count(text: Decimal): number;
}

/** A book shows the same prices over and over; this many texts are remembered. */
const KEPT_TEXTS = 512;

/** The scale of a tick or step size. */
export function createScale(step: Decimal): Scale {
  const digits = places(step);
  const unit = Number(step.replace('.', ''));
  const power = 10 ** digits;
  const texts = new Map<number, Decimal>();
  const write = (count: number): Decimal => {
    const whole = count * unit;
    if (!Number.isSafeInteger(whole)) throw new RangeError(`not a whole number of steps: ${count}`);
    if (digits === 0 || whole === 0) return String(whole) as Decimal;
    const sign = whole < 0 ? '-' : '';
    const padded = String(Math.abs(whole)).padStart(digits + 1, '0');
    let end = padded.length;
    const dot = end - digits;
    while (end > dot && padded.charCodeAt(end - 1) === 48) end--;
    const head = sign + padded.slice(0, dot);
    return (end === dot ? head : `${head}.${padded.slice(dot, end)}`) as Decimal;
  };
  const text = (count: number): Decimal => {
    let known = texts.get(count);
    if (known === undefined) {
      known = write(count);
      if (texts.size >= KEPT_TEXTS) texts.clear();
      texts.set(count, known);
    }
    return known;
  };
  return {
    number: (count) => (count * unit) / power,
    text,
    count(value) {
      const count = Math.round((Number(value) * power) / unit);
      // Floats find the candidate, exact decimals decide.
      if (!eq(write(count), value))
        throw new RangeError(`${value} is not a whole number of steps of ${step}`);
      return count;
    },
  };
}
