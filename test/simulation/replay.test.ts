import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createWorld, LONG_DAY } from './world';

const RECORDED = resolve(import.meta.dirname, '../../../shared/data/btc-perp-1m-2022-01.csv.gz');
/** The practice market takes the first quarter of a file as history: these 32 h make a day of trading. */
const FROM = '2022-01-04 16:00';
const TO = '2022-01-06 00:00';
const HOUR_MS = 3_600_000;

/** The header and the rows of that time, cut from the month. */
function recordedDay(): Uint8Array {
  const [header = '', ...rows] = gunzipSync(readFileSync(RECORDED)).toString().split('\n');
  const day = rows.filter((row) => row >= FROM && row < TO);
  expect(day.length).toBeGreaterThan(1_900);
  return new TextEncoder().encode([header, ...day, ''].join('\n'));
}

async function live(seed: number, bytes: Uint8Array, hours: number) {
  const world = await createWorld({ seed, pace: LONG_DAY, replay: { name: 'btc-perp-1m-day.csv', bytes } });
  await world.seams.advance(hours * HOUR_MS);
  const { store } = world.desk;
  const lived = {
    ...store.verify(),
    waves: store.waves(200).length,
    fills: store.fills({ limit: 10_000 }).length,
    prices: new Set(store.fills({ limit: 10_000 }).map(({ price }) => price)).size,
    errors: world.errors(),
  };
  await world.close();
  return lived;
}

describe.skipIf(!existsSync(RECORDED))(
  `a recorded day of real prices${existsSync(RECORDED) ? '' : ' (skipped: the shared market data is not beside the project)'}`,
  () => {
    it('replays twice to the same journal hash, and to another one with another seed', {
      timeout: 600_000,
    }, async () => {
      const bytes = recordedDay();
      const cpu = process.cpuUsage();
      const first = await live(7, bytes, 24);
      const second = await live(7, bytes, 24);
      // The control may be short: one different random number early on is enough to part them.
      const other = await live(8, bytes, 2);
      const { user, system } = process.cpuUsage(cpu);
      console.info(
        `${first.rows} rows, ${first.waves} waves, ${first.fills} fills, ${((user + system) / 1e6).toFixed(1)} s of CPU`,
      );
      expect(first.problems).toEqual([]);
      expect(first.errors).toEqual([]);
      expect(first.waves).toBeGreaterThanOrEqual(95);
      expect(first.prices).toBeGreaterThan(10);
      expect(second).toEqual(first);
      expect(other.headHash).not.toBe(first.headHash);
    });
  },
);
