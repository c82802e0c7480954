import { describe, expect, it } from 'vitest';
import { VenueError } from '#main/venues/index';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { BTC, createWorld, order, START, type World } from './world';

const d = (text: string) => text as Decimal;
const stop = order({ type: 'stop-market', side: 'sell', triggerPrice: d('60000'), reduceOnly: true });
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
const ROW = {
  orderId: '739113577038255616',
  symbol: 'BTC_USDT',
  vol: 100,
  side: 1,
  dealAvgPrice: 65000,
  dealVol: 40,
  state: 2,
  externalOid: 'w7k2p-s34h1-e1',
  createTime: START,
  updateTime: START,
};
const plans = (world: World, ...rows: object[]) =>
  world.script(({ path }) => (path === 'planorder/list/orders' ? { data: rows } : undefined));
const sent = (world: World, path: string) => world.asked.filter((one) => one.path === path);

describe('placing on MEXC futures', () => {
  it('names the leverage that was set, and asks for it where nobody set it', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'order/create' ? { data: { orderId: ROW.orderId } } : undefined));
    await world.result(world.venue.trading!.place(order()));
    await world.result(
      world.venue.trading!.place(order({ clientOrderId: 'w7k2p-s34h1-e2' as ClientOrderId })),
    );
    expect(sent(world, 'position/leverage')).toHaveLength(1);
    expect(sent(world, 'order/create').map(({ body }) => JSON.parse(body).leverage)).toEqual([20, 20]);
  });
  it('sends nothing when the leverage cannot be had, and one request otherwise, whatever comes back', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'position/leverage' ? { status: 500, text: '' } : undefined));
    expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({ kind: 'not-sent' });
    expect(sent(world, 'order/create')).toHaveLength(0);
    world.script(({ path }) => (path === 'order/create' ? { status: 502, text: '<html>' } : undefined));
    const reducing = order({ side: 'sell', reduceOnly: true });
    expect(await world.result(world.venue.trading!.place(reducing))).toMatchObject({ kind: 'unknown' });
    expect(sent(world, 'order/create')).toHaveLength(1);
  });
  it('sets the leverage of both directions, or of the position by its id', async () => {
    const world = await createWorld();
    let held: object[] = [];
    world.script(({ path }) => {
      if (path === 'position/open_positions') return { data: held };
      return path === 'position/change_leverage' ? { data: null } : undefined;
    });
    await world.result(world.venue.trading!.setLeverage!(order().symbol, 5));
    held = [{ symbol: 'BTC_USDT', positionId: 1_109_973_831 }];
    await world.result(world.venue.trading!.setLeverage!(order().symbol, 6));
    expect(sent(world, 'position/change_leverage').map(({ body }) => JSON.parse(body))).toEqual([
      { symbol: 'BTC_USDT', leverage: 5, openType: 2, positionType: 1 },
      { symbol: 'BTC_USDT', leverage: 5, openType: 2, positionType: 2 },
      { positionId: '1109973831', leverage: 6 },
    ]);
  });
});

