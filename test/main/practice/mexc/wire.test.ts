import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createMatching } from '#main/matching/index';
import { createMarketClock } from '#main/practice/clock';
import { createPracticeCore, type RunningCore } from '#main/practice/core/index';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import { createMexcWire, mexcWire } from '#main/practice/mexc/index';
import { createSimulatedSeams } from '#main/seams/index';
import { decodeFrame } from '#main/venues/mexc/proto';
import type { Decimal } from '#shared/domain/basics';

const START = Date.UTC(2026, 10, 21, 10);
type Json = Record<string, unknown>;
let close: () => Promise<void> = async () => {};
afterEach(() => close());

/** The wire over the real market and matching engine, in virtual time and without any network. */
async function openWorld() {
  const seams = createSimulatedSeams(7, START);
  const clock = createMarketClock({ seams, origin: seams.clock.now(), speed: 1 });
  const feeds = createGeneratedFeeds('unit', START - 86_400_000);
  const key = { ...mexcWire.makeKey(seams.random), account: 'tester' };
  const subscribed = { spot: 0, future: 0 };
  const open = (market: 'spot' | 'future'): RunningCore => {
    const core = createPracticeCore({
      market,
      clock,
      feeds: feeds[market].slice(0, 2),
      matching: createMatching(),
      saved: null,
      save: () => true,
    });
    core.run((matching, now) => {
      matching.openAccount(key.account);
      return matching.deposit(key.account, 'USDT', '100000' as Decimal, now);
    });
    const { subscribe } = core;
    return Object.assign(core, {
      subscribe(listener: Parameters<typeof subscribe>[0]) {
        subscribed[market]++;
        const undo = subscribe(listener);
        return () => {
          subscribed[market]--;
          undo();
        };
      },
    });
  };
  const cores = { spot: open('spot'), future: open('future') };
  seams.timers.every(100, () => {
    cores.spot.step();
    cores.future.step();
  });
  const wire = await createMexcWire({ seams, ...cores, keys: [key], port: 0 });
  close = () => wire.close();
  const hmac = (text: string) => createHmac('sha256', key.secret).update(text).digest('hex');
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false;
    const marked = promise.finally(() => {
      done = true;
    });
    await seams.runUntil(() => done, 5_000);
    return marked;
  };
  const fetched = async (path: string, init: RequestInit) => {
    const response = await settle(seams.network.fetch(`http://127.0.0.1:${wire.port}${path}`, init));
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Json };
  };
  return {
    seams,
    wire,
    key,
    subscribed,
    spot(method: string, path: string, params: Json = {}, signature: string | null = null) {
      const all = { timestamp: seams.clock.now(), ...params };
      const query = new URLSearchParams(Object.entries(all).map(([n, v]) => [n, String(v)])).toString();
      const url = `/api/v3/${path}?${query}&signature=${signature ?? hmac(query)}`;
      return fetched(url, { method, headers: { 'X-MEXC-APIKEY': key.apiKey } });
    },
    future(path: string, body: unknown, time = seams.clock.now() as number) {
      const text = JSON.stringify(body);
      const headers = {
        ApiKey: key.apiKey,
        'Request-Time': String(time),
        Signature: hmac(`${key.apiKey}${time}${text}`),
      };
      return fetched(`/api/v1/private/${path}`, { method: 'POST', headers, body: text });
    },
    open: (path: string) => fetched(path, { method: 'GET' }),
    async connect(path: string) {
      const got: (string | Uint8Array)[] = [];
      const state = { open: false, closed: false };
      const socket = seams.network.connect(
        `ws://127.0.0.1:${wire.port}${path}`,
        {
          open: () => {
            state.open = true;
          },
          message: (data) => void got.push(data),
          pong: () => {},
          close: () => {
            state.closed = true;
          },
        },
        { maxFrameBytes: 1e7, handshakeTimeoutMs: 1_000 },
      );
      await seams.runUntil(() => state.open || state.closed, 5_000);
      return {
        got,
        state,
        socket,
        send: (value: unknown) => socket.send(JSON.stringify(value)),
        texts: () =>
          got.filter((one): one is string => typeof one === 'string').map((one) => JSON.parse(one) as Json),
        data: () => got.filter((one): one is Uint8Array => typeof one !== 'string').map(decodeFrame),
      };
    },
    login() {
      const reqTime = String(seams.clock.now());
      return {
        method: 'login',
        param: { apiKey: key.apiKey, reqTime, signature: hmac(key.apiKey + reqTime) },
      };
    },
  };
}

