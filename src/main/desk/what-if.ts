import type { WhatIf } from '#shared/contract/params';
import type { UnixMs } from '#shared/domain/basics';
import type { AnyExchange, VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, TIMEFRAME_MS } from '#shared/domain/market';
import type { Settings } from '#shared/domain/settings';
import type { WhatIfQuestion } from '../api/index';
import { runWhatIf, type StoredWave } from '../backtest/index';
import type { Timers } from '../seams/index';
import type { Store } from '../store/index';
import type { Venue } from '../venues/index';

const PAGE = 1_000;
/** Fifty days of waves; older ones are left out and the result says so by its span. */
const MOST_WAVES = 5_000;

export interface WhatIfParts {
  readonly store: Store;
  readonly venues: ReadonlyMap<VenueKey, Venue>;
  readonly timers: Timers;
  readonly settings: () => Settings;
}

/** Feeds the stored waves of a span and the candles around them to the run; nothing of it reaches an exchange. */
export const createWhatIf =
  (parts: WhatIfParts) =>
  (
    question: WhatIfQuestion,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ readonly progress: number; readonly result: WhatIf | null }, void, void> =>
    runWhatIf({
      waves: wavesOf(parts.store, question),
      other: { exchange: question.exchange, values: question.values },
      settings: parts.settings(),
      instruments: parts.store.instruments(),
      candles: (venue, symbol, from, to) => candlesOf(parts, venue, symbol, from, to),
      venueOf: (exchange) => venueOf(parts.venues, exchange),
      breathe: () => new Promise<void>((resolve) => parts.timers.soon(resolve)),
      ...(signal ? { signal } : {}),
    });

function wavesOf(store: Store, { from, to }: WhatIfQuestion): readonly StoredWave[] {
  return store
    .waves(MOST_WAVES)
    .filter((wave) => wave.waveTime >= from && wave.waveTime <= to)
    .flatMap(({ waveTime }) => {
      const decisions = store.decisions({ waveTime }).filter((decision) => decision.params !== null);
      const exchanges = new Set(decisions.map((decision) => decision.signal.exchange));
      return [...exchanges].map((exchange) => {
        const own = decisions.filter((decision) => decision.signal.exchange === exchange);
        return { waveTime, signals: own.map((decision) => decision.signal), params: own[0]!.params! };
      });
    });
}

const venueOf = (venues: ReadonlyMap<VenueKey, Venue>, exchange: AnyExchange): VenueKey | null => {
  const keys = [`${exchange}_future`, `${exchange}_paper`] as const;
  return keys.find((key) => venues.has(key)) ?? null;
};

/** From the exchange page by page; what was kept here when it does not answer. */
async function candlesOf(
  { venues, store }: WhatIfParts,
  venue: VenueKey,
  symbol: Symbol,
  from: UnixMs,
  to: UnixMs,
): Promise<readonly Candle[]> {
  const data = venues.get(venue)?.data;
  const inSpan = (candle: Candle) => candle.closed && candle.openTime >= from && candle.openTime < to;
  const all: Candle[] = [];
  try {
    for (let since = from; data && since < to; ) {
      const page = await data.candles(symbol, '1m', { since, limit: PAGE });
      all.push(...page.filter(inSpan));
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      since = (last.openTime + TIMEFRAME_MS['1m']) as UnixMs;
    }
    return all;
  } catch {
    return store.candles(venue, symbol, '1m', 2 * PAGE).filter(inSpan);
  }
}