describe('asking MEXC futures for an order', () => {
  it.each([
    ['success without data', { body: { success: true, code: 0 } }],
    ['code 2040', { body: { success: false, code: 2040, message: 'order not exist' } }],
  ])('is absent where the answer is %s', async (_, reply) => {
    const world = await createWorld();
    world.script(({ path }) => (path.startsWith('order/external/') ? reply : undefined));
    expect(await world.result(world.venue.trading!.find(order()))).toEqual({ kind: 'absent' });
  });
  it('is found by our id', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'order/external/BTC_USDT/w7k2p-s34h1-e1' ? { data: ROW } : undefined,
    );
    expect(await world.result(world.venue.trading!.find(order()))).toMatchObject({
      kind: 'found',
      order: { status: 'partially_filled', filled: '0.004', amount: '0.01', averagePrice: '65000' },
    });
  });
  it('takes an answer about another order or symbol for none', async () => {
    for (const over of [{ externalOid: 'other' }, { symbol: 'ETH_USDT' }]) {
      const world = await createWorld();
      world.script(({ path }) =>
        path.startsWith('order/external/') ? { data: { ...ROW, ...over } } : undefined,
      );
      await expect(world.result(world.venue.trading!.find(order()))).rejects.toBeInstanceOf(VenueError);
    }
  });
  it('cancels by MEXC’s id, asking for it after a restart', async () => {
    const world = await createWorld();
    world.script(({ path }) => {
      if (path.startsWith('order/external/')) return { data: ROW };
      if (path === 'order/cancel')
        return { data: [{ orderId: ROW.orderId, errorCode: 0, errorMsg: 'success' }] };
      return undefined;
    });
    expect(await world.result(world.venue.trading!.cancel(order()))).toEqual({ kind: 'cancelled' });
    expect(sent(world, 'order/cancel')[0]!.body).toBe('["739113577038255616"]');
  });
});

describe('a futures stop, which MEXC keeps without our id', () => {
  it('is found by what it says after a restart, and known by MEXC’s id from then on', async () => {
    const world = await createWorld();
    plans(world, { ...PLAN, id: '1', triggerPrice: 61000 }, PLAN, { ...PLAN, id: '2', vol: 99 });
    expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
      kind: 'found',
      order: { venueOrderId: PLAN.id, clientOrderId: stop.clientOrderId, status: 'open' },
    });
    plans(world, { ...PLAN, state: 2 });
    expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
      order: { status: 'cancelled' },
    });
  });
  it('is absent where none is alike, and in doubt where two that stand are', async () => {
    const world = await createWorld();
    plans(world, { ...PLAN, side: 2 }, { ...PLAN, triggerType: 1 });
    expect(await world.result(world.venue.trading!.find(stop))).toEqual({ kind: 'absent' });
    plans(world, PLAN, { ...PLAN, id: '739113577038255701' });
    await expect(world.result(world.venue.trading!.find(stop))).rejects.toThrow('alike');
    expect(await world.result(world.venue.trading!.cancel(stop))).toMatchObject({ kind: 'unknown' });
    expect(sent(world, 'planorder/cancel')).toHaveLength(0);
  });
  it('is never taken for another stop of ours that is known', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'planorder/place' ? { data: PLAN.id } : undefined));
    await world.result(world.venue.trading!.place(stop));
    plans(world, PLAN);
    const twin = { ...stop, clientOrderId: 'w7k2p-s34h1-s2' as ClientOrderId };
    expect(await world.result(world.venue.trading!.find(twin))).toEqual({ kind: 'absent' });
  });
  it('that was accepted but is not listed is in doubt, not absent', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'planorder/place' ? { data: PLAN.id } : undefined));
    await world.result(world.venue.trading!.place(stop));
    plans(world);
    await expect(world.result(world.venue.trading!.find(stop))).rejects.toBeInstanceOf(VenueError);
  });
  it('that has fired is the order it became', async () => {
    const world = await createWorld();
    plans(world, { ...PLAN, state: 3, orderId: '739113577038255800' });
    world.script(({ path }) =>
      path === 'order/get/739113577038255800'
        ? {
            data: {
              ...ROW,
              orderId: '739113577038255800',
              side: 4,
              state: 3,
              dealVol: 100,
              externalOid: '_m_1',
            },
          }
        : undefined,
    );
    expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
      order: {
        venueOrderId: '739113577038255800',
        status: 'filled',
        clientOrderId: stop.clientOrderId,
        filled: '0.01',
      },
    });
  });
  it('that has fired into an order not visible yet is in doubt', async () => {
    const world = await createWorld();
    plans(world, { ...PLAN, state: 3, orderId: '5' });
    world.script(({ path }) => (path === 'order/get/5' ? { body: { success: true, code: 0 } } : undefined));
    await expect(world.result(world.venue.trading!.find(stop))).rejects.toThrow('not visible yet');
  });
  it('trap: is cancelled in its own service, and believed only when the list says so', async () => {
    const world = await createWorld();
    plans(world, PLAN);
    let state = 1;
    world.script(({ path }) => {
      if (path === 'planorder/cancel') return { body: { success: true, code: 0 } };
      return path === 'planorder/list/orders' ? { data: [{ ...PLAN, state }] } : undefined;
    });
    expect(await world.result(world.venue.trading!.cancel(stop))).toMatchObject({ kind: 'unknown' });
    state = 2;
    expect(await world.result(world.venue.trading!.cancel(stop))).toEqual({ kind: 'cancelled' });
    state = 3;
    expect(await world.result(world.venue.trading!.cancel(stop))).toMatchObject({ kind: 'not-open' });
    expect(sent(world, 'order/cancel')).toHaveLength(0);
    expect(JSON.parse(sent(world, 'planorder/cancel')[0]!.body)).toEqual([
      { symbol: 'BTC_USDT', orderId: PLAN.id },
    ]);
  });
  it('is asked for in all families: plain, trigger, on positions, trailing', async () => {
    const world = await createWorld();
    plans(world, PLAN);
    world.script(({ path }) => {
      if (path === 'order/list/open_orders') return { data: { resultList: [ROW], totalPage: 1 } };
      if (path === 'stoporder/list/orders')
        return {
          data: [
            {
              id: 9,
              symbol: 'BTC_USDT',
              positionType: 1,
              vol: 10,
              stopLossPrice: 42000,
              takeProfitPrice: 48000,
              createTime: START,
            },
          ],
        };
      if (path === 'trackorder/list/orders')
        return {
          data: [
            { id: 7, symbol: 'BTC_USDT', side: 4, vol: 5, state: 1, triggerPrice: 44750, createTime: START },
          ],
        };
      return undefined;
    });
    const open = await world.result(world.venue.trading!.openOrders());
    expect(open.map(({ venueOrderId, triggerPrice }) => [venueOrderId, triggerPrice])).toEqual([
      [ROW.orderId, null],
      [PLAN.id, '60000'],
      ['9', '42000'],
      ['9-tp', '48000'],
      ['7', '44750'],
    ]);
    expect(open.slice(1).every(({ reduceOnly }) => reduceOnly)).toBe(true);
  });
});

