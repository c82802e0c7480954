import type { Decimal, Percent } from '#shared/domain/basics';
import { fromNumber, fromText, gte, isPositive, toNumber, toPercent } from '#shared/domain/decimal';
import type { FilterParams } from '#shared/domain/signal';

/** More positions per wave than any server window holds is a mistake, not a wish. */
const MOST_TRADES = 1_000;
const HUNDRED = '100' as Decimal;

export interface FilterReading {
  readonly params: FilterParams | null;
  /** Why values that were there are not used; null when all are. */
  readonly warning: string | null;
}

/** A number, or text that is one; null for anything else. */
export function toDecimal(value: unknown): Decimal | null {
  try {
    if (typeof value === 'number') return fromNumber(value);
    if (typeof value === 'string') return fromText(value);
    return null;
  } catch {
    return null;
  }
}

function toCount(value: unknown): number | null {
  const decimal = toDecimal(value);
  const count = decimal === null ? Number.NaN : toNumber(decimal);
  return Number.isInteger(count) && count >= 1 && count <= MOST_TRADES ? count : null;
}

// A stop or trail of 100 % and more would put a price at or below zero.
function toPositivePercent(value: unknown): Percent | null {
  const decimal = toDecimal(value);
  if (decimal === null || gte(decimal, HUNDRED)) return null;
  const percent = toPercent(decimal);
  return isPositive(percent as string as Decimal) ? percent : null;
}

const READERS = [
  ['max_trades_filter', 'maxTrades', toCount],
  ['stop_loss_filter', 'stopLoss', toPositivePercent],
  ['trailing_activation_filter', 'trailingActivation', toPositivePercent],
  ['trailing_distance_filter', 'trailingDistance', toPositivePercent],
] as const;

/**
 * The wave values a signal carries: the present ones, or null when there is none. One wrong value makes all null,
 * because whoever wrote it may have got the others wrong too (M-032 to M-037).
 */
export function readFilterParams(raw: Readonly<Record<string, unknown>>): FilterReading {
  const found: Record<string, number | Percent> = {};
  for (const [field, name, read] of READERS) {
    const value = raw[field];
    if (value === undefined || value === null) continue;
    const good = read(value);
    if (good === null)
      return {
        params: null,
        warning: `${field} is ${JSON.stringify(value)?.slice(0, 100)}: all wave values unused`,
      };
    found[name] = good;
  }
  return { params: Object.keys(found).length > 0 ? (found as FilterParams) : null, warning: null };
}
