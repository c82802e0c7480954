import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '#shared/domain/journal';
import { BTC, d, settings, signal, startFrom, symbolOf, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld, type World } from './world';

const ETH = symbolOf('ETH');
type Story = (world: World) => Promise<void>;

/** Two entries in pieces, a trailing move, a stop that fills, a manual close. */
const wholeStory: Story = async (world) => {
  world.venue.pieces = 2;
  await world.price(BTC, '100');
  await world.price(ETH, '100');
  world.runner.post({ type: 'wave-started', waveTime: signal(1, BTC).waveTime });
  world.runner.post(wave([signal(1, BTC), signal(2, ETH)], { priceSeenAt: world.time.now() }));
  await world.time.pass(4_000);
  await world.price(BTC, '103');
  await world.time.pass(2_000);
  await world.price(BTC, '95');
  await world.time.pass(2_000);
  world.runner.post({ type: 'close-position', positionId: 's2' as never, reason: 'manual' });
  await world.time.pass(2_000);
};

/** Every stop is refused: entry, three tries, rollback. */
const rollbackStory: Story = async (world) => {
  world.venue.onPlace = (request) => (request.type === 'stop-market' ? 'reject' : 'ok');
  await world.price(BTC, '100');
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
  await world.time.pass(10_000);
};

const lostStory: Story = async (world) => {
  world.venue.onPlace = (_request, n) => (n === 1 || n === 2 ? 'reply-lost' : 'ok');
  await world.price(BTC, '100');
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
  await world.time.pass(20_000);
};

/** Two cards: one gets its yes, one is never answered. */
const approvalStory: Story = async (world) => {
  await world.price(BTC, '100');
  await world.price(ETH, '100');
  world.runner.post({ type: 'wave-started', waveTime: signal(1, BTC).waveTime });
  world.runner.post(
    wave([signal(1, BTC), signal(2, ETH)], {
      priceSeenAt: world.time.now(),
      provider: { mode: 'approve', approveWithinMs: 8_000, maxAgeMs: 3_600_000 },
    }),
  );
  await world.time.pass(1_000);
  world.runner.post({ type: 'approve', signalId: 1, yes: true });
  await world.time.pass(10_000);
};

/** A position grows old and is closed for it. */
const agedStory: Story = async (world) => {
  await world.price(BTC, '100');
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
  await world.time.pass(2_000);
  await world.time.pass(4 * 3_600_000);
  await world.price(BTC, '100.2');
  await world.time.pass(2_000);
};

/** A position nobody here opened is taken over, beside one of ours. */
const importStory: Story = async (world) => {
  await world.price(BTC, '100');
  await world.price(ETH, '100');
  world.venue.positions.set(ETH, d('3'));
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
  await world.time.pass(140_000);
};

/** A stop of a position that no record knows is left over; it is found, and cancelled once cleaning is on. */
const zombieStory: Story = async (world) => {
  world.venue.leaveStop('w7k2p-s9-s1', ETH);
  await world.price(BTC, '100');
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
  await world.time.pass(260_000);
};

/** An entry that nothing confirms in time, and that turns out to be filled. */
const unconfirmedStory: Story = async (world) => {
  world.venue.onPlace = (_request, n) => (n === 1 ? 'reply-lost' : 'ok');
  world.venue.streamUp = false;
  await world.price(BTC, '100');
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
  await world.time.pass(200);
  world.venue.questionsFail = true;
  await world.time.pass(11_000);
  world.venue.questionsFail = false;
  await world.time.pass(30_000);
};

async function countBatches(story: Story): Promise<number> {
  const world = await createWorld(CLEANING);
  await story(world);
  return world.batches.length;
}

/** Stops the process right after batch `cut` is on disk. `heard`: its intents still reached the exchange. */
async function crashAt(story: Story, cut: number, heard: boolean): Promise<World> {
  const world = await createWorld(CLEANING);
  let crashed = false;
  world.onBatch = (index) => {
    if (index !== cut) return;
    if (heard) world.time.after(1, stop);
    else stop();
  };
  const stop = () => {
    crashed = true;
    world.venue.dead = true;
    void world.runner.stop();
  };
  const running = story(world);
  await running;
  if (!crashed) stop();
  return world;
}

async function recovered(world: World, records: readonly JournalRecord[]): Promise<World> {
  world.onBatch = () => {};
  world.venue.onPlace = () => 'ok';
  world.venue.questionsFail = false;
  world.venue.streamUp = true;
  await world.restart(records, CLEANING);
  await world.time.pass(300_000);
  for (const symbol of world.venue.positions.keys()) await world.price(symbol, '100');
  await world.time.pass(150_000);
  return world;
}

