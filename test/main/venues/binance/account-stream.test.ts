import { describe, expect, it } from 'vitest';
import { wsApiPayload } from '#main/venues/binance/auth';
import { signature } from '#main/venues/core/signature';
import type { AccountEvent } from '#main/venues/index';
import { API_KEY, createWorld, SECRET, START, type World } from './world';

const FILL = {
  e: 'ORDER_TRADE_UPDATE',
  E: START,
  T: START,
  o: {
    s: 'BTCUSDT',
    c: 'wd-1',
    S: 'BUY',
    o: 'MARKET',
    q: '0.010',
    ap: '65000',
    sp: '0',
    x: 'TRADE',
    X: 'FILLED',
    i: 7,
    l: '0.010',
    z: '0.010',
    L: '65000',
    N: 'USDT',
    n: '0.26',
    T: START,
    t: 9,
    m: false,
    R: false,
    er: '0',
  },
};
const listen = (world: World) => {
  const news: AccountEvent[] = [];
  const undo = world.venue.account!.subscribe((event) => news.push(event));
  return { news, undo };
};
const requests = (world: World, method: string) =>
  world.asked.filter((one) => one.path === 'listenKey' && one.method === method);
const status = (world: World) => world.pool.statuses().find(({ key }) => key.endsWith('private'))!;

describe('the futures account stream', () => {
  it('opens with a listen key, says that it resumed, and tells fills', async () => {
    const world = await createWorld('binance_future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    expect(world.sockets[0]!.path).toMatch(/^\/private\/ws\?listenKey=listen-\d+$/);
    expect(requests(world, 'POST')[0]).toMatchObject({ apiKey: API_KEY, raw: '' });
    world.send(0, FILL);
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill', 'order']);
  });
  it('is one socket for many listeners, closed with the last', async () => {
    const world = await createWorld('binance_future');
    const one = listen(world);
    const two = listen(world);
    await world.seams.advance(1_000);
    world.send(0, FILL);
    await world.seams.advance(100);
    expect([one.news.length, two.news.length, world.sockets.length]).toEqual([3, 3, 1]);
    one.undo();
    await world.seams.advance(100);
    expect(world.seams.network.openSockets(world.server.port)).toBe(1);
    two.undo();
    await world.seams.advance(100);
    expect(world.seams.network.openSockets(world.server.port)).toBe(0);
    await world.seams.advance(2 * 3_600_000);
    expect(requests(world, 'PUT')).toHaveLength(0);
  });
  it('M-273 extends its key every 30 minutes, trying a lost request again in time', async () => {
    const world = await createWorld('binance_future');
    listen(world);
    await world.seams.advance(31 * 60_000);
    expect(requests(world, 'PUT')).toHaveLength(1);
    let lost = 4;
    world.script(({ path, method }) =>
      path === 'listenKey' && method === 'PUT' && lost-- > 0 ? { status: 503, text: '' } : undefined,
    );
    await world.seams.advance(33 * 60_000);
    expect(requests(world, 'PUT').length).toBeGreaterThan(4);
    expect(lost).toBeLessThan(0);
    expect(requests(world, 'POST')).toHaveLength(1);
  });
  it('M-273 takes a new key when the venue no longer knows the old one', async () => {
    const world = await createWorld('binance_future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.script(({ path, method }) =>
      path === 'listenKey' && method === 'PUT'
        ? { status: 400, body: { code: -1125, msg: 'This listenKey does not exist.' } }
        : undefined,
    );
    await world.seams.advance(30 * 60_000 + 5_000);
    expect(requests(world, 'POST')).toHaveLength(2);
    expect(news.filter(({ type }) => type === 'resumed')).toHaveLength(2);
  });
  it('M-273 makes a new socket when the key expires, although the old one stays open and silent', async () => {
    const world = await createWorld('binance_future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, { e: 'listenKeyExpired', E: String(START), listenKey: 'x' });
    await world.seams.advance(2_000);
    expect(world.sockets).toHaveLength(2);
    expect(world.sockets[1]!.path).not.toBe(world.sockets[0]!.path);
    world.send(1, FILL);
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'resumed', 'fill', 'order']);
  });
  it('does not dial in a storm when every new key expires at once', async () => {
    const world = await createWorld('binance_future');
    listen(world);
    for (let second = 0; second < 30; second++) {
      await world.seams.advance(1_000);
      world.send(world.sockets.length - 1, { e: 'listenKeyExpired', E: START, listenKey: 'x' });
    }
    expect(world.sockets.length).toBeLessThanOrEqual(8);
  });
  it('reads the account whole, once, after a burst of changes, and again when that failed', async () => {
    const world = await createWorld('binance_future');
    let broken = true;
    world.script(({ path }) => {
      if (path === 'balance')
        return broken
          ? { status: 400, body: { code: -1, msg: 'x' } }
          : { body: [{ asset: 'USDT', balance: '10', availableBalance: '8' }] };
      return path === 'positionRisk' ? { body: [] } : undefined;
    });
    const { news } = listen(world);
    await world.seams.advance(1_000);
    for (let i = 0; i < 5; i++)
      world.send(0, { e: 'ACCOUNT_UPDATE', E: START, T: START, a: { B: [], P: [] } });
    await world.seams.advance(1_000);
    expect(news.map(({ type }) => type)).toEqual(['resumed']);
    broken = false;
    await world.seams.advance(3_000);
    expect(news.slice(1)).toMatchObject([
      { type: 'balances', balances: [{ asset: 'USDT', free: '8', locked: '2' }] },
      { type: 'positions', positions: [] },
    ]);
  });
  it('asks once more after an answer that changes overtook, never two at a time', async () => {
    const world = await createWorld('binance_future');
    let amount = 10;
    world.script(({ path }) =>
      path === 'balance'
        ? { body: [{ asset: 'USDT', balance: String(amount), availableBalance: String(amount) }] }
        : path === 'positionRisk'
          ? { body: [] }
          : undefined,
    );
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.seams.network.latency(400);
    const change = { e: 'ACCOUNT_UPDATE', E: START, T: START, a: {} };
    world.send(0, change);
    await world.seams.advance(1_100);
    amount = 5;
    world.send(0, change);
    await world.seams.advance(5_000);
    const told = news.flatMap((event) =>
      event.type === 'balances' ? event.balances.map(({ free }) => free) : [],
    );
    expect(told.at(-1)).toBe('5');
    expect(told.length).toBeLessThanOrEqual(2);
  });
  it('counts a frame it cannot read and goes on', async () => {
    const world = await createWorld('binance_future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    for (const frame of ['{"e":"ORDER_TRA', '<html>', '{}{}', { ...FILL, o: { ...FILL.o, s: 'NOPEUSDT' } }])
      world.send(0, frame);
    world.send(0, FILL);
    await world.seams.advance(200);
    expect(status(world)).toMatchObject({ state: 'live', badFrames: 4 });
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill', 'order']);
  });
  it('stops asking when the key is refused, and says so', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) =>
      path === 'listenKey'
        ? { status: 401, body: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' } }
        : undefined,
    );
    listen(world);
    await world.seams.advance(600_000);
    expect(status(world)).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('Invalid API-key'),
    });
    expect(requests(world, 'POST')).toHaveLength(1);
  });
  it('tries again after a refusal for one who comes anew, perhaps with another key', async () => {
    const world = await createWorld('binance_future');
    let wrong = true;
    world.script(({ path }) =>
      path === 'listenKey' && wrong
        ? { status: 401, body: { code: -2015, msg: 'Invalid API-key' } }
        : undefined,
    );
    const first = listen(world);
    await world.seams.advance(1_000);
    first.undo();
    wrong = false;
    const { news } = listen(world);
    await world.seams.advance(1_000);
    expect(news.map(({ type }) => type)).toEqual(['resumed']);
  });
});

