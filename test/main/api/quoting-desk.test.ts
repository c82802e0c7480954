import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, LONG_DAY, type World } from '../../simulation/world';

const clientOf = (world: World) => createRouterClient(world.desk.api.router, { context: { window: 'test' } });

/** A practice desk in virtual time, a few seconds old: its limits are not used by anything else yet. */
let world: World;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  world = await createWorld({ seed: 3, pace: LONG_DAY });
  client = clientOf(world);
  await world.seams.advance(20_000);
}, 120_000);
afterAll(() => world.close());

/** First item of a stream. */
async function first<T>(stream: Promise<AsyncIterable<T>>): Promise<T> {
  for await (const item of await stream) return item;
  throw new Error('the stream ended before its first item');
}

describe('passive quoting, through the contract', () => {
  const line = (spreadBps: number) => ({
    id: 'a',
    venue: 'binance_spot' as const,
    symbol: 'ETH/USDT' as never,
    timeoutS: 3_600,
    driftBps: 1_000,
    amount: '0.05' as never,
    randomPercent: 10,
    spreadBps,
    sides: 'bid' as const,
  });
  const quotes = () =>
    world.desk.store.orders({}).filter(({ request }) => request.clientOrderId.startsWith('pass_quote_'));

  it('M-302 keeps presets with the settings, and takes a change of its lines in less than 5 s, cancel and new quote included', async () => {
    const settings = await first(client.settings.stream());
    const presets = [{ name: 'calm', lines: [line(400)] }];
    await client.settings.save({ settings: { ...settings, quotingPresets: presets } });
    expect((await first(client.settings.stream())).quotingPresets).toEqual(presets);

    await client.quoting.run({ lines: presets[0]!.lines });
    await world.seams.advance(20_000);
    expect(quotes().map(({ status }) => status)).toEqual(['open']);
    const old = quotes()[0]!;

    await client.quoting.run({ lines: [line(500)] });
    await world.seams.advance(4_900);
    const [now, before] = quotes();
    expect([before!.status, now!.status]).toEqual(['cancelled', 'open']);
    expect(before!.request.clientOrderId).toBe(old.request.clientOrderId);
    expect(Number(now!.request.price)).toBeLessThan(Number(old.request.price));
    expect(await first(client.quoting.status())).toMatchObject({ running: true, lines: [{ note: null }] });
  });

  it('M-301 leaves nothing in the book when it stops', async () => {
    await client.quoting.stop();
    await world.seams.advance(5_000);
    expect(quotes().every(({ status }) => status === 'cancelled')).toBe(true);
    expect(await first(client.quoting.status())).toMatchObject({ running: false, lines: [] });
  });

  it.each([
    [{ spreadBps: -1 }, /spreadBps/],
    [{ venue: 'binance_future' }, /venue/],
    [{ amount: 'much' }, /amount/],
  ])('refuses %j and says which field', async (change, field) => {
    const refused = await client.quoting
      .run({ lines: [{ ...line(10), ...change } as never] })
      .catch((error: unknown) => error);
    expect(JSON.stringify(refused)).toMatch(field);
  });
});
