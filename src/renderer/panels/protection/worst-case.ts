import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, gt, isZero, min, mul, neg, sub, sum, ZERO } from '#shared/domain/decimal';
import { profit } from '#shared/domain/pnl';
import type { Position } from '#shared/domain/position';
import { quoteCurrency } from '../positions/figures';

/**
 * The result that a position can come to while nobody is there: what the exchange's stop leaves, or the whole
 * notional of an unprotected long. An unprotected short has no worst price.
 */
export type WorstCase =
  | { readonly kind: 'result'; readonly value: Decimal; readonly assumedFee: boolean }
  | { readonly kind: 'not-bounded' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'flat' };

/** Used where the fee of the entry is not known: 0.1 % is above what the exchanges we know take for a market order. */
const ASSUMED_TAKER_RATE = '0.001' as Decimal;

/** What a market order costs here as a part of its value, from the entry's own fee. */
export function takerRate(position: Position): { readonly rate: Decimal; readonly assumed: boolean } {
  const paid = position.fees[quoteCurrency(position.symbol)];
  const value = mul(position.intendedAmount, position.entryPrice ?? ZERO);
  if (paid === undefined || isZero(paid) || isZero(value)) return { rate: ASSUMED_TAKER_RATE, assumed: true };
  return { rate: div(abs(paid), value), assumed: false };
}

/** In quote, fees paid so far and the taker fee of the exit included, without slippage beyond the stop's price. */
export function worstCase(position: Position, mark: Decimal | null): WorstCase {
  const { side, status, stop } = position;
  const waits = isZero(position.amount) && (status === 'pending_entry' || status === 'entry_placed');
  if (isZero(position.amount) && !waits) return { kind: 'flat' };
  const entry = position.entryPrice ?? (waits ? mark : null);
  // An entry on its way may fill after this computer stopped; nobody would place its stop.
  const held = waits ? position.intendedAmount : position.amount;
  const covered = stop === null || waits ? ZERO : min(stop.amount, held);
  const bare = sub(held, covered);
  if (side === 'short' && gt(bare, ZERO)) return { kind: 'not-bounded' };
  if (entry === null) return { kind: 'unknown' };
  const { rate, assumed } = takerRate(position);
  const paid = position.fees[quoteCurrency(position.symbol)] ?? ZERO;
  const stopPrice = stop?.price ?? ZERO;
  const value = sum([
    profit(side, covered, entry, stopPrice),
    neg(mul(mul(covered, stopPrice), rate)),
    // A coin can become worthless, not less.
    neg(mul(bare, entry)),
    waits ? neg(mul(mul(held, entry), rate)) : neg(paid),
  ]);
  return { kind: 'result', value, assumedFee: assumed };
}

/** The sum over positions of one account kind; one that is not bounded makes the sum so. */
export function worstOfAll(cases: readonly WorstCase[]): WorstCase {
  if (cases.some((one) => one.kind === 'not-bounded')) return { kind: 'not-bounded' };
  if (cases.some((one) => one.kind === 'unknown')) return { kind: 'unknown' };
  const results = cases.filter((one) => one.kind === 'result');
  if (results.length === 0) return { kind: 'flat' };
  return {
    kind: 'result',
    value: results.reduce((whole, one) => add(whole, one.value), ZERO),
    assumedFee: results.some((one) => one.assumedFee),
  };
}
