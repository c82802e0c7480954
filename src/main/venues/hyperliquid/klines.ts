import type { UnixMs } from '#shared/domain/basics';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { timeOf } from '../core/fields';
import { decodeCandles } from './decode';
import { ask, type Rest } from './rest';

const MOST = 1_000;

/**
 * Candles, ascending; only the latest 5,000 of an interval exist. The time of the book tells which one is forming: a
 * practice or replayed market runs on another clock than the server.
 * @throws VenueError
 */
export async function askCandles(
  rest: Rest,
  coin: string,
  timeframe: Timeframe,
  range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
): Promise<readonly Candle[]> {
  const period = TIMEFRAME_MS[timeframe];
  const limit = Math.min(Math.max(range.limit, 1), MOST);
  // Asked first, so that a candle before the one forming now is complete in the rows.
  const now = await askMarketTime(rest, coin);
  const forming = Math.floor(now / period) * period;
  const last = Math.min(forming, range.before === undefined ? forming : alignDown(range.before - 1, period));
  const first = range.since === undefined ? last - (limit - 1) * period : alignUp(range.since, period);
  if (first > last) return [];
  const end = Math.min(last, first + (limit - 1) * period);
  const req = { coin, interval: timeframe, startTime: first, endTime: end + period - 1 };
  const data = await rest.ask(ask('candleSnapshot', { req }));
  const rows = readAnswer({ data }, 'info candleSnapshot', (fields) => decodeCandles(fields.data, coin));
  return rows
    .filter(({ openTime }) => openTime >= first && openTime <= end)
    .slice(0, limit)
    .map((candle) => ({ ...candle, closed: candle.openTime < forming }));
}

const alignDown = (time: number, period: number): number => Math.floor(time / period) * period;
const alignUp = (time: number, period: number): number => Math.ceil(time / period) * period;

/** The market's own time: that of its book. @throws VenueError */
export async function askMarketTime(rest: Rest, coin: string): Promise<UnixMs> {
  const data = await rest.ask(ask('l2Book', { coin }));
  return readAnswer(data, 'info l2Book', (fields) => timeOf(fields, 'time'));
}
