import { describe, expect, it } from 'vitest';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { BTC_PERP, createWorld, order, type Reply, START } from './world';

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

const config = (over: object = {}) => ({
  symbol: 'BTCUSDT',
  marginType: 'CROSSED',
  isAutoAddMargin: 'false',
  leverage: 21,
  maxNotionalValue: '1000000.00',
  ...over,
});
/** Futures whose symbolConfig answers this; every other question as usual. */
async function createConfigured(reply: Reply) {
  const world = await createWorld('binance_future');
  world.script(({ path }) => (path === 'symbolConfig' ? reply : undefined));
  return world;
}

describe('the leverage an account really has', () => {
  it('M-085 is read from the exchange, for the symbol asked', async () => {
    const world = await createConfigured({ body: [config({ symbol: 'ETHUSDT', leverage: 3 }), config()] });
    expect(await world.result(world.venue.trading!.leverage!(BTC_PERP))).toBe(21);
    expect(world.asked.map(({ method, path, params }) => [method, path, params.get('symbol')])).toEqual([
      ['GET', 'symbolConfig', 'BTCUSDT'],
    ]);
  });
  it.each<[string, Reply]>([
    ['no row', { body: [] }],
    ['another symbol', { body: [config({ symbol: 'ETHUSDT' })] }],
    ['no number', { body: [config({ leverage: 'twenty' })] }],
    ['a leverage of 0', { body: [config({ leverage: 0 })] }],
    ['no list', { body: config() }],
  ])('M-085 is an error, never a guess, when the answer has %s', async (_, reply) => {
    const world = await createConfigured(reply);
    await expect(world.result(world.venue.trading!.leverage!(BTC_PERP))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
  it('M-085 is an error when the exchange does not say', async () => {
    const world = await createConfigured({ status: 503, text: 'x' });
    await expect(world.result(world.venue.trading!.leverage!(BTC_PERP))).rejects.toMatchObject({
      code: 'network',
    });
  });
  it('is no question on spot', async () => {
    expect((await createWorld('binance_spot')).venue.trading!.leverage).toBeUndefined();
  });
});

describe('the largest position an account may hold', () => {
  const capsOf = async (reply: Reply) => {
    const world = await createConfigured(reply);
    return (await world.result(world.venue.reference.instruments())).map((one) => one.maxNotional);
  };

  it('M-084 comes with the instruments, symbol by symbol', async () => {
    expect(await capsOf({ body: [config(), config({ symbol: 'NOPEUSDT' })] })).toEqual(['1000000', null]);
    expect(
      await capsOf({
        body: [config({ maxNotionalValue: 'INF' }), config({ symbol: 'ETHUSDT', maxNotionalValue: '0' })],
      }),
    ).toEqual([null, null]);
  });
  it.each<[string, Reply]>([
    ['refuses', { status: 401, body: { code: -2015, msg: 'Invalid API-key' } }],
    ['fails', { status: 503, text: 'x' }],
    ['says something else', { body: [config({ maxNotionalValue: 'much' })] }],
  ])('M-084 is unknown when the exchange %s, and the instruments come all the same', async (_, reply) => {
    expect(await capsOf(reply)).toEqual([null, null]);
  });
  it('is not asked for without a key', async () => {
    const world = await createWorld('binance_future', { withKey: false });
    expect(await world.result(world.venue.reference.instruments())).toHaveLength(2);
    expect(world.asked.map(({ path }) => path)).toEqual(['exchangeInfo']);
  });
});

describe('what reconciling compares', () => {
  it.each([
    [
      'openOrders',
      plainRow({ status: 'NEW', executedQty: '0', side: 'SELL', reduceOnly: true }),
      'openAlgoOrders',
    ],
    ['openAlgoOrders', algoRow(), 'openOrders'],
  ])('has side, age and reduce-only of an order out of %s', async (family, row, other) => {
    const world = await createWorld('binance_future');
    world.script(({ path }) =>
      path === family ? { body: [row] } : path === other ? { body: [] } : undefined,
    );
    expect(await world.result(world.venue.trading!.openOrders())).toMatchObject([
      { symbol: BTC_PERP, side: 'sell', reduceOnly: true, updatedAt: START, amount: '0.01' },
    ]);
  });
  it.each([
    ['openOrders', plainRow({ status: 'NEW', reduceOnly: false, closePosition: true }), 'openAlgoOrders'],
    ['openAlgoOrders', algoRow({ reduceOnly: false, closePosition: true, quantity: '0' }), 'openOrders'],
  ])(
    'calls a close-position order out of %s reduce-only, for it can only reduce',
    async (family, row, other) => {
      const world = await createWorld('binance_future');
      world.script(({ path }) =>
        path === family ? { body: [row] } : path === other ? { body: [] } : undefined,
      );
      expect(await world.result(world.venue.trading!.openOrders())).toMatchObject([{ reduceOnly: true }]);
    },
  );
  it.each([
    ['openOrders', plainRow({ status: 'NEW', updateTime: undefined })],
    ['openOrders', plainRow({ status: 'NEW', side: 'HOLD' })],
    ['openAlgoOrders', algoRow({ updateTime: 0 })],
    ['openAlgoOrders', algoRow({ side: undefined })],
  ])('spoils the answer of %s when side or age cannot be read', async (family, row) => {
    const world = await createWorld('binance_future');
    world.script(({ path }) => {
      if (path === family) return { body: [row] };
      return path.startsWith('open') ? { body: [] } : undefined;
    });
    await expect(world.result(world.venue.trading!.openOrders())).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('a venue without a key', () => {
  it('offers neither trading nor an account', async () => {
    const { venue } = await createWorld('binance_future', { withKey: false });
    expect(venue.trading).toBeUndefined();
    expect(venue.account).toBeUndefined();
  });
});
