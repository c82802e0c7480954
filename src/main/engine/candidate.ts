import type { Decimal, UnixMs } from '#shared/domain/basics';
import { abs, gt, lte, mul, sub } from '#shared/domain/decimal';
import type { Decision, ReasonCode, RuleCheck, SignalFate } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { EffectiveParams } from '#shared/domain/params';
import type { ProviderMode } from '#shared/domain/provider';
import { filterSignal, type Verdict } from './filters';
import { MAXIMUM_LEVERAGE } from './gate';
import { accountOf, gateFor, priceOf, sizeFor } from './opening';
import { instrumentOf, isSpot, isWaitedFor, slot, venueOf } from './state';
import { intend, putDecision, type Step, tell, wake } from './step';
import { initialStop } from './trailing';
import type { EngineEvent, SignalFacts } from './types';
import { AUTO, type Candidate, type ProviderRule, type WaveRun } from './wave-state';

type WaveEvent = Extract<EngineEvent, { type: 'wave' }>;

/** A missing price is asked for twice more, this far apart (spec M-070). Wall ms. */
export const PRICE_PAUSE_MS = 2_000;
export const PRICE_RETRIES = 2;
/** How long the venue may take to set a lower leverage. Wall ms. */
const LEVERAGE_MS = 5_000;

/** Reasons that are limits of ours, not faults of the signal. */
const LIMITS: ReadonlySet<ReasonCode> = new Set([
  'daily_loss',
  'trades_per_day',
  'max_positions',
  'max_exposure',
  'insufficient_balance',
  'size_too_large',
  'leverage_too_high',
]);

/** The pre-selection rules on what is known now. */
export function verdictOf(
  step: Step,
  member: WaveEvent['signals'][number] & { readonly params: EffectiveParams | null },
  provider: ProviderRule,
  priceAwaited: boolean,
): Verdict {
  const { state } = step;
  const { venue, signal } = member;
  return filterSignal({
    ...member,
    settings: state.settings,
    at: step.at,
    executed: state.executed.has(signal.id),
    taken: venue !== null && isTaken(step, venue, signal.symbol),
    isListedBase: (base) => state.bases.has(base),
    livePrice: venue === null ? null : priceOf(step, venue, member).price,
    priceAwaited,
    ...(provider === AUTO ? {} : { maxAgeMs: provider.maxAgeMs }),
  });
}

/** Open or opening here, or shown by the exchange and not taken over yet: an entry would melt into what stands there. */
const isTaken = (step: Step, venue: VenueKey, symbol: Symbol): boolean =>
  step.state.open.has(slot(venue, symbol)) || venueOf(step.state, venue).external.has(symbol);

/** Writes what became of one signal of a wave. */
export function decide(
  step: Step,
  about: Pick<Candidate, 'signal' | 'facts'> & {
    readonly venue: VenueKey | null;
    readonly params: EffectiveParams | null;
  },
  fate: SignalFate,
  reason: ReasonCode | null,
  checks: readonly RuleCheck[],
  rank: number | null,
  providerMode: ProviderMode,
  approval: Decision['approval'] = null,
): void {
  const { venue } = about;
  const seen = venue === null ? priceOfFacts(step, about.facts) : priceOf(step, venue, about);
  putDecision(step, {
    signal: about.signal,
    venue,
    fate,
    reason,
    checks,
    params: about.params,
    positionId: null,
    price: seen.price,
    priceAgeMs: seen.ageMs,
    rank,
    decidedAt: step.at.market,
    providerMode,
    approval,
    ...(venue === null ? {} : { account: accountOf(step, venue, about.signal.symbol) }),
  });
}

const priceOfFacts = (step: Step, facts: SignalFacts) => ({
  price: facts.price,
  ageMs: facts.priceSeenAt === null ? null : step.at.wall - facts.priceSeenAt,
});

/** Ends one candidate of a run under a reason. */
export function release(
  step: Step,
  run: WaveRun,
  candidate: Candidate,
  fate: SignalFate,
  reason: ReasonCode,
  note: string,
): void {
  const checks = [
    ...candidate.verdict.checks,
    { rule: 'selection', passed: false, numbers: { rank: candidate.rank }, note },
  ];
  decide(step, { ...candidate, venue: run.venue }, fate, reason, checks, candidate.rank, run.provider.mode);
  unwatch(step, run, candidate);
}

/** Lets prices go that neither a position nor a waiting candidate needs. */
export function unwatch(step: Step, run: WaveRun, { signal }: Candidate): void {
  const wanted =
    step.state.open.has(slot(run.venue, signal.symbol)) || isWaitedFor(step.state, run.venue, signal.symbol);
  if (!wanted) intend(step, { kind: 'watch', venue: run.venue, symbol: signal.symbol, on: false });
}

export interface Judgement {
  readonly checks: readonly RuleCheck[];
  readonly reason: ReasonCode | null;
  readonly amount: Decimal | null;
  readonly costUsd: Decimal | null;
}

