import { describe, expect, it } from 'vitest';
import { loopbackEndpoints } from '#main/venues/binance/endpoints';
import { Rest } from '#main/venues/binance/rest';
import { VenueError } from '#main/venues/index';
import { API_KEY, BTC_PERP, createWorld, order, SECRET, START, type World } from './world';

const accepted = { orderId: 77, clientOrderId: 'wd-7-entry-1', status: 'FILLED' };
const sentTo = (world: World, path: string) => world.asked.filter((one) => one.path === path);

describe('placing', () => {
  it('sends one signed request with our id and reports what the venue said', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'order' ? { body: accepted } : undefined));
    const outcome = await world.result(world.venue.trading!.place(order()));
    expect(outcome).toEqual({ kind: 'accepted', venueOrderId: '77', status: 'filled' });
    const [request] = sentTo(world, 'order');
    expect(request).toMatchObject({ method: 'POST', apiKey: API_KEY });
    expect(request!.params.get('newClientOrderId')).toBe('wd-7-entry-1');
    expect(request!.params.get('timestamp')).toBe(String(world.seams.clock.now() - 2));
    expect(request!.params.get('recvWindow')).toBe(String(world.venue.trading!.requestExpiryMs));
  });
  it.each(['replies-lost', 'silent'] as const)(
    'ends unknown when the weather is %s, after exactly one request',
    async (weather) => {
      const world = await createWorld();
      world.script(({ path }) => (path === 'order' ? { body: accepted } : undefined));
      world.seams.network.weather(world.server.port, weather);
      const outcome = await world.result(world.venue.trading!.place(order()));
      expect(outcome.kind).toBe('unknown');
      await world.seams.advance(120_000);
      expect(sentTo(world, 'order').length).toBe(weather === 'silent' ? 0 : 1);
    },
  );
  it('gives up after 10 s', async () => {
    const world = await createWorld();
    world.seams.network.weather(world.server.port, 'silent');
    const before = world.seams.clock.monotonic();
    await world.result(world.venue.trading!.place(order()));
    expect(world.seams.clock.monotonic() - before).toBe(10_000);
  });
  it('is not sent when nobody listens', async () => {
    const world = await createWorld();
    world.seams.network.weather(world.server.port, 'cut');
    expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({ kind: 'not-sent' });
  });
  it('is not sent without a key, and says so', async () => {
    const world = await createWorld();
    const rest = new Rest(
      world.seams,
      'future',
      loopbackEndpoints(`http://127.0.0.1:${world.server.port}`),
      () => null,
    );
    const answer = await world.result(rest.send({ family: 'fapiPrivate', method: 'POST', path: 'order' }));
    expect(answer).toMatchObject({ kind: 'not-sent', message: 'no key is stored for this exchange' });
    await expect(
      world.result(rest.ask({ family: 'fapiPrivate', method: 'GET', path: 'order' })),
    ).rejects.toMatchObject({
      code: 'auth',
    });
    expect(world.asked).toHaveLength(0);
  });
  it('M-282 is not sent while the venue asked for silence, and is sent again after it', async () => {
    const world = await createWorld();
    let refuse = true;
    world.script(({ path }) =>
      path !== 'order'
        ? undefined
        : refuse
          ? { status: 429, headers: { 'retry-after': '7' }, body: { code: -1003, msg: 'Too much' } }
          : { body: accepted },
    );
    const place = () => world.result(world.venue.trading!.place(order()));
    expect(await place()).toMatchObject({ kind: 'rejected', code: '-1003' });
    refuse = false;
    expect(await place()).toMatchObject({ kind: 'not-sent' });
    await world.seams.advance(7_000);
    expect(await place()).toMatchObject({ kind: 'accepted' });
    expect(sentTo(world, 'order')).toHaveLength(2);
  });
});

