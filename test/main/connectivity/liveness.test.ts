import { describe, expect, it } from 'vitest';
import { createWorld } from './world';

const ignore = (): void => {};
/** Topic "quiet" promises nothing; all others bring something every 5 s at the latest. */
const promise = { longestSilenceMs: (topic: string) => (topic === 'quiet' ? null : 5_000) };

async function createFeed() {
  const world = await createWorld();
  const link = world.pool.link(world.protocol('feed', promise));
  for (const topic of ['a', 'b', 'quiet']) link.want(topic, ignore);
  await world.seams.advance(100);
  const flowing = new Set(['a', 'b']);
  world.seams.timers.every(1_000, () => {
    for (const topic of flowing) world.sockets.at(-1)!.send(`${topic}=1`);
  });
  await world.seams.advance(60_000);
  return { ...world, link, flowing };
}

describe('a stream that promises data', () => {
  it('is left alone while it keeps its promise, and one that promises nothing always', async () => {
    const { log, link } = await createFeed();
    expect(log).toEqual(['0 sub a b quiet']);
    expect(link.status()).toMatchObject({ state: 'live', problem: null });
  });
  it('is asked for again within 10 s of its last message while others flow, and shown stale until it comes', async () => {
    const { seams, log, link, flowing } = await createFeed();
    flowing.delete('a');
    await seams.advance(7_000);
    expect(log.slice(1)).toEqual(['0 unsub a', '0 sub a']);
    expect(link.status()).toMatchObject({ state: 'stale', problem: 'no data of a: asked for again' });
    expect(link.status().streams.map(({ name, silent }) => [name, silent])).toEqual([
      ['a', true],
      ['b', false],
      ['quiet', false],
    ]);
    flowing.add('a');
    await seams.advance(3_000);
    expect(link.status().state).toBe('live');
    await seams.advance(60_000);
    expect(log).toHaveLength(3);
  });
  it('has its link made anew when asking again does not help', async () => {
    const { seams, log, link, flowing, sockets } = await createFeed();
    flowing.delete('a');
    await seams.advance(13_000);
    expect(link.status()).toMatchObject({
      state: 'waiting',
      problem: 'a is silent for 12 s, also when asked for again',
    });
    flowing.add('a');
    await seams.advance(10_000);
    expect(sockets).toHaveLength(2);
    expect(log.at(-1)).toBe('1 sub a b quiet');
    expect(link.status().state).toBe('live');
  });
  it('finds a half-open connection by its silence, though every ping is answered', async () => {
    const { seams, link, flowing } = await createFeed();
    const silentAt = seams.clock.monotonic();
    flowing.clear();
    let foundAt = 0;
    link.onChange(({ state }) => {
      if (state === 'stale') foundAt ||= seams.clock.monotonic();
    });
    await seams.advance(10_000);
    expect(foundAt - silentAt).toBeLessThanOrEqual(10_000);
    expect(foundAt).toBeGreaterThan(0);
  });
  it('is not judged before it has spoken once, because the exchange may not list its symbol', async () => {
    const { seams, link, log, sockets } = await createFeed();
    link.want('unlisted', ignore);
    await seams.advance(60_000);
    expect(log.slice(1)).toEqual(['0 sub unlisted']);
    expect(link.status()).toMatchObject({ state: 'live', problem: null });
    // Once it has, its silence counts, also on the next connection where it says nothing at all.
    sockets[0]!.send('unlisted=1');
    await seams.advance(8_000);
    expect(link.status().state).toBe('stale');
    await seams.advance(30_000);
    expect(sockets.length).toBeGreaterThan(1);
  });
  it('may be silent for ever when the exchange has refused it', async () => {
    const world = await createWorld();
    const { seams, pool, protocol, sockets } = world;
    const link = pool.link(
      protocol('feed', {
        ...promise,
        receive: (data, deliver, io) => {
          const [topic = '', rest = ''] = String(data).split('=');
          if (rest === 'no') io.refused(topic, 'no such channel');
          else if (rest !== '') deliver(topic, rest);
        },
      }),
    );
    link.want('a', ignore);
    link.want('b', ignore);
    await seams.advance(100);
    sockets[0]!.send('a=no');
    seams.timers.every(1_000, () => sockets[0]!.send('b=1'));
    await seams.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(link.status()).toMatchObject({ state: 'live', problem: 'a was refused: no such channel' });
    expect(link.status().streams.map(({ name, refused }) => [name, refused])).toEqual([
      ['a', 'no such channel'],
      ['b', null],
    ]);
  });
});
