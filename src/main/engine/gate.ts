import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, gte, isPositive, lt, lte, mul, sub } from '#shared/domain/decimal';
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
  /** Absent: equity was never told, so there is no daily limit to watch. Null inside is unknown, and refuses. */
  readonly equity?: EquityFacts;
  /** Largest position value the exchange allows in quote, and what of it is taken. */
  readonly maxNotional?: Decimal | null;
  readonly bid?: Decimal | null;
  readonly ask?: Decimal | null;
  /** Leverage that really is set at the venue; null is not told, and it is set before the entry. */
  readonly leverage?: Decimal | null;
  /** Value at work in this symbol on all exchanges, and of this wave, and of the provider's positions, USD. */
  readonly symbolUsd: Decimal;
  readonly waveUsd: Decimal;
  readonly providerUsd: Decimal;
  /** Orders sent in the last 60 s, all kinds. */
  readonly ordersLastMinute: number;
}

export interface EquityFacts {
  readonly equityUsd: Decimal | null;
  readonly dayOpeningUsd: Decimal | null;
  /** Highest equity since the person last said "count from here"; absent: not watched (backtests). */
  readonly peakUsd?: Decimal | null;
  /** Positions closed at a loss one after the other, newest first; absent: not watched. */
  readonly lossStreak?: number;
}

/** Above this no entry is made, whatever else is set (spec M-085). */
export const MAXIMUM_LEVERAGE = '2' as Decimal;

const HUNDRED = '100' as Decimal;

/** (ask - bid) / middle in percent; null when it is not known. */
export function spreadPercent(bid: Decimal | null, ask: Decimal | null): Decimal | null {
  if (bid === null || ask === null || !isPositive(bid) || lt(ask, bid)) return null;
  return div(mul(sub(ask, bid), '200' as Decimal), add(bid, ask));
}

/** Loss since the day began in percent of its opening equity; a gain is negative. Null when unknown. */
export function dailyLossPercent(equity: GateInput['equity']): Decimal | null {
  const { equityUsd = null, dayOpeningUsd = null } = equity ?? {};
  if (equityUsd === null || dayOpeningUsd === null || !isPositive(dayOpeningUsd)) return null;
  return div(mul(sub(dayOpeningUsd, equityUsd), HUNDRED), dayOpeningUsd);
}

/** Fall of equity below its peak in percent of the peak; 0 at the peak. Null when unknown. */
export function drawdownPercent(equity: EquityFacts | undefined): Decimal | null {
  const { equityUsd = null, peakUsd = null } = equity ?? {};
  if (equityUsd === null || peakUsd === null || !isPositive(peakUsd)) return null;
  return div(mul(sub(peakUsd, equityUsd), HUNDRED), peakUsd);
}

/** How far `price` lies from the middle of bid and ask, in percent of it; null when there is no such middle. */
export function collarDistance(
  price: Decimal | null,
  bid: Decimal | null,
  ask: Decimal | null,
): Decimal | null {
  if (price === null || spreadPercent(bid, ask) === null) return null;
  const middle = div(add(bid as Decimal, ask as Decimal), '2' as Decimal);
  return abs(div(mul(sub(price, middle), HUNDRED), middle));
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
  const loss = dailyLossPercent(input.equity);
  const spread = spreadPercent(input.bid ?? null, input.ask ?? null);
  const narrow = spread !== null && lte(spread, settings.maxSpreadPercent as string as Decimal);
  const leverage = input.leverage ?? null;
  const maxNotional = input.maxNotional ?? null;
  const { limits } = settings;
  const drawdown = drawdownPercent(input.equity);
  const streak = input.equity?.lossStreak;
  const { bid = null, ask = null } = input;
  const crossed = bid !== null && ask !== null && gte(bid, ask);
  const collar = collarDistance(input.price, bid, ask);
  /** Value at work somewhere with this entry on top, against its cap. */
  const cap = (rule: string, reason: ReasonCode, now: Decimal, limit: Decimal): GateRule => {
    const withThis = add(now, input.sizeUsd);
    return { rule, reason, ok: lte(withThis, limit), numbers: { withThis, limit } };
  };
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
      rule: 'daily_loss',
      reason: 'daily_loss',
      ok:
        input.equity === undefined ||
        (loss !== null && lt(loss, settings.dailyLossPercent as string as Decimal)),
      numbers: {
        equity: input.equity?.equityUsd ?? null,
        dayOpening: input.equity?.dayOpeningUsd ?? null,
        lossPercent: loss,
        limit: settings.dailyLossPercent,
      },
      ...(input.equity === undefined
        ? { note: 'equity is not told, so this limit does not apply' }
        : loss === null
          ? { note: 'the loss of the day is not known' }
          : {}),
    },
    {
      rule: 'drawdown',
      reason: 'drawdown',
      ok:
        input.equity?.peakUsd === undefined ||
        (drawdown !== null && lt(drawdown, limits.drawdownPercent as string as Decimal)),
      numbers: { drawdownPercent: drawdown, limit: limits.drawdownPercent },
      ...(drawdown === null ? { note: 'the fall from the peak is not known' } : {}),
    },
    {
      rule: 'loss_streak',
      reason: 'loss_streak',
      ok: streak === undefined || limits.lossStreak === 0 || streak < limits.lossStreak,
      numbers: { losses: streak ?? null, limit: limits.lossStreak },
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
    cap('order_value', 'order_too_large', '0' as Decimal, limits.maxOrderUsd),
    cap('symbol_exposure', 'symbol_exposure', input.symbolUsd, limits.maxSymbolUsd),
    cap('wave_exposure', 'wave_exposure', input.waveUsd, limits.maxWaveUsd),
    cap('provider_exposure', 'provider_exposure', input.providerUsd, limits.maxProviderUsd),
    {
      rule: 'order_rate',
      reason: 'order_rate',
      // An entry brings a stop with it, so there must be room for both.
      ok: input.ordersLastMinute + 2 <= limits.maxOrdersPerMinute,
      numbers: { lastMinute: input.ordersLastMinute, limit: limits.maxOrdersPerMinute },
    },
    {
      rule: 'maximum_notional',
      reason: 'size_too_large',
      ok: maxNotional === null || lte(input.sizeUsd, maxNotional),
      numbers: { size: input.sizeUsd, limit: maxNotional },
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
    { rule: 'book', reason: 'crossed_book', ok: !crossed, numbers: { bid, ask } },
    {
      rule: 'price_collar',
      reason: 'price_collar',
      ok: collar === null || lte(collar, limits.collarPercent as string as Decimal),
      numbers: { distancePercent: collar, limit: limits.collarPercent },
      ...(collar === null ? { note: 'no second price to compare with' } : {}),
    },
    {
      rule: 'spread',
      reason: 'spread_too_wide',
      ok: narrow || !settings.strictSpread,
      numbers: { spread, limit: settings.maxSpreadPercent, strict: settings.strictSpread },
      ...(narrow ? {} : { note: spread === null ? 'the spread is not known' : 'wider than the limit' }),
    },
    {
      rule: 'leverage',
      reason: 'leverage_too_high',
      ok: leverage === null || lte(leverage, MAXIMUM_LEVERAGE),
      numbers: { actual: leverage, maximum: MAXIMUM_LEVERAGE },
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
