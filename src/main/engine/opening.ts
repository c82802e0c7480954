import { type Decimal, entrySide, type PositionSide } from '#shared/domain/basics';
import { add, div, sub, ZERO } from '#shared/domain/decimal';
import type { Decision, RuleCheck } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { Position } from '#shared/domain/position';
import type { ProviderMode } from '#shared/domain/provider';
import { baseOf, exposureOf, ordersLastMinute, valueAtWork } from './at-work';
import { positionIdOf } from './client-order-id';
import { armConfirm } from './confirm';
import type { Verdict } from './filters';
import { type GateInput, gate } from './gate';
import { placeOrder } from './order-book';
import { isRepairing } from './reconcile';
import { sizePosition } from './sizing';
import {
  accountClass,
  countTrade,
  DAY_MS,
  instrumentOf,
  isSpot,
  slot,
  tradesOn,
  venueOf,
  workOf,
} from './state';
import { intend, putDecision, putPosition, type Step, tell } from './step';
import { partsOf } from './symbol-rules';
import type { Candidate } from './wave-state';

/** Equity older than this is not known any more. Wall ms. */
const EQUITY_FRESH_MS = 300_000;

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

/** Free money for entries: the venue's last word minus what was sent since. Null when never heard. */
function freeOf(step: Step, venue: VenueKey, symbol: Position['symbol']): Decimal | null {
  const view = venueOf(step.state, venue);
  const settle = symbol.split(':')[1] ?? partsOf(symbol).quote;
  if (view.free === null) return null;
  return sub(view.free[settle] ?? ZERO, view.reserved);
}

/** The account as a decision records it. */
export function accountOf(
  step: Step,
  venue: VenueKey,
  symbol: Position['symbol'],
): NonNullable<Decision['account']> {
  const { count, knownUsd } = exposureOf(step.state, venue);
  return { freeUsd: freeOf(step, venue, symbol), openPositions: count, exposureUsd: knownUsd };
}

/** Margin on futures, the whole cost on spot. */
const neededFor = (step: Step, venue: VenueKey, costUsd: Decimal): Decimal =>
  isSpot(venue) ? costUsd : div(costUsd, String(step.state.settings.leverage) as Decimal);

/** Equity as the gate may use it: of this day of the market's clock, and told lately; else unknown. */
export function equityFor(step: Step, venue: VenueKey): GateInput['equity'] {
  const told = step.state.equity[accountClass(venue)];
  if (!told) return undefined;
  const current =
    told.day === Math.floor(step.at.market / DAY_MS) && step.at.wall - told.toldAt <= EQUITY_FRESH_MS;
  return current ? told : { equityUsd: null, dayOpeningUsd: null };
}

/** Best bid and ask, as fresh as a price has to be; else unknown. */
function topOf(step: Step, venue: VenueKey, { signal, facts }: Candidate) {
  const limitMs = step.state.settings.staleAfterMs;
  const live = step.state.prices.get(slot(venue, signal.symbol));
  if (live && live.bid !== null && step.at.wall - live.at <= limitMs) return live;
  const fresh = facts.priceSeenAt !== null && step.at.wall - facts.priceSeenAt <= limitMs;
  return fresh ? facts : { bid: null, ask: null };
}

/** The risk gate for one candidate of `costUsd`, on what is known now. */
export function gateFor(step: Step, venue: VenueKey, candidate: Candidate, costUsd: Decimal): Verdict {
  const { state, at } = step;
  const { symbol } = candidate.signal;
  const view = venueOf(state, venue);
  const { price, ageMs } = priceOf(step, venue, candidate);
  const { count, worstUsd } = exposureOf(state, venue);
  const { bid, ask } = topOf(step, venue, candidate);
  const equity = equityFor(step, venue);
  return gate({
    settings: state.settings,
    killed: state.killed,
    halted: state.halted,
    linkUp: view.up,
    reconciled: state.recovered && view.ordersSeen && !isRepairing(step, venue),
    price,
    priceAgeMs: ageMs,
    tradesToday: tradesOn(state, venue, at.market),
    openPositions: count,
    exposureUsd: worstUsd,
    sizeUsd: costUsd,
    neededUsd: neededFor(step, venue, costUsd),
    freeUsd: freeOf(step, venue, symbol),
    maxNotional: instrumentOf(state, venue, symbol)?.maxNotional ?? null,
    bid,
    ask,
    symbolUsd: valueAtWork(state, venue, (position) => baseOf(position) === partsOf(symbol).base),
    waveUsd: valueAtWork(state, venue, (position) => position.waveTime === candidate.signal.waveTime),
    providerUsd: valueAtWork(state, venue, (position) => position.signalId !== null),
    ordersLastMinute: ordersLastMinute(state, at.wall),
    leverage: isSpot(venue) ? null : (state.leverage.get(slot(venue, symbol)) ?? null),
    ...(equity === undefined ? {} : { equity }),
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
  providerMode: ProviderMode,
): Position {
  const { state, at } = step;
  const { signal, params } = candidate;
  const side: PositionSide = signal.action === 'buy' ? 'long' : 'short';
  const future = !isSpot(venue);
  const { price, ageMs } = priceOf(step, venue, candidate);
  const id = positionIdOf(signal.id);
  const account = accountOf(step, venue, signal.symbol);
  state.executed.add(signal.id);
  countTrade(state, venue, at.market);
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
    providerMode,
    approval: null,
    account,
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
      ...(params.version === undefined ? {} : { paramsVersion: params.version }),
    },
    `signal ${signal.id} is opened`,
  );
  tell(
    step,
    'position_opening',
    'info',
    `${position.symbol} ${side} of ${amount} is being opened.`,
    position,
    {
      costUsd,
    },
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
  armConfirm(step, position);
  return position;
}

/** Size of a candidate on the price known now. */
export function sizeFor(step: Step, venue: VenueKey, candidate: Candidate) {
  const { price } = priceOf(step, venue, candidate);
  const instrument = instrumentOf(step.state, venue, candidate.signal.symbol) ?? candidate.facts.instrument;
  if (price === null || instrument === null) return null;
  return sizePosition(step.state.settings.positionSizeUsd, price, instrument);
}
