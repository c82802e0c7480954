import { type UnixMs, unixMs } from '#shared/domain/basics';
import { type ExchangeName, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { EffectiveParams } from '#shared/domain/params';
import type { Signal } from '#shared/domain/signal';
import { factsFrom } from './candle-facts';
import type { CandleWindow } from './candle-window';
import type { StoredWave, WhatIfOptions } from './types';
import { checkTimeOf } from './wave-time';
import type { PlannedWave } from './world-types';

/** A wave of all its exchanges at the time it is decided, before anything is known of prices. */
export interface DueWave {
  readonly at: UnixMs;
  readonly waveTime: UnixMs;
  readonly signals: readonly Signal[];
  readonly params: Readonly<Partial<Record<ExchangeName, EffectiveParams>>>;
}

/**
 * The stored waves in the order they are decided. Parts of one wave come together, because the engine takes a wave
 * once; each part brings the signals of its own exchange only.
 */
export function dueWaves(waves: readonly StoredWave[], checkMinutes: readonly number[]): readonly DueWave[] {
  const byTime = new Map<number, DueWave>();
  for (const { waveTime, signals, params, at } of waves) {
    const own = signals.filter(({ exchange }) => exchange === params.exchange);
    if (own.length === 0) continue;
    const known = byTime.get(waveTime);
    const due = at ?? checkTimeOf(waveTime, checkMinutes);
    byTime.set(waveTime, {
      at: unixMs(Math.max(due, known?.at ?? 0)),
      waveTime,
      signals: [...(known?.signals ?? []), ...own],
      params: { ...known?.params, [params.exchange]: params },
    });
  }
  return [...byTime.values()].sort((a, b) => a.at - b.at || a.waveTime - b.waveTime);
}

/** The values a wave would have run on under another set; a null value stays as it was. */
export function underOther(
  params: PlannedWave['params'],
  { exchange, values }: WhatIfOptions['other'],
): PlannedWave['params'] {
  const before = params[exchange];
  if (!before) return params;
  const after: EffectiveParams = {
    ...before,
    values: {
      maxTrades: values.maxTrades ?? before.values.maxTrades,
      stopLoss: values.stopLoss ?? before.values.stopLoss,
      trailingActivation: values.trailingActivation ?? before.values.trailingActivation,
      trailingDistance: values.trailingDistance ?? before.values.trailingDistance,
    },
    origins: {
      maxTrades: values.maxTrades === null ? before.origins.maxTrades : 'stored',
      stopLoss: values.stopLoss === null ? before.origins.stopLoss : 'stored',
      trailingActivation: values.trailingActivation === null ? before.origins.trailingActivation : 'stored',
      trailingDistance: values.trailingDistance === null ? before.origins.trailingDistance : 'stored',
    },
  };
  return { ...params, [exchange]: after };
}

/** Where things are traded and looked up. */
export interface Directory {
  /** Account of an exchange in the simulation; null when it has none. */
  account(exchange: ExchangeName): VenueKey | null;
  instrument(signal: Signal): Instrument | null;
}

export function createDirectory(options: Pick<WhatIfOptions, 'instruments' | 'venueOf'>): Directory {
  const perpetuals = new Map(
    options.instruments
      .filter(({ market }) => market === 'future')
      .map((one) => [`${one.exchange}|${one.symbol}`, one]),
  );
  return {
    // The same rules of margin for a paper account as for a live one.
    account: (exchange) => (options.venueOf(exchange) === null ? null : venueKey(exchange, 'future')),
    instrument: ({ exchange, symbol }) => perpetuals.get(`${exchange}|${symbol}`) ?? null,
  };
}

/** What was known of each signal's market when its wave was due. */
export const planWave = (wave: DueWave, directory: Directory, candles: CandleWindow): PlannedWave => ({
  ...wave,
  signals: wave.signals.map((signal) => {
    const { exchange, symbol } = signal;
    const candleAt = (time: number) => candles.at({ exchange, symbol }, time);
    return {
      signal,
      venue: directory.account(exchange),
      facts: factsFrom(candleAt, directory.instrument(signal), wave.at),
    };
  }),
});
