import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSeededRandom } from '#main/seams/index';
import { differences } from './differences';
import { type ExchangeTruth, exchangeTruth } from './exchange-truth';
import { watchJournal } from './watch';
import { copyDatabase, createFolder, createWorld, PRACTICE_FILE, START, type World } from './world';

/** More for a hunt: WAVEDESK_CRASH_SEEDS=300. */
const SEEDS = Number(process.env.WAVEDESK_CRASH_SEEDS ?? 20);
const CRASHES = 2;
const MINUTE_MS = 60_000;
const PACE = {
  practicePace: { stepMs: 5_000, saveMs: 3_000, pushMs: 5_000, prints: 'last' as const },
  screenMs: 5_000,
};

const folder = createFolder();
afterAll(() => folder.remove());

/** Everything a dead process leaves: its files and its database, as they were at that instant. */
interface Remains {
  readonly disk: ReadonlyMap<string, Uint8Array>;
  readonly databaseFile: string;
  readonly at: number;
  readonly moment: string;
}

const compare = ({ desk, files }: World): string[] =>
  differences(desk.store, exchangeTruth(files().get(PRACTICE_FILE)!));

/**
 * A stop that was written down and never left is asked for until it has expired, then placed anew, and that is said
 * aloud: the only grave words that a crash may cause.
 */
const CRASH_WORDS = [
  /^order_unresolved: .*\bstop order\b/,
  /^stop\w*_refused: .*asked twice after its expiry/,
];
const unexpected = (grave: readonly string[]): string[] =>
  grave.filter((line) => !CRASH_WORDS.some((words) => words.test(line)));

/**
 * Lives until a random instant and dies there without a word: in the middle of a commit, before what it decided
 * was done, or between any two things that happen.
 */
async function liveAndDie(seed: number, life: number, before: Remains | null): Promise<Remains> {
  const random = createSeededRandom(seed * 100 + life);
  const place = join(folder.path, `${seed}-${life}`);
  const grave = join(folder.path, `${seed}-${life}-remains`);
  mkdirSync(place);
  mkdirSync(grave);
  const world = await createWorld({ seed, life, pace: PACE, ...continued(before, place, random.next()) });
  const { seams, desk } = world;
  const watch = watchJournal(desk.store);
  watch.seed(desk.store.positions({ open: true }), seams.clock.now());
  let remains: Remains | null = null;
  const die = (moment: string): void => {
    remains ??= {
      disk: world.files(),
      databaseFile: copyDatabase(join(place, 'wavedesk.db'), grave),
      at: seams.clock.now(),
      moment,
    };
  };
  // Either way the first wave is often half done; a later wave and quiet times get their share.
  if (random.next() < 0.1) await seams.advance(random.next() * 20 * MINUTE_MS);
  if (random.next() < 0.6) {
    const last = 1 + Math.floor(random.next() * 130);
    let commits = 0;
    desk.store.onCommit((rows) => {
      commits += 1;
      if (commits === last) die(`at commit ${last}, ${rows.map(({ record }) => record.kind)}`);
    });
    await seams.runUntil(() => remains !== null, 40 * MINUTE_MS).catch(() => die('after 40 quiet minutes'));
  } else {
    let steps = Math.floor(random.next() * 600);
    const first = steps;
    await seams.runUntil(() => steps-- <= 0);
    die(`after ${first} steps`);
  }
  expect(watch.violations(seams.clock.now())).toEqual([]);
  expect(unexpected(watch.grave())).toEqual([]);
  // The dead world never gets another instant; only its file is given back.
  desk.store.close();
  return remains!;
}

const continued = (before: Remains | null, place: string, pause: number) => ({
  start: before === null ? START : before.at + 500 + Math.floor(pause ** 3 * 10 * MINUTE_MS),
  databaseFile: before === null ? join(place, 'wavedesk.db') : copyDatabase(before.databaseFile, place),
  ...(before === null ? {} : { disk: before.disk }),
});

describe('a desk that dies at random instants', () => {
  const lived = { positions: 0, fills: 0, moments: [] as string[] };

  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
    'seed %i: has no double position, no lost fill and a stop for every position when it lives again',
    {
      timeout: 180_000,
    },
    async (seed) => {
      let remains: Remains | null = null;
      for (let life = 0; life < CRASHES; life += 1) {
        remains = await liveAndDie(seed, life, remains);
        lived.moments.push(remains.moment);
      }
      const place = join(folder.path, `${seed}-last`);
      mkdirSync(place);
      const world = await createWorld({ seed, life: CRASHES, pace: PACE, ...continued(remains, place, 0.2) });
      const { seams, desk } = world;
      const watch = watchJournal(desk.store);
      watch.seed(desk.store.positions({ open: true }), seams.clock.now());
      await seams.advance(16 * MINUTE_MS);
      // A stop may be on its way to a better price at any instant, so it may take some.
      await seams.runUntil(() => compare(world).length === 0, 30_000).catch(() => {});
      expect(compare(world), remains?.moment).toEqual([]);
      expect(watch.violations(seams.clock.now())).toEqual([]);
      expect(unexpected(watch.grave())).toEqual([]);
      expect(world.errors()).toEqual([]);
      const proof = desk.store.verify();
      expect(proof.problems).toEqual([]);
      lived.positions += desk.store.positions({}).length;
      lived.fills += desk.store.fills({ limit: 10_000 }).length;
      await world.close();
    },
  );

  it('would see a missing stop, a lost fill, a stranger position and a wrong amount', async () => {
    const world = await createWorld({ seed: 1, pace: PACE });
    const { seams, desk } = world;
    await seams.advance(2.2 * MINUTE_MS);
    const truth = exchangeTruth(world.files().get(PRACTICE_FILE)!);
    const [symbol, amount] = [...truth.holdings][0]!;
    const look = (changed: Partial<ExchangeTruth>): string[] =>
      differences(desk.store, { ...truth, ...changed });
    expect(look({})).toEqual([]);
    expect(look({ stops: truth.stops.slice(1) })).toHaveLength(1);
    expect(look({ stops: [...truth.stops, truth.stops[0]!] })).toHaveLength(1);
    expect(look({ fills: [...truth.fills, `${symbol} 1`] })).toHaveLength(2);
    expect(look({ fills: truth.fills.slice(1) })).toHaveLength(1);
    expect(look({ holdings: new Map([...truth.holdings, [symbol, `${amount}1`]]) })).toHaveLength(1);
    expect(look({ holdings: new Map([...truth.holdings, ['NEW/USDT:USDT', '1']]) })).toHaveLength(1);
    expect(look({ entries: ['beyip-s3arei8-e1'] })).toHaveLength(1);
    await world.close();
  });

  it('has traded in these lives, else they prove nothing', () => {
    console.info(JSON.stringify(lived));
    expect(lived.positions).toBeGreaterThan(SEEDS * 2);
    expect(lived.fills).toBeGreaterThan(SEEDS * 2);
  });
});
