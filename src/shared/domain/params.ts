import type { Percent, SignalId, UnixMs } from './basics';
import type { ExchangeName } from './exchange';
import type { ParamName } from './signal';

/** Where an effective value comes from: a lock, my layer, this wave, the provider's layer, the stored row, the default. */
export type ParamOrigin = 'lock' | 'mine' | 'wave' | 'provider' | 'stored' | 'default';

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
  /** Version of the stored row these came with; absent before the first. */
  readonly version?: number;
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
  /** Counts the changes of this exchange's row from 1; absent in rows written before versions were counted. */
  readonly version?: number;
}

/** One set of values an exchange's row has had: who brought it, when, and what it changed. */
export interface ParamsVersion {
  readonly exchange: ExchangeName;
  readonly version: number;
  readonly values: StoredParams['values'];
  readonly locks: StoredParams['locks'];
  readonly source: 'wave' | 'lock' | 'unlock' | 'rollback';
  /** Wall time. */
  readonly changedAt: UnixMs;
  readonly waveTime: UnixMs | null;
  readonly signalId: SignalId | null;
  /** Names of the values that differ from the version before by more than 10 %. */
  readonly significant: readonly ParamName[];
}

export const DEFAULT_PARAMS: ParamValues = {
  maxTrades: 5,
  stopLoss: '4' as Percent,
  trailingActivation: '2' as Percent,
  trailingDistance: '0.5' as Percent,
};
