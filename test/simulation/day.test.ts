import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { call } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { differences } from './differences';
import { exchangeTruth } from './exchange-truth';
import { watchJournal } from './watch';
import { createWorld, drive, LONG_DAY, PRACTICE_FILE } from './world';

const QUARTER_MS = 900_000;
const WAVES = 96;
/**
 * Stores with a bound that a coarse market fills only later than the first hour: 2,000 public trades for each of 24
 * symbols (7 MB), the account's last 1,000 orders (1 MB), compiled code. All are full after half a day.
 */
const FLOOR_BYTES = 12_000_000;
const FULL_AFTER = WAVES / 2;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapUsed = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};

describe('a simulated day', () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  beforeAll(() => {
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
  });
  afterAll(() => {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  });

  it('M-118 trades 96 waves without an error, a double, a naked or a forgotten position, or a leak', {
    timeout: 900_000,
  }, async () => {
    const cpu = process.cpuUsage();
    const world = await createWorld({ seed: 1, pace: LONG_DAY });
    const { seams, desk } = world;
    const { store } = desk;
    const watch = watchJournal(store);
    await drive(
      seams,
      call(
        desk.api.router.settings.save,
        { settings: { ...DEFAULT_SETTINGS, maxTradesPerDay: 1000 } },
        { context: { window: 'day' } },
      ),
    );
    // Looks between two steps of the market: right after one a stop may just be on its way to a better price.
    await seams.advance((LONG_DAY.practicePace?.stepMs ?? 0) / 2);
    let afterFirstHour = 0;
    let whenFull = 0;
    let most = 0;
    for (let wave = 1; wave <= WAVES; wave += 1) {
      await seams.advance(QUARTER_MS);
      const now = seams.clock.now();
      expect(watch.violations(now)).toEqual([]);
      most = Math.max(most, store.positions({ open: true }).length);
      expect(differences(store, exchangeTruth(world.files().get(PRACTICE_FILE)!))).toEqual([]);
      if (wave === 4) afterFirstHour = heapUsed();
      if (wave === FULL_AFTER) whenFull = heapUsed();
    }
    const atTheEnd = heapUsed();
    const waves = store.waves(WAVES + 10);
    const fills = store.fills({ limit: 10_000 });
    const { user, system } = process.cpuUsage(cpu);
    console.info(
      `${waves.length} waves, ${fills.length} fills, at most ${most} positions, longest without a stop ${watch.longestNakedMs()} ms, ` +
        `heap ${(afterFirstHour / 1e6).toFixed(1)} MB after an hour, ${(whenFull / 1e6).toFixed(1)} MB after half a day and ${(atTheEnd / 1e6).toFixed(1)} MB at the end, ` +
        `${((user + system) / 1e6).toFixed(1)} s of CPU, ${JSON.stringify(Object.fromEntries(watch.kinds()))}`,
    );
    expect(unhandled).toEqual([]);
    expect(world.errors()).toEqual([]);
    expect(watch.grave()).toEqual([]);
    expect(waves.length).toBeGreaterThanOrEqual(WAVES);
    expect(waves.filter(({ status }) => status !== 'completed')).toEqual([]);
    // Else the day would have been quiet for the wrong reason.
    expect(fills.length).toBeGreaterThan(2 * WAVES);
    expect(new Set(fills.map(({ symbol, tradeId }) => `${symbol} ${tradeId}`)).size).toBe(fills.length);
    const proof = store.verify();
    expect(proof.problems).toEqual([]);
    expect(atTheEnd).toBeLessThan(afterFirstHour * 1.1 + FLOOR_BYTES);
    expect(atTheEnd).toBeLessThan(whenFull * 1.1);
    await world.close();
  });
});
