import { describe, expect, it } from 'vitest';
import { channelSignature } from '#main/venues/gateio/auth';
import type { AccountEvent } from '#main/venues/index';
import { fillKey } from '#shared/domain/order';
import { API_KEY, createWorld, SECRET, START, type World } from './world';

const FILL = {
  id: '1',
  create_time_ms: START,
  contract: 'BTC_USDT',
  order_id: '77',
  size: 4,
  price: '50000',
  role: 'taker',
  text: 't-wd-9',
  fee: 0.005,
  point_fee: 0,
};
const listen = (world: World) => {
  const news: AccountEvent[] = [];
  const undo = world.venue.account!.subscribe((event) => news.push(event));
  return { news, undo };
};
const fills = (news: readonly AccountEvent[]) =>
  news.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));
const status = (world: World) => world.pool.statuses().find(({ key }) => key.endsWith('private'))!;
const firstSymbol = async (world: World) =>
  (await world.result(world.venue.reference.instruments()))[0]!.symbol;
const wanted = (world: World, at = 0) =>
  world.frames[at]!.filter((frame) => frame.event === 'subscribe').map((frame) => frame.channel);

describe('the account stream', () => {
  it('M-276 proves each channel by itself, with the number of the user, and shows no secret', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    expect(wanted(world)).toEqual([
      'futures.usertrades',
      'futures.orders',
      'futures.autoorders',
      'futures.positions',
      'futures.balances',
    ]);
    for (const frame of world.frames[0]!) {
      const { channel, time, auth, payload } = frame as {
        channel: string;
        time: number;
        auth: { KEY: string; SIGN: string };
        payload: string[];
      };
      expect(auth.KEY).toBe(API_KEY);
      expect(auth.SIGN).toBe(channelSignature(SECRET, channel, 'subscribe', time));
      expect(payload[0]).toBe('20011');
    }
    expect(JSON.stringify(world.frames)).not.toContain(SECRET);
    expect(news.map(({ type }) => type)).toEqual(['resumed']);
    expect(status(world).state).toBe('live');
  });

  it('on spot asks for all pairs, without a number', async () => {
    const world = await createWorld('spot');
    listen(world);
    await world.seams.advance(1_000);
    expect(wanted(world)).toEqual(['spot.usertrades', 'spot.orders', 'spot.priceorders', 'spot.balances']);
    expect(world.frames[0]![0]).toMatchObject({ payload: ['!all'] });
    expect(world.frames[0]![3]).not.toHaveProperty('payload');
  });

  it('M-288 tells every fill of a message, and reads balances and positions anew after news of them', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, 'futures.usertrades', [FILL, { ...FILL, id: '2', size: -1 }]);
    world.send(0, 'futures.balances', [{ balance: 99, currency: 'usdt' }]);
    await world.seams.advance(2_000);
    expect(fills(news)).toMatchObject([
      { tradeId: '1', side: 'buy', amount: '0.0004' },
      { tradeId: '2', side: 'sell', amount: '0.0001' },
    ]);
    expect(news.filter(({ type }) => type === 'balances')).toMatchObject([
      { balances: [{ asset: 'USDT', free: '90', locked: '10' }] },
    ]);
  });

  it('loses and doubles nothing over a broken line: it says that it resumed, and the history has the rest', async () => {
    const world = await createWorld();
    const row = (id: string) => ({
      trade_id: id,
      create_time: START / 1_000 + 1.5,
      contract: 'BTC_USDT',
      order_id: '77',
      size: 4,
      price: '50000',
      text: 't-wd-9',
      fee: '0.005',
      role: 'taker',
    });
    world.script(({ path }) =>
      path === '/futures/usdt/my_trades_timerange' ? { body: [row('3'), row('2'), row('1')] } : undefined,
    );
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, 'futures.usertrades', [FILL]);
    await world.seams.advance(100);
    world.sockets[0]!.terminate();
    await world.seams.advance(30_000);
    expect(world.sockets).toHaveLength(2);
    expect(wanted(world, 1)).toEqual(wanted(world, 0));
    world.send(1, 'futures.usertrades', [{ ...FILL, id: '3' }]);
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill', 'resumed', 'fill']);
    const [instrument] = await world.result(world.venue.reference.instruments());
    const missed = await world.result(world.venue.account!.fillsSince(instrument!.symbol, START as never));
    const keys = new Set([...fills(news), ...missed].map(fillKey));
    expect([...keys].sort()).toEqual(['1', '2', '3'].map((id) => `gateio_future|BTC/USDT:USDT|${id}`));
    expect(missed.map(({ tradeId }) => tradeId)).toEqual(['1', '2', '3']);
  });

  it('M-280 stops with a key that Gate refuses, in its words, and does not dial again', async () => {
    const world = await createWorld();
    world.refuse(() => ({
      error: { code: 4, message: '{"label":"INVALID_KEY","message":"Invalid key provided"}\n' },
      result: null,
    }));
    listen(world);
    await world.seams.advance(120_000);
    expect(status(world)).toMatchObject({ state: 'refused' });
    expect(status(world).problem).toMatch(/INVALID_KEY: Invalid key provided/);
    expect(world.sockets).toHaveLength(1);
  });

  it('counts a broken frame and goes on', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.sockets[0]!.send('{"channel":"futures.usertrades","event":"update","result":[{"id"');
    world.send(0, 'futures.usertrades', [{ ...FILL, contract: 'NOSUCH_USDT' }]);
    world.send(0, 'futures.usertrades', [FILL]);
    await world.seams.advance(100);
    expect(fills(news)).toHaveLength(1);
    expect(status(world).badFrames).toBe(2);
  });
});

