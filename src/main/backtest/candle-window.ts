import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { AnyExchange, VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import { MINUTE_MS } from './candle-path';

/** Facts look back an hour and a little. */
const LOOK_BACK_MS = 65 * MINUTE_MS;

export interface CandleKey {
  readonly exchange: AnyExchange;
  readonly symbol: Symbol;
}
const nameOf = ({ exchange, symbol }: CandleKey): string => `${exchange}|${symbol}`;

/** The minutes of some hours, by instrument; only one stretch of time is held at once. */
export interface CandleWindow {
  /** Forgets what was held and begins another stretch. */
  move(from: number, to: number): void;
  /** Fetches one instrument's candles of the stretch, and of the hour before it. */
  load(venue: VenueKey, key: CandleKey): Promise<void>;
  /** The candle of the minute that `time` lies in; undefined is unknown. */
  at(key: CandleKey, time: number): Candle | undefined;
  /** End of the newest candle ever loaded; null before the first. */
  readonly end: UnixMs | null;
  /** Why a question failed, once per instrument. */
  readonly failures: ReadonlyMap<string, string>;
}

export function createCandleWindow(
  candles: (venue: VenueKey, symbol: Symbol, from: UnixMs, to: UnixMs) => Promise<readonly Candle[]>,
): CandleWindow {
  const minutes = new Map<string, (Candle | undefined)[]>();
  const failures = new Map<string, string>();
  let from = 0;
  let to = 0;
  let end = 0;

  return {
    failures,
    get end() {
      return end === 0 ? null : unixMs(end);
    },
    move(nextFrom, nextTo) {
      minutes.clear();
      from = nextFrom - LOOK_BACK_MS;
      to = nextTo;
    },
    async load(venue, key) {
      const name = nameOf(key);
      if (minutes.has(name)) return;
      const row: (Candle | undefined)[] = [];
      minutes.set(name, row);
      let list: readonly Candle[] = [];
      try {
        list = await candles(venue, key.symbol, unixMs(from), unixMs(to));
      } catch (error) {
        failures.set(name, error instanceof Error ? error.message : String(error));
      }
      for (const candle of list) {
        if (!isSound(candle) || candle.openTime < from || candle.openTime >= to) continue;
        row[Math.floor((candle.openTime - from) / MINUTE_MS)] = candle;
        end = Math.max(end, candle.openTime + MINUTE_MS);
      }
    },
    at: (key, time) => minutes.get(nameOf(key))?.[Math.floor((time - from) / MINUTE_MS)],
  };
}

/** A candle still open or without sense is no candle: nothing may be simulated on it. */
const isSound = ({ openTime, open, high, low, close, volume, closed }: Candle): boolean =>
  closed &&
  openTime % MINUTE_MS === 0 &&
  low > 0 &&
  high < Number.POSITIVE_INFINITY &&
  volume >= 0 &&
  low <= Math.min(open, close) &&
  high >= Math.max(open, close);
