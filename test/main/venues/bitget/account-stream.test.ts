import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '#main/venues/index';
import type { MarketKind } from '#shared/domain/exchange';
import { createWorld, START, SYMBOL, signIn, type World } from './world';

const PRODUCT = { spot: 'SPOT', future: 'USDT-FUTURES' } as const;
const push = (market: MarketKind, channel: string, rows: unknown[]) => ({
  action: 'snapshot',
  arg: { instType: PRODUCT[market], channel, instId: 'default' },
  data: rows,
  ts: START,
});
const futureOrder = (over: object = {}) => ({
  instId: 'BTCUSDT',
  orderId: '1361200000000000001',
  clientOid: 'wd-1',
  size: '0.02',
  orderType: 'market',
  side: 'sell',
  posMode: 'one_way_mode',
  reduceOnly: 'no',
  baseVolume: '0.02',
  accBaseVolume: '0.02',
  fillPrice: '68010.1',
  priceAvg: '68010.1',
  tradeId: '11',
  fillTime: String(START),
  fillFee: '-0.8',
  fillFeeCoin: 'USDT',
  tradeScope: 'T',
  status: 'filled',
  cTime: String(START),
  uTime: String(START),
  ...over,
});
const futureFill = (over: object = {}) => ({
  orderId: '1361200000000000001',
  clientOid: 'wd-1',
  tradeId: '11',
  symbol: 'BTCUSDT',
  side: 'sell',
  posMode: 'one_way_mode',
  price: '68010.1',
  baseVolume: '0.02',
  quoteVolume: '1360.202',
  tradeScope: 'taker',
  feeDetail: [{ feeCoin: 'USDT', deduction: 'no', totalDeductionFee: '0', totalFee: '-0.8' }],
  cTime: String(START),
  ...over,
});
const spotFill = (over: object = {}) => ({
  orderId: '1361100000000000001',
  tradeId: '21',
  symbol: 'BTCUSDT',
  side: 'buy',
  priceAvg: '68000',
  size: '0.1',
  amount: '6800',
  tradeScope: 'taker',
  feeDetail: [{ feeCoin: 'BTC', deduction: 'no', totalDeductionFee: '0', totalFee: '0.0001' }],
  cTime: String(START),
  ...over,
});
const PLAN = {
  orderId: '70',
  planType: 'loss_plan',
  planStatus: 'executed',
  symbol: 'BTCUSDT',
  side: 'sell',
  size: '1',
  triggerPrice: '9',
  cTime: String(START),
  uTime: String(START),
};
const listen = (world: World) => {
  const news: AccountEvent[] = [];
  const undo = world.venue.account!.subscribe((event) => news.push(event));
  return { news, undo };
};
const fills = (news: readonly AccountEvent[]) =>
  news.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));
const status = (world: World) => world.pool.statuses().find(({ key }) => key.endsWith('private'))!;