describe('open orders of MEXC spot, which are told one symbol at a time', () => {
  const OPEN = {
    symbol: 'BTCUSDT',
    orderId: 'C02__1',
    clientOrderId: 'wd-1',
    price: '60000',
    origQty: '0.01',
    executedQty: '0',
    status: 'NEW',
    side: 'SELL',
    time: START,
  };
  const locked = (world: World, ...rows: [asset: string, locked: string][]) =>
    world.script(({ path, params }) => {
      if (path === 'account')
        return { body: { balances: rows.map(([asset, amount]) => ({ asset, free: '0', locked: amount })) } };
      return path === 'openOrders' ? { body: params.get('symbol') === 'BTCUSDT' ? [OPEN] : [] } : undefined;
    });
  it('are none where nothing is locked, without asking further', async () => {
    const world = await createWorld('mexc_spot');
    locked(world, ['BTC', '0']);
    expect(await world.result(world.venue.trading!.openOrders())).toEqual([]);
    expect(sent(world, 'openOrders')).toHaveLength(0);
  });
  it('are looked for where coins are locked', async () => {
    const world = await createWorld('mexc_spot');
    locked(world, ['BTC', '0.01']);
    expect(await world.result(world.venue.trading!.openOrders())).toMatchObject([
      { venueOrderId: 'C02__1', side: 'sell' },
    ]);
  });
  it('are refused as half a list when money is locked that they do not explain', async () => {
    const world = await createWorld('mexc_spot');
    locked(world, ['BTC', '0.01'], ['USDT', '500']);
    await expect(world.result(world.venue.trading!.openOrders())).rejects.toThrow('one symbol at a time');
  });
  it('are asked for by symbol as they are', async () => {
    const world = await createWorld('mexc_spot');
    locked(world);
    expect(await world.result(world.venue.trading!.openOrders(BTC))).toHaveLength(1);
  });
});

