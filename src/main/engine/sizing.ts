import type { Decimal } from '#shared/domain/basics';
import { add, div, gt, isPositive, lt, max, mul, toStep } from '#shared/domain/decimal';
import type { ReasonCode } from '#shared/domain/decision';
import type { Instrument } from '#shared/domain/instrument';

/** What an exchange that names no minimum is assumed to want, USD (spec M-071). */
export const ASSUMED_MINIMUM_USD = '10' as Decimal;
/** An order may cost at most this times the wanted size when raised to the exchange's minimum. */
const RAISE_LIMIT = '1.1' as Decimal;

export type Sizing =
  | { readonly ok: true; readonly amount: Decimal; readonly costUsd: Decimal; readonly raised: boolean }
  | { readonly ok: false; readonly reason: ReasonCode; readonly note: string };

/** Smallest order value the exchange takes, in quote. */
export const minimumNotional = (instrument: Instrument): Decimal =>
  instrument.minNotional ?? ASSUMED_MINIMUM_USD;

/** True when the exchange's minimum fits into 110 % of the wanted size. */
export const fitsMinimum = (sizeUsd: Decimal, minimum: Decimal): boolean =>
  !gt(minimum, mul(sizeUsd, RAISE_LIMIT));

/** Base amount for a position of `sizeUsd` at `price` (spec M-083). */
export function sizePosition(sizeUsd: Decimal, price: Decimal, instrument: Instrument): Sizing {
  if (!isPositive(price)) return { ok: false, reason: 'no_price', note: 'the price is not above zero' };
  const { stepSize, minAmount, maxAmount } = instrument;
  const wanted = toStep(div(sizeUsd, price), stepSize, 'down');
  const least = max(
    toStep(minAmount, stepSize, 'up'),
    toStep(div(minimumNotional(instrument), price), stepSize, 'up'),
  );
  const raised = lt(wanted, least);
  const chosen = raised ? least : wanted;
  // The quotient was rounded at 20 places; one more step keeps a hair's breadth from becoming a refusal.
  const amount = lt(mul(chosen, price), minimumNotional(instrument)) ? add(chosen, stepSize) : chosen;
  const costUsd = mul(amount, price);
  if (!isPositive(amount)) return { ok: false, reason: 'size_too_small', note: 'rounds down to nothing' };
  if (raised && gt(costUsd, mul(sizeUsd, RAISE_LIMIT)))
    return {
      ok: false,
      reason: 'size_too_small',
      note: `the smallest order costs ${costUsd}, more than 110 % of ${sizeUsd}`,
    };
  if (maxAmount !== null && gt(amount, maxAmount))
    return { ok: false, reason: 'size_too_large', note: `above the exchange's maximum of ${maxAmount}` };
  return { ok: true, amount, costUsd, raised };
}
