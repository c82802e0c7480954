import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runWhatIf } from '#main/backtest/index';
import type { EquityPoint } from '#shared/contract/params';
import { unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import {
  AS_IT_WAS,
  AT0,
  type Bar,
  BTC,
  calmThen,
  candlesOf,
  flat,
  instrument,
  MINUTE,
  options,
  params,
  play,
  signal,
  symbolOf,
  values,
  W0,
  wave,
} from './market';
import { randomMarket, randomWaves } from './random-market';

const HOUR = 60 * MINUTE;
const ETH = symbolOf('ETH');
const btc = (bars: readonly Bar[]) => new Map([[BTC, calmThen(bars)]]);
const short = { waves: [wave([signal(1, BTC, { action: 'sell' })])] };
const other = (over: Partial<typeof AS_IT_WAS>) => ({
  other: { exchange: 'binance' as const, values: { ...AS_IT_WAS, ...over } },
});
const profitOf = async (bars: readonly Bar[], over = {}) =>
  (await play(options(btc(bars), over))).result.actual.profitUsd;

// 200 USD at 100 are 2 BTC; a fill costs 0.05 % of its value.
describe('M-063 one trade of a stored wave, against a calculation by hand', () => {
  it('M-063 follows a rise of 3 % to the trailing stop at 102.49 and pays both fees', async () => {
    const rise: Bar = [100, 103, 100, 103];
    const fall: Bar = [103, 103, 101.97, 101.97];
    const { result } = await play(options(btc([rise, fall, ...flat(101.97, 3)])));
    // 103 less 0.5 %, on the tick above: 2 x 2.49 - 0.0005 x (200 + 204.98)
    expect(result.actual).toMatchObject({ trades: 1, profitUsd: 4.77751 });
    const [first, closed] = result.actual.curve;
    expect(first).toEqual({ at: AT0, equity: 10_000 });
    expect(closed?.equity).toBe(10_004.77751);
    expect(closed?.at).toBeGreaterThan(AT0 + 2 * MINUTE + 20_000);
    expect(closed?.at).toBeLessThan(AT0 + 2 * MINUTE + 40_000);
  });

  it('M-063 stops a long out at 96 when the price goes through it', async () => {
    expect(await profitOf([[100, 100, 95, 95], ...flat(95, 2)])).toBe(-8.196);
  });

  it('M-063 stops a long out at the opening when the price jumps over its stop', async () => {
    expect(await profitOf([...flat(100, 1), ...flat(95, 2)])).toBe(-10.195);
  });

  it('M-063 stops a short out at 104', async () => {
    expect(await profitOf([[100, 105, 100, 105], ...flat(105, 2)], short)).toBe(-8.204);
  });

  it('M-063 lets a rising candle touch its low first', async () => {
    expect(await profitOf([[100, 103, 95.5, 103], ...flat(103, 2)])).toBe(-8.196);
  });

  it('M-063 lets a falling candle touch its high first, where trailing begins', async () => {
    // 102 activates, the stop goes to 101.49: 2 x 1.49 - 0.0005 x (200 + 202.98)
    expect(await profitOf([[100, 102, 95, 95], ...flat(95, 2)])).toBe(2.77851);
  });

  it('M-063 closes an aged position at its grace target, not at the high of the candle', async () => {
    const bars = [...flat(99.9, 195), [99.9, 100.6, 99.9, 100.6] as const, ...flat(100.6, 10)];
    const { result } = await play(options(btc(bars)));
    // 100 and two commissions of 0.05 %: 100.10
    expect(result.actual).toMatchObject({ trades: 1, profitUsd: -0.0001 });
  });

  it('M-063 values what is still open at the last price and says so', async () => {
    const { result } = await play(options(btc(flat(101, 90))));
    expect(result.actual).toMatchObject({ trades: 0, profitUsd: 1.9 });
    expect(result.notes.join('\n')).toContain(
      'With the params as they were, 1 position still open at the end, valued at the last price known: BTC/USDT:USDT.',
    );
    expect(result.to).toBe(AT0 + 91 * MINUTE);
    expect(result.actual.curve.map(({ at }) => at)).toEqual([AT0, W0 + HOUR, result.to]);
  });

  it('M-063 stops at the time it is told', async () => {
    const { result } = await play(options(btc(flat(101, 90)), { until: unixMs(AT0 + 10 * MINUTE) }));
    expect(result.to).toBe(AT0 + 10 * MINUTE);
    expect(result.actual.profitUsd).toBe(1.9);
  });
});

describe('M-063 the other set', () => {
  it('M-063 changes the stop of every position of its exchange', async () => {
    const { result } = await play(
      options(
        btc([[100, 100, 95, 95], ...flat(95, 2)]),
        other({ stopLoss: values(1, '2', '1', '1').stopLoss }),
      ),
    );
    expect(result.actual.profitUsd).toBe(-8.196);
    expect(result.other.profitUsd).toBe(-4.198);
  });

  it('M-063 changes how many positions a wave may open', async () => {
    const kept = new Map([
      [BTC, calmThen(flat(100, 5))],
      [ETH, calmThen(flat(100, 5))],
    ]);
    const both = [wave([signal(1, BTC), signal(2, ETH)])];
    const { result } = await play(options(kept, { waves: both, ...other({ maxTrades: 1 }) }));
    expect(result.actual.profitUsd).toBe(-0.2);
    expect(result.other.profitUsd).toBe(-0.1);
  });

  it('M-063 leaves waves of another exchange as they were', async () => {
    const { result } = await play(
      options(btc([[100, 100, 95, 95], ...flat(95, 2)]), {
        other: { exchange: 'bybit', values: values(1, '1', '1', '1') },
      }),
    );
    expect(result.other).toEqual(result.actual);
  });

  it('M-063 gives the same curve when it says what the wave said', async () => {
    const { kept, waves } = randomMarket(3, ['BTC', 'ETH', 'SOL'], 300);
    const same = { exchange: 'binance' as const, values: params().values };
    const { result } = await play(options(kept, { waves, other: same }));
    expect(result.actual.trades).toBeGreaterThan(0);
    expect(result.other).toEqual(result.actual);
  });
});

describe('M-063 the params as they were', () => {
  it('M-063 lets each trade run on the params that were valid at its time', async () => {
    const fall: Bar = [100, 100, 95, 95];
    const kept = new Map([
      [BTC, calmThen([fall, ...flat(95, 30)])],
      [ETH, calmThen([...flat(100, 17), fall, ...flat(95, 13)])],
    ]);
    const later = signal(2, ETH, { waveTime: unixMs(W0 + 15 * MINUTE) });
    const waves = [wave([signal(1, BTC)]), wave([later], params(values(5, '2', '2', '0.5')))];
    const { result } = await play(options(kept, { waves }));
    // The first stopped at 96, the second, 4 % become 2 % meanwhile, at 98.
    const ends = result.actual.curve.map(({ equity }) => equity);
    expect(ends).toContain(10_000 - 8.196);
    expect(result.actual).toMatchObject({ trades: 2, profitUsd: -8.196 - 4.198 });
  });
});

describe('M-063 what a run rests on', () => {
  it('M-063 opens the orders of a wave one second apart, by rank, on prices of that second', async () => {
    const kept = new Map([
      [BTC, calmThen(flat(100, 5))],
      [ETH, candlesOf(AT0 - 80 * MINUTE, [...flat(100, 80), [100, 140, 99, 99], ...flat(99, 5)])],
    ]);
    const { result } = await play(options(kept, { waves: [wave([signal(1, BTC), signal(2, ETH)])] }));
    // ETH rises by 2 a second: 1.960 bought at 102, a second after BTC, and sold 0.5 % below the high of 140.
    // 1.96 x (139.3 - 102) - 0.0005 x 1.96 x (102 + 139.3), and 0.1 for the entry of BTC.
    expect(result.actual.profitUsd).toBe(72.771526);
  });

  it('M-063 refuses what the filters refuse: too little traded in the hour', async () => {
    const thin = candlesOf(AT0 - 80 * MINUTE, flat(100, 90), 1);
    const { result } = await play(options(new Map([[BTC, thin]])));
    expect(result).toMatchObject({ waves: 1, actual: { trades: 0, profitUsd: 0 } });
  });

  it('M-063 leaves a wave without candles out and names it', async () => {
    const { result } = await play(options(new Map()));
    expect(result).toMatchObject({ waves: 0, actual: { trades: 0, profitUsd: 0 } });
    expect(result.notes.join('\n')).toContain(
      '1 wave left out because no candles are known: 2026-01-05 12:00.',
    );
  });

  it('M-063 takes candles that cannot be read, are open or make no sense for none', async () => {
    const broken = await play(
      options(new Map(), { candles: () => Promise.reject(new Error('disk is gone')) }),
    );
    expect(broken.result.notes.join('\n')).toMatch(
      /could not be read, first binance BTC\/USDT:USDT: disk is gone/,
    );
    const bad = calmThen(flat(100, 5)).map((candle, index) =>
      index % 2 === 0 ? { ...candle, closed: false } : { ...candle, low: Number.NaN },
    );
    expect((await play(options(new Map([[BTC, bad]])))).result.waves).toBe(0);
  });

  it('M-063 counts signals without candles, without an instrument and on spot', async () => {
    const waves = [
      wave([signal(1, BTC), signal(2, ETH), signal(3, symbolOf('GONE'))]),
      wave([signal(4, BTC, { exchange: 'mexc', exchangeId: 3 })], { ...params(), exchange: 'mexc' }),
    ];
    const { result } = await play(
      options(btc(flat(100, 3)), {
        waves,
        instruments: [instrument(BTC), instrument(ETH)],
        venueOf: (exchange) => (exchange === 'mexc' ? 'mexc_spot' : `${exchange}_future`),
      }),
    );
    const notes = result.notes.join('\n');
    expect(notes).toContain('1 signal of the other waves had no candles');
    expect(notes).toContain('1 signal of the other waves named instruments that are not listed today');
    expect(notes).toContain('1 signal for spot accounts left out');
    expect(result.waves).toBe(1);
  });

  it('M-063 says in words what candles cannot tell, and no trouble where there was none', async () => {
    const { result } = await play(options(btc(flat(100, 3))));
    const notes = result.notes.join('\n');
    for (const part of [
      'open to low to high to close',
      'Open interest and spread',
      'spread, slippage',
      '0.05 %',
    ])
      expect(notes).toContain(part);
    expect(notes).not.toMatch(/stopped|failed|refused|Error/);
  });

  it('M-063 says that there is nothing to compare without signals', async () => {
    const { result } = await play(options(new Map(), { waves: [] }));
    expect(result).toMatchObject({ waves: 0, actual: { curve: [] }, other: { curve: [] } });
    expect(result.notes).toHaveLength(1);
  });

  it('M-063 knows nothing of candles to come: what follows a moment does not change the curve before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 30, max: 150 }),
        async (seed, minutes) => {
          const { kept, waves } = randomMarket(seed, ['BTC', 'ETH'], 200);
          const cut = AT0 + minutes * MINUTE;
          const crash = new Map<Symbol, readonly Candle[]>(
            [...kept].map(([symbol, list]) => [
              symbol,
              list.map((candle) =>
                candle.openTime < cut ? candle : { ...candle, open: 50, high: 50, low: 50, close: 50 },
              ),
            ]),
          );
          const early = (curve: readonly EquityPoint[]) => curve.filter(({ at }) => at < cut);
          const one = await play(options(kept, { waves }));
          const two = await play(options(crash, { waves }));
          expect(early(two.result.actual.curve)).toEqual(early(one.result.actual.curve));
        },
      ),
      { numRuns: 5 },
    );
  });

  it('M-063 gives the same output for the same input', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), async (seed) => {
        const { kept, waves } = randomMarket(seed, ['BTC', 'ETH', 'SOL'], 200);
        const given = options(kept, {
          waves,
          other: { exchange: 'binance', values: values(1, '1', '0.5', '0.2') },
        });
        expect((await play(given)).result).toEqual((await play(given)).result);
      }),
      { numRuns: 5 },
    );
  });
});

