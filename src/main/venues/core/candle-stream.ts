import type { Candle, CandleEvent, MarketEvent, Timeframe } from '#shared/domain/market';
import { createMerger } from './three-minutes';

export interface CandleStreamParts {
  readonly timeframe: Timeframe;
  /** The minutes of the running stretch that came before the stream. */
  minutes(): Promise<readonly Candle[]>;
  emit(event: MarketEvent): void;
}

/**
 * Candles of one stream as ours. Some exchanges never say that a candle is over: it is once the next one begins. Three
 * minutes are put together here where an exchange has none, which needs those that came before.
 */
export function createCandleStream(parts: CandleStreamParts) {
  const merger = parts.timeframe === '3m' ? createMerger('3m') : null;
  let last: CandleEvent | null = null;
  let generation = 0;
  let waiting: CandleEvent[] | null = null;

  const tell = (event: CandleEvent): void => {
    if (last !== null && event.candle.openTime < last.candle.openTime) return;
    if (last !== null && event.candle.openTime > last.candle.openTime && !last.candle.closed)
      parts.emit({ ...last, candle: { ...last.candle, closed: true } });
    last = event;
    parts.emit(event);
  };
  const take = (event: CandleEvent): void => {
    if (merger === null) {
      tell(event);
      return;
    }
    const candle = merger.take(event.candle);
    if (candle !== null) tell({ ...event, timeframe: parts.timeframe, candle });
  };
  const flush = (): void => {
    const kept = waiting ?? [];
    waiting = null;
    for (const event of kept) take(event);
  };
  return {
    /** The stream (re)started. */
    start(): void {
      if (merger === null) return;
      const mine = ++generation;
      waiting = [];
      parts.minutes().then(
        (minutes) => {
          if (mine !== generation) return;
          for (const minute of minutes) merger.take(minute);
          flush();
        },
        // Without them the running stretch stays untold; the next one is whole again.
        () => {
          if (mine === generation) flush();
        },
      );
    },
    take(event: CandleEvent): void {
      if (waiting === null) take(event);
      else waiting.push(event);
    },
    close(): void {
      generation++;
    },
  };
}
