import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '#main/venues/index';
import { signature } from '#main/venues/mexc/auth';
import type { Decimal } from '#shared/domain/basics';
import { API_KEY, createWorld, order, SECRET, START, type World } from './world';

const { Writer } = createRequire(import.meta.url)('protobufjs/minimal');
const push = (channel: string, data: object) => ({ channel: `push.personal.${channel}`, data, ts: START });
const DEAL = {
  id: '9466823345',
  symbol: 'BTC_USDT',
  side: 1,
  vol: 100,
  price: 65000,
  feeCurrency: 'USDT',
  fee: 0.13,
  timestamp: START,
  isTaker: true,
  orderId: '739113577038255616',
  externalOid: 'w7k2p-s34h1-e1',
};
const ORDER = {
  orderId: '739113577038255616',
  symbol: 'BTC_USDT',
  vol: 100,
  side: 1,
  dealAvgPrice: 65000,
  dealVol: 100,
  state: 3,
  externalOid: 'w7k2p-s34h1-e1',
  updateTime: START,
};
const listen = (world: World) => {
  const news: AccountEvent[] = [];
  const undo = world.venue.account!.subscribe((event) => news.push(event));
  return { news, undo };
};
const status = (world: World) => world.pool.statuses().find(({ key }) => key.endsWith('private'))!;
const fills = (news: readonly AccountEvent[]) =>
  news.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));

describe('the futures account stream', () => {
  it('signs in once, says that it resumed, and tells fills in base units with their fee', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const login = JSON.parse(world.frames[0]!.text);
    expect(login).toMatchObject({ method: 'login', param: { apiKey: API_KEY } });
    expect(login.param.signature).toBe(signature(SECRET, API_KEY + login.param.reqTime));
    expect(world.frames[0]!.text).not.toContain(SECRET);
    world.send(0, push('order.deal', DEAL));
    world.send(0, push('order', ORDER));
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill', 'order']);
    expect(fills(news)).toMatchObject([
      {
        tradeId: '9466823345',
        clientOrderId: 'w7k2p-s34h1-e1',
        side: 'buy',
        price: '65000',
        amount: '0.01',
        fee: { cost: '0.13', currency: 'USDT' },
        maker: false,
      },
    ]);
  });
  it('M-286 leaves a fee that is not told unknown', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const { fee: _fee, feeCurrency: _currency, ...untold } = DEAL;
    world.send(0, push('order.deal', untold));
    await world.seams.advance(100);
    expect(fills(news)).toMatchObject([{ fee: null }]);
  });
  it.each([
    [1, 'buy'],
    [2, 'buy'],
    [3, 'sell'],
    [4, 'sell'],
  ])('trap: side %i is a %s, where ccxt takes 2 for a sale and 3 and 4 for nothing', async (side, ours) => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, push('order.deal', { ...DEAL, side }));
    await world.seams.advance(100);
    expect(fills(news)).toMatchObject([{ side: ours }]);
  });
  it('trap: an order id beyond 2^53 keeps its last digit, also at the end of its object', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const { orderId: _id, ...rest } = DEAL;
    world.send(
      0,
      `{"channel":"push.personal.order.deal","data":${JSON.stringify(rest).slice(0, -1)},"orderId":739113577038255617}}`,
    );
    await world.seams.advance(100);
    expect(fills(news)).toMatchObject([{ venueOrderId: '739113577038255617' }]);
  });
  it('loses and doubles nothing over a reconnect', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, push('order.deal', DEAL));
    await world.seams.advance(100);
    world.sockets[0]!.terminate();
    await world.seams.advance(20_000);
    expect(world.sockets).toHaveLength(2);
    world.send(1, push('order.deal', { ...DEAL, id: '9466823346' }));
    await world.seams.advance(100);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill', 'resumed', 'fill']);
    expect(fills(news).map(({ tradeId }) => tradeId)).toEqual(['9466823345', '9466823346']);
  });
  it('reads the account whole, once, after a burst of changes', async () => {
    const world = await createWorld();
    world.script(({ path }) => {
      if (path === 'account/assets')
        return { data: [{ currency: 'USDT', availableBalance: 9, frozenBalance: 0.5, positionMargin: 0.5 }] };
      if (path !== 'position/open_positions') return undefined;
      return {
        data: [{ symbol: 'BTC_USDT', positionType: 2, holdVol: 3, holdAvgPrice: 65000, liquidatePrice: 0 }],
      };
    });
    const { news } = listen(world);
    await world.seams.advance(1_000);
    for (let i = 0; i < 5; i++) world.send(0, push('asset', { currency: 'USDT' }));
    await world.seams.advance(1_000);
    expect(news.slice(1)).toMatchObject([
      { type: 'balances', balances: [{ asset: 'USDT', free: '9', locked: '1' }] },
      { type: 'positions', positions: [{ amount: '-0.0003', entryPrice: '65000', liquidationPrice: null }] },
    ]);
  });
  it('M-280 stops asking when the key is refused, and says so', async () => {
    const world = await createWorld();
    world.login = 'Signature verification failed!';
    listen(world);
    await world.seams.advance(600_000);
    expect(status(world)).toMatchObject({ state: 'refused', problem: expect.stringContaining('Signature') });
    expect(world.frames.filter(({ text }) => text.includes('login'))).toHaveLength(1);
  });
  it('asks for the clock and tries again when only the time was wrong', async () => {
    const world = await createWorld();
    world.login = 'Request time error';
    world.script(({ path }) => (path === 'ping' ? { data: world.seams.clock.now() + 3_600_000 } : undefined));
    listen(world);
    await world.seams.advance(1_000);
    world.login = 'success';
    await world.seams.advance(20_000);
    const times = world.frames.flatMap(({ text }) =>
      text.includes('login') ? [Number(JSON.parse(text).param.reqTime)] : [],
    );
    expect(times[1]! - times[0]!).toBeGreaterThan(3_590_000);
    expect(status(world).state).toBe('live');
  });
  it('counts a frame it cannot read and goes on', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const unlisted = push('order.deal', { ...DEAL, symbol: 'NOPE_USDT' });
    for (const frame of ['{"channel":"push.pers', '{}{}', unlisted, new Uint8Array([31, 139, 8])])
      world.send(0, frame);
    world.send(0, push('order.deal', DEAL));
    await world.seams.advance(200);
    expect(status(world)).toMatchObject({ state: 'live', badFrames: 4 });
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'fill']);
  });
  it('pings in the exchange’s own words and lives on its pongs', async () => {
    const world = await createWorld();
    listen(world);
    await world.seams.advance(120_000);
    expect(world.frames.filter(({ text }) => text === '{"method":"ping"}').length).toBeGreaterThanOrEqual(7);
    expect(world.sockets).toHaveLength(1);
  });
});