describe('M-063 how a run goes on', () => {
  it('M-063 tells progress from 0 to 1 without going back and breathes on the way', async () => {
    const { kept } = randomMarket(5, ['BTC', 'ETH', 'SOL'], 26 * 60);
    let breaths = 0;
    const breathe = async () => {
      breaths += 1;
    };
    const { progress, result } = await play(
      options(kept, { waves: randomWaves(5, ['BTC', 'ETH', 'SOL'], 96), breathe }),
    );
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(1);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    // Its 96 waves and 1,560 minutes alone are more than ten portions of work.
    expect(breaths).toBeGreaterThan(10);
    expect(result.waves).toBe(96);
    const times = result.actual.curve.map(({ at }) => at);
    expect([...new Set(times)].sort((a, b) => a - b)).toEqual(times);
  });

  it('M-063 ends without a result when it is called off', async () => {
    const stop = new AbortController();
    const { kept, waves } = randomMarket(5, ['BTC', 'ETH'], 20 * 60);
    let results = 0;
    let items = 0;
    const breathe = async () => stop.abort();
    for await (const item of runWhatIf(options(kept, { waves, breathe, signal: stop.signal }))) {
      items += 1;
      if (item.result !== null) results += 1;
    }
    expect(results).toBe(0);
    expect(items).toBeGreaterThan(1);
  });
});
