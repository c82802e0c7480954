import { beforeEach, describe, expect, it } from 'vitest';
import type { Decimal } from '#shared/domain/basics';
import { type Json, openWorld, order, placing, statusOf, type World } from './world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
const cloid = (at: number) => `0x${String(at).padStart(32, '0')}`;
const oidOf = (status: unknown): number => {
  const { resting, filled } = status as { resting?: { oid: number }; filled?: { oid: number } };
  return (resting ?? filled)!.oid;
};
const market = (buy: boolean, s = '0.01') =>
  placing(
    order({
      b: buy,
      s,
      p: String(Math.round(world.price(buy ? 'ask' : 'bid') * (buy ? 1.05 : 0.95))),
      t: { limit: { tif: 'Ioc' } },
    }),
  );
const position = async () => {
  const state = (await world.info('clearinghouseState', { user: world.key.apiKey })) as {
    assetPositions: { position: Json }[];
  };
  return state.assetPositions.map(({ position: one }) => [one.coin, one.szi]);
};

describe('who may act on the practice Hyperliquid', () => {
  it('takes an action of the wallet itself', async () => {
    expect(statusOf(await world.act(placing(order())))).toMatchObject({
      resting: { oid: expect.any(Number) as unknown },
    });
  });

  it('finds another wallet behind a changed action, and says that it does not exist', async () => {
    const signed = await world.settle(world.signer.sign(placing(order()), world.seams.clock.now(), null));
    const { json } = await world.post('/exchange', { ...signed, action: placing(order({ s: '0.02' })) });
    expect(json).toMatchObject({
      status: 'err',
      response: expect.stringMatching(/^User or API Wallet 0x[0-9a-f]{40} does not exist\.$/) as unknown,
    });
    expect((await world.post('/exchange', signed)).json).toMatchObject({ status: 'ok' });
  });

  it('takes no action twice, none that has expired and none from days ago', async () => {
    const now = world.seams.clock.now();
    const signed = await world.settle(world.signer.sign(placing(order()), now, null));
    expect((await world.post('/exchange', signed)).json).toMatchObject({ status: 'ok' });
    expect((await world.post('/exchange', signed)).json.response).toMatch('duplicate nonce');
    const late = await world.settle(world.signer.sign(placing(order()), now, 5_000));
    await world.seams.advance(6_000);
    expect((await world.post('/exchange', late)).json.response).toMatch('Action expired');
  });

  it('answers what it cannot read with 422, what it does not know with 500, and too much with 429', async () => {
    for (const body of [
      '{',
      '[]',
      '{"type":"nothing"}',
      '{"type":"candleSnapshot","req":{"coin":"BTC","interval":"7m"}}',
    ])
      expect(await world.post('/info', body)).toMatchObject({
        status: 422,
        text: 'Failed to deserialize the JSON body into the target type',
      });
    expect(await world.post('/info', { type: 'l2Book', coin: 'NOSUCH' })).toMatchObject({
      status: 500,
      text: 'null',
    });
    expect(await world.post('/exchange', { action: { type: 'order' }, nonce: 1 })).toMatchObject({
      status: 422,
    });
    const tight = await openWorld({ weightPerMinute: 45 });
    const codes = [];
    for (let at = 0; at < 3; at++) codes.push((await tight.post('/info', { type: 'meta' })).status);
    expect(codes).toEqual([200, 200, 429]);
  });

  it('shows an empty account to an address that has none', async () => {
    const user = `0x${'0'.repeat(40)}`;
    expect(await world.info('clearinghouseState', { user })).toMatchObject({
      withdrawable: '0.0',
      assetPositions: [],
    });
    expect(await world.info('userFills', { user })).toEqual([]);
  });

  it('leads ccxt nowhere else, and no one is paid', () => {
    for (const config of [world.wire.ccxt.spot!, world.wire.ccxt.future!]) {
      const addresses = JSON.stringify(config.urls).match(/"(https?|wss?):\/\/[^"]+"/g)!;
      expect(addresses).toHaveLength(6);
      for (const address of addresses) expect(address).toContain(`//127.0.0.1:${world.wire.port}`);
      expect(config.options).toMatchObject({ refSet: true, builderFee: false });
    }
  });
});

