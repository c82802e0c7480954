import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsFrom, lastClose } from '#main/backtest/candle-facts';
import { nextStop, onTheWay, pathOf, ticksAt } from '#main/backtest/candle-path';
import { createCandleWindow } from '#main/backtest/candle-window';
import { createTickGrid } from '#main/backtest/tick-grid';
import { createTimeline } from '#main/backtest/timeline';
import { checkTimeOf } from '#main/backtest/wave-time';
import { type Decimal, unixMs } from '#shared/domain/basics';
import { fromNumber, toStep } from '#shared/domain/decimal';
import type { Candle } from '#shared/domain/market';
import { AT0, BTC, candlesOf, flat, instrument, keep, MINUTE, W0 } from './market';

const settled = async () => {};

describe('the timeline', () => {
  it('carries out plans by time and, at one time, in the order they were made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), async (times) => {
        const timeline = createTimeline(0);
        const done: [number, number][] = [];
        times.forEach((time, index) => {
          timeline.at(time, () => void done.push([timeline.now(), index]));
        });
        await timeline.runTo(21, settled);
        const wanted = times
          .map((time, index): [number, number] => [time, index])
          .sort(([a, i], [b, j]) => a - b || i - j);
        expect(done).toEqual(wanted);
      }),
    );
  });

  it('leaves out what was undone and what is due at the end or later', async () => {
    const timeline = createTimeline(0);
    const done: string[] = [];
    timeline.at(5, () => void done.push('five'))();
    timeline.at(10, () => void done.push('ten'));
    await timeline.runTo(10, settled);
    expect(done).toEqual([]);
    expect(timeline.now()).toBe(10);
    await timeline.runTo(11, settled);
    expect(done).toEqual(['ten']);
  });

  it('waits for what a plan has begun before time goes on', async () => {
    const timeline = createTimeline(0);
    const seen: number[] = [];
    let work: Promise<void> = Promise.resolve();
    timeline.at(1, () => {
      work = Promise.resolve().then(() => void seen.push(timeline.now()));
    });
    timeline.at(2, () => void seen.push(timeline.now()));
    await timeline.runTo(3, () => work);
    expect(seen).toEqual([1, 2]);
  });
});

describe('prices on ticks', () => {
  it('are the nearest multiple of the tick, as exact text', () => {
    const tick = fc.constantFrom('0.01', '0.05', '0.00000001', '1', '10', '0.25', '0.001');
    fc.assert(
      fc.property(tick, fc.integer({ min: 1, max: 5_000_000 }), (size, ticks) => {
        const grid = createTickGrid(size as Decimal);
        const text = grid.text(ticks);
        expect(text).toBe(toStep(text, size as Decimal, 'down'));
        expect(grid.fromPrice(Number(text))).toBe(ticks);
        expect(grid.reaching(text, 'long')).toBe(ticks);
        expect(grid.reaching(text, 'short')).toBe(ticks);
      }),
    );
  });

  it('reach a price between two ticks only beyond it', () => {
    const grid = createTickGrid('0.01' as Decimal);
    expect(grid.reaching(fromNumber(100.101), 'long')).toBe(10_011);
    expect(grid.reaching(fromNumber(100.101), 'short')).toBe(10_010);
  });
});

