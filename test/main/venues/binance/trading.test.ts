import { describe, expect, it } from 'vitest';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { BTC_PERP, createWorld, order, START } from './world';

const stop = order({
  type: 'stop-market',
  triggerPrice: '60000' as Decimal,
  reduceOnly: true,
  side: 'sell',
  clientOrderId: 'wd-7-stop-1' as ClientOrderId,
});
const absent = { status: 400, body: { code: -2013, msg: 'Order does not exist.' } };
const plainRow = (over: object = {}) => ({
  symbol: 'BTCUSDT',
  orderId: 77,
  clientOrderId: 'wd-7-entry-1',
  status: 'FILLED',
  side: 'BUY',
  origQty: '0.010',
  executedQty: '0.010',
  avgPrice: '65000.5',
  stopPrice: '0',
  reduceOnly: false,
  updateTime: START,
  ...over,
});
const algoRow = (over: object = {}) => ({
  symbol: 'BTCUSDT',
  algoId: 2146760,
  clientAlgoId: 'wd-7-stop-1',
  algoStatus: 'NEW',
  side: 'SELL',
  quantity: '0.01',
  triggerPrice: '60000',
  reduceOnly: true,
  closePosition: false,
  updateTime: START,
  actualOrderId: '',
  ...over,
});
type Rows = Record<string, object | undefined>;

/** Futures that know exactly these rows; by client id or, under "id:…", by venue id. */
async function createVenue(plain: Rows, algo: Rows) {
  const world = await createWorld('binance_future');
  world.script(({ path, params }) => {
    if (path === 'order') {
      const row = plain[params.get('origClientOrderId') ?? `id:${params.get('orderId')}`];
      return row === undefined ? absent : { body: row };
    }
    if (path !== 'algoOrder') return undefined;
    const row = algo[params.get('clientAlgoId')!];
    return row === undefined ? absent : { body: row };
  });
  return world;
}

