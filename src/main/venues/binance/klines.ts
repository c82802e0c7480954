import type { UnixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle, Timeframe } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import type { Params } from './auth';
import { decodeKlines, type KlineRow } from './decode';
import type { Rest } from './rest';
import { toWireSymbol } from './symbols';

/**
 * Candles, ascending. /time cannot tell which of them are closed: a practice or replayed market runs on another
 * clock than the server's signatures. The newest candle can: it is the one that is forming.
 * @throws VenueError
 */
export async function askCandles(
  rest: Rest,
  symbol: Symbol,
  timeframe: Timeframe,
  range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
): Promise<readonly Candle[]> {
  // Asked first, so that a candle before the one forming now is complete in the rows.
  const forming = range.before === undefined ? null : await newest(rest, symbol, timeframe);
  const rows = await ask(rest, symbol, timeframe, {
    limit: String(Math.min(Math.max(range.limit, 1), 1_000)),
    ...(range.since === undefined ? {} : { startTime: String(range.since) }),
    ...(range.before === undefined ? {} : { endTime: String(range.before - 1) }),
  });
  const formingSince = forming?.candle.openTime ?? rows.at(-1)?.candle.openTime ?? 0;
  return rows.map(({ candle }) => ({ ...candle, closed: candle.openTime < formingSince }));
}

/**
 * No trade of the instrument is later than this: the end of its newest minute, in market time. Null for an
 * instrument that never traded.
 * @throws VenueError
 */
export async function askMarketEnd(rest: Rest, symbol: Symbol): Promise<UnixMs | null> {
  return (await newest(rest, symbol, '1m'))?.closeTime ?? null;
}

const newest = async (rest: Rest, symbol: Symbol, timeframe: Timeframe): Promise<KlineRow | undefined> =>
  (await ask(rest, symbol, timeframe, { limit: '1' })).at(-1);

async function ask(rest: Rest, symbol: Symbol, interval: Timeframe, range: Params): Promise<KlineRow[]> {
  const params = { symbol: toWireSymbol(symbol), interval, ...range };
  const rows = await rest.ask({ family: 'public', method: 'GET', path: 'klines', params });
  return readAnswer({ rows }, 'GET klines', (fields) => decodeKlines(fields.rows));
}