/** The second validation, the gate and the size, on what is known now. */
export function judgeAgain(step: Step, run: WaveRun, candidate: Candidate): Judgement {
  const again = verdictOf(step, { ...candidate, venue: run.venue }, run.provider, false);
  const sizing = sizeFor(step, run.venue, candidate);
  const costUsd = sizing?.ok ? sizing.costUsd : step.state.settings.positionSizeUsd;
  const risk = gateFor(step, run.venue, candidate, costUsd);
  const size: RuleCheck = {
    rule: 'size',
    passed: sizing?.ok ?? false,
    numbers: sizing?.ok ? { amount: sizing.amount, cost: sizing.costUsd, raised: sizing.raised } : {},
    ...(sizing && !sizing.ok ? { note: sizing.note } : {}),
  };
  const reason = again.reason ?? risk.reason ?? (sizing ? (sizing.ok ? null : sizing.reason) : 'no_price');
  const spread = risk.checks.find((check) => check.rule === 'spread');
  if (spread?.numbers.spread !== null && spread?.note !== undefined)
    tell(
      step,
      'spread_wide',
      'warning',
      `The spread of ${candidate.signal.symbol} is ${spread.numbers.spread} %.`,
      null,
      spread.numbers,
    );
  return {
    checks: [...again.checks, ...risk.checks, size],
    reason,
    amount: sizing?.ok ? sizing.amount : null,
    costUsd: sizing?.ok ? sizing.costUsd : null,
  };
}

/** Ends a candidate that the second look refused, and counts it. */
export function refuse(
  step: Step,
  run: WaveRun,
  candidate: Candidate,
  reason: ReasonCode,
  checks: readonly RuleCheck[],
): void {
  run.refused[reason] = (run.refused[reason] ?? 0) + 1;
  decide(
    step,
    { ...candidate, venue: run.venue },
    'refused',
    reason,
    checks,
    candidate.rank,
    run.provider.mode,
  );
  unwatch(step, run, candidate);
  if (LIMITS.has(reason))
    tell(
      step,
      'risk_limits_exceeded',
      'warning',
      `${candidate.signal.symbol} was not opened: ${reason.replaceAll('_', ' ')}.`,
      null,
      { signal: candidate.signal.id, symbol: candidate.signal.symbol, venue: run.venue, reason },
    );
}

/** What a person is shown before saying yes: size, stop and what is lost if it is hit, before fees. */
export function approvalFor(
  step: Step,
  run: WaveRun,
  candidate: Candidate,
  amount: Decimal,
  costUsd: Decimal,
): NonNullable<Decision['approval']> | null {
  const { price } = priceOf(step, run.venue, candidate);
  if (price === null) return null;
  const side = candidate.signal.action === 'buy' ? 'long' : 'short';
  const tick =
    (instrumentOf(step.state, run.venue, candidate.signal.symbol) ?? candidate.facts.instrument)?.tickSize ??
    ('0.00000001' as Decimal);
  const stopPrice = initialStop(side, price, candidate.params.values.stopLoss, tick);
  return {
    sizeBase: amount,
    sizeUsd: costUsd,
    stopPrice,
    riskUsd: mul(abs(sub(price, stopPrice)), amount),
    expiresAt: (step.at.wall + run.provider.approveWithinMs) as UnixMs,
  };
}

/** True while something that can still come is worth waiting for: a price, or a leverage that is too high. */
export function waitsFor(step: Step, run: WaveRun, candidate: Candidate): boolean {
  return waitsForPrice(step, run, candidate) || waitsForLeverage(step, run, candidate);
}

function waitsForPrice(step: Step, run: WaveRun, candidate: Candidate): boolean {
  if (candidate.priceBy === null) return false;
  const leftMs = candidate.priceBy - step.at.wall;
  const { price } = priceOf(step, run.venue, candidate);
  if (leftMs <= 0 || (price !== null && gt(price, '0' as Decimal))) return false;
  wake(step, `wave|${run.venue}|${run.waveTime}`, leftMs % PRICE_PAUSE_MS || PRICE_PAUSE_MS);
  return true;
}

function waitsForLeverage(step: Step, run: WaveRun, candidate: Candidate): boolean {
  const { symbol } = candidate.signal;
  const actual = step.state.leverage.get(slot(run.venue, symbol));
  if (isSpot(run.venue) || actual === undefined || lte(actual, MAXIMUM_LEVERAGE)) return false;
  if (candidate.leverageBy === null) {
    candidate.leverageBy = step.at.wall + LEVERAGE_MS;
    intend(step, { kind: 'set-leverage', venue: run.venue, symbol, leverage: step.state.settings.leverage });
  }
  const leftMs = candidate.leverageBy - step.at.wall;
  if (leftMs <= 0) return false;
  wake(step, `wave|${run.venue}|${run.waveTime}`, leftMs);
  return true;
}