describe('MEXC’s wire', () => {
  it('leads ccxt nowhere but to itself', async () => {
    const { wire } = await openWorld();
    for (const config of [wire.ccxt.spot, wire.ccxt.future]) {
      const urls = JSON.stringify((config as { urls: unknown }).urls).match(/"(https?|wss?):\/\/[^"]+"/g)!;
      expect(urls.length).toBe(9);
      expect(urls.filter((url) => !url.includes(`//127.0.0.1:${wire.port}`))).toEqual([]);
    }
  });
  it.each([
    ['another signature', {}, '0'.repeat(64), 700002],
    ['a time too old', { timestamp: START - 6_000 }, null, 700003],
    ['a time too far ahead', { timestamp: START + 2_000 }, null, 700003],
    ['too long a window', { recvWindow: 60_001 }, null, 700005],
  ])('spot refuses %s', async (_, over, signature, code) => {
    const world = await openWorld();
    expect(await world.spot('GET', 'account', over, signature)).toMatchObject({
      status: 400,
      body: { code },
    });
  });
  it('spot takes a request that is right', async () => {
    const world = await openWorld();
    expect(await world.spot('GET', 'account')).toMatchObject({ status: 200, body: { accountType: 'SPOT' } });
  });
  it('futures refuse with status 200, and success false', async () => {
    const world = await openWorld();
    const late = await world.future('order/create', {}, START - 11_000);
    expect(late).toMatchObject({ status: 200, body: { success: false, code: 513 } });
    const vol = { symbol: 'BTC_USDT', side: 1, type: 5, openType: 2, vol: 0.5 };
    expect(await world.future('order/create', vol)).toMatchObject({ body: { success: false } });
  });
  it('limits each endpoint: 20 futures calls in 2 s, 500 spot weight in 10 s', async () => {
    const world = await openWorld();
    let last: Json = {};
    for (let at = 0; at < 21; at++) last = (await world.open('/api/v1/contract/depth/BTC_USDT')).body;
    expect(last).toMatchObject({ success: false, code: 510 });
    let reply = { status: 0, headers: new Headers() };
    for (let at = 0; at < 51; at++) reply = await world.open('/api/v3/exchangeInfo');
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  });
  it('prints 18-digit ids as text and, in the answer to a cancel, as bare numbers', async () => {
    const world = await openWorld();
    const order = {
      symbol: 'BTC_USDT',
      side: 1,
      type: 1,
      openType: 2,
      vol: 10,
      price: 50_000,
      positionMode: 2,
    };
    const { orderId } = (await world.future('order/create', order)).body.data as { orderId: string };
    expect(orderId).toMatch(/^\d{18}$/);
    const cancelled = await world.future('order/cancel', [orderId]);
    expect(cancelled.text).toContain(`"orderId":${orderId},"errorCode":0`);
    const again = await world.future('order/cancel', [orderId, '1']);
    expect(again.body.data).toMatchObject([{ errorCode: 2041 }, { errorCode: 2040 }]);
  });
  it('listens to the market only while somebody is connected', async () => {
    const world = await openWorld();
    expect(world.subscribed).toEqual({ spot: 0, future: 0 });
    const client = await world.connect('/edge');
    client.send({ method: 'sub.deal', param: { symbol: 'BTC_USDT' } });
    await world.seams.advance(500);
    expect(world.subscribed.future).toBeGreaterThan(0);
    client.socket.close(1000);
    await world.seams.advance(500);
    expect(world.subscribed).toEqual({ spot: 0, future: 0 });
  });
  it('answers spot in text and tells data in protobuf whose versions have no hole', async () => {
    const world = await openWorld();
    const client = await world.connect('/spot/ws');
    const channel = 'spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT';
    client.send({
      method: 'SUBSCRIPTION',
      params: [channel, 'spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+8'],
    });
    await world.seams.advance(15_000);
    expect(client.texts()).toEqual([
      { id: 0, code: 0, msg: channel },
      {
        id: 0,
        code: 0,
        msg: expect.stringMatching(
          /^Not Subscribed successfully! \[.*miniTicker.*\]\. {2}Reason： Blocked!$/,
        ),
      },
    ]);
    const depths = client
      .data()
      .map((frame) => frame.publicAggreDepths as { fromVersion: string; toVersion: string });
    expect(depths.length).toBeGreaterThan(3);
    for (const [at, depth] of depths.entries())
      if (at > 0) expect(Number(depth.fromVersion)).toBe(Number(depths[at - 1]!.toVersion) + 1);
  });
  it('takes no more than 30 streams on a spot connection', async () => {
    const world = await openWorld();
    const client = await world.connect('/spot/ws');
    const frames = ['Min1', 'Min5', 'Min15', 'Min30', 'Min60', 'Hour4', 'Day1'];
    const names = ['BTCUSDT', 'ETHUSDT'].flatMap((wire) => [
      ...frames.map((frame) => `spot@public.kline.v3.api.pb@${wire}@${frame}`),
      ...['5', '10', '20'].map((levels) => `spot@public.limit.depth.v3.api.pb@${wire}@${levels}`),
      ...['deals', 'depth', 'bookTicker'].flatMap((kind) =>
        ['10ms', '100ms'].map((pace) => `spot@public.aggre.${kind}.v3.api.pb@${pace}@${wire}`),
      ),
    ]);
    expect(names).toHaveLength(32);
    client.send({ method: 'SUBSCRIPTION', params: names });
    await world.seams.advance(100);
    const [taken, refused] = client.texts().map(({ msg }) => String(msg));
    expect(taken!.split(',')).toHaveLength(30);
    expect(refused).toContain('Too many subscriptions');
  });
  it('says a wrong listen key in plain words, and hangs up', async () => {
    const world = await openWorld();
    const client = await world.connect('/spot/ws?listenKey=nonsense');
    await world.seams.advance(100);
    expect(client.got).toEqual(['Invalid listen key']);
    expect(client.state.closed).toBe(true);
  });
  it('pushes orders, fills, positions and money after a login, narrowed by a filter', async () => {
    const world = await openWorld();
    const all = await world.connect('/edge');
    all.send(world.login());
    const narrow = await world.connect('/edge');
    narrow.send(world.login());
    narrow.send({
      method: 'personal.filter',
      param: { filters: [{ filter: 'order.deal', rules: ['BTC_USDT'] }] },
    });
    const stranger = await world.connect('/edge');
    await world.seams.advance(100);
    await world.future('order/create', {
      symbol: 'BTC_USDT',
      side: 1,
      type: 5,
      openType: 2,
      vol: 10,
      externalOid: 'wd-1',
    });
    await world.seams.advance(200);
    const channels = new Set(all.texts().map(({ channel }) => channel));
    for (const name of ['order', 'order.deal', 'position', 'asset'])
      expect(channels).toContain(`push.personal.${name}`);
    expect(new Set(narrow.texts().map(({ channel }) => channel))).toEqual(
      new Set(['rs.login', 'rs.personal.filter', 'push.personal.order.deal']),
    );
    expect(stranger.got).toEqual([]);
    const deals = narrow.texts().filter(({ channel }) => channel === 'push.personal.order.deal');
    const vol = deals.reduce((sum, { data }) => sum + (data as { vol: number }).vol, 0);
    expect(vol).toBe(10);
  });
  it('closes a connection that says nothing for a minute, and keeps one that pings', async () => {
    const world = await openWorld();
    const quiet = await world.connect('/edge');
    const pinging = await world.connect('/edge');
    for (let at = 0; at < 6; at++) {
      pinging.send({ method: 'ping' });
      await world.seams.advance(15_000);
    }
    expect([quiet.state.closed, pinging.state.closed]).toEqual([true, false]);
    expect(pinging.texts().every(({ channel }) => channel === 'pong')).toBe(true);
  });
});
