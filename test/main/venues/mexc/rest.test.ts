import { describe, expect, it } from 'vitest';
import type { VenueError } from '#main/venues/index';
import { createWorld, order, type Reply, START, type World } from './world';

const balances = (world: World): Promise<VenueError> =>
  world.result(world.venue.account!.balances()).then(
    () => {
      throw new Error('was answered');
    },
    (error: VenueError) => error,
  );
const refusing = async (key: 'mexc_spot' | 'mexc_future', reply: Reply) => {
  const world = await createWorld(key);
  world.script(({ path }) => (path === 'account' || path === 'account/assets' ? reply : undefined));
  return world;
};
const spot = (status: number, code: number, headers = {}) => ({
  status,
  headers,
  body: { code, msg: 'said' },
});
const future = (code: number) => ({ body: { success: false, code, message: 'said' } });

describe('refusals of MEXC', () => {
  it.each([
    ['mexc_spot', spot(400, 700002), 'auth'],
    ['mexc_spot', spot(400, 700006), 'auth'],
    ['mexc_spot', spot(400, 700007), 'auth'],
    ['mexc_spot', spot(400, 10072), 'auth'],
    ['mexc_spot', spot(400, -1121), 'unknown-symbol'],
    ['mexc_spot', spot(400, 30018), 'refused'],
    ['mexc_spot', spot(418, 418), 'banned'],
    ['mexc_future', future(401), 'auth'],
    ['mexc_future', future(602), 'auth'],
    ['mexc_future', future(701), 'auth'],
    ['mexc_future', future(1001), 'unknown-symbol'],
    ['mexc_future', future(604), 'refused'],
    ['mexc_future', { status: 403, text: '<html>Access Denied</html>' }, 'refused'],
    ['mexc_spot', { text: '<html>maintenance</html>' }, 'bad-answer'],
  ] as const)('%s %o is told as %s', async (key, reply, code) => {
    expect(await balances(await refusing(key, reply))).toMatchObject({ code });
  });
  it.each([
    ['as the exchange names it', 429, '7', 7_000],
    ['of its own where it names a date', 429, 'Wed, 21 Oct 2026 07:28:00 GMT', 10_000],
    ['of its own where it names something negative', 418, '-5', 120_000],
    ['of at most three days', 418, '99999999', 259_200_000],
  ])('keeps silent after a limit, for a time %s', async (_, status, retryAfter, retryAfterMs) => {
    const world = await refusing('mexc_spot', spot(status, status, { 'retry-after': retryAfter }));
    expect(await balances(world)).toMatchObject({ retryAfterMs });
    const asked = world.asked.length;
    expect(await balances(world)).toMatchObject({ code: status === 418 ? 'banned' : 'rate-limited' });
    expect(world.asked).toHaveLength(asked);
  });
  it('M-282 waits two seconds after futures’ "too frequent", which comes with status 200', async () => {
    const world = await refusing('mexc_future', future(510));
    expect(await balances(world)).toMatchObject({ code: 'rate-limited', retryAfterMs: 2_000 });
    expect(
      await world.result(world.venue.trading!.place(order({ reduceOnly: true, side: 'sell' }))),
    ).toMatchObject({
      kind: 'not-sent',
    });
  });
  it.each([
    ['mexc_spot', spot(400, 700003)],
    ['mexc_future', future(513)],
  ] as const)('%s: a clock an hour off is put right and the question asked again', async (key, refusal) => {
    const world = await createWorld(key);
    const hour = 3_600_000;
    let right = 0;
    world.script(({ path, params, headers }) => {
      const theirs = world.seams.clock.now() + hour;
      if (path === 'time') return { body: { serverTime: theirs } };
      if (path === 'ping') return { data: theirs };
      if (path !== 'account' && path !== 'account/assets') return undefined;
      const stamp = Number(params.get('timestamp') ?? headers['request-time']);
      if (Math.abs(stamp - theirs) > 5_000) return refusal;
      right++;
      return key === 'mexc_spot' ? { body: { balances: [] } } : { data: [] };
    });
    expect(await world.result(world.venue.account!.balances())).toEqual([]);
    expect(right).toBe(1);
  });
  it('reads the exchange’s clock on both markets', async () => {
    for (const key of ['mexc_spot', 'mexc_future'] as const) {
      const world = await createWorld(key);
      expect(await world.result(world.venue.reference.serverTime())).toBeGreaterThanOrEqual(START);
    }
  });
  it('never shows the key, whatever goes wrong', async () => {
    const world = await refusing('mexc_spot', { text: '<html>' });
    expect(JSON.stringify(await balances(world))).not.toMatch(/canary/);
  });
});
