import type { ParamsRow } from '#shared/contract/params';
import { significantChanges } from '#shared/domain/params-change';
import type { ParamName } from '#shared/domain/signal';

export interface ParamsNews {
  readonly exchange: string;
  readonly names: readonly ParamName[];
}

/**
 * What changed by more than 10 % between two states of the params list (M-061). The first state of a session is no
 * news: nobody has seen another one.
 */
export function paramsNews(
  before: ReadonlyMap<string, ParamsRow> | null,
  after: ReadonlyMap<string, ParamsRow> | null,
): readonly ParamsNews[] {
  if (before === null || after === null) return [];
  return [...after].flatMap(([exchange, row]) => {
    const old = before.get(exchange)?.stored ?? null;
    if (old === null || row.stored === null || old === row.stored) return [];
    const names = significantChanges(old, row.stored);
    return names.length > 0 ? [{ exchange, names }] : [];
  });
}