describe('finding a futures order', () => {
  it('asks both families, whatever the order is', async () => {
    const world = await createVenue({}, {});
    expect(await world.result(world.venue.trading!.find(order()))).toEqual({ kind: 'absent' });
    expect(await world.result(world.venue.trading!.find(stop))).toEqual({ kind: 'absent' });
    expect(
      world.asked
        .map((one) => one.path)
        .filter((path) => path.endsWith('rder'))
        .sort(),
    ).toEqual(['algoOrder', 'algoOrder', 'order', 'order']);
  });
  it('finds a plain order with its average price', async () => {
    const world = await createVenue({ 'wd-7-entry-1': plainRow() }, {});
    expect(await world.result(world.venue.trading!.find(order()))).toMatchObject({
      kind: 'found',
      order: {
        venueOrderId: '77',
        status: 'filled',
        filled: '0.01',
        averagePrice: '65000.5',
        triggerPrice: null,
      },
    });
  });
  it('finds a waiting stop', async () => {
    const world = await createVenue({}, { 'wd-7-stop-1': algoRow() });
    expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
      order: {
        venueOrderId: '2146760',
        clientOrderId: 'wd-7-stop-1',
        status: 'open',
        triggerPrice: '60000',
        filled: '0',
      },
    });
  });
  it('follows a triggered stop to the order it became, by name or by id', async () => {
    const child = plainRow({ orderId: 99, clientOrderId: 'wd-7-stop-1', side: 'SELL' });
    const finished = algoRow({ algoStatus: 'FINISHED', actualOrderId: '99' });
    for (const [plain, name] of [
      [{ 'wd-7-stop-1': child }, 'wd-7-stop-1'],
      [{ 'id:99': { ...child, clientOrderId: 'other' } }, 'wd-7-stop-1'],
    ] as const) {
      const world = await createVenue(plain, { 'wd-7-stop-1': finished });
      expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
        order: { venueOrderId: '99', clientOrderId: name, status: 'filled' },
      });
    }
  });
  it('never calls a triggered stop absent or open while its order cannot be seen', async () => {
    const hidden = [{}, { actualOrderId: '99' }];
    for (const child of hidden) {
      const world = await createVenue({}, { 'wd-7-stop-1': algoRow({ algoStatus: 'TRIGGERED', ...child }) });
      await expect(world.result(world.venue.trading!.find(stop))).rejects.toMatchObject({
        code: 'bad-answer',
      });
    }
  });
  it('throws when one family does not answer, although the other says absent', async () => {
    const world = await createVenue({}, {});
    world.script(({ path }) => (path === 'algoOrder' ? { status: 503, text: 'x' } : undefined));
    await expect(world.result(world.venue.trading!.find(stop))).rejects.toMatchObject({ code: 'network' });
  });
  it.each([
    ['another symbol', plainRow({ symbol: 'ETHUSDT' })],
    ['another client id', plainRow({ clientOrderId: 'wd-8-entry-1' })],
    ['an unknown status', plainRow({ status: 'MAYBE' })],
    ['no filled amount', plainRow({ executedQty: undefined })],
  ])('takes a row with %s for a bad answer', async (_, row) => {
    const world = await createVenue({ 'wd-7-entry-1': row }, {});
    await expect(world.result(world.venue.trading!.find(order()))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('open orders', () => {
  it('come from both families of futures', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) => {
      if (path === 'openOrders')
        return { body: [plainRow({ status: 'NEW', executedQty: '0', avgPrice: '0' })] };
      return path === 'openAlgoOrders'
        ? { body: [algoRow(), algoRow({ symbol: 'BTCUSDT_270326', algoId: 5 })] }
        : undefined;
    });
    const orders = await world.result(world.venue.trading!.openOrders());
    expect(orders.map(({ clientOrderId, symbol, status }) => [clientOrderId, symbol, status])).toEqual([
      ['wd-7-entry-1', BTC_PERP, 'open'],
      ['wd-7-stop-1', BTC_PERP, 'open'],
    ]);
  });
  it('are an error when a single row cannot be read: it might be the stop', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) => {
      if (path === 'openOrders') return { body: [] };
      return path === 'openAlgoOrders'
        ? { body: [algoRow(), algoRow({ algoStatus: 'PERHAPS' })] }
        : undefined;
    });
    await expect(world.result(world.venue.trading!.openOrders(BTC_PERP))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
  it('have one family on spot', async () => {
    const world = await createWorld('binance_spot');
    world.script(({ path }) =>
      path === 'openOrders'
        ? { body: [plainRow({ cummulativeQuoteQty: '650', avgPrice: undefined })] }
        : undefined,
    );
    const [one] = await world.result(world.venue.trading!.openOrders());
    expect(one).toMatchObject({ symbol: 'BTC/USDT', averagePrice: '65000' });
    expect(world.asked.map(({ path }) => path)).not.toContain('openAlgoOrders');
  });
});

describe('cancelling and leverage', () => {
  it('cancels a stop in its own family', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path, method }) =>
      method === 'DELETE' ? { body: { algoId: 1, code: '200', msg: path } } : undefined,
    );
    expect(await world.result(world.venue.trading!.cancel(stop))).toEqual({ kind: 'cancelled' });
    expect(await world.result(world.venue.trading!.cancel(order()))).toEqual({ kind: 'cancelled' });
    expect(
      world.asked.map(({ path, params }) => [
        path,
        params.get('clientAlgoId') ?? params.get('origClientOrderId'),
      ]),
    ).toEqual([
      ['algoOrder', 'wd-7-stop-1'],
      ['order', 'wd-7-entry-1'],
    ]);
  });
  it('sets leverage, and throws when it was refused', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path, params }) =>
      path !== 'leverage'
        ? undefined
        : params.get('leverage') === '2'
          ? { body: {} }
          : { status: 400, body: { code: -4028, msg: 'Leverage 500 is not valid' } },
    );
    await world.result(world.venue.trading!.setLeverage!(BTC_PERP, 2));
    await expect(world.result(world.venue.trading!.setLeverage!(BTC_PERP, 500))).rejects.toMatchObject({
      code: 'refused',
    });
    expect((await createWorld('binance_spot')).venue.trading!.setLeverage).toBeUndefined();
  });
});

describe('a venue without a key', () => {
  it('offers neither trading nor an account', async () => {
    const { venue } = await createWorld('binance_future', { withKey: false });
    expect(venue.trading).toBeUndefined();
    expect(venue.account).toBeUndefined();
  });
});
