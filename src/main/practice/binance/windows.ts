import type { Page } from '../wire-kit/page';
import type { Params } from './params';
import { WireError } from './wire-error';

/**
 * Reads startTime, endTime, an id and limit. With only one end given the window reaches as far as Binance allows.
 * @throws WireError -1127 when the window is longer than that, -1106 when times and id are mixed
 */
export function readPage(
  params: Params,
  options: { readonly idName: string; readonly windowMs: number; readonly maxLimit: number },
): Page {
  const fromId = params.integer(options.idName) ?? null;
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  const limit = params.limit(500, options.maxLimit);
  if (fromId !== null && (start !== undefined || end !== undefined))
    throw new WireError(-1128, 'Combination of optional parameters invalid.');
  if (start !== undefined && end !== undefined && end - start > options.windowMs)
    throw new WireError(-1127, 'More than allowed hours between startTime and endTime.');
  return {
    start: start ?? (end === undefined ? Number.NEGATIVE_INFINITY : end - options.windowMs),
    end: end ?? (start === undefined ? Number.POSITIVE_INFINITY : start + options.windowMs),
    fromId,
    limit,
    forward: fromId !== null || start !== undefined,
  };
}
