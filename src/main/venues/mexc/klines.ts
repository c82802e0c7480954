import { type UnixMs, unixMs } from '#shared/domain/basics';
import { toNumber } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { bad, fieldsOf, integerOf, listOf, numberOf, timeOf, toDecimal } from '../core/fields';
import { mergeCandles } from '../core/three-minutes';
import { toBase } from './contracts';
import type { Rest } from './rest';
import { INTERVALS } from './subscribe';

export interface KlineParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly instrument: Instrument;
}
type Range = { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number };

/** Spot gives 500 in practice, whatever is asked for; futures 2,000. */
const PAGE: Record<MarketKind, number> = { spot: 500, future: 1_000 };
const MOST = 1_000;

/**
 * Candles, ascending. The newest one is forming; no clock is asked, since a practice or replayed market runs on
 * another one than the server's signatures.
 * @throws VenueError
 */
export async function askCandles(
  parts: KlineParts,
  timeframe: Timeframe,
  range: Range,
): Promise<readonly Candle[]> {
  if (timeframe === '3m') return mergeCandles(await singles(parts, range), '3m').slice(-range.limit);
  // Asked first, so that a candle before the one forming now is complete in the rows.
  const formingSince =
    range.before === undefined ? null : ((await ask(parts, timeframe, { limit: 1 })).at(-1)?.openTime ?? 0);
  const limit = Math.min(Math.max(range.limit, 1), MOST);
  const rows: Candle[] = [];
  if (range.since !== undefined) {
    const step = TIMEFRAME_MS[timeframe];
    let from: number = range.since;
    while (rows.length < limit) {
      const page = await ask(parts, timeframe, { since: unixMs(from), limit: limit - rows.length });
      const fresh = page.filter((one) => one.openTime >= from);
      rows.push(...fresh);
      if (fresh.length < Math.min(PAGE[parts.market], limit)) break;
      from = fresh.at(-1)!.openTime + step;
    }
  } else {
    let before = range.before;
    while (rows.length < limit) {
      const wanted = limit - rows.length;
      const page = await ask(parts, timeframe, {
        limit: wanted,
        ...(before === undefined ? {} : { before }),
      });
      rows.unshift(...page);
      if (page.length < Math.min(PAGE[parts.market], wanted) || page.length === 0) break;
      before = page[0]!.openTime;
    }
  }
  const inside = rows.filter((one) => range.before === undefined || one.openTime < range.before);
  const newest = formingSince ?? inside.at(-1)?.openTime ?? 0;
  return inside.map((one) => ({ ...one, closed: one.openTime < newest }));
}

const singles = (parts: KlineParts, { before, since, limit }: Range): Promise<readonly Candle[]> =>
  askCandles(parts, '1m', {
    limit: Math.min(limit * 3 + 2, MOST),
    ...(before === undefined ? {} : { before }),
    ...(since === undefined ? {} : { since: unixMs(since - (since % TIMEFRAME_MS['3m'])) }),
  });

/**
 * No trade of the instrument is later than this: the end of its newest minute, in market time. Null for one that never
 * traded.
 * @throws VenueError
 */
export async function askMarketEnd(parts: KlineParts): Promise<UnixMs | null> {
  const newest = (await ask(parts, '1m', { limit: 1 })).at(-1);
  return newest === undefined ? null : unixMs(newest.openTime + TIMEFRAME_MS['1m'] - 1);
}

function ask(parts: KlineParts, timeframe: Timeframe, range: Range): Promise<Candle[]> {
  return parts.market === 'spot' ? askSpot(parts, timeframe, range) : askFuture(parts, timeframe, range);
}

const SPOT_INTERVAL: Readonly<Partial<Record<Timeframe, string>>> = { '1h': '60m' };

async function askSpot(
  { rest, instrument }: KlineParts,
  timeframe: Timeframe,
  range: Range,
): Promise<Candle[]> {
  const params = {
    symbol: instrument.wireSymbol,
    interval: SPOT_INTERVAL[timeframe] ?? timeframe,
    limit: Math.min(range.limit, PAGE.spot),
    ...(range.since === undefined ? {} : { startTime: range.since }),
    ...(range.before === undefined ? {} : { endTime: range.before - 1 }),
  };
  const rows = await rest.ask({ family: 'public', method: 'GET', path: 'klines', params });
  return readAnswer({ rows }, 'GET klines', (fields) => decodeSpotKlines(fields.rows));
}

/** Rows [openTime, open, high, low, close, volume, closeTime, quote volume]. @throws ProtocolError */
export const decodeSpotKlines = (data: unknown): Candle[] =>
  listOf(data, 'klines').map((row) => {
    const [t, o, h, l, c, v] = listOf(row, 'kline');
    const fields = { t, o, h, l, c, v };
    return {
      openTime: timeOf(fields, 't'),
      open: numberOf(fields, 'o'),
      high: numberOf(fields, 'h'),
      low: numberOf(fields, 'l'),
      close: numberOf(fields, 'c'),
      volume: numberOf(fields, 'v'),
      closed: false,
    };
  });

/** Futures are asked by seconds, without a limit: a window as long as the candles wanted. */
async function askFuture(
  { rest, instrument }: KlineParts,
  timeframe: Timeframe,
  range: Range,
): Promise<Candle[]> {
  const limit = Math.min(range.limit, PAGE.future);
  const seconds = (ms: number): number => Math.floor(ms / 1_000);
  const span = TIMEFRAME_MS[timeframe] * limit;
  const window =
    range.since !== undefined
      ? { start: seconds(range.since), end: seconds(range.since + span) }
      : range.before !== undefined
        ? { start: seconds(range.before - span), end: seconds(range.before - 1) }
        : {};
  const params = { interval: INTERVALS[timeframe]!, ...window };
  const path = `kline/${instrument.wireSymbol}`;
  const data = await rest.ask({ family: 'public', method: 'GET', path, params });
  const rows = readAnswer(data, 'GET kline', (fields) => decodeFutureKlines(fields, instrument));
  return range.since === undefined ? rows.slice(-limit) : rows.slice(0, limit);
}

/** Columns {"time":[s…],"open":[…],"close":[…],"high":[…],"low":[…],"vol":[contracts…]}. @throws ProtocolError */
export function decodeFutureKlines(data: unknown, instrument: Instrument): Candle[] {
  const columns = fieldsOf(data, 'kline');
  const times = listOf(columns.time, 'time');
  const names = ['open', 'high', 'low', 'close', 'vol'] as const;
  for (const name of names)
    if (listOf(columns[name], name).length !== times.length)
      throw bad(`column ${name} has another length`, name);
  return times.map((time, at) => {
    const row = Object.fromEntries(names.map((name) => [name, (columns[name] as unknown[])[at]]));
    return {
      openTime: timeOf({ at: integerOf({ time }, 'time') * 1_000 }, 'at'),
      open: numberOf(row, 'open'),
      high: numberOf(row, 'high'),
      low: numberOf(row, 'low'),
      close: numberOf(row, 'close'),
      volume: toNumber(toBase(toDecimal(row.vol, 'vol'), instrument)),
      closed: false,
    };
  });
}