describe('orders on the practice Hyperliquid', () => {
  it.each([
    [{ p: '50000.5' }, 'Price must be divisible by tick size. asset=0'],
    [{ s: '0.00001' }, 'Order has invalid size. asset=0'],
    [{ s: '0' }, 'Order has zero size. asset=0'],
    [{ s: '0.001', p: '40000' }, 'Order must have minimum value of $50. asset=0'],
    [{ s: '900' }, 'Insufficient margin to place order. asset=0'],
    [
      { b: false, r: true, t: { limit: { tif: 'Ioc' } } },
      'Reduce only order would increase position. asset=0',
    ],
    [{ a: 77 }, 'Invalid asset. asset=77'],
    [
      { t: { limit: { tif: 'Ioc' } } },
      'Order could not immediately match against any resting orders. asset=0',
    ],
    [
      { t: { trigger: { isMarket: true, triggerPx: '50000', tpsl: 'tp' } }, b: false },
      'Invalid TP/SL price. asset=0',
    ],
  ])('refuses %j in the words of the exchange', async (over, error) => {
    expect(statusOf(await world.act(placing(order(over))))).toEqual({ error });
  });

  it('refuses a post-only order that would take, naming the best prices', async () => {
    const p = String(Math.round(world.price('ask') * 1.02));
    expect(statusOf(await world.act(placing(order({ p, t: { limit: { tif: 'Alo' } } }))))).toEqual({
      error: expect.stringMatching(
        /^Post only order would have immediately matched, bbo was [\d.]+@[\d.]+\. asset=0$/,
      ) as unknown,
    });
  });

  it('answers each order of a batch in its place, and an empty one as a whole', async () => {
    const answer = await world.act(placing(order(), order({ s: '0' }), order({ c: cloid(7) })));
    expect((answer.response as { data: { statuses: unknown[] } }).data.statuses).toMatchObject(
      [{ resting: {} }, { error: {} }, { resting: { cloid: cloid(7) } }].map((one) =>
        'error' in one ? { error: expect.any(String) as unknown } : one,
      ),
    );
    expect(await world.act(placing())).toEqual({ status: 'err', response: 'Order batch is empty.' });
  });

  it('takes orders that name a builder', async () => {
    expect(
      statusOf(await world.act({ ...placing(order()), builder: { b: `0x${'1'.repeat(40)}`, f: 0 } })),
    ).toMatchObject({ resting: {} });
  });

  it('finds an order by number and by client id, and cancels it once', async () => {
    const user = world.key.apiKey;
    const oid = oidOf(statusOf(await world.act(placing(order({ c: cloid(1) })))));
    for (const named of [oid, cloid(1)])
      expect(await world.info('orderStatus', { user, oid: named })).toMatchObject({
        status: 'order',
        order: { status: 'open', order: { oid, cloid: cloid(1), sz: '0.01', limitPx: '50000.0' } },
      });
    expect(statusOf(await world.act(placing(order({ c: cloid(1) }))))).toEqual({
      error: 'Client order id already exists. asset=0',
    });
    const cancel = { type: 'cancel', cancels: [{ a: 0, o: oid }] };
    expect(statusOf(await world.act(cancel))).toBe('success');
    expect(statusOf(await world.act(cancel))).toEqual({
      error: 'Order was never placed, already canceled, or filled. asset=0',
    });
    expect(await world.info('orderStatus', { user, oid: cloid(1) })).toMatchObject({
      order: { status: 'canceled' },
    });
    expect(await world.info('orderStatus', { user, oid: 1 })).toEqual({ status: 'unknownOid' });
  });

  it('changes an order into one with a new number and the same client id', async () => {
    const first = oidOf(statusOf(await world.act(placing(order({ c: cloid(2) })))));
    const changed = await world.act({
      type: 'batchModify',
      modifies: [{ oid: first, order: order({ p: '51000', c: cloid(3) }) }],
    });
    expect(oidOf(statusOf(changed))).toBeGreaterThan(first);
    const open = (await world.info('openOrders', { user: world.key.apiKey })) as Json[];
    expect(open).toMatchObject([{ limitPx: '51000.0' }]);
  });

  it('keeps the number of a stop through its trigger, and shows no flat position', async () => {
    await world.act(market(true));
    expect(await position()).toEqual([['BTC', '0.01']]);
    const p = String(Math.round(world.price('bid') * 0.9));
    const stop = placing(
      order({
        b: false,
        r: true,
        p: '1000',
        c: cloid(4),
        t: { trigger: { isMarket: true, triggerPx: p, tpsl: 'sl' } },
      }),
    );
    const oid = oidOf(statusOf(await world.act(stop)));
    const symbol = world.future.symbols[0]!.symbol;
    world.future.publish(
      world.future.run((matching, now) => matching.mark(symbol, String(Number(p) - 1) as Decimal, now)),
    );
    expect(await world.info('orderStatus', { user: world.key.apiKey, oid: cloid(4) })).toMatchObject({
      order: { status: 'filled', order: { oid, sz: '0.0', isTrigger: true, orderType: 'Stop Market' } },
    });
    expect(await position()).toEqual([]);
    const [fill] = (await world.info('userFills', { user: world.key.apiKey })) as Json[];
    expect(fill).toMatchObject({
      oid,
      cloid: cloid(4),
      side: 'A',
      dir: 'Close Long',
      startPosition: '0.01',
      crossed: true,
      feeToken: 'USDC',
    });
  });

  it('does not let the last price alone fire a stop', async () => {
    await world.act(market(true));
    const p = String(Math.round(world.price('bid') * 0.9));
    await world.act(
      placing(
        order({ b: false, r: true, p: '1000', t: { trigger: { isMarket: true, triggerPx: p, tpsl: 'sl' } } }),
      ),
    );
    const symbol = world.future.symbols[0]!.symbol;
    world.future.publish(
      world.future.run((matching, now) =>
        matching.marketTrade(symbol, 'sell', String(Number(p) - 1) as Decimal, '0.01' as Decimal, now),
      ),
    );
    expect(await position()).toEqual([['BTC', '0.01']]);
  });

  it('charges a spot buy in the token that was bought', async () => {
    const ask = Number(world.spot.matching.book(world.spot.symbols[0]!.symbol, 1).asks[0]![0]);
    await world.act(
      placing(order({ a: 10_000, p: String(Math.round(ask * 1.05)), t: { limit: { tif: 'Ioc' } } })),
    );
    const [fill] = (await world.info('userFills', { user: world.key.apiKey })) as Json[];
    expect(fill).toMatchObject({ coin: '@0', dir: 'Buy', feeToken: 'BTC', sz: '0.01' });
  });

  it('turns a position round in one fill and says so', async () => {
    await world.act(market(true));
    await world.act(market(false, '0.03'));
    const fills = (await world.info('userFills', { user: world.key.apiKey })) as Json[];
    expect(fills.map(({ dir }) => dir)).toContain('Long > Short');
    expect(await position()).toEqual([['BTC', '-0.02']]);
  });

  it('sets leverage, shows it, and refuses what it does not offer', async () => {
    const set = (over: object) =>
      world.act({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 7, ...over });
    expect(await set({})).toEqual({ status: 'ok', response: { type: 'default' } });
    expect(await world.info('activeAssetData', { user: world.key.apiKey, coin: 'BTC' })).toMatchObject({
      leverage: { type: 'cross', value: 7 },
    });
    expect(await set({ leverage: 1_000 })).toMatchObject({ status: 'err' });
    expect(await set({ isCross: false })).toMatchObject({ status: 'err' });
    expect(await world.act({ type: 'scheduleCancel', time: 1 })).toMatchObject({
      status: 'err',
      response: expect.stringContaining('enough volume') as unknown,
    });
  });
});