describe('asking', () => {
  it('tries a broken connection again twice, then says network', async () => {
    const world = await createWorld();
    world.seams.network.weather(world.server.port, 'replies-lost');
    await expect(world.result(world.venue.reference.serverTime())).rejects.toMatchObject({ code: 'network' });
    expect(sentTo(world, 'time')).toHaveLength(3);
  });
  it('does not repeat a question the venue refused', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'klines' ? { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } } : undefined,
    );
    await expect(world.result(world.venue.data.candles(BTC_PERP, '1m', { limit: 5 }))).rejects.toMatchObject({
      code: 'unknown-symbol',
    });
    expect(sentTo(world, 'klines')).toHaveLength(1);
  });
  it.each<[string, { status?: number; text?: string; body?: unknown }]>([
    ['a web page', { text: '<html>maintenance</html>' }],
    ['a cut answer', { text: '{"serverTime":17725' }],
    ['another shape', { body: [1, 2] }],
    ['a time that is none', { body: { serverTime: 'now' } }],
  ])('takes %s for a bad answer', async (_, reply) => {
    const world = await createWorld();
    world.script(() => reply);
    const error = await world.result(world.venue.reference.serverTime()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(VenueError);
    expect(error).toMatchObject({ code: 'bad-answer' });
  });
  it('learns the venue clock from -1021 and signs with it from then on', async () => {
    const world = await createWorld();
    const aheadMs = 90_000;
    world.script(({ path, params }) => {
      const venueNow = world.seams.clock.now() + aheadMs;
      if (path === 'time') return { body: { serverTime: venueNow } };
      if (path !== 'balance') return undefined;
      const late = venueNow - Number(params.get('timestamp'));
      if (late > 5_000 || late < -1_000)
        return { status: 400, body: { code: -1021, msg: 'outside of the recvWindow' } };
      return { body: [{ asset: 'USDT', balance: '10', availableBalance: '8' }] };
    });
    expect(await world.result(world.venue.account!.balances())).toEqual([
      { asset: 'USDT', free: '8', locked: '2' },
    ]);
    expect(sentTo(world, 'balance')).toHaveLength(2);
    await world.result(world.venue.account!.balances());
    expect(sentTo(world, 'balance')).toHaveLength(3);
  });
  it('M-282 says banned with the time left, and stays silent until then', async () => {
    const world = await createWorld();
    world.script(() => ({
      status: 418,
      headers: { 'retry-after': '180' },
      body: { code: -1003, msg: 'IP banned' },
    }));
    const ask = () => world.result(world.venue.reference.serverTime());
    await expect(ask()).rejects.toMatchObject({ code: 'banned', retryAfterMs: 180_000 });
    await expect(ask()).rejects.toMatchObject({ code: 'banned' });
    expect(world.asked).toHaveLength(1);
  });
  it('keeps the last tenth of the request budget for orders', async () => {
    const world = await createWorld();
    world.script(({ path }) => {
      const headers = { 'x-mbx-used-weight-1m': '2200' };
      return path === 'time'
        ? { headers, body: { serverTime: START } }
        : path === 'order'
          ? { headers, body: accepted }
          : undefined;
    });
    await world.result(world.venue.reference.serverTime());
    await expect(world.result(world.venue.reference.serverTime())).rejects.toMatchObject({
      code: 'rate-limited',
    });
    expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({ kind: 'accepted' });
    await world.seams.advance(60_000);
    await world.result(world.venue.reference.serverTime());
  });
});

describe('a key', () => {
  it('is in no error, whatever goes wrong', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'time'
        ? undefined
        : { status: 400, body: { code: -1022, msg: 'Signature for this request is not valid.' } },
    );
    const errors: unknown[] = [];
    for (const weather of ['fine', 'cut', 'replies-lost', 'silent'] as const) {
      world.seams.network.weather(world.server.port, weather);
      errors.push(await world.result(world.venue.account!.balances()).catch((error: unknown) => error));
      errors.push(await world.result(world.venue.trading!.place(order())));
    }
    const told = errors
      .map((error) => (error instanceof Error ? `${error.message} ${error.stack}` : JSON.stringify(error)))
      .join('\n');
    for (const hidden of [SECRET, API_KEY, 'signature=']) expect(told).not.toContain(hidden);
  });
});

describe('the clock of the venue', () => {
  const ahead = (world: World, ms: number) =>
    world.script(({ path }) =>
      path === 'time' ? { body: { serverTime: world.seams.clock.now() + ms } } : undefined,
    );
  const signedAt = async (world: World): Promise<number> => {
    world.script(({ path }) => (path === 'order' ? { body: accepted } : undefined));
    await world.result(world.venue.trading!.place(order()));
    const sent = sentTo(world, 'order').at(-1)!;
    return Number(sent.params.get('timestamp')) - world.seams.clock.now() + 2;
  };

  it('M-281 is measured against the middle of question and answer', async () => {
    const world = await createWorld();
    world.seams.network.latency(200);
    ahead(world, 3_000);
    expect(await world.result(world.venue.reference.measureClock!())).toEqual({
      offsetMs: 3_000,
      roundTripMs: 400,
    });
  });
  it.each([
    [1_500, 1_500],
    [-70_000, -70_000],
    [900, 0],
    [-1_000, 0],
  ])('M-281 is made up for in signatures above 1 s: %i ms becomes %i ms', async (ms, made) => {
    const world = await createWorld();
    ahead(world, ms);
    expect((await world.result(world.venue.reference.measureClock!())).offsetMs).toBe(ms);
    expect(await signedAt(world)).toBe(made);
  });
  it('M-281 is followed further, also when it has become small again', async () => {
    const world = await createWorld();
    ahead(world, 5_000);
    await world.result(world.venue.reference.measureClock!());
    ahead(world, 300);
    await world.result(world.venue.reference.measureClock!());
    expect(await signedAt(world)).toBe(300);
  });
  it('keeps the last difference when a measurement fails', async () => {
    const world = await createWorld();
    ahead(world, 5_000);
    await world.result(world.venue.reference.measureClock!());
    world.script(({ path }) => (path === 'time' ? { text: '<html>' } : undefined));
    await expect(world.result(world.venue.reference.measureClock!())).rejects.toBeInstanceOf(VenueError);
    expect(await signedAt(world)).toBe(5_000);
  });
});
