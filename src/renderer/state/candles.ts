import type { Candle, Timeframe } from '#shared/domain/market';
import { TIMEFRAME_MS } from '#shared/domain/market';

/** Most candles a chart holds; a live series slows down with each one more. */
export const MOST_CANDLES = 2000;
export const CANDLE_PAGE = 500;

/** A part of a market's candles, oldest first, without doubles. `atEnd`: it reaches the live candle. */
export interface CandleWindow {
  readonly candles: readonly Candle[];
  readonly atEnd: boolean;
}

/** Puts an older page before the window and cuts it at its newer end when it grows too long. */
export function withOlder(window: CandleWindow, page: readonly Candle[]): CandleWindow & { added: number } {
  const first = window.candles[0]?.openTime ?? Number.POSITIVE_INFINITY;
  const older = page.filter((candle) => candle.openTime < first);
  const all = [...older, ...window.candles];
  return {
    candles: all.slice(0, MOST_CANDLES),
    atEnd: window.atEnd && all.length <= MOST_CANDLES,
    added: older.length,
  };
}

/** Puts a newer page behind the window and cuts it at its older end; `added` counts bars gone before (negative). */
export function withNewer(
  window: CandleWindow,
  page: readonly Candle[],
  liveOpenTime: number | null,
): CandleWindow & { added: number } {
  const last = window.candles.at(-1)?.openTime ?? Number.NEGATIVE_INFINITY;
  const all = [...window.candles, ...page.filter((candle) => candle.openTime > last)];
  const cut = Math.max(0, all.length - MOST_CANDLES);
  const candles = all.slice(cut);
  const end = candles.at(-1)?.openTime ?? Number.NEGATIVE_INFINITY;
  return { candles, atEnd: liveOpenTime === null || end >= liveOpenTime, added: -cut };
}

/**
 * The window after one live candle: 'same' bar changed, 'new' bar added, 'ignored' because it is older than the
 * newest or the window does not reach the end, or 'gap' when candles between are missing and must be asked for.
 */
export function withLive(
  window: CandleWindow,
  candle: Candle,
  timeframe: Timeframe,
): { window: CandleWindow; change: 'same' | 'new' | 'ignored' | 'gap' } {
  const last = window.candles.at(-1);
  if (!window.atEnd) return { window, change: 'ignored' };
  if (last === undefined) return { window: { candles: [candle], atEnd: true }, change: 'new' };
  if (candle.openTime < last.openTime) return { window, change: 'ignored' };
  if (candle.openTime === last.openTime)
    return { window: { candles: [...window.candles.slice(0, -1), candle], atEnd: true }, change: 'same' };
  if (candle.openTime > last.openTime + TIMEFRAME_MS[timeframe]) return { window, change: 'gap' };
  return { window: { candles: [...window.candles, candle], atEnd: true }, change: 'new' };
}
