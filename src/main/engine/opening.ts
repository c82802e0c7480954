import { type Decimal, entrySide, type PositionSide } from '#shared/domain/basics';
import { add, div, mul, sub, ZERO } from '#shared/domain/decimal';
import type { RuleCheck } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { Position } from '#shared/domain/position';
import { positionIdOf } from './client-order-id';
import type { Verdict } from './filters';
import { gate } from './gate';
import { placeOrder } from './order-book';
import { isRepairing } from './reconcile';
import { sizePosition } from './sizing';
import { type Candidate, countTrade, isOpen, slot, tradesOn, venueOf, workOf } from './state';
import { intend, putDecision, putPosition, type Step } from './step';
import { partsOf } from './symbol-rules';

/** The freshest price of a candidate: the live one when it is newer than what the wave brought. */
export function priceOf(
  step: Step,
  venue: VenueKey,
  { signal, facts }: Pick<Candidate, 'signal' | 'facts'>,
): { readonly price: Decimal | null; readonly ageMs: number | null } {
  const live = step.state.prices.get(slot(venue, signal.symbol));
  if (live && (facts.priceSeenAt === null || live.at >= facts.priceSeenAt))
    return { price: live.price, ageMs: step.at.wall - live.at };
  if (facts.price === null || facts.priceSeenAt === null) return { price: facts.price, ageMs: null };
  return { price: facts.price, ageMs: step.at.wall - facts.priceSeenAt };
}

/** Value of everything open or opening, orders in doubt at what they asked for. USD. */
function exposureOf(step: Step): { readonly count: number; readonly usd: Decimal } {
  let usd: Decimal = ZERO;
  let count = 0;
  for (const position of step.state.positions.values()) {
    if (!isOpen(position)) continue;
    count += 1;
    const price =
      position.entryPrice ?? step.state.prices.get(slot(position.venue, position.symbol))?.price ?? null;
    const entering = position.status === 'pending_entry' || position.status === 'entry_placed';
    usd = add(
      usd,
      price === null
        ? step.state.settings.positionSizeUsd
        : mul(entering ? position.intendedAmount : position.amount, price),
    );
  }
  return { count, usd };
}

/** Free money for entries: the venue's last word minus what was sent since. Null when never heard. */
function freeOf(step: Step, venue: VenueKey, symbol: Position['symbol']): Decimal | null {
  const view = venueOf(step.state, venue);
  const settle = symbol.split(':')[1] ?? partsOf(symbol).quote;
  if (view.free === null) return null;
  return sub(view.free[settle] ?? ZERO, view.reserved);
}

/** Margin on futures, the whole cost on spot. */
const neededFor = (step: Step, venue: VenueKey, costUsd: Decimal): Decimal =>
  venue.endsWith('_future') ? div(costUsd, String(step.state.settings.leverage) as Decimal) : costUsd;

/** The risk gate for one candidate of `costUsd`, on what is known now. */
export function gateFor(step: Step, venue: VenueKey, candidate: Candidate, costUsd: Decimal): Verdict {
  const { state, at } = step;
  const view = venueOf(state, venue);
  const { price, ageMs } = priceOf(step, venue, candidate);
  const { count, usd } = exposureOf(step);
  return gate({
    settings: state.settings,
    killed: state.killed,
    halted: state.halted,
    linkUp: view.up,
    reconciled: state.recovered && view.ordersSeen && !isRepairing(step, venue),
    price,
    priceAgeMs: ageMs,
    tradesToday: tradesOn(state, at.market),
    openPositions: count,
    exposureUsd: usd,
    sizeUsd: costUsd,
    neededUsd: neededFor(step, venue, costUsd),
    freeUsd: freeOf(step, venue, candidate.signal.symbol),
  });
}

/** Writes position and entry intent, then asks for the order. Nothing is sent before both are on disk. */
export function openPosition(
  step: Step,
  venue: VenueKey,
  candidate: Candidate,
  amount: Decimal,
  costUsd: Decimal,
  checks: readonly RuleCheck[],
): Position {
  const { state, at } = step;
  const { signal, params } = candidate;
  const side: PositionSide = signal.action === 'buy' ? 'long' : 'short';
  const future = venue.endsWith('_future');
  const { price, ageMs } = priceOf(step, venue, candidate);
  const id = positionIdOf(signal.id);
  state.executed.add(signal.id);
  countTrade(state, at.market);
  const view = venueOf(state, venue);
  view.reserved = add(view.reserved, neededFor(step, venue, costUsd));
  putDecision(step, {
    signal,
    venue,
    fate: 'opening',
    reason: null,
    checks,
    params,
    positionId: id,
    price,
    priceAgeMs: ageMs,
    rank: candidate.rank,
    decidedAt: at.market,
  });
  const position = putPosition(
    step,
    {
      id,
      venue,
      symbol: signal.symbol,
      side,
      status: 'pending_entry',
      signalId: signal.id,
      waveTime: signal.waveTime,
      intendedAmount: amount,
      amount: ZERO,
      entryPrice: null,
      exitPrice: null,
      realised: ZERO,
      fees: {},
      params: params.values,
      stop: null,
      trailing: null,
      closeReason: null,
      note: null,
      leverage: future ? (String(state.settings.leverage) as Decimal) : null,
      openedAt: at.market,
      closedAt: null,
      nakedSince: null,
      correlationId: signal.correlationId,
    },
    `signal ${signal.id} is opened`,
  );
  workOf(state, id);
  intend(step, { kind: 'watch', venue, symbol: signal.symbol, on: true });
  if (future)
    intend(step, { kind: 'set-leverage', venue, symbol: signal.symbol, leverage: state.settings.leverage });
  placeOrder(
    step,
    position,
    { leg: 'entry', side: entrySide(side), type: 'market', amount, triggerPrice: null },
    `entry for signal ${signal.id}`,
  );
  return position;
}

/** Size of a candidate on the price known now. */
export function sizeFor(step: Step, venue: VenueKey, candidate: Candidate) {
  const { price } = priceOf(step, venue, candidate);
  const instrument =
    step.state.instruments.get(slot(venue, candidate.signal.symbol)) ?? candidate.facts.instrument;
  if (price === null || instrument === null) return null;
  return sizePosition(step.state.settings.positionSizeUsd, price, instrument);
}
