import type { UnixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { mergeCandles } from '../core/three-minutes';
import { decodeCandles, type Known } from './decode';
import type { Rest } from './rest';

export interface CandleQuestion {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly wire: string;
  readonly known: Known;
}
const MOST = 1_000;

/**
 * Candles, ascending. Which of them are closed is not told by the clock: a practice or replayed market runs on
 * another one than the server's signatures. The newest candle tells: it is the one that is forming.
 * @throws VenueError
 */
export async function askCandles(
  question: CandleQuestion,
  timeframe: Timeframe,
  range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
): Promise<readonly Candle[]> {
  if (timeframe === '3m') return mergeCandles(await singles(question, range), '3m').slice(-range.limit);
  const limit = Math.min(Math.max(range.limit, 1), MOST);
  // Asked first, so that a candle before the one forming now is complete in the rows.
  const forming = range.before === undefined ? null : await newest(question, timeframe);
  const rows = await ask(question, timeframe, windowOf(range, timeframe, limit));
  const kept = rows.filter(
    ({ openTime }) => openTime >= (range.since ?? 0) && openTime < (range.before ?? Number.POSITIVE_INFINITY),
  );
  const some = range.since === undefined ? kept.slice(-limit) : kept.slice(0, limit);
  const formingSince = forming?.openTime ?? rows.at(-1)?.openTime ?? 0;
  return some.map((candle) => ({ ...candle, closed: candle.openTime < formingSince }));
}

const singles = (
  question: CandleQuestion,
  { before, since, limit }: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
): Promise<readonly Candle[]> =>
  askCandles(question, '1m', {
    limit: Math.min(limit * 3 + 2, MOST),
    ...(before === undefined ? {} : { before }),
    ...(since === undefined ? {} : { since: (since - (since % TIMEFRAME_MS['3m'])) as UnixMs }),
  });

/** `limit` and the window exclude each other on Gate. */
function windowOf(
  { since, before }: { readonly before?: UnixMs; readonly since?: UnixMs },
  timeframe: Timeframe,
  limit: number,
): Readonly<Record<string, string>> {
  const stepS = TIMEFRAME_MS[timeframe] / 1_000;
  if (since === undefined && before === undefined) return { limit: String(limit) };
  const end = before === undefined ? null : Math.ceil(before / 1_000) - 1;
  const from = since === undefined ? end! - limit * stepS : Math.floor(since / 1_000);
  const to = Math.min(end ?? Number.POSITIVE_INFINITY, from + limit * stepS);
  return { from: String(from), to: String(to) };
}

/**
 * No trade of the instrument is later than this: the end of its newest minute, in market time. Null for an
 * instrument that never traded.
 * @throws VenueError
 */
export async function askMarketEnd(question: CandleQuestion): Promise<UnixMs | null> {
  const last = await newest(question, '1m');
  return last === undefined ? null : ((last.openTime + TIMEFRAME_MS['1m'] - 1) as UnixMs);
}

const newest = async (question: CandleQuestion, timeframe: Timeframe): Promise<Candle | undefined> =>
  (await ask(question, timeframe, { limit: '1' })).at(-1);

async function ask(
  { market, rest, wire, known }: CandleQuestion,
  interval: Timeframe,
  range: Readonly<Record<string, string>>,
): Promise<Candle[]> {
  const rows = await rest.ask(
    market === 'spot'
      ? {
          access: 'public',
          section: 'spot',
          method: 'GET',
          path: 'candlesticks',
          params: { currency_pair: wire, interval, ...range },
        }
      : {
          access: 'public',
          section: 'futures',
          method: 'GET',
          path: 'usdt/candlesticks',
          params: { contract: wire, interval, ...range },
        },
  );
  return readAnswer({ rows }, 'GET candlesticks', (fields) => decodeCandles(fields.rows, known));
}
