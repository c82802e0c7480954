import type { Decimal, UnixMs } from '#shared/domain/basics';
import { eq } from '#shared/domain/decimal';
import type { ExchangeName } from '#shared/domain/exchange';
import type { EffectiveParams, ParamOrigin, ParamValues, StoredParams } from '#shared/domain/params';
import { type FilterParams, PARAM_NAMES, type ParamName, type Signal } from '#shared/domain/signal';

export interface ParamsQuestion {
  readonly exchange: ExchangeName;
  /** The wave's signals of this exchange in selection order; only the first is asked (M-052). */
  readonly signals: readonly Signal[];
  readonly stored: StoredParams | null;
  readonly defaults: ParamValues;
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

const NOTHING: StoredParams['values'] = {
  maxTrades: null,
  stopLoss: null,
  trailingActivation: null,
  trailingDistance: null,
};

/** "4" and "4.0000" are one percentage. */
const isSame = (a: Value, b: Value | null): boolean =>
  b !== null && eq(String(a) as Decimal, String(b) as Decimal);

function choose(
  name: ParamName,
  { stored, defaults }: ParamsQuestion,
  said: FilterParams,
): [Value, ParamOrigin] {
  const lock = stored?.locks[name] ?? null;
  if (lock !== null) return [lock, 'lock'];
  const wave = said[name];
  if (wave !== undefined) return [wave, 'wave'];
  const kept = stored?.values[name] ?? null;
  return kept === null ? [defaults[name], 'default'] : [kept, 'stored'];
}

/**
 * What one exchange's wave runs on, from memory: lock, else this wave, else stored, else default, each with its
 * origin; and the row to store behind it. A locked value wins, the wave's is stored all the same (M-062).
 */
export function resolveParams(question: ParamsQuestion): ParamsAnswer {
  const { exchange, signals, stored, waveTime, now } = question;
  const first = signals[0];
  const said = first?.filterParams ?? {};
  const chosen = PARAM_NAMES.map((name) => [name, ...choose(name, question, said)] as const);
  const effective: EffectiveParams = {
    exchange,
    values: Object.fromEntries(chosen.map(([name, value]) => [name, value])) as unknown as ParamValues,
    origins: Object.fromEntries(chosen.map(([name, , origin]) => [name, origin])) as Record<
      ParamName,
      ParamOrigin
    >,
  };

  const before = stored?.values ?? NOTHING;
  const changed = PARAM_NAMES.some((name) => said[name] !== undefined && !isSame(said[name], before[name]));
  if (first === undefined || !changed) return { effective, update: null };
  const update: StoredParams = {
    exchange,
    values: { ...before, ...said },
    locks: stored?.locks ?? NOTHING,
    waveTime,
    signalId: first.id,
    updatedAt: now,
  };
  return { effective, update };
}
