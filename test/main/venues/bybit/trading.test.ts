import { describe, expect, it } from 'vitest';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';

import { at, BTC, BTC_PERP, createWorld, execution, order, orderRow, page, START, type World } from './world';

const placed = { result: { orderId: '9aac161b-8ed6-450d-9cab-c5cc67c21784', orderLinkId: 'w7k2p-s34h1-e1' } };
/** The order as the exchange has it, seen by both questions that may know it. */
const shows = (world: World, row: object | null) =>
  world.script(({ path, query }) => {
    if (path !== 'order/realtime' && path !== 'order/history') return undefined;
    return page(row === null || query.get('openOnly') === '1' ? [] : [row]);
  });

describe('placing', () => {
  it('sends one request, and takes its answer for no more than taken', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'order/create' ? placed : undefined));
    expect(await world.result(world.venue.trading!.place(order()))).toEqual({
      kind: 'accepted',
      venueOrderId: placed.result.orderId,
      status: 'open',
    });
    expect(world.ofPath('order/create')).toHaveLength(1);
  });
  it('never repeats: no answer, a broken one and a server error are unknown', async () => {
    const world = await createWorld();
    let way = 0;
    world.script(({ path }) =>
      path === 'order/create'
        ? [
            { status: 502, text: 'Bad Gateway' },
            { text: '<html>' },
            { code: 10_016, message: 'Server error' },
          ][way++ % 3]
        : undefined,
    );
    for (let i = 1; i <= 3; i++) {
      expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({ kind: 'unknown' });
      expect(world.ofPath('order/create')).toHaveLength(i);
    }
  });
  it('is a refusal for want of permission or money', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'order/create' ? { code: 10_005, message: 'Permission denied' } : undefined,
    );
    expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({
      kind: 'rejected',
      code: '10005',
    });
  });
});

describe('cancelling', () => {
  const taken = (world: World) => world.script(({ path }) => (path === 'order/cancel' ? placed : undefined));

  it('trap: is done when the order is seen to have ended, not when the exchange has taken the wish', async () => {
    const world = await createWorld();
    taken(world);
    let looks = 0;
    world.script(({ path }) =>
      path === 'order/realtime'
        ? page([orderRow({ orderStatus: ++looks < 3 ? 'New' : 'Cancelled' })])
        : undefined,
    );
    expect(await world.result(world.venue.trading!.cancel(order()))).toEqual({ kind: 'cancelled' });
    expect(looks).toBe(3);
    expect(world.ofPath('order/cancel')).toHaveLength(1);
  });
  it('that came too late finds the order filled', async () => {
    const world = await createWorld();
    taken(world);
    shows(world, orderRow({ orderStatus: 'Filled', cumExecQty: '0.010', avgPrice: '1' }));
    expect(await world.result(world.venue.trading!.cancel(order()))).toMatchObject({ kind: 'not-open' });
  });
  it('that is taken and not carried out is unknown', async () => {
    const world = await createWorld();
    taken(world);
    shows(world, orderRow());
    expect(await world.result(world.venue.trading!.cancel(order()))).toMatchObject({ kind: 'unknown' });
  });
  it('of an order the exchange does not have is no cancel', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'order/cancel' ? { code: 110_001, message: 'order not exists' } : undefined,
    );
    expect(await world.result(world.venue.trading!.cancel(order()))).toMatchObject({ kind: 'not-open' });
  });
  it('of a spot stop looks for the order it became when the stop is gone', async () => {
    const world = await createWorld('bybit_spot');
    world.script(({ path, body }) => {
      if (path !== 'order/cancel') return undefined;
      return body.orderFilter === 'Order' ? placed : { code: 170_213, message: 'Order does not exist.' };
    });
    shows(world, orderRow({ category: 'spot', orderStatus: 'Cancelled' }));
    const stop = order({ symbol: BTC, type: 'stop-market', side: 'sell', triggerPrice: '1' as Decimal });
    expect(await world.result(world.venue.trading!.cancel(stop))).toEqual({ kind: 'cancelled' });
    expect(world.ofPath('order/cancel').map(({ body }) => body.orderFilter)).toEqual(['tpslOrder', 'Order']);
  });
});