describe('the spot account stream', () => {
  /** Answers each subscription with the given reply, under its id. */
  const greet = (world: World, reply: object) => {
    const answered = new Set<string>();
    return async () => {
      for (let turn = 0; turn < 50; turn++) {
        await world.seams.advance(50);
        for (const { path, text } of world.frames) {
          if (path !== '/ws-api/v3' || answered.has(text)) continue;
          answered.add(text);
          world.send(world.sockets.length - 1, { id: JSON.parse(text).id, ...reply });
        }
      }
    };
  };
  const REPORT = {
    subscriptionId: 0,
    event: {
      e: 'executionReport',
      E: START,
      s: 'BTCUSDT',
      c: 'wd-1',
      S: 'BUY',
      q: '1',
      P: '0',
      C: '',
      x: 'TRADE',
      X: 'FILLED',
      r: 'NONE',
      i: 77,
      l: '1',
      z: '1',
      L: '65000',
      n: '0.1',
      N: 'BNB',
      T: START,
      t: 900,
      m: true,
      Z: '65000',
    },
  };

  it('M-273 signs its subscription, resumes, and tells fills', async () => {
    const world = await createWorld('binance_spot');
    const { news } = listen(world);
    await greet(world, { status: 200, result: { subscriptionId: 0 } })();
    const { method, params } = JSON.parse(world.frames[0]!.text);
    const { signature: given, ...signed } = params;
    expect(method).toBe('userDataStream.subscribe.signature');
    expect(given).toBe(signature(SECRET, wsApiPayload(signed)));
    expect(world.frames[0]!.text).not.toContain(SECRET);
    world.send(0, REPORT);
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill', 'order']);
  });
  it('stops when the key is wrong, and tries again when only the clock was', async () => {
    const refused = await createWorld('binance_spot');
    listen(refused);
    await greet(refused, { status: 401, error: { code: -2015, msg: 'Invalid API-key' } })();
    expect(status(refused)).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('Invalid API-key'),
    });

    const late = await createWorld('binance_spot');
    late.script(({ path }) =>
      path === 'time' ? { body: { serverTime: late.seams.clock.now() + 60_000 } } : undefined,
    );
    listen(late);
    await greet(late, { status: 400, error: { code: -1021, msg: 'outside of the recvWindow' } })();
    await late.seams.advance(10_000);
    expect(late.frames.length).toBeGreaterThanOrEqual(2);
    const times = late.frames.map(({ text }) => JSON.parse(text).params.timestamp as number);
    expect(times[1]! - times[0]!).toBeGreaterThan(59_000);
  });
  it('makes a new subscription after the old one was terminated', async () => {
    const world = await createWorld('binance_spot');
    const { news } = listen(world);
    const serve = greet(world, { status: 200, result: { subscriptionId: 0 } });
    await serve();
    world.send(0, { subscriptionId: 0, event: { e: 'eventStreamTerminated', E: START } });
    await serve();
    expect(world.sockets).toHaveLength(2);
    expect(news.filter(({ type }) => type === 'resumed')).toHaveLength(2);
  });
});

describe('an account stream that was doubted', () => {
  it('says that it resumed when the line turns out to hold, so that entries go on', async () => {
    const world = await createWorld('binance_future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.seams.network.weather(world.server.port, 'silent');
    await world.seams.advance(36_000);
    expect(status(world).state).toBe('stale');
    world.seams.network.weather(world.server.port, 'fine');
    await world.seams.advance(1_000);
    expect(status(world)).toMatchObject({ state: 'live', reconnects: 0 });
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'resumed']);
  });
});
