import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandleStream } from '#main/venues/core/candle-stream';
import { createMerger, mergeCandles } from '#main/venues/core/three-minutes';
import { unixMs } from '#shared/domain/basics';
import type { Candle, CandleEvent, MarketEvent } from '#shared/domain/market';
import { BTC_PERP, START } from './world';

const MINUTE = 60_000;
const BASE = START - (START % (3 * MINUTE));
const minute = (index: number, over: Partial<Candle> = {}): Candle => ({
  openTime: unixMs(BASE + index * MINUTE),
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume: 1,
  closed: true,
  ...over,
});

describe('three minutes out of single ones', () => {
  it('takes the first open, the last close, the extremes and the sum', () => {
    const merged = mergeCandles(
      [minute(0, { open: 5 }), minute(1, { high: 20 }), minute(2, { low: 1, close: 7 })],
      '3m',
    );
    expect(merged).toEqual([minute(0, { open: 5, high: 20, low: 1, close: 7, volume: 3 })]);
  });
  it('leaves the running one open, and the first one out when its beginning is missing', () => {
    const merged = mergeCandles([minute(1), minute(2), minute(3), minute(4, { closed: false })], '3m');
    expect(merged.map(({ openTime, closed }) => [openTime, closed])).toEqual([[BASE + 3 * MINUTE, false]]);
  });
  it('keeps all volume and both extremes of whole stretches, in order', () => {
    const candles = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 9 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(candles, (rows) => {
        const minutes = rows.map(([price, volume], at) =>
          minute(at, { open: price, high: price + 1, low: price - 1, close: price, volume }),
        );
        const merged = mergeCandles(minutes, '3m');
        expect(merged.reduce((sum, one) => sum + one.volume, 0)).toBe(
          rows.reduce((sum, [, v]) => sum + v, 0),
        );
        for (const one of merged) {
          const mine = minutes.filter(
            (m) => m.openTime >= one.openTime && m.openTime < one.openTime + 3 * MINUTE,
          );
          expect([one.high, one.low]).toEqual([
            Math.max(...mine.map((m) => m.high)),
            Math.min(...mine.map((m) => m.low)),
          ]);
        }
        const times = merged.map((one) => one.openTime);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
  it('counts the newest image of a minute that comes many times', () => {
    const merger = createMerger('3m');
    merger.take(minute(0));
    merger.take(minute(1, { volume: 1, closed: false }));
    expect(merger.take(minute(1, { volume: 5, closed: false }))).toMatchObject({ volume: 6 });
  });
});

describe('a stream of candles', () => {
  const event = (candle: Candle, timeframe: CandleEvent['timeframe'] = '1m'): CandleEvent => ({
    type: 'candle',
    venue: 'mexc_future',
    symbol: BTC_PERP,
    venueTime: null,
    seenAt: unixMs(START),
    timeframe,
    candle,
  });
  const told = (timeframe: '1m' | '3m', minutes: () => Promise<readonly Candle[]>) => {
    const out: MarketEvent[] = [];
    const stream = createCandleStream({ timeframe, minutes, emit: (one) => out.push(one) });
    stream.start();
    return { out: () => out.map((one) => (one as CandleEvent).candle), stream };
  };

  it('is told closed once the next one begins: MEXC never says so', () => {
    const { out, stream } = told('1m', async () => []);
    stream.take(event(minute(0, { closed: false, close: 1 })));
    stream.take(event(minute(0, { closed: false, close: 2 })));
    stream.take(event(minute(1, { closed: false })));
    expect(out().map(({ openTime, closed, close }) => [openTime, closed, close])).toEqual([
      [BASE, false, 1],
      [BASE, false, 2],
      [BASE, true, 2],
      [BASE + MINUTE, false, 11],
    ]);
  });
  it('never goes back to an older one', () => {
    const { out, stream } = told('1m', async () => []);
    stream.take(event(minute(1, { closed: false })));
    stream.take(event(minute(0, { closed: false })));
    expect(out()).toHaveLength(1);
  });
  it('puts three minutes together with those that came before, waiting for them', async () => {
    const { out, stream } = told('3m', async () => [minute(0, { volume: 4 }), minute(1, { volume: 3 })]);
    stream.take(event(minute(2, { volume: 2, closed: false })));
    expect(out()).toEqual([]);
    await Promise.resolve();
    await Promise.resolve();
    expect(out()).toMatchObject([{ openTime: BASE, volume: 9, closed: false }]);
  });
  it('says nothing of a stretch whose beginning could not be had, and all of the next', async () => {
    const { out, stream } = told('3m', () => Promise.reject(new Error('no answer')));
    stream.take(event(minute(1)));
    await Promise.resolve();
    await Promise.resolve();
    stream.take(event(minute(2)));
    expect(out()).toEqual([]);
    stream.take(event(minute(3, { closed: false })));
    expect(out()).toMatchObject([{ openTime: BASE + 3 * MINUTE }]);
  });
});
