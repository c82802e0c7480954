import type { Decimal, SignalId, UnixMs } from '#shared/domain/basics';
import { fromText, gte, isPositive, toPercent } from '#shared/domain/decimal';
import type { ExchangeName } from '#shared/domain/exchange';
import type { ParamsVersion, ParamValues, StoredParams } from '#shared/domain/params';
import { isSameParam, isSameSet } from '#shared/domain/params-change';
import { type FilterParams, PARAM_NAMES, type ParamName } from '#shared/domain/signal';

/** The whole new row and who changed it; the store counts its version. */
export interface ParamsChange {
  readonly after: StoredParams;
  readonly source: 'wave' | 'lock' | 'unlock' | 'rollback';
}

const NOTHING: StoredParams['values'] = {
  maxTrades: null,
  stopLoss: null,
  trailingActivation: null,
  trailingDistance: null,
};
const MOST_TRADES = 1_000;
const HUNDRED = '100' as Decimal;

/** The row of an exchange about which nothing was ever said. */
export const emptyParams = (exchange: ExchangeName): StoredParams => ({
  exchange,
  values: NOTHING,
  locks: NOTHING,
  waveTime: null,
  signalId: null,
  updatedAt: null,
});

/** A row that starts from `stored` is not that version any more. */
function changed(stored: StoredParams, change: Partial<StoredParams>): StoredParams {
  const { version: _, ...rest } = stored;
  return { ...rest, ...change };
}

/** @throws RangeError when the value could not be one: not above 0, a percentage of 100 or more, half a trade. */
function checked<K extends ParamName>(name: K, value: ParamValues[K]): ParamValues[K] {
  if (name === 'maxTrades') {
    const count = value as number;
    if (!Number.isInteger(count) || count < 1 || count > MOST_TRADES)
      throw new RangeError(`maxTrades must be a whole number from 1 to ${MOST_TRADES}, not ${count}`);
    return value;
  }
  const percent = toPercent(fromText(value as string));
  if (!isPositive(percent as string as Decimal) || gte(percent as string as Decimal, HUNDRED))
    throw new RangeError(`${name} must be above 0 % and below 100 %, not ${value}`);
  return percent as ParamValues[K];
}

export interface WaveValues {
  /** What the wave's first signal of the exchange said; absent keys stay as they were. */
  readonly said: FilterParams;
  readonly waveTime: UnixMs;
  readonly signalId: SignalId;
  /** Wall time. */
  readonly now: UnixMs;
}

/** A wave's values over the stored ones, under any lock; null when it says nothing new (M-058, M-062). */
export function applyWave(
  exchange: ExchangeName,
  stored: StoredParams | null,
  { said, waveTime, signalId, now }: WaveValues,
): ParamsChange | null {
  const before = stored ?? emptyParams(exchange);
  const news = PARAM_NAMES.some(
    (name) => said[name] !== undefined && !isSameParam(said[name], before.values[name]),
  );
  if (!news) return null;
  const values = { ...before.values, ...said };
  return { after: changed(before, { values, waveTime, signalId, updatedAt: now }), source: 'wave' };
}

/**
 * Fixes one value over whatever waves say; null when it is locked at that value already.
 * @throws RangeError for a value no param may have.
 */
export function lockParam<K extends ParamName>(
  stored: StoredParams,
  name: K,
  value: ParamValues[K],
  now: UnixMs,
): ParamsChange | null {
  const fixed = checked(name, value);
  if (isSameParam(stored.locks[name], fixed)) return null;
  const locks = { ...stored.locks, [name]: fixed };
  return { after: changed(stored, { locks, updatedAt: now }), source: 'lock' };
}

/** Lets go of a lock: the value of the latest wave, kept underneath all the time, counts again. Null when not locked. */
export function unlockParam(stored: StoredParams, name: ParamName, now: UnixMs): ParamsChange | null {
  if (stored.locks[name] === null) return null;
  const locks = { ...stored.locks, [name]: null };
  return { after: changed(stored, { locks, updatedAt: now }), source: 'unlock' };
}

/**
 * Puts back the values and locks of an earlier version, as a new one; null when they are those of today.
 * @throws RangeError for a version of another exchange.
 */
export function rollbackParams(
  stored: StoredParams,
  version: ParamsVersion,
  now: UnixMs,
): ParamsChange | null {
  if (version.exchange !== stored.exchange)
    throw new RangeError(`version ${version.version} is of ${version.exchange}, not of ${stored.exchange}`);
  if (isSameSet(stored, version)) return null;
  const { values, locks, waveTime, signalId } = version;
  return {
    after: changed(stored, { values, locks, waveTime, signalId, updatedAt: now }),
    source: 'rollback',
  };
}
