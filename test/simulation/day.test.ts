import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { call } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { differences } from './differences';
import { exchangeTruth } from './exchange-truth';
import { watchJournal } from './watch';
import { createWorld, drive, LONG_DAY, PRACTICE_FILE, type World } from './world';

const QUARTER_MS = 900_000;
const WAVES = 96;
/** Waves of the first hour: what it has in memory then, the day may pass by a tenth and no more. */
const FIRST_HOUR = 4;
const MOST_GROWTH = 1.1;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** Bytes of living objects and of their buffers. What lies on the simulated disk is a disk, not memory. */
function inUse(world: World): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (
    heapUsed + arrayBuffers - [...world.files().values()].reduce((sum, file) => sum + file.byteLength, 0)
  );
}
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

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
    // The negative control: a history without a bound, from the first hour on, must be found by the same measure.
    const planted: unknown[] = [];
    let afterFirstHour = 0;
    let most = 0;
    for (let wave = 1; wave <= WAVES; wave += 1) {
      await seams.advance(QUARTER_MS);
      const now = seams.clock.now();
      expect(watch.violations(now)).toEqual([]);
      most = Math.max(most, store.positions({ open: true }).length);
      expect(differences(store, exchangeTruth(world.files().get(PRACTICE_FILE)!))).toEqual([]);
      if (wave !== FIRST_HOUR) continue;
      afterFirstHour = inUse(world);
      store.onCommit((rows) => void planted.push(structuredClone(rows)));
    }
    const withLeak = inUse(world);
    planted.length = 0;
    const atTheEnd = inUse(world);
    const waves = store.waves(WAVES + 10);
    const fills = store.fills({ limit: 10_000 });
    const { user, system } = process.cpuUsage(cpu);
    console.info(
      `${waves.length} waves, ${fills.length} fills, at most ${most} positions, longest without a stop ${watch.longestNakedMs()} ms, ` +
        `${megabytes(afterFirstHour)} after an hour, ${megabytes(atTheEnd)} at the end, ${megabytes(withLeak)} with a planted leak, ` +
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
    expect(atTheEnd).toBeLessThan(afterFirstHour * MOST_GROWTH);
    expect(withLeak).toBeGreaterThan(afterFirstHour * MOST_GROWTH);
    await world.close();
  });
});
