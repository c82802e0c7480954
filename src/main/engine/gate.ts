import type { Decimal } from '#shared/domain/basics';
import { add, gte, lte, sub } from '#shared/domain/decimal';
import type { ReasonCode, RuleCheck } from '#shared/domain/decision';
import type { Settings } from '#shared/domain/settings';
import type { Verdict } from './filters';

/** Everything the last look before an entry needs. Null is unknown, and unknown refuses. */
export interface GateInput {
  readonly settings: Settings;
  readonly killed: boolean;
  /** Why the engine takes no entries, or null. */
  readonly halted: string | null;
  readonly linkUp: boolean;
  readonly reconciled: boolean;
  readonly price: Decimal | null;
  readonly priceAgeMs: number | null;
  readonly tradesToday: number;
  /** Open or opening, orders in doubt included. */
  readonly openPositions: number;
  /** Value of open and opening positions at worst case, USD. */
  readonly exposureUsd: Decimal;
  readonly sizeUsd: Decimal;
  /** What the entry takes from the free balance: its size, or its margin on futures. */
  readonly neededUsd: Decimal;
  readonly freeUsd: Decimal | null;
}

interface GateRule {
  readonly rule: string;
  readonly reason: ReasonCode;
  readonly ok: boolean;
  readonly numbers: RuleCheck['numbers'];
  readonly note?: string;
}

const rulesOf = (input: GateInput): readonly GateRule[] => {
  const { settings, freeUsd } = input;
  const exposure = add(input.exposureUsd, input.sizeUsd);
  const left = freeUsd === null ? null : sub(freeUsd, input.neededUsd);
  return [
    { rule: 'kill_switch', reason: 'kill_switch', ok: !input.killed, numbers: { on: input.killed } },
    {
      rule: 'engine',
      reason: 'halted',
      ok: input.halted === null,
      numbers: { halted: input.halted !== null },
      ...(input.halted === null ? {} : { note: input.halted }),
    },
    { rule: 'link', reason: 'venue_not_connected', ok: input.linkUp, numbers: { up: input.linkUp } },
    {
      rule: 'reconciled',
      reason: 'unreconciled',
      ok: input.reconciled,
      numbers: { reconciled: input.reconciled },
    },
    {
      rule: 'price_known',
      reason: 'no_price',
      ok: input.price !== null && input.priceAgeMs !== null,
      numbers: { price: input.price },
    },
    {
      rule: 'price_age',
      reason: 'stale_price',
      // A price from the future means the clock was set back: its age is not known.
      ok:
        input.priceAgeMs !== null && input.priceAgeMs >= -1_000 && input.priceAgeMs <= settings.staleAfterMs,
      numbers: { ageMs: input.priceAgeMs, limitMs: settings.staleAfterMs },
    },
    {
      rule: 'trades_per_day',
      reason: 'trades_per_day',
      ok: input.tradesToday < settings.maxTradesPerDay,
      numbers: { today: input.tradesToday, limit: settings.maxTradesPerDay },
    },
    {
      rule: 'open_positions',
      reason: 'max_positions',
      ok: input.openPositions < settings.maxOpenPositions,
      numbers: { open: input.openPositions, limit: settings.maxOpenPositions },
    },
    {
      rule: 'exposure',
      reason: 'max_exposure',
      ok: lte(exposure, settings.maxExposureUsd),
      numbers: { exposureWithThis: exposure, limit: settings.maxExposureUsd },
    },
    {
      rule: 'free_balance',
      reason: 'insufficient_balance',
      ok: freeUsd !== null && gte(freeUsd, input.neededUsd),
      numbers: { free: freeUsd, needed: input.neededUsd },
    },
    {
      rule: 'minimum_free_balance',
      reason: 'insufficient_balance',
      ok: left !== null && gte(left, settings.minFreeBalanceUsd),
      numbers: { left, limit: settings.minFreeBalanceUsd },
    },
  ];
};

/** The risk gate: every check with its numbers, the first failure's reason. Only entries pass here, never exits. */
export function gate(input: GateInput): Verdict {
  const rules = rulesOf(input);
  return {
    reason: rules.find((rule) => !rule.ok)?.reason ?? null,
    checks: rules.map(({ rule, ok, numbers, note }) => ({
      rule,
      passed: ok,
      numbers,
      ...(note === undefined ? {} : { note }),
    })),
  };
}
