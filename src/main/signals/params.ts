import type { UnixMs } from '#shared/domain/basics';
import type { ExchangeName } from '#shared/domain/exchange';
import type { EffectiveParams, ParamOrigin, ParamValues, StoredParams } from '#shared/domain/params';
import type { ParamLayer } from '#shared/domain/provider';
import { type FilterParams, PARAM_NAMES, type ParamName, type Signal } from '#shared/domain/signal';
import { applyWave } from './params-changes';

/** What the settings of the signal's provider say. */
export interface ParamLayers {
  readonly provider: ParamLayer;
  readonly mine: ParamLayer;
  /** True: mine only fill what neither wave nor provider says. False: mine win over both. */
  readonly mineOnlyIfMissing: boolean;
}
export interface ParamsQuestion {
  readonly exchange: ExchangeName;
  /** The wave's signals of this exchange in selection order; only the first is asked (M-052). */
  readonly signals: readonly Signal[];
  readonly stored: StoredParams | null;
  readonly defaults: ParamValues;
  readonly layers?: ParamLayers;
  /** Market time of the wave. */
  readonly waveTime: UnixMs;
  /** Wall time, for the stored row. */
  readonly now: UnixMs;
}
export interface ParamsAnswer {
  readonly effective: EffectiveParams;
  /** The whole new row, or null when the wave says nothing new. Only what the first signal contains has changed. */
  readonly update: StoredParams | null;
}

type Value = number | string;

const NO_LAYERS: ParamLayers = { provider: {}, mine: {}, mineOnlyIfMissing: true };

/** Every origin that has a value, best first. */
function choose(
  name: ParamName,
  { stored, defaults, layers = NO_LAYERS }: ParamsQuestion,
  said: FilterParams,
): [Value, ParamOrigin] {
  const { provider, mine, mineOnlyIfMissing } = layers;
  const order: readonly (readonly [Value | null | undefined, ParamOrigin])[] = [
    [stored?.locks[name], 'lock'],
    [mineOnlyIfMissing ? null : mine[name], 'mine'],
    [said[name], 'wave'],
    [provider[name], 'provider'],
    [mineOnlyIfMissing ? mine[name] : null, 'mine'],
    [stored?.values[name], 'stored'],
  ];
  for (const [value, origin] of order) {
    if (value !== null && value !== undefined) return [value, origin];
  }
  return [defaults[name], 'default'];
}

/** The version the wave runs on: the one its own values become, else the stored one. */
const versionOf = (stored: StoredParams | null, update: StoredParams | null): { version?: number } => {
  if (update !== null) return { version: (stored?.version ?? 0) + 1 };
  return stored?.version === undefined ? {} : { version: stored.version };
};

/**
 * What one exchange's wave runs on, from memory, each value with its origin: lock, mine, this wave, provider, mine
 * if only missing ones, stored, default; and the row to store behind it. A locked value wins, the wave's is stored
 * all the same (M-062).
 */
export function resolveParams(question: ParamsQuestion): ParamsAnswer {
  const { exchange, signals, stored, waveTime, now } = question;
  const first = signals[0];
  const said = first?.filterParams ?? {};
  const chosen = PARAM_NAMES.map((name) => [name, ...choose(name, question, said)] as const);
  const change =
    first === undefined ? null : applyWave(exchange, stored, { said, waveTime, signalId: first.id, now });
  const update = change?.after ?? null;
  const effective: EffectiveParams = {
    exchange,
    values: Object.fromEntries(chosen.map(([name, value]) => [name, value])) as unknown as ParamValues,
    origins: Object.fromEntries(chosen.map(([name, , origin]) => [name, origin])) as Record<
      ParamName,
      ParamOrigin
    >,
    ...versionOf(stored, update),
  };
  return { effective, update };
}