describe('the account stream', () => {
  it.each(['spot', 'future'] as const)(
    '%s: signs in, wants every channel, and is live when all are confirmed',
    async (market) => {
      const world = await createWorld(market);
      const { news } = listen(world);
      await world.seams.advance(1_000);
      expect(world.sockets.map(({ path }) => path)).toEqual(['/v2/ws/private']);
      const [login, subscribe] = world.frames.map(
        ({ text }) => JSON.parse(text) as { op: string; args: object[] },
      );
      expect(login!.op).toBe('login');
      const channels = [
        'orders',
        'fill',
        'orders-algo',
        ...(market === 'future' ? ['positions'] : []),
        'account',
      ];
      expect(subscribe!.args.map((arg) => (arg as { channel: string }).channel)).toEqual(channels);
      expect(news.map(({ type }) => type)).toEqual(['resumed']);
      expect(status(world).state).toBe('live');
    },
  );
  it('is not live while a channel is not confirmed', async () => {
    const world = await createWorld('future');
    world.answer((socket, text) =>
      signIn(socket, text.replace(/,\{"instType":"USDT-FUTURES","channel":"account".*?\}/, '')),
    );
    const { news } = listen(world);
    await world.seams.advance(5_000);
    expect(news).toEqual([]);
    expect(status(world).state).not.toBe('live');
  });
  it.each([
    ['30011', 'Invalid ACCESS_KEY'],
    ['30012', 'Invalid ACCESS_PASSPHRASE'],
    [30015, 'Invalid sign'],
  ])('M-280 stops at a key that is refused (%s), in the words of the exchange', async (code, msg) => {
    const world = await createWorld('spot');
    world.answer((socket) => socket.send(JSON.stringify({ event: 'error', code, msg })));
    listen(world);
    await world.seams.advance(300_000);
    expect(status(world)).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining(msg) as unknown,
    });
    expect(world.sockets).toHaveLength(1);
  });
  it('measures the clock when its time was refused, and tries again', async () => {
    const world = await createWorld('spot');
    let refuse = true;
    world.answer((socket, text) => {
      if (refuse && text.includes('login')) {
        refuse = false;
        socket.send(JSON.stringify({ event: 'error', code: 30014, msg: 'Request timestamp expired' }));
      } else signIn(socket, text);
    });
    world.script(({ path }) =>
      path === 'v2/public/time'
        ? { data: { serverTime: String(world.seams.clock.now() + 3_600_000) } }
        : undefined,
    );
    listen(world);
    await world.seams.advance(60_000);
    expect(status(world).state).toBe('live');
    const logins = world.frames.filter(({ text }) => text.includes('"login"'));
    const times = logins.map(
      ({ text }) => (JSON.parse(text) as { args: { timestamp: string }[] }).args[0]!.timestamp,
    );
    expect(Number(times[1]) - Number(times[0])).toBeGreaterThan(3_500);
  });
  it('tells a fill once, though two channels tell it', async () => {
    const world = await createWorld('future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, push('future', 'orders', [futureOrder()]));
    world.send(-1, push('future', 'fill', [futureFill(), futureFill({ tradeId: '12', baseVolume: '0.01' })]));
    await world.seams.advance(100);
    expect(fills(news).map(({ tradeId }) => tradeId)).toEqual(['11', '12']);
    expect(fills(news)[0]).toMatchObject({
      symbol: SYMBOL.future,
      clientOrderId: 'wd-1',
      fee: { cost: '0.8' },
    });
  });
  it('after a reconnection nothing is lost or doubled of what comes again', async () => {
    const world = await createWorld('future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, push('future', 'fill', [futureFill()]));
    await world.seams.advance(100);
    world.sockets[0]!.terminate();
    await world.seams.advance(20_000);
    expect(world.sockets.length).toBeGreaterThan(1);
    world.send(-1, push('future', 'fill', [futureFill(), futureFill({ tradeId: '12' })]));
    await world.seams.advance(100);
    expect(fills(news).map(({ tradeId }) => tradeId)).toEqual(['11', '12']);
    expect(news.filter(({ type }) => type === 'resumed')).toHaveLength(2);
  });
  it('a session that the exchange ended is begun anew', async () => {
    const world = await createWorld('spot');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, { event: 'error', code: '30004', msg: 'User needs to log in' });
    await world.seams.advance(10_000);
    expect(news.filter(({ type }) => type === 'resumed')).toHaveLength(2);
  });
  it('reads the account whole when money or positions moved', async () => {
    const world = await createWorld('future');
    world.script(({ path }) => {
      if (path === 'v2/mix/account/accounts')
        return {
          data: [
            {
              marginCoin: 'USDT',
              locked: '0',
              available: '100',
              crossedMaxAvailable: '80',
              accountEquity: '105',
              unrealizedPL: '5',
            },
          ],
        };
      if (path === 'v2/mix/position/all-position')
        return {
          data: [
            {
              symbol: 'BTCUSDT',
              holdSide: 'short',
              total: '0.02',
              openPriceAvg: '68000',
              posMode: 'one_way_mode',
              liquidationPrice: '0',
            },
          ],
        };
      return undefined;
    });
    const { news } = listen(world);
    await world.seams.advance(1_000);
    for (let i = 0; i < 5; i++) world.send(-1, push('future', 'positions', []));
    await world.seams.advance(1_000);
    expect(news.slice(1)).toMatchObject([
      { type: 'balances', balances: [{ asset: 'USDT', free: '80', locked: '20' }] },
      { type: 'positions', positions: [{ symbol: SYMBOL.future, amount: '-0.02', liquidationPrice: null }] },
    ]);
    expect(world.count('v2/mix/account/accounts')).toBe(1);
  });
  it('a frame it cannot read is counted, and the next one is read', async () => {
    const world = await createWorld('future');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, '{"action":"snap');
    world.send(-1, push('future', 'fill', [futureFill({ symbol: 'NOSUCHUSDT' })]));
    world.send(-1, push('future', 'fill', [futureFill()]));
    await world.seams.advance(100);
    expect(status(world).badFrames).toBe(2);
    expect(fills(news)).toHaveLength(1);
  });
});

