import type { Decimal, UnixMs } from '#shared/domain/basics';
import { fromNumber } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import type { SeenPrice } from './quotes';
import type { MarketSource } from './source';

/** What a venue's answers say about one instrument; null is unknown. */
export interface AskedFacts {
  readonly lastPrice: SeenPrice | null;
  readonly openInterestUsd: Decimal | null;
  readonly hourVolumeUsd: Decimal | null;
  readonly fiveMinuteChangePercent: number | null;
}
export const NO_FACTS: AskedFacts = {
  lastPrice: null,
  openInterestUsd: null,
  hourVolumeUsd: null,
  fiveMinuteChangePercent: null,
};

/** Where questions go: lets only some run at once, and makes null of one that failed. */
export type Known = <T>(question: () => Promise<T>) => Promise<T | null>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Closes five minutes apart take six candles. */
const CHANGE_CANDLES = 6;
/** Binance counts a question for fewer than 100 candles once. A signal older than the 92 minutes left costs one more. */
const MOST_MINUTES = 99;

/**
 * Asks what a decision wants to know about an instrument. `signalAt` is market time: the volume is then that of
 * the hour which holds it and the change that of the five minutes before it; left out, both end now.
 */
export async function askFacts(
  source: MarketSource,
  symbol: Symbol,
  signalAt: UnixMs | undefined,
  known: Known,
  now: () => UnixMs,
): Promise<AskedFacts> {
  const [minutes, hours, openInterestUsd] = await Promise.all([
    askMinutes(source, symbol, signalAt, known),
    known(() => source.candles(symbol, '1h', hourRange(signalAt))),
    source.openInterest === undefined ? null : known(async () => source.openInterest!(symbol)),
  ]);
  return {
    lastPrice: priceOf(minutes.last, now()),
    openInterestUsd,
    hourVolumeUsd: volumeOf(hours, signalAt),
    fiveMinuteChangePercent:
      signalAt === undefined ? changeOf(minutes.candles) : changeBefore(minutes.candles, signalAt),
  };
}

/** The minutes around the signal and the newest one, which is the price while no stream has told one. */
async function askMinutes(
  source: MarketSource,
  symbol: Symbol,
  signalAt: UnixMs | undefined,
  known: Known,
): Promise<{ candles: readonly Candle[] | null; last: Candle | undefined }> {
  const range =
    signalAt === undefined
      ? { limit: CHANGE_CANDLES }
      : { since: firstMinute(signalAt), limit: MOST_MINUTES };
  const candles = await known(() => source.candles(symbol, '1m', range));
  // Market time and our clock may differ by years in practice, so only the answer tells whether it reaches to now.
  const reachesNow =
    signalAt === undefined || (candles !== null && candles.length > 0 && candles.length < MOST_MINUTES);
  if (candles === null || reachesNow) return { candles, last: candles?.at(-1) };
  return { candles, last: (await known(() => source.candles(symbol, '1m', { limit: 1 })))?.at(-1) };
}

const floorTo = (time: UnixMs, stepMs: number): UnixMs => (Math.floor(time / stepMs) * stepMs) as UnixMs;
const firstMinute = (signalAt: UnixMs): UnixMs =>
  (floorTo(signalAt, MINUTE_MS) - CHANGE_CANDLES * MINUTE_MS) as UnixMs;
const hourRange = (signalAt: UnixMs | undefined): { since?: UnixMs; limit: number } =>
  signalAt === undefined ? { limit: 1 } : { since: floorTo(signalAt, HOUR_MS), limit: 1 };

const priceOf = (last: Candle | undefined, seenAt: UnixMs): SeenPrice | null =>
  last === undefined || !(last.close > 0) ? null : { price: fromNumber(last.close), seenAt };

/** Quote volume of the signal's hour, or of the running one; candles count base units, so it is priced at the close. */
function volumeOf(hours: readonly Candle[] | null, signalAt: UnixMs | undefined): Decimal | null {
  const hour =
    signalAt === undefined
      ? hours?.at(-1)
      : hours?.find(({ openTime }) => openTime === floorTo(signalAt, HOUR_MS));
  return hour === undefined ? null : fromNumber(hour.volume * hour.close);
}

/** Close against close five minutes earlier, both of whole minutes that were over when the signal was made. */
function changeBefore(minutes: readonly Candle[] | null, signalAt: UnixMs): number | null {
  const closeOf = (openTime: number) => minutes?.find((minute) => minute.openTime === openTime)?.close;
  const first = firstMinute(signalAt);
  return percentBetween(closeOf(first), closeOf(first + (CHANGE_CANDLES - 1) * MINUTE_MS));
}

const changeOf = (minutes: readonly Candle[] | null): number | null =>
  percentBetween(minutes?.at(-CHANGE_CANDLES)?.close, minutes?.at(-1)?.close);

const percentBetween = (before: number | undefined, last: number | undefined): number | null =>
  before === undefined || last === undefined || !(before > 0) ? null : ((last - before) / before) * 100;
