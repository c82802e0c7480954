import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOf, MINUTE_MS } from '#main/practice/core/feed';
import { practiceSymbol } from '#main/practice/generator/symbols';
import { candlePath, createCandleFeed, shareOut } from '#main/practice/replay/candle-feed';
import { pairFromFileName } from '#main/practice/replay/file-symbol';
import { openReplay, ReplayError } from '#main/practice/replay/index';
import { loadReplay } from '#main/practice/replay/load';
import type { CandleFile, TradeFile } from '#main/practice/replay/readers';
import { createSimulatedSeams } from '#main/seams/index';

const disk = (content: string | Uint8Array, path = 'candles.csv') => {
  const { disk: files } = createSimulatedSeams(1, 0);
  files.write(path, content);
  return files;
};
const load = (content: string | Uint8Array, path = 'candles.csv') => loadReplay(disk(content, path), path);
const candles = async (content: string) => (await load(content)) as CandleFile;
const trades = async (content: string) => (await load(content)) as TradeFile;

const HEADER = 'timestamp,open,high,low,close,volume\n';
const GOOD = `${HEADER}2022-01-01 00:00:00.000000,100,110,90,105,3.5\n2022-01-01 00:01:00.000000,105,106,104,104.5,2\n`;

describe('replay files', () => {
  it('reads candles with a header, times in UTC, plain or gzip', async () => {
    const file = await candles(GOOD);
    expect([...file.time]).toEqual([Date.UTC(2022, 0, 1), Date.UTC(2022, 0, 1, 0, 1)]);
    expect([...file.close]).toEqual([105, 104.5]);
    expect([...file.volume]).toEqual([3.5, 2]);
    expect(file.interval).toBe(MINUTE_MS);
    expect(file.priceDecimals).toBe(1);
    expect(file.volumeWasQuote).toBe(false);
    expect(await load(gzipSync(GOOD), 'candles.csv.gz')).toEqual(file);
  });

  it('reads a Binance kline dump without header, in ms and in µs', async () => {
    const row = (time: string) =>
      `${time},92000.1,92010,91990,92005.5,12.5,1735689659999,1150000,900,6,552000,0\n`;
    for (const time of ['1735689600000', '1735689600000000']) {
      const file = await candles(row(time));
      expect(file.time[0]).toBe(1_735_689_600_000);
      expect(file.volume[0]).toBe(12.5);
      expect(file.close[0]).toBe(92_005.5);
    }
  });

  it('reads Binance trade and aggTrade dumps, with and without header', async () => {
    const plain = await trades(
      '7,100.5,0.25,25.125,1735689600123,True,True\n8,100.6,1,100.6,1735689600124,false,true\n',
    );
    expect([...plain.buy]).toEqual([0, 1]);
    expect([...plain.price]).toEqual([100.5, 100.6]);
    const agg = await trades('7,100.5,0.25,70,71,1735689600123456,false,true\n');
    expect([agg.time[0], agg.amount[0], agg.buy[0]]).toEqual([1_735_689_600_123, 0.25, 1]);
    const named = await trades(
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n7,1.5,2,1,1,1735689600123,true\n',
    );
    expect([named.time[0], named.buy[0]]).toEqual([1_735_689_600_123, 0]);
  });

  it('reads rows [ms, id, type, side, price, amount, cost] from JSON, over block borders and with tiny numbers', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [
      1_570_752_011_620 + i,
      String(i),
      null,
      i % 3 ? 'buy' : 'sell',
      1.2e-7 * (1 + (i % 5)),
      i + 0.5,
      1,
    ]);
    const file = (await load(JSON.stringify(rows), 'x.json')) as TradeFile;
    expect(file.time).toHaveLength(5000);
    expect(file.amount[4999]).toBe(4999.5);
    expect([...file.buy.slice(0, 4)]).toEqual([0, 1, 1, 0]);
    expect(file.priceDecimals).toBe(8);
  });

  it('tells a volume in quote units from one in base units, and can be told', async () => {
    const quote = `${HEADER}2022-01-01 00:00:00,46319,46385,46300,46377,2300413.7\n`;
    const file = await candles(quote);
    expect(file.volumeWasQuote).toBe(true);
    expect(file.volume[0]).toBeCloseTo(2_300_413.7 / 46_377, 6);
    const told = (await loadReplay(disk(quote), 'candles.csv', 'base')) as CandleFile;
    expect(told.volume[0]).toBe(2_300_413.7);
  });

  it.each([
    [
      'a price that is none',
      `${HEADER}2022-01-01 00:00:00,100,x,90,105,1\n`,
      /line 2, column 3 \(high\): expected a price above 0, found "x"/,
    ],
    [
      'a missing field',
      `${HEADER}2022-01-01 00:00:00,100,110,90\n`,
      /line 2, column 5 \(close\): expected a price/,
    ],
    [
      'a bad time',
      `${GOOD}2022-13-01 00:00:00,1,1,1,1,1\n`,
      /line 4, column 1 \(timestamp\): expected a time in UTC/,
    ],
    ['a 30th of February', `${GOOD}2022-02-30 00:00:00,1,1,1,1,1\n`, /line 4, column 1/],
    [
      'time going back',
      `${GOOD}2021-01-01 00:00:00,1,1,1,1,1\n`,
      /line 4, column 1 \(timestamp\): expected a time after the row before/,
    ],
    [
      'a high below the close',
      `${HEADER}2022-01-01 00:00:00,100,104,90,105,1\n`,
      /line 2, column 3 \(high\): expected the highest/,
    ],
    [
      'a low above the open',
      `${HEADER}2022-01-01 00:00:00,100,110,101,105,1\n`,
      /line 2, column 4 \(low\): expected the lowest/,
    ],
    [
      'a negative volume',
      `${HEADER}2022-01-01 00:00:00,100,110,90,105,-1\n`,
      /line 2, column 6 \(volume\): expected an amount of 0 or more/,
    ],
    ['an unknown header', 'time,bid,ask\n1,2,3\n', /line 1: the header names neither candles/],
    ['words', 'hello world\n', /line 1, column 1: expected a header line/],
    ['an empty file', '', /line 1: expected candles or trades, found no rows/],
    ['a header alone', HEADER, /found no rows/],
    [
      'a side that is none',
      'timestamp,side,price,amount\n1735689600123,up,1,1\n',
      /line 2, column 2 \(side\): expected buy or sell, found "up"/,
    ],
    ['a JSON object', '[{"a":1}]', /line 1: expected a list of rows/],
    ['half a JSON list', '[[1570752011620,"1",null,"buy",1,1,1]', /the file ends in the middle/],
    ['a broken JSON row', '[[1570752011620,"1",null,"buy",oops,1,1]]', /line 1: expected a JSON row/],
  ])('names the place of %s', async (_, content, message) => {
    await expect(load(content)).rejects.toThrow(ReplayError);
    await expect(load(content)).rejects.toThrow(message);
    await expect(load(content)).rejects.toThrow(/^candles\.csv: /);
  });

  it('counts lines over blocks, blank lines included', async () => {
    const rows = Array.from({ length: 6000 }, (_, i) => `${1_600_000_000_000 + i * 60_000},10,11,9,10,5`);
    rows[5000] = '1600300000000,10,11,nine,10,5';
    await expect(load(`${HEADER}\n${rows.join('\n')}`)).rejects.toThrow(/line 5003, column 4 \(low\)/);
  });

  it('says so when the file is not there or its gzip is broken', async () => {
    const { disk: files } = createSimulatedSeams(1, 0);
    await expect(loadReplay(files, 'no.csv')).rejects.toThrow(/no\.csv: there is no such replay file/);
    const broken = gzipSync(GOOD).subarray(0, 30);
    await expect(load(broken)).rejects.toThrow(/candles\.csv: cannot be read/);
  });

  it('finds the pair in the name of a file', () => {
    const pair = (name: string) => {
      const { base, quote } = pairFromFileName(name);
      return `${base}/${quote}`;
    };
    expect(pair('/data/btc-perp-1m-2022-01.csv.gz')).toBe('BTC/USDT');
    expect(pair('binance-xrpeth-trades-2019-10.json.gz')).toBe('XRP/ETH');
    expect(pair('ethusdt-trades-2023-02-02.csv.gz')).toBe('ETH/USDT');
    expect(pair('SOLUSDT-1m-2024-01.csv')).toBe('SOL/USDT');
    expect(pair('my prices.csv')).toBe('BTC/USDT');
  });
});

