import { describe, expect, it } from 'vitest';
import { hostsOf, LIVE_ENDPOINTS } from '#main/venues/binance/endpoints';
import { Requests } from '#main/venues/binance/requests';
import type { AccountEvent } from '#main/venues/index';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { BTC_PERP, createWorld, START } from './world';

const HOUR = 3_600_000;
const ETH_PERP = 'ETH/USDT:USDT' as Symbol;
const trade = (a: number) => ({
  e: 'aggTrade',
  E: START,
  s: 'BTCUSDT',
  a,
  p: '65000',
  q: '1',
  T: START,
  m: false,
});
const mark = (s: string) => ({
  e: 'markPriceUpdate',
  E: START,
  s,
  p: '65000',
  i: '65000',
  r: '0.0001',
  T: START,
});
const fill = (t: number) => ({
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
    X: 'PARTIALLY_FILLED',
    i: 7,
    l: '0.001',
    z: `0.00${t}`,
    L: '65000',
    N: 'USDT',
    n: '0.26',
    T: START,
    t,
    m: false,
    R: false,
    er: '0',
  },
});

describe('the connections of Binance', () => {
  it('M-269 are renewed before 24 h without a trade lost or told twice', async () => {
    const world = await createWorld('binance_future');
    const got: string[] = [];
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, (event) => {
      if (event.type === 'trade') got.push(event.tradeId);
    });
    await world.seams.advance(1_000);
    world.send(0, trade(1));
    await world.seams.advance(23.5 * HOUR);
    expect(world.sockets).toHaveLength(2);
    // The new connection is a trade ahead of the old one.
    world.send(0, trade(2));
    world.send(1, trade(3));
    world.send(1, trade(4));
    world.send(0, trade(3));
    world.send(0, trade(4));
    await world.seams.advance(1_000);
    world.send(1, trade(5));
    await world.seams.advance(1_000);
    expect(got).toEqual(['1', '2', '3', '4', '5']);
    expect(world.seams.network.openSockets(world.server.port)).toBe(1);
  });
  it('M-269 of an account are renewed likewise, each fill once, and the gap is asked for all the same', async () => {
    const world = await createWorld('binance_future');
    const news: AccountEvent[] = [];
    world.venue.account!.subscribe((event) => news.push(event));
    await world.seams.advance(23.5 * HOUR + 2_000);
    expect(world.sockets).toHaveLength(2);
    for (const [socket, t] of [
      [0, 1],
      [1, 1],
      [1, 2],
      [0, 2],
    ] as const) {
      world.send(socket, fill(t));
      await world.seams.advance(10);
    }
    expect(news.map((event) => (event.type === 'fill' ? event.fill.tradeId : event.type))).toEqual([
      'resumed',
      'resumed',
      '1',
      'order',
      '2',
      'order',
    ]);
  });
  it('are renewed at once when the exchange says that its host goes', async () => {
    const world = await createWorld('binance_future');
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, () => {});
    await world.seams.advance(1_000);
    world.send(0, { e: 'serverShutdown', E: START });
    await world.seams.advance(2_000);
    expect(world.sockets).toHaveLength(2);
    expect(world.pool.statuses()[0]).toMatchObject({ state: 'live', badFrames: 0 });
  });
  it('miss a mark price that has stopped within 10 s, though others flow', async () => {
    const world = await createWorld('binance_future');
    for (const symbol of [BTC_PERP, ETH_PERP]) world.venue.data.subscribe({ kind: 'mark', symbol }, () => {});
    await world.seams.advance(1_000);
    // A symbol that never said a word may not be listed at all; this one did.
    world.send(0, mark('BTCUSDT'));
    world.seams.timers.every(1_000, () => world.send(0, mark('ETHUSDT')));
    await world.seams.advance(10_000);
    const sent = world.frames.map(({ text }) => JSON.parse(text) as { method: string; params: string[] });
    expect(sent.slice(1).map(({ method, params }) => [method, params])).toEqual([
      ['UNSUBSCRIBE', ['btcusdt@markPrice@1s']],
      ['SUBSCRIBE', ['btcusdt@markPrice@1s']],
    ]);
  });
  it('M-268 of an account come back signed in anew, and say that what was missed must be asked for', async () => {
    const world = await createWorld('binance_future');
    const news: AccountEvent[] = [];
    world.venue.account!.subscribe((event) => news.push(event));
    await world.seams.advance(1_000);
    world.seams.network.breakSockets(world.server.port);
    await world.seams.advance(6_000);
    const signedIn = world.asked.filter(({ path, method }) => path === 'listenKey' && method === 'POST');
    expect(signedIn).toHaveLength(2);
    expect(world.sockets[1]!.path).toContain('listenKey=');
    world.send(1, fill(1));
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'resumed', 'fill', 'order']);
  });
  it('M-304 of public streams lie in the same pool under keys of their own, shared like the private one', async () => {
    const world = await createWorld('binance_future');
    const undos = [1, 2].flatMap(() => [
      world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, () => {}),
      world.venue.data.subscribe({ kind: 'top', symbol: BTC_PERP }, () => {}),
      world.venue.account!.subscribe(() => {}),
    ]);
    await world.seams.advance(2_000);
    expect(
      world.pool
        .statuses()
        .map(({ key, state }) => [key, state])
        .toSorted(),
    ).toEqual([
      ['binance_future market', 'live'],
      ['binance_future private', 'live'],
      ['binance_future public', 'live'],
    ]);
    expect(world.seams.network.openSockets(world.server.port)).toBe(3);
    for (const undo of undos) undo();
    await world.seams.advance(2_000);
    expect(world.seams.network.openSockets(world.server.port)).toBe(0);
  });
  it('M-306 have other doors where the exchange names some, and no other host elsewhere', () => {
    expect(hostsOf(LIVE_ENDPOINTS.spotStream)).toHaveLength(3);
    expect(hostsOf('ws://127.0.0.1:4001/ws')).toEqual(['ws://127.0.0.1:4001/ws']);
  });
});

