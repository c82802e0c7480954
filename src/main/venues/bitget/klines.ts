import type { UnixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { readList } from '../core/answer';
import { bad, type Fields, fieldsOf, numberOf, timeOf } from '../core/fields';
import { VenueError } from '../venue';
import type { Params } from './auth';
import { publicGet, type Rest } from './rest';
import { PRODUCT, toWireSymbol } from './symbols';

export interface CandleRow {
  readonly timeframe: Timeframe;
  /** Its `closed` is false: a row does not say. */
  readonly candle: Candle;
}

/** A candle of the wire, a list (v2 and REST) or an object (v3). @throws ProtocolError */
export function decodeCandleRow(value: unknown, timeframe: Timeframe): CandleRow {
  const row: Fields = Array.isArray(value) ? fromList(value) : fieldsOf(value, 'candle');
  const openTime = timeOf(row, 'start');
  // Days of the plain intervals begin at 16:00 UTC.
  if (openTime % TIMEFRAME_MS[timeframe] !== 0)
    throw bad('a candle that does not begin on its interval', row);
  return {
    timeframe,
    candle: {
      openTime,
      open: numberOf(row, 'open'),
      high: numberOf(row, 'high'),
      low: numberOf(row, 'low'),
      close: numberOf(row, 'close'),
      volume: numberOf(row, 'volume'),
      closed: false,
    },
  };
}
const fromList = ([start, open, high, low, close, volume]: readonly unknown[]): Fields => ({
  start,
  open,
  high,
  low,
  close,
  volume,
});

/**
 * Tells which candles of a stream are closed: Bitget does not say, a candle is final when a later one arrives. Of the
 * history that a subscription begins with, only the newest closed one and the open one are told.
 */
export class CandleTurns {
  readonly #open = new Map<string, Candle>();

  take(topic: string, rows: readonly CandleRow[], history: boolean): readonly Candle[] {
    const told: Candle[] = [];
    const sorted = rows.map(({ candle }) => candle).sort((a, b) => a.openTime - b.openTime);
    for (const candle of history ? sorted.slice(-2) : sorted) {
      const before = this.#open.get(topic);
      if (before !== undefined && candle.openTime < before.openTime) continue;
      if (before !== undefined && candle.openTime > before.openTime) told.push({ ...before, closed: true });
      this.#open.set(topic, candle);
    }
    const open = this.#open.get(topic);
    if (open !== undefined && rows.length > 0) told.push(open);
    return told;
  }
}

const GRANULARITY: Readonly<Record<MarketKind, Readonly<Record<Timeframe, string>>>> = {
  spot: {
    '1m': '1min',
    '3m': '3min',
    '5m': '5min',
    '15m': '15min',
    '30m': '30min',
    '1h': '1h',
    '4h': '4h',
    '1d': '1Dutc',
  },
  future: {
    '1m': '1m',
    '3m': '3m',
    '5m': '5m',
    '15m': '15m',
    '30m': '30m',
    '1h': '1H',
    '4h': '4H',
    '1d': '1Dutc',
  },
};
const PAGE = 1_000;
/** Further back than this the plain question answers nothing; the one for history has smaller pages. */
const REACH_MS: Readonly<Record<Timeframe, number>> = {
  '1m': 29 * 86_400_000,
  '3m': 29 * 86_400_000,
  '5m': 29 * 86_400_000,
  '15m': 51 * 86_400_000,
  '30m': 61 * 86_400_000,
  '1h': 82 * 86_400_000,
  '4h': 239 * 86_400_000,
  '1d': 299 * 86_400_000,
};
const HISTORY_PAGE = 200;

export interface CandleQuestion {
  readonly rest: Rest;
  readonly market: MarketKind;
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
}

/**
 * Candles, ascending. Which of them are closed is told by the newest candle, not by a clock: a practice or replayed
 * market runs on another one than the server's signatures.
 * @throws VenueError
 */
export async function askCandles(
  question: CandleQuestion,
  range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
): Promise<readonly Candle[]> {
  const limit = Math.min(Math.max(range.limit, 1), PAGE);
  const size = TIMEFRAME_MS[question.timeframe];
  // Asked first, so that a candle before the one forming now is complete in the rows.
  const forming = (await ask(question, 'candles', { limit: '1' })).at(-1);
  if (forming === undefined) return [];
  const end = Math.min(
    range.before ?? Number.POSITIVE_INFINITY,
    range.since === undefined ? Number.POSITIVE_INFINITY : range.since + limit * size,
    forming.openTime + size,
  );
  const start = Math.max(range.since ?? 0, end - limit * size);
  const old = start < forming.openTime - REACH_MS[question.timeframe];
  const rows = old
    ? await askHistory(question, start, end)
    : await ask(question, 'candles', {
        startTime: String(start),
        endTime: String(end),
        limit: String(limit),
      });
  return rows
    .filter(({ openTime }) => openTime >= start && openTime < end)
    .map((candle) => ({ ...candle, closed: candle.openTime < forming.openTime }));
}

/** Pages backwards from `end`, as the spot market takes no start here. */
async function askHistory(question: CandleQuestion, start: number, end: number): Promise<Candle[]> {
  let rows: Candle[] = [];
  let endTime = end;
  for (let page = 0; page < PAGE / HISTORY_PAGE; page++) {
    const limit = String(HISTORY_PAGE);
    const found = await ask(question, 'history-candles', { endTime: String(endTime), limit });
    const older = found.filter(({ openTime }) => openTime < endTime);
    rows = [...older, ...rows];
    const first = older[0]?.openTime;
    if (first === undefined || first <= start) break;
    endTime = first;
  }
  return rows;
}

async function ask(
  { rest, market, symbol, timeframe }: CandleQuestion,
  path: string,
  range: Params,
): Promise<Candle[]> {
  const kind = market === 'spot' ? 'spot' : 'mix';
  const full = `v2/${kind}/market/${path}`;
  const params = {
    symbol: toWireSymbol(symbol),
    granularity: GRANULARITY[market][timeframe],
    ...(market === 'spot' ? {} : { productType: PRODUCT.future }),
    ...range,
  };
  const data = await rest.ask(publicGet(full, params));
  if (!Array.isArray(data)) throw new VenueError('bad-answer', `GET ${full}: not a list`);
  const rows = data.map((row: unknown) => ({ row }));
  return readList(rows, `GET ${full}`, (fields) => decodeCandleRow(fields.row, timeframe).candle);
}

/**
 * No trade of the instrument is later than this: the end of its newest minute, in market time. Null for an instrument
 * that never traded.
 * @throws VenueError
 */
export async function askMarketEnd(rest: Rest, market: MarketKind, symbol: Symbol): Promise<UnixMs | null> {
  const newest = (await ask({ rest, market, symbol, timeframe: '1m' }, 'candles', { limit: '1' })).at(-1);
  return newest === undefined ? null : ((newest.openTime + TIMEFRAME_MS['1m']) as UnixMs);
}