describe('the socket of the practice Hyperliquid', () => {
  it('greets, pongs and acknowledges with the defaults filled in', async () => {
    const socket = await world.connect();
    expect(socket.state.greeting).toBe('Websocket connection established.');
    socket.send({ method: 'ping' });
    socket.subscribe({ type: 'l2Book', coin: 'BTC' });
    await world.seams.advance(50);
    expect(socket.got.slice(0, 2)).toEqual([
      { channel: 'pong' },
      {
        channel: 'subscriptionResponse',
        data: {
          method: 'subscribe',
          subscription: { type: 'l2Book', coin: 'BTC', nSigFigs: null, mantissa: null },
        },
      },
    ]);
    const [book] = socket.of('l2Book') as { levels: Json[][] }[];
    expect(book!.levels.map((side) => side.length)).toEqual([20, 20]);
  });

  it('pushes five levels every half second, and twenty every five seconds', async () => {
    const socket = await world.connect();
    socket.subscribe({ type: 'l2Book', coin: 'BTC', fast: true });
    socket.subscribe({ type: 'l2Book', coin: 'BTC' });
    await world.seams.advance(10_100);
    const sizes = (socket.of('l2Book') as { levels: Json[][] }[]).map(({ levels }) => levels[0]!.length);
    expect(sizes.filter((size) => size === 5).length).toBeGreaterThanOrEqual(20);
    expect(sizes.filter((size) => size === 20)).toHaveLength(3);
  });

  it('says in words what it does not take', async () => {
    const socket = await world.connect();
    socket.subscribe({ type: 'trades', coin: 'NOSUCH' });
    socket.subscribe({ type: 'trades', coin: 'BTC' });
    socket.subscribe({ type: 'trades', coin: 'BTC' });
    socket.send({ method: 'unsubscribe', subscription: { type: 'bbo', coin: 'BTC' } });
    socket.send('{"method":');
    await world.seams.advance(50);
    expect(socket.of('error')).toEqual([
      'Invalid subscription {"type":"trades","coin":"NOSUCH"}',
      'Already subscribed: {"type":"trades","coin":"BTC"}',
      'Already unsubscribed: {"type":"bbo","coin":"BTC"}',
      'Error parsing JSON into valid websocket request: {"method":',
    ]);
  });

  it('tells old fills at every subscription, new ones as they come, and order news without a history', async () => {
    const user = world.key.apiKey;
    await world.act(market(true));
    const socket = await world.connect();
    socket.subscribe({ type: 'userFills', user });
    socket.subscribe({ type: 'orderUpdates', user });
    await world.seams.advance(50);
    const [snapshot] = socket.of('userFills') as { isSnapshot: boolean; fills: Json[] }[];
    expect(snapshot!.isSnapshot).toBe(true);
    expect(snapshot!.fills.length).toBeGreaterThan(0);
    expect(socket.of('orderUpdates')).toEqual([]);
    await world.act(market(false));
    await world.seams.advance(50);
    const live = (socket.of('userFills') as { isSnapshot?: boolean; fills: Json[] }[]).slice(1);
    expect(live.every(({ isSnapshot }) => isSnapshot === undefined)).toBe(true);
    expect(live.flatMap(({ fills }) => fills)[0]).toMatchObject({ side: 'A', dir: 'Close Long' });
    const updates = (socket.of('orderUpdates') as unknown as { status: string }[][]).flat();
    expect([updates[0]!.status, updates.at(-1)!.status]).toEqual(['open', 'filled']);
  });

  it('tells the state of the account at once, when it changes, and again after a while', async () => {
    const user = world.key.apiKey;
    const socket = await world.connect();
    socket.subscribe({ type: 'clearinghouseState', user });
    await world.seams.advance(20);
    const states = () =>
      socket.of('clearinghouseState') as { clearinghouseState: { assetPositions: unknown[] } }[];
    expect(states()).toHaveLength(1);
    await world.act(market(true));
    await world.seams.advance(300);
    expect(states().at(-1)!.clearinghouseState.assetPositions).toHaveLength(1);
    await world.act(market(false));
    await world.seams.advance(12_000);
    expect(states().at(-1)!.clearinghouseState.assetPositions).toHaveLength(0);
    expect(states().length).toBeGreaterThanOrEqual(4);
  });

  it('carries questions and signed actions too', async () => {
    const socket = await world.connect();
    const payload = await world.settle(world.signer.sign(placing(order()), world.seams.clock.now(), null));
    socket.send({ method: 'post', id: 7, request: { type: 'info', payload: { type: 'exchangeStatus' } } });
    socket.send({ method: 'post', id: 8, request: { type: 'action', payload } });
    socket.send({
      method: 'post',
      id: 9,
      request: { type: 'info', payload: { type: 'l2Book', coin: 'NOSUCH' } },
    });
    await world.seams.advance(50);
    expect(socket.of('post')).toMatchObject([
      {
        id: 7,
        response: { type: 'info', payload: { type: 'exchangeStatus', data: { specialStatuses: null } } },
      },
      { id: 8, response: { type: 'action', payload: { status: 'ok' } } },
      { id: 9, response: { type: 'error', payload: '500 null' } },
    ]);
  });

  it('ends a socket on which nothing is said for a minute, and takes no eleventh', async () => {
    const silent = await world.connect();
    const pinging = await world.connect();
    const undo = world.seams.timers.every(30_000, () => pinging.send({ method: 'ping' }));
    await world.seams.advance(80_000);
    undo();
    expect([silent.state.closed, pinging.state.closed]).toEqual([1000, null]);
    const more = [];
    for (let at = 0; at < 10; at++) more.push(await world.connect());
    expect(more.filter(({ state }) => state.closed === 1008)).toHaveLength(1);
  });

  it('listens to the market only while somebody listens to it', async () => {
    expect(world.listeners()).toBe(0);
    const socket = await world.connect();
    expect(world.listeners()).toBeGreaterThan(0);
    socket.socket.close();
    await world.seams.advance(100);
    expect(world.listeners()).toBe(0);
  });
});