/** Batches that a fresh start writes before a story begins. */
const BOOT_BATCHES = 1;
const stories: readonly (readonly [string, Story])[] = [
  ['the whole life of two positions', wholeStory],
  ['a rollback', rollbackStory],
  ['lost answers', lostStory],
  ['an entry confirmed too late', unconfirmedStory],
  ['an approval', approvalStory],
  ['an aged closing', agedStory],
  ['an import', importStory],
  ['a clean-up', zombieStory],
];
const CLEANING = { settings: settings({ zombies: { mode: 'on' as const, protectedOrderIds: [] } }) };

describe.each(stories)('a crash during %s', (_name, story) => {
  it('M-081 M-092 leaves nothing doubled, lost or without a stop, wherever it happens', async () => {
    const batches = await countBatches(story);
    expect(batches).toBeGreaterThan(6);
    for (let cut = BOOT_BATCHES; cut < batches; cut += 1) {
      for (const heard of [false, true]) {
        const world = await crashAt(story, cut, heard);
        const kept = world.batches.slice(0, cut + 1 + (heard ? countAfter(world, cut) : 0)).flat();
        world.records.splice(0, world.records.length, ...kept);
        await recovered(world, kept);
        try {
          expectSound(world);
        } catch (error) {
          throw new Error(`cut after batch ${cut}, intents ${heard ? 'sent' : 'not sent'}: ${String(error)}`);
        }
      }
    }
  });
});

/** Batches that were written in the millisecond before the process died. */
const countAfter = (world: World, cut: number): number => world.batches.length - cut - 1;

describe('a journal cut inside a batch', () => {
  it.each(stories)(
    'is repaired after %s as well, although the store never writes one',
    async (_name, story) => {
      const batches = await countBatches(story);
      for (let cut = BOOT_BATCHES; cut < batches; cut += 1) {
        const size = (await crashAt(story, cut, false)).batches[cut]!.length;
        for (let part = 1; part < size; part += 1) {
          const world = await crashAt(story, cut, false);
          const kept = [...world.batches.slice(0, cut).flat(), ...world.batches[cut]!.slice(0, part)];
          world.records.splice(0, world.records.length, ...kept);
          await recovered(world, kept);
          try {
            expectSound(world);
          } catch (error) {
            throw new Error(`batch ${cut} cut after ${part} of ${size} records: ${String(error)}`);
          }
        }
      }
    },
  );
});

describe('a restart', () => {
  it('M-045 M-068 ends a wave that was being processed and never opens its signals again', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    await world.price(ETH, '100');
    world.runner.post(wave([signal(1, BTC), signal(2, ETH)], { priceSeenAt: world.time.now() }));
    await world.time.pass(200);
    await world.restart();
    await world.time.pass(5_000);
    expect(world.images().waves.get(signal(1, BTC).waveTime)).toMatchObject({
      status: 'failed',
      note: 'interrupted by a restart',
    });
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'executed' });
    expect(world.images().decisions.get(2)).toMatchObject({ fate: 'unused' });
    await world.price(ETH, '100');
    world.runner.post(wave([signal(1, BTC), signal(2, ETH)], { priceSeenAt: world.time.now() }));
    await world.time.pass(5_000);
    expect(world.venue.placeCalls.filter((request) => !request.reduceOnly)).toHaveLength(1);
  });

  it('finds that the stop filled while the app was off', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
    await world.time.pass(2_000);
    world.venue.dead = true;
    world.venue.setPrice(BTC, d('95'));
    await world.restart();
    await world.time.pass(2_000);
    expect(world.position('s1')).toMatchObject({
      status: 'closed',
      closeReason: 'stop_loss',
      realised: '-10',
    });
  });

  it('goes on trailing from the saved peak', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
    await world.time.pass(31_000);
    await world.price(BTC, '103');
    await world.time.pass(1_000);
    await world.restart();
    await world.price(BTC, '102.6');
    await world.time.pass(1_000);
    expect(world.position('s1').stop?.price).toBe('102.49');
    await world.time.pass(31_000);
    await world.price(BTC, '104.2');
    await world.time.pass(1_000);
    expect(world.position('s1').stop?.price).toBe('103.68');
  });

  it('is the same state that a second restart from the same journal gives', async () => {
    const world = await createWorld();
    await wholeStory(world);
    const live = world.engine.positions().filter((position) => position.closedAt === null);
    expect(startFrom(world.records).positions).toEqual(live);
  });
});
