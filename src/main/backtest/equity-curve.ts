import type { EquityPoint } from '#shared/contract/params';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import { toNumber } from '#shared/domain/decimal';

/** Equity over market time; of several values at one time the last counts. */
export interface EquityCurve {
  note(at: UnixMs, equity: Decimal): void;
  points(): readonly EquityPoint[];
}

export function createEquityCurve(): EquityCurve {
  const points: EquityPoint[] = [];
  return {
    note(at, equity) {
      if (points.at(-1)?.at === at) points.pop();
      points.push({ at, equity: toNumber(equity) });
    },
    points: () => points,
  };
}
