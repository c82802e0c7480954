import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import type { Params } from './auth';
import { decodeKlineRows } from './decode';
import { CATEGORY } from './endpoints';
import type { Rest } from './rest';
import { INTERVAL } from './subscribe';
import { toWireSymbol } from './symbols';

const MOST = 1_000;

/**
 * Candles, ascending. The clock cannot tell which of them are closed: a practice or replayed market runs on another
 * clock than the server's signatures. The newest candle can: it is the one that is forming.
 * @throws VenueError
 */
export async function askCandles(
  rest: Rest,
  market: MarketKind,
  symbol: Symbol,
  timeframe: Timeframe,
  range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
): Promise<readonly Candle[]> {
  const limit = Math.min(Math.max(range.limit, 1), MOST);
  const ask = (more: Params): Promise<Candle[]> => candlesOf(rest, market, symbol, timeframe, more);
  // Asked first, so that a candle before the one forming now is complete in the rows.
  const forming = range.before === undefined ? (await ask({ limit: 1 })).at(-1) : undefined;
  const rows = await ask({ limit, ...windowOf(range, limit * TIMEFRAME_MS[timeframe]) });
  const formingSince = (forming ?? rows.at(-1))?.openTime ?? 0;
  return rows.map((candle) => ({ ...candle, closed: candle.openTime < formingSince }));
}

/** A window that begins somewhere must also end: of a longer one Bybit gives the newest rows. */
function windowOf(range: { readonly before?: UnixMs; readonly since?: UnixMs }, lengthMs: number): Params {
  const { since, before } = range;
  const end = before === undefined ? (since === undefined ? undefined : since + lengthMs - 1) : before - 1;
  return { ...(since === undefined ? {} : { start: since }), ...(end === undefined ? {} : { end }) };
}

/**
 * No trade of the instrument is later than this: the end of its newest minute, in market time. Null for an
 * instrument that never traded.
 * @throws VenueError
 */
export async function askMarketEnd(rest: Rest, market: MarketKind, symbol: Symbol): Promise<UnixMs | null> {
  const newest = (await candlesOf(rest, market, symbol, '1m', { limit: 1 })).at(-1);
  return newest === undefined ? null : unixMs(newest.openTime + TIMEFRAME_MS['1m'] - 1);
}

async function candlesOf(
  rest: Rest,
  market: MarketKind,
  symbol: Symbol,
  timeframe: Timeframe,
  range: Params,
): Promise<Candle[]> {
  const wire = toWireSymbol(symbol);
  const params = { category: CATEGORY[market], symbol: wire, interval: INTERVAL[timeframe], ...range };
  const data = await rest.ask({ access: 'public', method: 'GET', path: 'market/kline', params });
  return readAnswer(data, 'GET market/kline', (fields) => decodeKlineRows(fields, wire));
}