describe('the path through a candle', () => {
  const grid = createTickGrid('1' as Decimal);
  const candle = (bar: readonly [number, number, number, number]): Candle => candlesOf(W0, [bar])[0]!;

  it.each([
    ['rose', [100, 110, 90, 105], [100, 90, 110, 105]],
    ['stood', [100, 110, 90, 100], [100, 90, 110, 100]],
    ['fell', [100, 110, 90, 95], [100, 110, 90, 95]],
  ] as const)('takes the adverse extreme first when it %s', (_how, bar, ticks) => {
    expect(pathOf(candle(bar), grid).map((point) => point.ticks)).toEqual(ticks);
  });

  it('is straight between its points and stays at the close', () => {
    const path = pathOf(candle([100, 110, 90, 105]), grid);
    expect([0, 10_000, 20_000, 30_000, 40_000, 59_500].map((ms) => ticksAt(path, W0 + ms))).toEqual([
      100, 95, 90, 100, 110, 105,
    ]);
  });

  it('meets the nearest level first, its end included and its start left out', () => {
    expect(nextStop([108, 103, 100, 120], 100, 110)).toBe(103);
    expect(nextStop([110], 100, 110)).toBe(110);
    expect(nextStop([97, 92], 100, 90)).toBe(97);
    expect(nextStop([100, 111], 100, 110)).toBeNull();
    expect(nextStop([100], 100, 100)).toBeNull();
  });

  it('meets a level on the way at its time, never after the next point', () => {
    const from = { at: unixMs(0), ticks: 100 };
    expect(onTheWay(from, { at: unixMs(20_000), ticks: 110 }, 105)).toEqual({ at: 10_000, ticks: 105 });
    expect(onTheWay(from, { at: unixMs(2), ticks: 1_100 }, 1_099).at).toBe(1);
  });
});

describe('what a wave knows of an instrument', () => {
  const list = candlesOf(
    AT0 - 20 * MINUTE,
    [
      ...flat(100, 15),
      ...[101, 102, 103, 104, 105].map((price) => [price, price, price, price] as const),
      [999, 999, 999, 999] as const,
    ],
    2,
  );
  const at = (time: number) => list.find(({ openTime }) => openTime === time - (time % MINUTE));

  it('is told by closed candles alone', () => {
    const facts = factsFrom(at, instrument(BTC), unixMs(AT0));
    expect(facts).toMatchObject({
      price: '105',
      priceSeenAt: AT0,
      bid: null,
      ask: null,
      openInterestUsd: null,
      // 20 minutes of 2 BTC since the full hour, at the last close
      hourVolumeUsd: '4200',
    });
    expect(facts.fiveMinuteChangePercent).toBe(5);
  });

  it('is unknown without candles, and without an instrument there is no price', () => {
    expect(factsFrom(() => undefined, instrument(BTC), unixMs(AT0))).toMatchObject({
      price: null,
      priceSeenAt: null,
      hourVolumeUsd: null,
      fiveMinuteChangePercent: null,
    });
    expect(factsFrom(at, null, unixMs(AT0)).price).toBeNull();
  });

  it('forgets a close that is older than five minutes', () => {
    const end = list.at(-1)!.openTime + MINUTE;
    expect(lastClose(at, end + 4 * MINUTE)).toBe(999);
    expect(lastClose(at, end + 5 * MINUTE)).toBeNull();
  });
});

describe('the window of candles', () => {
  it('holds the hour before it, and forgets when it moves', async () => {
    const candles = candlesOf(W0 - 65 * MINUTE, flat(100, 130));
    const window = createCandleWindow(keep(new Map([[BTC, candles]])));
    const key = { exchange: 'binance', symbol: BTC } as const;
    window.move(W0, W0 + 30 * MINUTE);
    await window.load('binance_future', key);
    expect(window.at(key, W0 - 65 * MINUTE)?.openTime).toBe(W0 - 65 * MINUTE);
    expect(window.at(key, W0 + 29 * MINUTE + 59_999)?.openTime).toBe(W0 + 29 * MINUTE);
    expect(window.at(key, W0 + 30 * MINUTE)).toBeUndefined();
    expect(window.end).toBe(W0 + 30 * MINUTE);
    window.move(W0 + 30 * MINUTE, W0 + 60 * MINUTE);
    expect(window.at(key, W0 + 40 * MINUTE)).toBeUndefined();
  });
});

describe('when a wave is decided', () => {
  it.each([
    [0, 20],
    [15, 35],
    [30, 50],
    [45, 66],
  ])('the one of minute :%i at the check minute %i after the hour', (opens, due) => {
    expect(checkTimeOf(unixMs(W0 + opens * MINUTE), [6, 20, 35, 50])).toBe(W0 + due * MINUTE);
  });

  it('between the usual ones when the settings have no minute in its quarter', () => {
    expect(checkTimeOf(unixMs(W0), [50])).toBe(W0 + 20 * MINUTE);
  });
});
