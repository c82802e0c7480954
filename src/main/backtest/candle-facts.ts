import type { UnixMs } from '#shared/domain/basics';
import { fromNumber } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import type { SignalFacts } from '../engine/index';
import { MINUTE_MS } from './candle-path';
import { createTickGrid } from './tick-grid';

const HOUR_MS = 60 * MINUTE_MS;
/** Some exchanges make no candle of a minute without trades; an older close is no price any more. */
const OLDEST_CLOSE_MINUTES = 5;

type CandleAt = (time: number) => Candle | undefined;

/** Close of the last candle that had closed at `time`; null when there was none in the minutes before. */
export function lastClose(candleAt: CandleAt, time: number, minutes = OLDEST_CLOSE_MINUTES): number | null {
  for (let back = 1; back <= minutes; back += 1) {
    const candle = candleAt(time - back * MINUTE_MS);
    if (candle) return candle.close;
  }
  return null;
}

/**
 * What a wave could have known of an instrument at `time`, from closed candles alone: price, volume of the running
 * hour, change over five minutes. Spread and open interest are unknown.
 */
export function factsFrom(candleAt: CandleAt, instrument: Instrument | null, time: UnixMs): SignalFacts {
  const close = lastClose(candleAt, time);
  const known = close !== null && instrument !== null;
  return {
    instrument,
    price: known ? priceOn(instrument, close) : null,
    priceSeenAt: known ? time : null,
    bid: null,
    ask: null,
    openInterestUsd: null,
    hourVolumeUsd: close === null ? null : hourVolume(candleAt, time, close),
    fiveMinuteChangePercent: fiveMinuteChange(candleAt, time),
  };
}

function priceOn({ tickSize }: Instrument, close: number) {
  const grid = createTickGrid(tickSize);
  return grid.text(grid.fromPrice(close));
}

/** Base volume since the full hour at the last close, as the desk values it. */
function hourVolume(candleAt: CandleAt, time: number, close: number) {
  let volume = 0;
  let minutes = 0;
  for (let at = time - (time % HOUR_MS); at + MINUTE_MS <= time; at += MINUTE_MS) {
    const candle = candleAt(at);
    if (!candle) continue;
    volume += candle.volume;
    minutes += 1;
  }
  return minutes === 0 ? null : fromNumber(volume * close);
}

function fiveMinuteChange(candleAt: CandleAt, time: number): number | null {
  const last = candleAt(time - MINUTE_MS)?.close;
  const before = candleAt(time - 6 * MINUTE_MS)?.close;
  return last === undefined || before === undefined ? null : ((last - before) / before) * 100;
}