const candle = fc
  .tuple(fc.integer({ min: 1, max: 1e6 }), fc.nat(5000), fc.nat(1000), fc.nat(1000))
  .map(([low, range, open, close]) => ({
    low,
    high: low + range,
    open: low + Math.floor((range * open) / 1000),
    close: low + Math.floor((range * close) / 1000),
  }));

describe('candle path', () => {
  it('starts at open, touches low and high, ends at close, never leaves the candle', () => {
    fc.assert(
      fc.property(
        candle,
        fc.integer({ min: 8, max: 200 }),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1 }),
        ({ open, high, low, close }, points, noise) => {
          const path = candlePath(open, high, low, close, points, (i) => noise[i % noise.length]!);
          expect(path).toHaveLength(points);
          expect([path[0], path.at(-1)]).toEqual([open, close]);
          expect([Math.min(...path), Math.max(...path)]).toEqual([low, high]);
        },
      ),
    );
  });

  it('shares out whole amounts that add up exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.double({ min: 0.001, max: 50, noNaN: true }), { minLength: 1 }),
        (total, parts, weights) => {
          const shares = shareOut(total, parts, (i) => weights[i % weights.length]!);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
          for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('plays every candle of a file inside itself with its own volume, gaps as flat minutes', () => {
    const symbol = practiceSymbol({
      base: 'BTC',
      quote: 'USDT',
      market: 'spot',
      tick: '0.1',
      step: '0.001',
      minNotional: '5',
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(candle, fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: 1, max: 4 })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.integer(),
        (list, seed) => {
          let minute = 27_000_000;
          const time = list.map(([, , gap]) => {
            minute += gap;
            return minute * MINUTE_MS;
          });
          const column = (pick: (item: (typeof list)[number]) => number) => Float64Array.from(list, pick);
          const file: CandleFile = {
            kind: 'candles',
            interval: MINUTE_MS,
            time: Float64Array.from(time),
            open: column(([item]) => item.open / 10),
            high: column(([item]) => item.high / 10),
            low: column(([item]) => item.low / 10),
            close: column(([item]) => item.close / 10),
            volume: column(([, steps]) => steps / 1000),
            volumeWasQuote: false,
            priceDecimals: 1,
            amountDecimals: 3,
          };
          const feed = createCandleFeed(file, symbol, String(seed));
          let last = list[0]![0].open;
          for (let at = time[0]!; at <= time.at(-1)!; at += MINUTE_MS) {
            const bar = feed.minute(at);
            const index = time.indexOf(at);
            if (index < 0) {
              expect([bar.open, bar.high, bar.low, bar.close, bar.steps]).toEqual([
                last,
                last,
                last,
                last,
                0,
              ]);
              continue;
            }
            const [item, steps] = list[index]!;
            expect([bar.open, bar.high, bar.low, bar.close]).toEqual([
              item.open,
              item.high,
              item.low,
              item.close,
            ]);
            expect(bar.steps).toBe(steps);
            last = item.close;
          }
          const whole = feed.tape(time[0]! - 1, feed.end!);
          expect(barOf(whole)!.steps).toBe(list.reduce((sum, [, steps]) => sum + steps, 0));
        },
      ),
      { numRuns: 60 },
    );
  });
});

