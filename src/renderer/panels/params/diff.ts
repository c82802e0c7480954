import type { Decimal } from '#shared/domain/basics';
import { cmp, isZero, percentChange } from '#shared/domain/decimal';
import type { ParamsVersion } from '#shared/domain/params';
import { significantChanges } from '#shared/domain/params-change';
import { PARAM_NAMES, type ParamName } from '#shared/domain/signal';

type Said = Pick<ParamsVersion, 'values' | 'locks'>;
export interface ParamDiff {
  readonly name: ParamName;
  readonly from: Decimal | null;
  readonly to: Decimal | null;
  readonly direction: 'up' | 'down' | 'same' | 'unknown';
  /** Of the earlier value; null when there is none or it is zero. */
  readonly percent: Decimal | null;
  readonly significant: boolean;
  /** A lock holds in the later set. */
  readonly locked: boolean;
}

/** The value that counts: a lock wins over what a wave said. Null when neither says anything. */
export const valueOf = (set: Said, name: ParamName): Decimal | null => {
  const value = set.locks[name] ?? set.values[name];
  return value === null || value === undefined ? null : (String(value) as Decimal);
};

/** What changed from one set to another, value by value. */
export function diffOf(before: Said, after: Said): readonly ParamDiff[] {
  const far = significantChanges(before, after);
  return PARAM_NAMES.map((name) => {
    const [from, to] = [valueOf(before, name), valueOf(after, name)];
    const order = from === null || to === null ? null : cmp(to, from);
    return {
      name,
      from,
      to,
      direction: order === null ? 'unknown' : order > 0 ? 'up' : order < 0 ? 'down' : 'same',
      percent: from === null || to === null || isZero(from) ? null : percentChange(from, to),
      significant: far.includes(name),
      locked: after.locks[name] !== null,
    };
  });
}
