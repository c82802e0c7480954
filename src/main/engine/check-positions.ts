import type { Decimal, PositionId } from '#shared/domain/basics';
import { eq } from '#shared/domain/decimal';
import type { Fill } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { ledgerOf, withLedger } from './fills';

/** One figure of a stored position that its stored fills do not add up to. */
export interface PositionDifference {
  readonly positionId: PositionId;
  readonly symbol: string;
  readonly field: 'amount' | 'entryPrice' | 'exitPrice' | 'realised' | `fee in ${string}`;
  readonly stored: Decimal | null;
  readonly rebuilt: Decimal | null;
}

const same = (a: Decimal | null, b: Decimal | null): boolean =>
  a === null || b === null ? a === b : eq(a, b);

/** Rebuilds one position from its fills alone and says what differs; empty when nothing does. */
export function positionDifferences(
  position: Position,
  fills: readonly Fill[],
): readonly PositionDifference[] {
  const rebuilt = withLedger(position, ledgerOf(position.side, fills, position.outside));
  const found: PositionDifference[] = [];
  const compare = (
    field: PositionDifference['field'],
    stored: Decimal | null,
    wanted: Decimal | null,
  ): void => {
    if (!same(stored, wanted))
      found.push({ positionId: position.id, symbol: position.symbol, field, stored, rebuilt: wanted });
  };
  for (const field of ['amount', 'entryPrice', 'exitPrice', 'realised'] as const)
    compare(field, position[field], rebuilt[field]);
  for (const currency of new Set([...Object.keys(position.fees), ...Object.keys(rebuilt.fees)]))
    compare(`fee in ${currency}`, position.fees[currency] ?? null, rebuilt.fees[currency] ?? null);
  return found;
}

/** The same for many: whether positions rebuilt from all stored fills equal the stored ones. */
export const checkPositions = (
  positions: Iterable<Position>,
  fillsOf: (id: PositionId) => readonly Fill[],
): readonly PositionDifference[] =>
  [...positions].flatMap((position) => positionDifferences(position, fillsOf(position.id)));

export const differenceText = ({ positionId, symbol, field, stored, rebuilt }: PositionDifference): string =>
  `position ${positionId} of ${symbol}: ${field} is stored as ${stored ?? 'unknown'}, its fills make it ${rebuilt ?? 'unknown'}`;