describe('finding', () => {
  it('asks open orders, the last that ended, and the history, before it says absent', async () => {
    const world = await createWorld();
    shows(world, null);
    expect(await world.result(world.venue.trading!.find(order()))).toEqual({ kind: 'absent' });
    expect(world.asked.map(({ path, query }) => `${path} ${query.get('openOnly')}`)).toEqual([
      'order/realtime 0',
      'order/realtime 1',
      'order/history null',
    ]);
  });
  it('says nothing by a failed question or an answer about another order', async () => {
    const world = await createWorld();
    world.script(({ path }) => (path === 'order/realtime' ? { text: '<html>' } : undefined));
    await expect(world.result(world.venue.trading!.find(order()))).rejects.toMatchObject({
      code: 'bad-answer',
    });
    shows(world, orderRow({ orderLinkId: 'another' }));
    await expect(world.result(world.venue.trading!.find(order()))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('open orders', () => {
  it('of all symbols are asked for each settlement coin, and contain the waiting ones', async () => {
    const world = await createWorld();
    world.script(({ path, query }) => {
      if (path !== 'order/realtime') return undefined;
      const stop = orderRow({
        orderStatus: 'Untriggered',
        triggerPrice: '60000',
        orderLinkId: 'w7k2p-s1h1-s1',
      });
      return page(query.get('settleCoin') === 'USDT' ? [orderRow(), stop] : []);
    });
    expect(await world.result(world.venue.trading!.openOrders())).toMatchObject([
      { clientOrderId: 'w7k2p-s34h1-e1', triggerPrice: null },
      { clientOrderId: 'w7k2p-s1h1-s1', triggerPrice: '60000', status: 'open' },
    ]);
    expect(
      world
        .ofPath('order/realtime')
        .map(({ query }) => query.get('settleCoin'))
        .sort(),
    ).toEqual(['USDC', 'USDT']);
  });
  it('with one unreadable row are no answer at all: the gap could hide a stop', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'order/realtime' ? page([orderRow(), orderRow({ orderStatus: '?' })]) : undefined,
    );
    await expect(world.result(world.venue.trading!.openOrders(BTC_PERP))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('leverage', () => {
  it('that is as it should be counts as set', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'position/set-leverage' ? { code: 110_043, message: 'not modified' } : undefined,
    );
    await world.result(world.venue.trading!.setLeverage!(BTC_PERP, 5));
    expect(world.ofPath('position/set-leverage')[0]!.body).toMatchObject({
      buyLeverage: '5',
      sellLeverage: '5',
    });
    world.script(({ path }) =>
      path === 'position/set-leverage' ? { code: 110_013, message: 'too much' } : undefined,
    );
    await expect(world.result(world.venue.trading!.setLeverage!(BTC_PERP, 500))).rejects.toThrow('too much');
  });
  it('is read from the position, held or not', async () => {
    const world = await createWorld();
    const row = { symbol: 'BTCUSDT', positionIdx: 0, side: '', size: '0', leverage: '10' };
    world.script(({ path }) => (path === 'position/list' ? page([row]) : undefined));
    expect(await world.result(world.venue.trading!.leverage!(BTC_PERP))).toBe(10);
  });
});

describe('fills over REST', () => {
  const week = 7 * 86_400_000;
  it('come oldest first, once, over all windows and pages, without payments of funding', async () => {
    const world = await createWorld();
    const rows = [
      execution({ execId: 'late', execTime: String(START - 1_000), seq: 3 }),
      execution({ execId: 'twin-b', execTime: String(START - 9_000), seq: 2 }),
      execution({ execId: 'pay', execType: 'Funding', execTime: String(START - 9_000) }),
      execution({ execId: 'twin-a', execTime: String(START - 9_000), seq: 1 }),
      execution({ execId: 'early', execTime: String(START - week), seq: 1 }),
    ];
    world.script(({ path, query }) => {
      if (path === 'market/kline')
        return { result: { symbol: 'BTCUSDT', list: [[String(START), '1', '1', '1', '1', '1', '1']] } };
      if (path !== 'execution/list') return undefined;
      const [start, end] = [Number(query.get('startTime')), Number(query.get('endTime'))];
      expect(end - start).toBeLessThan(week);
      const inside = rows.filter(({ execTime }) => Number(execTime) >= start && Number(execTime) <= end);
      const from = Number(query.get('cursor') ?? 0);
      return page(inside.slice(from, from + 2), from + 2 < inside.length ? String(from + 2) : '');
    });
    const fills = await world.result(world.venue.account!.fillsSince(BTC_PERP, at(-8 * 86_400_000)));
    expect(fills.map(({ tradeId }) => tradeId)).toEqual(['early', 'twin-a', 'twin-b', 'late']);
    expect(fills.every(({ clientOrderId }) => clientOrderId === ('w7k2p-s34h1-e1' as ClientOrderId))).toBe(
      true,
    );
  });
  it('of an instrument that never traded are none', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'market/kline' ? { result: { symbol: 'BTCUSDT', list: [] } } : undefined,
    );
    expect(await world.result(world.venue.account!.fillsSince(BTC_PERP, at(0)))).toEqual([]);
  });
});