describe('a futures stop, which carries no id of ours', () => {
  const stop = order({
    type: 'stop-market',
    side: 'sell',
    triggerPrice: '60000' as Decimal,
    reduceOnly: true,
  });
  const PLAN = {
    id: '739113577038255700',
    symbol: 'BTC_USDT',
    side: 4,
    vol: 100,
    triggerPrice: 60000,
    triggerType: 2,
    state: 1,
    orderId: 0,
    reduceOnly: true,
    createTime: START,
    updateTime: START,
  };
  const CHILD = { ...DEAL, side: 4, orderId: '739113577038255800', externalOid: '_m_95bc2b72d3784bce' };
  const withStop = async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'planorder/place' ? { data: PLAN.id } : undefined));
    const { news } = listen(world);
    await world.seams.advance(1_000);
    await world.result(world.venue.trading!.place(stop));
    return { world, news };
  };

  it('is told under our id, also when its news overtakes the answer', async () => {
    const world = await createWorld();
    world.script(({ path }) => {
      if (path !== 'planorder/place') return undefined;
      world.send(0, push('plan.order', PLAN));
      return { data: PLAN.id };
    });
    const { news } = listen(world);
    await world.seams.advance(1_000);
    await world.result(world.venue.trading!.place(stop));
    await world.seams.advance(100);
    expect(news.slice(1)).toMatchObject([
      { type: 'order', order: { clientOrderId: stop.clientOrderId, status: 'open', triggerPrice: '60000' } },
    ]);
  });
  it('names the order it becomes, whose fills come under our id', async () => {
    const { world, news } = await withStop();
    world.send(0, push('plan.order', { ...PLAN, state: 3, orderId: CHILD.orderId }));
    world.send(0, push('order.deal', CHILD));
    await world.seams.advance(100);
    expect(fills(news)).toMatchObject([{ clientOrderId: stop.clientOrderId, side: 'sell' }]);
  });
  it('waits with a fill that comes before the name, and tells it once, named', async () => {
    const { world, news } = await withStop();
    world.send(0, push('order.deal', CHILD));
    await world.seams.advance(200);
    expect(fills(news)).toEqual([]);
    world.send(0, push('plan.order', { ...PLAN, state: 3, orderId: CHILD.orderId }));
    await world.seams.advance(100);
    await world.seams.advance(5_000);
    expect(fills(news)).toMatchObject([{ clientOrderId: stop.clientOrderId }]);
  });
  it('asks for the name when no news brings it', async () => {
    const { world, news } = await withStop();
    world.script(({ path }) =>
      path === 'planorder/list/orders'
        ? { data: [{ ...PLAN, state: 3, orderId: CHILD.orderId }] }
        : undefined,
    );
    world.send(0, push('order.deal', CHILD));
    await world.seams.advance(3_000);
    expect(fills(news)).toMatchObject([{ clientOrderId: stop.clientOrderId }]);
  });
  it('tells a fill without a name rather than never', async () => {
    const { world, news } = await withStop();
    world.script(({ path }) => (path === 'planorder/list/orders' ? { status: 500, text: '' } : undefined));
    world.send(0, push('order.deal', CHILD));
    await world.seams.advance(30_000);
    expect(fills(news)).toMatchObject([{ clientOrderId: null, tradeId: DEAL.id }]);
  });
  it('holds nothing back while no stop of ours stands', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, push('order.deal', CHILD));
    await world.seams.advance(100);
    expect(fills(news)).toMatchObject([{ clientOrderId: null }]);
  });
});