describe('a refused request', () => {
  /** Requests to an exchange that refuses every request with one of the bad topics in it. */
  const ask = (topics: readonly string[], bad: ReadonlySet<string>) => {
    const later: (() => void)[] = [];
    const requests = new Requests((_, run) => {
      later.push(run);
      return () => {};
    });
    const confirmed: string[] = [];
    const refused: string[] = [];
    const sent: string[] = [];
    const io = {
      connection: 1,
      confirmed: (topic: string) => void confirmed.push(topic),
      refused: (topic: string, why: string) => void refused.push(`${topic}: ${why}`),
      send: (frame: string | Uint8Array) => void sent.push(String(frame)),
      leaving: () => {},
    };
    sent.push(...requests.frames('SUBSCRIBE', topics));
    while (sent.length > 0 || later.length > 0) {
      if (sent.length === 0) later.shift()!();
      const { params, id } = JSON.parse(sent.shift()!) as { params: string[]; id: number };
      const isBad = params.some((topic) => bad.has(topic));
      const reply = isBad
        ? { error: { code: 2, msg: 'Invalid request: invalid stream' }, id }
        : { result: null, id };
      expect(requests.takes(JSON.stringify(reply), io)).toBe(true);
    }
    return { confirmed: confirmed.toSorted(), refused };
  };

  it('is halved until the bad topic is found; all others are subscribed', () => {
    const topics = Array.from({ length: 230 }, (_, i) => `t${i}`);
    const { confirmed, refused } = ask(topics, new Set(['t117']));
    expect(refused).toEqual(['t117: Invalid request: invalid stream (2)']);
    expect(confirmed).toEqual(topics.filter((topic) => topic !== 't117').toSorted());
  });
  it('of one topic alone is a refusal of it', () => {
    expect(ask(['t'], new Set(['t'])).refused).toEqual(['t: Invalid request: invalid stream (2)']);
  });
  it('is shown in the link, and hurts no other stream', async () => {
    const world = await createWorld('binance_future');
    const got: MarketEvent[] = [];
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, (event) => got.push(event));
    await world.seams.advance(1_000);
    world.venue.data.subscribe({ kind: 'trades', symbol: ETH_PERP }, () => {});
    await world.seams.advance(1_000);
    world.send(0, { code: 2, msg: 'Invalid request: no such stream', id: 2 });
    world.send(0, trade(1));
    await world.seams.advance(1_000);
    expect(got).toHaveLength(1);
    const [status] = world.pool.statuses();
    expect(status).toMatchObject({ state: 'live', badFrames: 0 });
    expect(status!.streams.map(({ refused }) => refused)).toEqual([
      null,
      'Invalid request: no such stream (2)',
    ]);
  });
});
