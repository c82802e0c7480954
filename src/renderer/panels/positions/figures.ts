import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, isZero, mul, neg, sub, sum, ZERO } from '#shared/domain/decimal';
import type { Quote } from '#shared/domain/market';
import type { Position } from '#shared/domain/position';

/** The price a position is valued at: the exchange's mark, else the last trade; null when neither is known. */
export const markOf = (quote: Quote | undefined): Decimal | null =>
  // A price of an earlier run says nothing about what a position is worth now.
  quote === undefined || quote.kept === true ? null : (quote.mark ?? quote.last);

export interface OpenFigures {
  readonly mark: Decimal | null;
  /** In quote, before fees of the exit. Null when entry or mark is not known. */
  readonly pnl: Decimal | null;
  /** Of the entry value, in percent. */
  readonly pnlPercent: Decimal | null;
}

/** Unrealised profit and loss of an open position. */
export function openFigures(position: Position, mark: Decimal | null): OpenFigures {
  const { entryPrice, amount, side } = position;
  if (entryPrice === null || mark === null || isZero(amount) || isZero(entryPrice)) {
    return { mark, pnl: null, pnlPercent: null };
  }
  const move = side === 'long' ? sub(mark, entryPrice) : sub(entryPrice, mark);
  return {
    mark,
    pnl: mul(move, amount),
    pnlPercent: div(mul(move, '100' as Decimal), entryPrice),
  };
}

export const quoteCurrency = (symbol: string): string => symbol.split('/')[1]?.split(':')[0] ?? '';
export const baseCurrency = (symbol: string): string => symbol.split('/')[0] ?? '';

/** Realised result less the fees paid in quote; fees in other currencies are named, never guessed into it. */
export function netResult(position: Position): {
  readonly net: Decimal;
  readonly otherFees: readonly (readonly [string, Decimal])[];
} {
  const quote = quoteCurrency(position.symbol);
  const fees = Object.entries(position.fees).filter(([, cost]) => !isZero(cost));
  const inQuote = sum(fees.filter(([currency]) => currency === quote).map(([, cost]) => cost));
  return {
    net: sub(position.realised, inQuote),
    otherFees: fees.filter(([currency]) => currency !== quote),
  };
}

/** What a market exit would leave, fees so far and the same exit fee rate as the entry's included; null if unknown. */
export function estimatedResult(position: Position, mark: Decimal | null): Decimal | null {
  const { pnl } = openFigures(position, mark);
  if (pnl === null || mark === null || position.entryPrice === null) return null;
  const { net } = netResult(position);
  const paid = position.fees[quoteCurrency(position.symbol)] ?? ZERO;
  const entryValue = mul(position.intendedAmount, position.entryPrice);
  const rate = isZero(entryValue) ? ZERO : div(abs(paid), entryValue);
  return add(add(net, pnl), neg(mul(rate, mul(mark, position.amount))));
}

/** Loss or gain in quote if the stop on the exchange is hit at its price; null without one. */
export function resultAtStop(position: Position): Decimal | null {
  return position.stop === null ? null : openFigures(position, position.stop.price).pnl;
}
