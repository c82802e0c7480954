import type { Decimal, OrderSide } from '#shared/domain/basics';
import { abs, add, div, fromNumber, gte, mul, sub, toStep } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import type { QuoteLine } from '#shared/domain/quoting';

const BPS = '0.0001' as Decimal;
const ONE = '1' as Decimal;

export const middleOf = (bid: Decimal, ask: Decimal): Decimal => div(add(bid, ask), '2' as Decimal);

/** mid x (1 - spread) for a bid, x (1 + spread) for an offer, rounded to the tick away from the middle. */
export function quotePrice(
  mid: Decimal,
  side: OrderSide,
  line: QuoteLine,
  { tickSize }: Instrument,
): Decimal {
  const spread = mul(fromNumber(line.spreadBps), BPS);
  return side === 'buy'
    ? toStep(mul(mid, sub(ONE, spread)), tickSize, 'down')
    : toStep(mul(mid, add(ONE, spread)), tickSize, 'up');
}

/** The line's amount, changed by up to its percentage; `roll` is in [-1, 1]. Whole steps. */
export function quoteAmount(line: QuoteLine, roll: number, { stepSize }: Instrument): Decimal {
  const factor = add(ONE, div(mul(fromNumber(line.randomPercent), fromNumber(roll)), '100' as Decimal));
  return toStep(mul(line.amount, factor), stepSize, 'down');
}

/** Whether the middle has moved by the line's drift or more since the quote was made. */
export const hasDrifted = (from: Decimal, to: Decimal, { driftBps }: QuoteLine): boolean =>
  gte(abs(sub(to, from)), mul(from, mul(fromNumber(driftBps), BPS)));

/** A number in [-1, 1] that looks random and is the same for the same text: the engine owns no dice. */
export function rollOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return Math.round((((hash ^ (hash >>> 13)) >>> 0) / 2_147_483_648 - 1) * 1e6) / 1e6;
}
