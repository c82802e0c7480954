import { floorTo15m } from '#main/signals/index';
import { type Percent, type SignalId, unixMs } from '#shared/domain/basics';
import type { Symbol as MarketSymbol } from '#shared/domain/instrument';
import type { FilterParams, Signal } from '#shared/domain/signal';

/** The sample of the protocol page. */
export const RAW = {
  id: 5247877,
  pair_symbol: 'ZKCUSDT',
  recommended_action: 'BUY',
  score_week: 86.2,
  score_month: 69.1,
  timestamp: '2025-10-21T02:15:00',
  created_at: '2025-10-21T02:35:05',
  trading_pair_id: 1234,
  exchange_id: 1,
  score_week_filter: 62.0,
  score_month_filter: 70.0,
  max_trades_filter: 5,
  stop_loss_filter: 4.0,
  trailing_activation_filter: 2.0,
  trailing_distance_filter: 0.5,
};

export const percent = (text: string): Percent => text as Percent;
export const utc = (text: string) => unixMs(Date.parse(`${text}Z`));

export function signal(id: number, time: number, more: Partial<Signal> = {}): Signal {
  return {
    id: id as SignalId,
    symbol: 'ZKC/USDT:USDT' as MarketSymbol,
    pairSymbol: 'ZKCUSDT',
    action: 'buy',
    exchange: 'binance',
    exchangeId: 1,
    scoreWeek: 80,
    scoreMonth: 70,
    scoreWeekFilter: null,
    scoreMonthFilter: null,
    timestamp: unixMs(time),
    createdAt: null,
    waveTime: floorTo15m(unixMs(time)),
    filterParams: null,
    receivedAt: unixMs(time),
    correlationId: `signal-${id}`,
    ...more,
  };
}
export const withParams = (id: number, filterParams: FilterParams | null): Signal =>
  signal(id, 0, { filterParams });