describe('market data', () => {
  it('tells a refused topic, hurts no other, and pings in Gate’s words', async () => {
    const world = await createWorld();
    world.refuse(({ payload }) =>
      JSON.stringify(payload).includes('ETH')
        ? { error: { code: 2, message: 'unknown contract ETH_USDT' }, result: { status: 'fail' } }
        : undefined,
    );
    const seen: string[] = [];
    const instruments = await world.result(world.venue.reference.instruments());
    for (const { symbol } of instruments)
      world.venue.data.subscribe({ kind: 'trades', symbol }, (event) => seen.push(event.symbol));
    await world.seams.advance(1_000);
    world.send(0, 'futures.trades', [
      { size: 1, id: 1, create_time_ms: START, price: '1', contract: 'BTC_USDT' },
    ]);
    await world.seams.advance(60_000);
    expect(seen).toEqual(['BTC/USDT:USDT']);
    expect(world.frames[0]!.some(({ channel }) => channel === 'futures.ping')).toBe(true);
    expect(world.sockets).toHaveLength(1);
  });

  it('asks for the book anew after a gap, and shows nothing until its next snapshot', async () => {
    const world = await createWorld();
    const seen: string[] = [];
    const symbol = await firstSymbol(world);
    world.venue.data.subscribe({ kind: 'book', symbol }, (event) => seen.push(event.type));
    await world.seams.advance(1_000);
    const book = (over: object) => world.send(0, 'futures.obu', { t: START, s: 'ob.BTC_USDT.400', ...over });
    book({ full: true, u: 10, b: [['1', '5']], a: [['2', '5']] });
    book({ U: 11, u: 12, b: [['1', '6']] });
    book({ U: 14, u: 15, b: [['1', '7']] });
    book({ U: 16, u: 17, b: [['1', '8']] });
    await world.seams.advance(500);
    expect(seen).toEqual(['book-snapshot', 'book-delta']);
    expect(world.frames[0]!.map(({ event }) => event)).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
    book({ full: true, u: 20, b: [['1', '5']], a: [['2', '5']] });
    book({
      U: 21,
      u: 21,
      a: [
        ['2', '0'],
        ['3', '1'],
      ],
    });
    await world.seams.advance(500);
    expect(seen).toEqual(['book-snapshot', 'book-delta', 'book-snapshot', 'book-delta']);
  });
});

describe('trading', () => {
  it('trap: setting leverage keeps cross margin cross, and isolated isolated', async () => {
    const world = await createWorld();
    let leverage = '0';
    world.script(({ path, method }) =>
      path.startsWith('/futures/usdt/positions/')
        ? { body: { contract: 'BTC_USDT', leverage, cross_leverage_limit: method === 'GET' ? '10' : '5' } }
        : undefined,
    );
    const symbol = await firstSymbol(world);
    expect(await world.result(world.venue.trading!.leverage!(symbol))).toBe(10);
    await world.result(world.venue.trading!.setLeverage!(symbol, 5));
    expect(Object.fromEntries(world.asked.at(-1)!.params)).toEqual({
      leverage: '0',
      cross_leverage_limit: '5',
    });
    leverage = '3';
    await world.result(world.venue.trading!.setLeverage!(symbol, 5));
    expect(Object.fromEntries(world.asked.at(-1)!.params)).toEqual({ leverage: '5' });
  });

  it('orders carry their expiry and ask for decimal sizes', async () => {
    const world = await createWorld();
    const { order, FUTURE } = await import('./rows');
    await world.result(world.venue.trading!.place(order(FUTURE)));
    const sent = world.asked.filter(({ method }) => method === 'POST');
    expect(sent).toHaveLength(1);
    expect(Number(sent[0]!.headers['x-gate-exptime']) - START).toBeGreaterThanOrEqual(5_000);
    expect(sent[0]!.headers['x-gate-size-decimal']).toBe('1');
    expect(world.venue.trading!.requestExpiryMs).toBe(5_000);
  });

  it('looks for an order that is over among the ended ones of its symbol, page by page', async () => {
    const world = await createWorld();
    const { order, FUTURE } = await import('./rows');
    const ended = (at: number) => ({
      id: 1_000 - at,
      contract: 'BTC_USDT',
      size: 1,
      left: 0,
      status: 'finished',
      finish_as: 'filled',
      text: at === 150 ? 't-w7k2p-s34h1-e1' : `t-other-${at}`,
      create_time: START / 1_000,
      finish_time: START / 1_000,
    });
    const all = Array.from({ length: 180 }, (_, at) => ended(at));
    world.script(({ path, params }) => {
      if (path === '/futures/usdt/price_orders') return { body: [] };
      if (path !== '/futures/usdt/orders') return undefined;
      const offset = Number(params.get('offset'));
      return { body: all.slice(offset, offset + 100) };
    });
    expect(await world.result(world.venue.trading!.find(order(FUTURE)))).toMatchObject({
      kind: 'found',
      order: { status: 'filled', venueOrderId: '850', clientOrderId: 'w7k2p-s34h1-e1' },
    });
    const other = { ...order(FUTURE), clientOrderId: 'w7k2p-s99h1-e1' as never };
    expect(await world.result(world.venue.trading!.find(other))).toEqual({ kind: 'absent' });
  });

  it('refuses to show half an account: hedge mode is told in words', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === '/futures/usdt/positions'
        ? { body: [{ contract: 'BTC_USDT', mode: 'dual_long', size: 1 }] }
        : undefined,
    );
    await expect(world.result(world.venue.account!.positions!())).rejects.toThrow(/hedge mode/);
  });
});
