import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unixMs } from '#shared/domain/basics';
import type { Candle } from '#shared/domain/market';
import { BTC, MINUTE, options, play, signal, values, wave } from './market';

const RECORDED = resolve(import.meta.dirname, '../../../../shared/data/btc-perp-1m-2022-01.csv.gz');
const here = existsSync(RECORDED);
if (!here) console.info('skipped: the recorded candles are not beside the project (../shared/data)');

const DAYS = 2;
const START = Date.UTC(2022, 0, 4, 2);

/** timestamp,open,high,low,close,volume in quote; timestamps are UTC without saying so. */
function recorded(): readonly Candle[] {
  const lines = gunzipSync(readFileSync(RECORDED)).toString('utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [time = '', ...numbers] = line.split(',');
    const [open = 0, high = 0, low = 0, close = 0, quote = 0] = numbers.map(Number);
    const openTime = unixMs(Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`));
    return { openTime, open, high, low, close, volume: quote / close, closed: true };
  });
}

describe('M-063 two recorded days of a BTC perpetual', () => {
  it.skipIf(!here)(
    'M-063 run again twice alike, without trouble, and differ under a tighter set',
    async () => {
      const kept = new Map([[BTC, recorded()]]);
      const waves = Array.from({ length: DAYS * 96 }, (_, index) =>
        wave([
          signal(index + 1, BTC, {
            action: index % 2 === 0 ? 'buy' : 'sell',
            waveTime: unixMs(START + index * 15 * MINUTE),
          }),
        ]),
      );
      const given = options(kept, {
        waves,
        other: { exchange: 'binance', values: values(5, '1', '0.4', '0.2') },
      });
      const { result } = await play(given);
      expect((await play(given)).result).toEqual(result);
      expect(result.waves).toBe(waves.length);
      expect(result.actual.trades).toBeGreaterThan(5);
      expect(result.other.trades).toBeGreaterThan(result.actual.trades);
      expect(result.notes.join('\n')).not.toMatch(/left out because|stopped:|With the other params: /);
      expect(result.other.curve.at(-1)?.equity).toBeCloseTo(10_000 + result.other.profitUsd, 8);
    },
  );
});