describe('fills of MEXC', () => {
  const trade = (index: number, time: number) => ({
    symbol: 'BTCUSDT',
    id: `${index}X1`,
    orderId: 'C02__1',
    clientOrderId: 'wd-1',
    price: '65000',
    qty: '0.001',
    quoteQty: '65',
    commission: '0.01',
    commissionAsset: 'MX',
    time,
    isBuyer: true,
    isMaker: false,
  });
  it('of spot are all read, halving a window that comes back full', async () => {
    const world = await createWorld('mexc_spot');
    const all = Array.from({ length: 350 }, (_, index) => trade(index, START - 1_000_000 + index * 1_000));
    world.script(({ path, params }) => {
      if (path === 'klines') return { body: [[START - 60_000, '1', '1', '1', '1', '1', START, '1']] };
      if (path !== 'myTrades') return undefined;
      const [from, to] = [Number(params.get('startTime')), Number(params.get('endTime'))];
      const inside = all.filter(({ time }) => time >= from && time <= to).reverse();
      return { body: inside.slice(0, Number(params.get('limit'))) };
    });
    const fills = await world.result(world.venue.account!.fillsSince(BTC, (START - 2_000_000) as never));
    expect(fills.map(({ tradeId }) => tradeId)).toEqual(all.map(({ id }) => id));
    expect(fills[0]).toMatchObject({ fee: { cost: '0.01', currency: 'MX' }, cost: '65' });
  });
  it('of futures come page by page, bare or wrapped, and a fired stop’s are named by its trigger order', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'planorder/place' ? { data: PLAN.id } : undefined));
    await world.result(world.venue.trading!.place(stop));
    const deal = (id: number) => ({
      id,
      symbol: 'BTC_USDT',
      side: 4,
      vol: 1,
      price: 65000,
      fee: -0.1,
      feeCurrency: 'USDT',
      timestamp: START - 10_000 + id,
      orderId: '5',
      taker: false,
    });
    plans(world, { ...PLAN, state: 3, orderId: '5' });
    world.script(({ path, params }) => {
      if (path === 'kline/BTC_USDT')
        return {
          data: { time: [(START - 60_000) / 1_000], open: [1], high: [1], low: [1], close: [1], vol: [1] },
        };
      if (path === 'order/get/5') return { data: { ...ROW, orderId: '5', externalOid: '' } };
      if (path !== 'order/list/order_deals/v3') return undefined;
      const page = Number(params.get('page_num'));
      return { data: { totalPage: 2, currentPage: page, resultList: page === 1 ? [deal(2)] : [deal(1)] } };
    });
    const fills = await world.result(
      world.venue.account!.fillsSince(order().symbol, (START - 20_000) as never),
    );
    expect(fills).toMatchObject([
      { tradeId: '1', clientOrderId: stop.clientOrderId, maker: true, fee: { cost: '-0.1' }, side: 'sell' },
      { tradeId: '2', clientOrderId: stop.clientOrderId },
    ]);
  });
  it('positions of an account in hedge mode are refused in words', async () => {
    const world = await createWorld();
    const row = { symbol: 'BTC_USDT', holdVol: 1, holdAvgPrice: 1, liquidatePrice: 0 };
    world.script(({ path }) =>
      path === 'position/open_positions'
        ? {
            data: [
              { ...row, positionType: 1 },
              { ...row, positionType: 2 },
            ],
          }
        : undefined,
    );
    await expect(world.result(world.venue.account!.positions!())).rejects.toThrow('one-way mode');
  });
});
