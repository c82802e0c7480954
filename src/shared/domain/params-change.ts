import type { Decimal } from './basics';
import { abs, eq, gt, mul, sub } from './decimal';
import type { StoredParams } from './params';
import { PARAM_NAMES, type ParamName } from './signal';

/** What a set of params says: the values that waves brought, and the locks over them. */
export type ParamSet = Pick<StoredParams, 'values' | 'locks'>;
type Value = number | string | null;

const decimal = (value: number | string): Decimal => String(value) as Decimal;
const TEN = '10' as Decimal;

/** "4" and "4.0000" are one percentage. */
export const isSameParam = (a: Value, b: Value): boolean =>
  a === null || b === null ? a === b : eq(decimal(a), decimal(b));

/** Whether two sets say the same, values and locks. */
export const isSameSet = (a: ParamSet, b: ParamSet): boolean =>
  PARAM_NAMES.every(
    (name) => isSameParam(a.values[name], b.values[name]) && isSameParam(a.locks[name], b.locks[name]),
  );

/** More than 10 % of the old value; exactly 10 % is not, nor is a first value (M-061). */
const isFar = (old: Value, now: Value): boolean =>
  old !== null && now !== null && gt(mul(abs(sub(decimal(now), decimal(old))), TEN), abs(decimal(old)));

/**
 * The names whose value changed by more than 10 %: the one a wave brought, or the one that counts because of a
 * lock. A value that appears or goes has nothing to be compared with.
 */
export function significantChanges(before: ParamSet | null, after: ParamSet): readonly ParamName[] {
  if (before === null) return [];
  return PARAM_NAMES.filter(
    (name) =>
      isFar(before.values[name], after.values[name]) ||
      isFar(before.locks[name] ?? before.values[name], after.locks[name] ?? after.values[name]),
  );
}
