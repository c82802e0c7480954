import type { Decimal } from '#shared/domain/basics';
import { gt, mul, sum, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Position } from '#shared/domain/position';
import { accountClass, type EngineState, RATE_WINDOW_MS, slot, tradesOn } from './state';
import { partsOf } from './symbol-rules';

/** What is open in one account class. */
export interface AccountView {
  readonly count: number;
  /** Value of everything open or opening, orders in doubt at what they asked for, unpriced ones at a full size. USD. */
  readonly worstUsd: Decimal;
  /** The same, or null when a price is missing. */
  readonly knownUsd: Decimal | null;
}

export function exposureOf(state: EngineState, venue: VenueKey): AccountView {
  const values = openOf(state, venue).map((position) => valueOf(state, position));
  const worstUsd = sum(values.map((value) => value ?? state.settings.positionSizeUsd));
  return { count: values.length, worstUsd, knownUsd: values.includes(null) ? null : worstUsd };
}

/** Open positions of the account class that a venue belongs to. */
const openOf = (state: EngineState, venue: VenueKey): readonly Position[] =>
  [...state.open.values()]
    .map((id) => state.positions.get(id) as Position)
    .filter((position) => accountClass(position.venue) === accountClass(venue));

/** Value at entry, or at the price now; of one that is still entering, all it asked for. Null without a price. */
function valueOf(state: EngineState, position: Position): Decimal | null {
  const price = position.entryPrice ?? state.prices.get(slot(position.venue, position.symbol))?.price ?? null;
  const entering = position.status === 'pending_entry' || position.status === 'entry_placed';
  return price === null ? null : mul(entering ? position.intendedAmount : position.amount, price);
}

export const baseOf = (position: Position): string => partsOf(position.symbol).base;

/** Worst-case value of the open positions that `counts` picks, unpriced ones at a full size. USD. */
export const valueAtWork = (
  state: EngineState,
  venue: VenueKey,
  counts: (position: Position) => boolean,
): Decimal =>
  sum(
    openOf(state, venue)
      .filter(counts)
      .map((position) => valueOf(state, position) ?? state.settings.positionSizeUsd),
  );

export const ordersLastMinute = ({ sentAt }: EngineState, wall: number): number =>
  sentAt.filter((sent) => sent > wall - RATE_WINDOW_MS).length;

/** How much of each cap is in use now, for the screen. The gate computes the same with the entry on top. */
export interface RiskUse {
  readonly openPositions: number;
  readonly exposureUsd: Decimal;
  /** Of the symbol and of the wave with most at work. */
  readonly symbolUsd: Decimal;
  readonly waveUsd: Decimal;
  readonly providerUsd: Decimal;
  readonly tradesToday: number;
  readonly ordersLastMinute: number;
}

export function riskUse(state: EngineState, venue: VenueKey, at: { wall: number; market: number }): RiskUse {
  const open = openOf(state, venue);
  const most = (nameOf: (position: Position) => string | number | null): Decimal => {
    const sums = [...new Set(open.map(nameOf))]
      .filter((name) => name !== null)
      .map((name) => valueAtWork(state, venue, (position) => nameOf(position) === name));
    return sums.reduce((largest, value) => (gt(value, largest) ? value : largest), ZERO);
  };
  return {
    openPositions: open.length,
    exposureUsd: exposureOf(state, venue).worstUsd,
    symbolUsd: most(baseOf),
    waveUsd: most((position) => position.waveTime),
    providerUsd: valueAtWork(state, venue, (position) => position.signalId !== null),
    tradesToday: tradesOn(state, venue, at.market),
    ordersLastMinute: ordersLastMinute(state, at.wall),
  };
}