describe('the names of orders', () => {
  it('a spot fill waits for its order to tell our id, without asking', async () => {
    const world = await createWorld('spot');
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, push('spot', 'fill', [spotFill()]));
    await world.seams.advance(50);
    expect(fills(news)).toEqual([]);
    const { price: _price, ...row } = {
      ...futureOrder({ orderId: '1361100000000000001', clientOid: 'wd-7', side: 'buy', baseVolume: '0' }),
      price: '1',
    };
    world.send(-1, push('spot', 'orders', [{ ...row, newSize: '0.1' }]));
    await world.seams.advance(10);
    expect(fills(news)).toMatchObject([{ clientOrderId: 'wd-7', tradeId: '21' }]);
    expect(world.count('v2/spot/trade/orderInfo')).toBe(0);
  });
  it('a spot fill nobody named is asked about, and news of other orders does not wait for it', async () => {
    const world = await createWorld('spot');
    world.script(({ path, params }) =>
      path === 'v2/spot/trade/orderInfo'
        ? {
            data:
              params.orderId === '1361100000000000001'
                ? [{ orderId: '1361100000000000001', clientOid: 'wd-8', orderSource: 'normal' }]
                : [],
          }
        : undefined,
    );
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, push('spot', 'fill', [spotFill(), spotFill({ tradeId: '22' })]));
    const row = futureOrder({ orderId: '5', clientOid: 'wd-9', side: 'buy', baseVolume: '0' });
    world.send(-1, push('spot', 'orders', [row]));
    await world.seams.advance(1_000);
    const told = news.flatMap((event) =>
      event.type === 'order'
        ? [event.order.clientOrderId]
        : event.type === 'fill'
          ? [event.fill.clientOrderId]
          : [],
    );
    expect(told).toEqual(['wd-9', 'wd-8', 'wd-8']);
    expect(world.count('v2/spot/trade/orderInfo')).toBe(1);
  });
  it('what a stop became is told under the name of the stop', async () => {
    const world = await createWorld('future');
    world.script(({ path, params }) => {
      if (path === 'v2/mix/order/detail')
        return {
          data: {
            orderId: params.orderId,
            clientOid: '1361900000000000001',
            symbol: 'BTCUSDT',
            orderSource: 'loss_plan_market',
          },
        };
      if (path === 'v2/mix/order/orders-plan-history')
        return {
          data: {
            entrustedList:
              params.planType === 'profit_loss'
                ? [
                    {
                      orderId: '70',
                      clientOid: 'wd-stop',
                      planType: 'loss_plan',
                      planStatus: 'executed',
                      executeOrderId: '77',
                      symbol: 'BTCUSDT',
                      side: 'sell',
                      size: '1',
                      triggerPrice: '9',
                      cTime: String(START),
                      uTime: String(START),
                    },
                  ]
                : null,
            endId: null,
          },
        };
      return undefined;
    });
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(
      -1,
      push('future', 'orders', [futureOrder({ orderId: '77', clientOid: '1361900000000000001' })]),
    );
    await world.seams.advance(1_000);
    expect(news.slice(1)).toMatchObject([
      { type: 'fill', fill: { clientOrderId: 'wd-stop', venueOrderId: '77' } },
      { type: 'order', order: { clientOrderId: 'wd-stop', status: 'filled' } },
    ]);
  });
  it('waits for the list of fired stops when that lags behind the stream', async () => {
    const world = await createWorld('future');
    let lists = 0;
    world.script(({ path, params }) => {
      if (path === 'v2/mix/order/detail')
        return {
          data: {
            orderId: params.orderId,
            clientOid: '136190',
            symbol: 'BTCUSDT',
            orderSource: 'loss_market',
          },
        };
      if (path !== 'v2/mix/order/orders-plan-history') return undefined;
      const fired = { ...PLAN, clientOid: 'wd-late', executeOrderId: '77' };
      return {
        data: { entrustedList: ++lists > 3 && params.planType === 'profit_loss' ? [fired] : [], endId: '' },
      };
    });
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, push('future', 'fill', [futureFill({ orderId: '77', clientOid: '136190' })]));
    await world.seams.advance(500);
    expect(fills(news)).toEqual([]);
    await world.seams.advance(3_000);
    expect(fills(news)).toMatchObject([{ clientOrderId: 'wd-late' }]);
  });
  it('an order of somebody else is told without a name, and asked about once', async () => {
    const world = await createWorld('future');
    world.script(({ path, params }) =>
      path === 'v2/mix/order/detail'
        ? { data: { orderId: params.orderId, clientOid: '99', symbol: 'BTCUSDT', orderSource: 'normal' } }
        : undefined,
    );
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const foreign = { orderId: '88', clientOid: '99' };
    world.send(-1, push('future', 'fill', [futureFill(foreign)]));
    await world.seams.advance(1_000);
    world.send(-1, push('future', 'fill', [futureFill({ ...foreign, tradeId: '13' })]));
    await world.seams.advance(1_000);
    expect(fills(news).map(({ clientOrderId }) => clientOrderId)).toEqual([null, null]);
    expect(world.count('v2/mix/order/detail')).toBe(1);
  });
  it('a fill is told without its name rather than never, when nobody answers', async () => {
    const world = await createWorld('spot');
    world.script(({ path }) => (path === 'v2/spot/trade/orderInfo' ? { status: 503, text: '' } : undefined));
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(-1, push('spot', 'fill', [spotFill()]));
    await world.seams.advance(120_000);
    expect(fills(news)).toMatchObject([{ tradeId: '21', clientOrderId: null }]);
  });
});
