import type { Decimal, PositionSide } from './basics';
import { div, isZero, mul, sub, ZERO } from './decimal';

/** Profit in quote of `amount` base units from `entry` to `price`, before fees; negative is a loss. Exact. */
export function profit(side: PositionSide, amount: Decimal, entry: Decimal, price: Decimal): Decimal {
  return mul(side === 'long' ? sub(price, entry) : sub(entry, price), amount);
}

/** Profit as a percentage of the entry value; 0 when there is no entry value. */
export function profitPercent(side: PositionSide, entry: Decimal, price: Decimal): Decimal {
  if (isZero(entry)) return ZERO;
  return div(mul(side === 'long' ? sub(price, entry) : sub(entry, price), '100' as Decimal), entry);
}
