import type { RiskMeter, RiskView } from '#shared/contract/app';
import type { Decimal } from '#shared/domain/basics';
import { div, isNegative, isPositive, mul, sub, toFixed, toNumber, ZERO } from '#shared/domain/decimal';
import { equityOf, type Losses } from './equity';
import type { DeskParts } from './parts';

const HUNDRED = '100' as Decimal;

/** Fall below `from` in percent, never negative; null when a part is unknown. */
function fallPercent(from: Decimal | null, now: Decimal | null): Decimal | null {
  if (from === null || now === null || !isPositive(from)) return null;
  const fall = div(mul(sub(from, now), HUNDRED), from);
  return isNegative(fall) ? ZERO : (toFixed(fall, 2) as Decimal);
}

/** Every cap of the risk gate with how much of it is in use now. Unknown use is null. */
export function riskView(parts: DeskParts, losses: Losses): RiskView {
  const settings = parts.settings();
  const { limits } = settings;
  const paper = parts.info.mode === 'paper';
  const equity = equityOf(parts, paper);
  const use = parts.engine.riskUse(paper, { wall: parts.wallNow(), market: parts.marketNow() });
  const meter = (
    rule: string,
    unit: RiskMeter['unit'],
    used: Decimal | number | null,
    limit: Decimal | number,
  ) => ({
    rule,
    unit,
    used: used === null ? null : (String(used) as Decimal),
    limit: String(limit) as Decimal,
    share:
      used === null || Number(limit) <= 0
        ? null
        : toNumber(String(used) as Decimal) / toNumber(String(limit) as Decimal),
  });
  const percent = (value: string): Decimal => value as Decimal;
  return {
    paper,
    meters: [
      meter(
        'daily_loss',
        '%',
        fallPercent(equity.dayOpeningUsd, equity.equityUsd),
        percent(settings.dailyLossPercent),
      ),
      meter('drawdown', '%', fallPercent(equity.peakUsd, equity.equityUsd), percent(limits.drawdownPercent)),
      meter('loss_streak', 'count', losses.streak(paper), limits.lossStreak),
      meter('trades_per_day', 'count', use.tradesToday, settings.maxTradesPerDay),
      meter('open_positions', 'count', use.openPositions, settings.maxOpenPositions),
      meter('exposure', 'USD', use.exposureUsd, settings.maxExposureUsd),
      meter('order_value', 'USD', settings.positionSizeUsd, limits.maxOrderUsd),
      meter('symbol_exposure', 'USD', use.symbolUsd, limits.maxSymbolUsd),
      meter('wave_exposure', 'USD', use.waveUsd, limits.maxWaveUsd),
      meter('provider_exposure', 'USD', use.providerUsd, limits.maxProviderUsd),
      meter('order_rate', 'count', use.ordersLastMinute, limits.maxOrdersPerMinute),
      meter('leverage', '×', settings.leverage, 2),
    ],
  };
}
