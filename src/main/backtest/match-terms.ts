import type { Decimal } from '#shared/domain/basics';
import { places } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import type { VenuePort } from '../engine/index';
import type { MatchSymbol } from '../matching/index';
import { toSpec } from '../paper/index';

export type Trading = NonNullable<VenuePort['trading']>;
export type VenueOrder = Awaited<ReturnType<Trading['openOrders']>>[number];

/** What the matching engine counts in. */
const MOST_PLACES = 12;

/** The rules of a perpetual as the matching engine takes them, one fee for all; null when it cannot hold them. */
export function specOf(instrument: Instrument, fee: Decimal): MatchSymbol | null {
  const { tickSize, stepSize, minAmount } = instrument;
  if (Math.max(places(tickSize), places(stepSize), places(minAmount)) > MOST_PLACES) return null;
  return toSpec(instrument, { maker: fee, taker: fee });
}