const DATA = '../shared/data/';
const real = (name: string) => existsSync(DATA + name);
/** Skips in words where the data that lives beside the project is absent. */
const withData = (name: string) => (real(name) ? it : it.skip);
const stored = (name: string) => disk(readFileSync(DATA + name), name);

describe('real files (skipped when the shared data is not beside the project)', () => {
  const btc = 'btc-perp-1m-2022-01.csv.gz';
  withData(btc)(
    `replays ${btc} as BTC/USDT on spot and futures, 12 h of it as history`,
    async () => {
      const files = stored(btc);
      const file = (await loadReplay(files, btc)) as CandleFile;
      expect(file.time).toHaveLength(45_031);
      expect(file.volumeWasQuote).toBe(true);
      const replay = await openReplay({ disk: files, path: btc, seed: '1' });
      expect([replay.spot[0]!.symbol.symbol, replay.future[0]!.symbol.symbol]).toEqual([
        'BTC/USDT',
        'BTC/USDT:USDT',
      ]);
      expect(replay.origin).toBe(Date.UTC(2022, 0, 1, 11, 1));
      const feed = replay.future[0]!;
      for (let i = 0; i < file.time.length; i += 97) {
        const bar = feed.minute(file.time[i]!);
        // A few rows of this file are finer than its tick.
        [file.open, file.high, file.low, file.close].forEach((column, n) => {
          const ticks = [bar.open, bar.high, bar.low, bar.close][n]!;
          expect(Math.abs(ticks / 10 - column[i]!)).toBeLessThanOrEqual(0.0501);
        });
        expect(bar.steps).toBe(Math.round(file.volume[i]! * 1000));
      }
    },
    90_000,
  );

  const xrp = 'binance-xrpeth-trades-2019-10.json.gz';
  withData(xrp)(`replays ${xrp} trade by trade, spot alone`, async () => {
    const replay = await openReplay({ disk: stored(xrp), path: xrp, seed: '1' });
    const feed = replay.spot[0]!;
    expect(feed.symbol.symbol).toBe('XRP/ETH');
    expect(replay.future).toEqual([]);
    const prints = feed.tape(0, replay.end);
    expect(prints).toHaveLength(12_477);
    expect(prints[0]).toEqual({ at: 1_570_752_011_620, ticks: 141_342, steps: 23, side: 'sell' });
  });

  const eth = 'ethusdt-trades-2023-02-02.csv.gz';
  withData(eth)(`replays ${eth} with a short history`, async () => {
    const replay = await openReplay({ disk: stored(eth), path: eth, seed: '1' });
    expect(replay.spot[0]!.tape(0, replay.end)).toHaveLength(1000);
    expect(replay.origin).toBeGreaterThan(replay.spot[0]!.start);
    expect(replay.origin).toBeLessThan(replay.end);
  });
});
