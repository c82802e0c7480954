import type { StoredWave, WhatIfOptions } from '#main/backtest/index';
import { runWhatIf } from '#main/backtest/index';
import type { WhatIf } from '#shared/contract/params';
import { type Decimal, type Percent, type UnixMs, unixMs } from '#shared/domain/basics';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import type { EffectiveParams, ParamValues, StoredParams } from '#shared/domain/params';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';

/** 2026-01-05T12:00:00Z, opening of the first wave's candle. */
export const W0 = 1_767_614_400_000;
export const MINUTE = 60_000;
/** Its check minute. */
export const AT0 = W0 + 20 * MINUTE;
export const symbolOf = (base: string): Symbol => `${base}/USDT:USDT` as Symbol;
export const BTC = symbolOf('BTC');

export const instrument = (symbol: Symbol, over: Partial<Instrument> = {}): Instrument => ({
  exchange: 'binance',
  market: 'future',
  symbol,
  wireSymbol: symbol.split(':')[0]!.replace('/', ''),
  base: symbol.split('/')[0]!,
  quote: 'USDT',
  active: true,
  tickSize: '0.01' as Decimal,
  stepSize: '0.001' as Decimal,
  minAmount: '0.001' as Decimal,
  maxAmount: null,
  minNotional: '5' as Decimal,
  ...over,
});

export const signal = (id: number, symbol: Symbol, over: Partial<Signal> = {}): Signal => ({
  id: id as Signal['id'],
  symbol,
  pairSymbol: symbol.split(':')[0]!.replace('/', ''),
  action: 'buy',
  exchange: 'binance',
  exchangeId: 1,
  scoreWeek: 90 - (id % 50),
  scoreMonth: 80,
  scoreWeekFilter: null,
  scoreMonthFilter: null,
  timestamp: unixMs(W0),
  createdAt: unixMs(W0),
  waveTime: unixMs(W0),
  filterParams: null,
  receivedAt: unixMs(W0),
  correlationId: `c${id}`,
  ...over,
});

export const values = (
  maxTrades: number,
  stopLoss: string,
  trailingActivation: string,
  trailingDistance: string,
): ParamValues => ({
  maxTrades,
  stopLoss: stopLoss as Percent,
  trailingActivation: trailingActivation as Percent,
  trailingDistance: trailingDistance as Percent,
});
export const params = (over: ParamValues = values(5, '4', '2', '0.5')): EffectiveParams => ({
  exchange: 'binance',
  values: over,
  origins: { maxTrades: 'wave', stopLoss: 'wave', trailingActivation: 'wave', trailingDistance: 'wave' },
});
export const AS_IT_WAS: StoredParams['values'] = {
  maxTrades: null,
  stopLoss: null,
  trailingActivation: null,
  trailingDistance: null,
};

export const wave = (signals: readonly Signal[], own: EffectiveParams = params()): StoredWave => ({
  waveTime: signals[0]?.waveTime ?? unixMs(W0),
  signals,
  params: own,
});

/** [open, high, low, close] of consecutive minutes. */
export type Bar = readonly [number, number, number, number];
export const candlesOf = (from: number, bars: readonly Bar[], volume = 1_000_000): readonly Candle[] =>
  bars.map(([open, high, low, close], index) => ({
    openTime: unixMs(from + index * MINUTE),
    open,
    high,
    low,
    close,
    volume,
    closed: true,
  }));
export const flat = (price: number, minutes: number): Bar[] =>
  Array.from({ length: minutes }, () => [price, price, price, price] as const);

/** An hour and twenty minutes before the wave is decided and its own minute at 100, then these bars. */
export const calmThen = (bars: readonly Bar[]): readonly Candle[] =>
  candlesOf(AT0 - 80 * MINUTE, [...flat(100, 81), ...bars]);

export const keep =
  (kept: ReadonlyMap<Symbol, readonly Candle[]>): WhatIfOptions['candles'] =>
  async (_venue, symbol, from, to) =>
    (kept.get(symbol) ?? []).filter(({ openTime }) => openTime >= from && openTime < to);

export function options(
  kept: ReadonlyMap<Symbol, readonly Candle[]>,
  over: Partial<WhatIfOptions> = {},
): WhatIfOptions {
  return {
    waves: [wave([signal(1, BTC)])],
    other: { exchange: 'binance', values: AS_IT_WAS },
    settings: DEFAULT_SETTINGS,
    instruments: [...new Set([BTC, ...kept.keys()])].map((symbol) => instrument(symbol)),
    candles: keep(kept),
    venueOf: (exchange) => `${exchange}_future`,
    breathe: async () => {},
    ...over,
  };
}

/** The result, and every progress on the way. */
export async function play(given: WhatIfOptions): Promise<{ result: WhatIf; progress: readonly number[] }> {
  const progress: number[] = [];
  let result: WhatIf | null = null;
  for await (const item of runWhatIf(given)) {
    progress.push(item.progress);
    result = item.result;
  }
  if (result === null) throw new Error('the run ended without a result');
  return { result, progress };
}

export const at = (time: number): UnixMs => unixMs(time);
