import type { Decimal, Moment, UnixMs } from '#shared/domain/basics';
import { gte, isPositive } from '#shared/domain/decimal';
import type { ReasonCode, RuleCheck } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { EffectiveParams } from '#shared/domain/params';
import type { Settings } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';
import { fitsMinimum, minimumNotional } from './sizing';
import { symbolRefusal } from './symbol-rules';
import type { SignalFacts } from './types';

/** Market time after which a wave is history (domain section 3). */
export const OLDEST_WAVE_MS = 2 * 3_600_000;
const CANDLE_MS = 900_000;

export interface FilterInput {
  readonly signal: Signal;
  readonly venue: VenueKey | null;
  readonly facts: SignalFacts;
  readonly params: EffectiveParams | null;
  readonly settings: Settings;
  readonly at: Moment;
  /** This signal id was traded before. */
  readonly executed: boolean;
  /** The same exchange and symbol is open or opening. */
  readonly taken: boolean;
  readonly isListedBase: (base: string) => boolean;
  /** A newer price than the facts brought, if any. */
  readonly livePrice?: Decimal | null;
  /** The price will be asked for again: missing now is no reason yet. */
  readonly priceAwaited?: boolean;
  /** Market time since the close of its candle after which a signal is not traded; absent: no such limit. */
  readonly maxAgeMs?: number;
}

/** What the rules said: all checks in order, and the first failure's reason (null: tradable). */
export interface Verdict {
  readonly reason: ReasonCode | null;
  readonly checks: readonly RuleCheck[];
}

type Failure = { readonly reason: ReasonCode; readonly note?: string };
/** Null: nothing to judge, because an earlier rule already failed on what is missing. */
type Outcome = {
  readonly failure: Failure | null;
  readonly numbers: RuleCheck['numbers'];
  readonly note?: string;
} | null;
interface Rule {
  readonly name: string;
  readonly judge: (input: FilterInput) => Outcome;
}

const pass = (numbers: RuleCheck['numbers'], note?: string): Outcome => ({
  failure: null,
  numbers,
  ...(note === undefined ? {} : { note }),
});
const check = (ok: boolean, reason: ReasonCode, numbers: RuleCheck['numbers']): Outcome => ({
  failure: ok ? null : { reason },
  numbers,
});

const UNKNOWN_PASSES = 'not known, so this filter passes';
const SWITCHED_OFF = 'switched off in the settings';

/** Domain section 5, in its order. */
const RULES: readonly Rule[] = [
  { name: 'validation', judge: validation },
  {
    name: 'venue',
    judge: ({ venue, signal }) => check(venue !== null, 'venue_not_connected', { exchange: signal.exchange }),
  },
  {
    name: 'executed_before',
    judge: ({ executed, signal }) => check(!executed, 'already_executed', { signal: signal.id }),
  },
  {
    name: 'age',
    judge: ({ signal, at, maxAgeMs }) => {
      const ageMs = ageOf(signal.waveTime, at);
      const numbers = { ageMs, limitMs: OLDEST_WAVE_MS, maxAgeMs: maxAgeMs ?? null };
      const young = maxAgeMs === undefined || ageMs - CANDLE_MS <= maxAgeMs;
      return check(young && ageMs <= OLDEST_WAVE_MS, 'too_old', numbers);
    },
  },
  {
    name: 'symbol',
    judge: ({ signal, settings, isListedBase }) => {
      const refusal = symbolRefusal(signal.symbol, settings, isListedBase);
      const numbers = { symbol: signal.symbol as string, entry: refusal?.entry ?? null };
      return { failure: refusal && { reason: refusal.reason }, numbers };
    },
  },
  {
    name: 'duplicate',
    judge: ({ taken, signal }) => check(!taken, 'duplicate_position', { symbol: signal.symbol }),
  },
  {
    name: 'market_exists',
    judge: ({ facts, signal }) =>
      check(facts.instrument !== null, 'unknown_symbol', { symbol: signal.symbol }),
  },
  {
    name: 'market_active',
    judge: ({ facts }) =>
      facts.instrument &&
      check(facts.instrument.active, 'market_inactive', { active: facts.instrument.active }),
  },
  {
    name: 'price',
    judge: ({ facts, livePrice, priceAwaited }) => {
      const price = livePrice ?? facts.price;
      const known = price !== null && isPositive(price);
      return !known && priceAwaited
        ? pass({ price }, 'not known yet; asked again twice, 2 s apart')
        : check(known, 'no_price', { price });
    },
  },
  { name: 'minimum_notional', judge: minimum },
  { name: 'open_interest', judge: openInterest },
  { name: 'hour_volume', judge: hourVolume },
  { name: 'five_minute_change', judge: fiveMinuteChange },
];

