import type { Percent, SignalId, UnixMs } from './basics';
import type { ExchangeName } from './exchange';
import type { ParamName } from './signal';

/** Where an effective value comes from: a lock of the user, this wave, the stored row, or the setting's default. */
export type ParamOrigin = 'lock' | 'wave' | 'stored' | 'default';

export interface ParamValues {
  /** Most positions opened per wave. */
  readonly maxTrades: number;
  readonly stopLoss: Percent;
  readonly trailingActivation: Percent;
  readonly trailingDistance: Percent;
}

/** The four values one exchange's wave runs on, each with its origin. */
export interface EffectiveParams {
  readonly exchange: ExchangeName;
  readonly values: ParamValues;
  readonly origins: Readonly<Record<ParamName, ParamOrigin>>;
}

/** The stored row of one exchange; null means never said. */
export interface StoredParams {
  readonly exchange: ExchangeName;
  readonly values: { readonly [K in ParamName]: ParamValues[K] | null };
  readonly locks: { readonly [K in ParamName]: ParamValues[K] | null };
  /** Market time of the wave that last changed it, and the signal that carried the values. */
  readonly waveTime: UnixMs | null;
  readonly signalId: SignalId | null;
  readonly updatedAt: UnixMs | null;
}

export const DEFAULT_PARAMS: ParamValues = {
  maxTrades: 5,
  stopLoss: '4' as Percent,
  trailingActivation: '2' as Percent,
  trailingDistance: '0.5' as Percent,
};
