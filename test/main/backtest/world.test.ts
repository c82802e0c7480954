import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandleWindow } from '#main/backtest/candle-window';
import { createDirectory, dueWaves, planWave } from '#main/backtest/wave-plan';
import { createWorld } from '#main/backtest/world';
import type { WorldResult } from '#main/backtest/world-types';
import type { Decimal } from '#shared/domain/basics';
import { DEFAULT_SETTINGS, type Settings } from '#shared/domain/settings';
import { AT0, MINUTE, options } from './market';
import { randomMarket } from './random-market';

const MINUTES = 420;
const BASES = ['BTC', 'ETH', 'SOL', 'XRP'];

/** A run with all points of all paths said, or only those where a rule may act. */
async function live(
  seed: number,
  everyPoint: boolean,
  settings: Settings,
): Promise<WorldResult & { steps: number }> {
  const { kept, waves } = randomMarket(seed, BASES, MINUTES);
  const given = options(kept, { settings });
  const candles = createCandleWindow(given.candles);
  const directory = createDirectory(given);
  candles.move(AT0, AT0 + MINUTES * MINUTE);
  for (const symbol of kept.keys()) await candles.load('binance_future', { exchange: 'binance', symbol });
  const due = dueWaves(waves, settings.waveCheckMinutes);
  const world = createWorld({
    from: due[0]!.at,
    settings,
    instruments: given.instruments,
    venues: new Map([['binance_future', given.instruments]]),
    candleAt: candles.at,
    startUsd: '10000' as Decimal,
    takerFee: '0.0005' as Decimal,
    everyPoint,
  });
  await world.begin();
  for (let time: number = AT0; time < AT0 + MINUTES * MINUTE; time += MINUTE)
    await world.minute(
      due
        .filter(({ at }) => at >= time && at < time + MINUTE)
        .map((wave) => planWave(wave, directory, candles)),
    );
  const result = await world.end();
  await world.close();
  return { ...result, steps: world.steps };
}

describe('M-063 prices that no rule acts on need not be said', () => {
  it('M-063 gives the same trades and the same curve as saying every point of every path', async () => {
    let trades = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10_000 }), async (seed) => {
        const { steps: all, ...every } = await live(seed, true, DEFAULT_SETTINGS);
        const { steps: few, ...some } = await live(seed, false, DEFAULT_SETTINGS);
        expect(some).toEqual(every);
        expect(few).toBeLessThan(all);
        trades += some.trades;
      }),
      { numRuns: 4 },
    );
    expect(trades).toBeGreaterThan(8);
  });

  it('M-063 says every point while an extra of the trailing stop looks at each price', async () => {
    const settings = { ...DEFAULT_SETTINGS, trailing: { ...DEFAULT_SETTINGS.trailing, timed: true } };
    expect(await live(7, false, settings)).toEqual(await live(7, true, settings));
  });
});

describe('M-063 a run is a whole life of the engine', () => {
  it('M-063 has no trouble with its own exchange over a day of trades', async () => {
    for (const seed of [11, 12, 13]) expect((await live(seed, false, DEFAULT_SETTINGS)).troubles).toEqual([]);
  });

  it('M-063 keeps the limit on open positions that the settings name', async () => {
    const one = await live(4, false, { ...DEFAULT_SETTINGS, maxOpenPositions: 1 });
    const ten = await live(4, false, DEFAULT_SETTINGS);
    expect(one.openAtEnd.length).toBeLessThanOrEqual(1);
    expect(one.trades).toBeLessThan(ten.trades);
  });
});