function ageOf(waveTime: UnixMs, at: Moment): number {
  return at.market - waveTime;
}

function validation({ signal, params, venue }: FilterInput): Outcome {
  const numbers = { id: signal.id, scoreWeek: signal.scoreWeek, scoreMonth: signal.scoreMonth };
  const problem =
    !Number.isSafeInteger(signal.id) || signal.id < 0
      ? 'the id is not a whole number from 0 on'
      : !Number.isFinite(signal.scoreWeek) || !Number.isFinite(signal.scoreMonth)
        ? 'a score is not a number'
        : params === null && venue !== null
          ? 'no parameters are known for its exchange'
          : venue?.endsWith('_spot') && signal.action === 'sell'
            ? 'nothing can be sold short on a spot market'
            : null;
  return {
    failure: problem === null ? null : { reason: 'invalid_signal', note: problem },
    numbers,
    ...(problem === null ? {} : { note: problem }),
  };
}

function minimum({ facts, settings }: FilterInput): Outcome {
  if (!facts.instrument) return null;
  const limit = minimumNotional(facts.instrument);
  return check(fitsMinimum(settings.positionSizeUsd, limit), 'below_minimum_notional', {
    size: settings.positionSizeUsd,
    minimum: limit,
  });
}

function openInterest({ facts, settings: { filters } }: FilterInput): Outcome {
  const numbers = { openInterest: facts.openInterestUsd, limit: filters.minOpenInterestUsd };
  if (!filters.openInterest) return pass(numbers, SWITCHED_OFF);
  if (facts.openInterestUsd === null) return pass(numbers, UNKNOWN_PASSES);
  return check(gte(facts.openInterestUsd, filters.minOpenInterestUsd), 'low_open_interest', numbers);
}

function hourVolume({ facts, settings: { filters } }: FilterInput): Outcome {
  const numbers = { volume: facts.hourVolumeUsd, limit: filters.minHourVolumeUsd };
  if (!filters.volume) return pass(numbers, SWITCHED_OFF);
  if (facts.hourVolumeUsd === null) return pass(numbers, UNKNOWN_PASSES);
  return check(gte(facts.hourVolumeUsd, filters.minHourVolumeUsd), 'low_volume', numbers);
}

function fiveMinuteChange({ facts, signal, settings: { filters } }: FilterInput): Outcome {
  const change = facts.fiveMinuteChangePercent;
  const limit = Number(filters.maxFiveMinuteChangePercent);
  const numbers = { change, limit };
  if (!filters.priceChange) return pass(numbers, SWITCHED_OFF);
  if (change === null || !Number.isFinite(change)) return pass({ change: null, limit }, UNKNOWN_PASSES);
  return signal.action === 'buy'
    ? check(change <= limit, 'price_overheated', numbers)
    : check(change >= -limit, 'price_oversold', numbers);
}

/** Judges one signal by every pre-selection rule. No side effects. */
export function filterSignal(input: FilterInput): Verdict {
  const checks: RuleCheck[] = [];
  let reason: ReasonCode | null = null;
  for (const { name, judge } of RULES) {
    const outcome = judge(input);
    if (!outcome) continue;
    reason ??= outcome.failure?.reason ?? null;
    checks.push({
      rule: name,
      passed: outcome.failure === null,
      numbers: outcome.numbers,
      ...(outcome.note === undefined ? {} : { note: outcome.note }),
    });
  }
  return { reason, checks };
}