describe('the spot account stream', () => {
  const deal = (tradeId: string): Uint8Array => {
    const writer = Writer.create();
    writer
      .uint32(10)
      .string('spot@private.deals.v3.api.pb')
      .uint32(26)
      .string('BTCUSDT')
      .uint32(48)
      .int64(START);
    writer.uint32((306 << 3) | 2).fork();
    writer.uint32(10).string('65000').uint32(18).string('0.01').uint32(26).string('650').uint32(32).int32(1);
    writer.uint32(58).string(tradeId).uint32(66).string('w7k2p-s34h1-e1').uint32(74).string('C02__1');
    writer.uint32(82).string('0.65').uint32(90).string('USDT').uint32(96).int64(START);
    return writer.ldelim().finish() as Uint8Array;
  };
  const requests = (world: World, method: string) =>
    world.asked.filter((one) => one.path === 'userDataStream' && one.method === method);

  it('opens with a listen key, asks for its three channels, and tells fills', async () => {
    const world = await createWorld('mexc_spot');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    expect(world.sockets[0]!.path).toMatch(/^\/spot\/ws\?listenKey=listen-\d+$/);
    expect(JSON.parse(world.frames[0]!.text)).toEqual({
      method: 'SUBSCRIPTION',
      params: ['orders', 'deals', 'account'].map((name) => `spot@private.${name}.v3.api.pb`),
    });
    world.send(0, deal('900001X1'));
    await world.seams.advance(100);
    expect(fills(news)).toMatchObject([
      {
        tradeId: '900001X1',
        amount: '0.01',
        cost: '650',
        fee: { cost: '0.65', currency: 'USDT' },
        maker: false,
      },
    ]);
  });
  it('extends its key every 30 minutes, naming it', async () => {
    const world = await createWorld('mexc_spot');
    listen(world);
    await world.seams.advance(31 * 60_000);
    expect(requests(world, 'PUT')).toHaveLength(1);
    expect(requests(world, 'PUT')[0]!.params.get('listenKey')).toMatch(/^listen-/);
    expect(requests(world, 'POST')).toHaveLength(1);
  });
  it('takes a new key when the old one is no longer known, and when the socket says so in plain text', async () => {
    const world = await createWorld('mexc_spot');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, 'Invalid listen key');
    await world.seams.advance(10_000);
    expect(requests(world, 'POST')).toHaveLength(2);
    world.script(({ path, method }) =>
      path === 'userDataStream' && method === 'PUT'
        ? { status: 400, body: { code: 730002, msg: 'x' } }
        : undefined,
    );
    await world.seams.advance(30 * 60_000);
    expect(requests(world, 'POST')).toHaveLength(3);
    expect(news.filter(({ type }) => type === 'resumed')).toHaveLength(3);
    expect(status(world).badFrames).toBe(0);
  });
  it('M-280 stops asking when the key is refused', async () => {
    const world = await createWorld('mexc_spot');
    world.script(({ path }) =>
      path === 'userDataStream'
        ? { status: 400, body: { code: 10072, msg: 'Api key info invalid' } }
        : undefined,
    );
    listen(world);
    await world.seams.advance(600_000);
    expect(status(world)).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('Api key info'),
    });
    expect(requests(world, 'POST')).toHaveLength(1);
  });
});
