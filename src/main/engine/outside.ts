import { type Decimal, exitSide } from '#shared/domain/basics';
import { abs, isNegative, isZero, min, sub } from '#shared/domain/decimal';
import type { Fill } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';

/** Clocks differ; a fill this much older than the opening may still belong to it. Venue time, ms. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Whether a fill that nobody here sent may have closed part of this position. What the exchange's list had already
 * counted when it was taken over must not be counted again.
 */
export function couldClose(position: Position, fill: Fill): boolean {
  if (fill.side !== exitSide(position.side)) return false;
  if (position.imported) return fill.venueTime > (position.outside?.asOf ?? position.openedAt);
  return fill.venueTime >= position.openedAt - CLOCKS_DIFFER_MS;
}

/**
 * A fill older than the list an adjustment was taken from is what that adjustment was about: it takes its place,
 * so that the amount stays and the money becomes known.
 */
export function explain(position: Position, fill: Fill): Position {
  const { outside } = position;
  if (!outside || isZero(outside.amount) || fill.venueTime > outside.asOf) return position;
  const closes = fill.side === exitSide(position.side);
  if (closes !== isNegative(outside.amount)) return position;
  // A whole imported position stays what the exchange said it is: its own entries were never ours to book.
  if (position.imported && !closes) return position;
  const part = min(abs(outside.amount), fill.amount);
  const amount: Decimal = closes ? sub(part, abs(outside.amount)) : sub(outside.amount, part);
  return { ...position, outside: isZero(amount) ? null : { ...outside, amount } };
}
