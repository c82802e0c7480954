import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, unixMs } from '#shared/domain/basics';
import { createWorld, order, START, SYMBOL } from './world';

const times = { cTime: String(START), uTime: String(START) };
const plain = (over: object = {}) => ({
  symbol: 'BTCUSDT',
  orderId: '1361200000000000001',
  clientOid: 'w7k2p-s34h1-e1',
  size: '0.01',
  baseVolume: '0',
  priceAvg: '',
  state: 'live',
  status: 'live',
  side: 'sell',
  posMode: 'one_way_mode',
  reduceOnly: 'NO',
  orderType: 'limit',
  orderSource: 'normal',
  ...times,
  ...over,
});
const plan = (over: object = {}) => ({
  symbol: 'BTCUSDT',
  orderId: '70',
  clientOid: 'w7k2p-s34h1-e1',
  planType: 'loss_plan',
  planStatus: 'live',
  size: '0.01',
  side: 'sell',
  triggerPrice: '66000',
  ...times,
  ...over,
});
const stop = order('future', { type: 'stop-market', triggerPrice: '66000' as Decimal, reduceOnly: true });
const listed = (rows: unknown[] | null) => ({ data: { entrustedList: rows, endId: null } });

describe('placing', () => {
  it('sends exactly one request, also when the answer never comes', async () => {
    const world = await createWorld('future');
    world.script(({ path }) => (path === 'v2/mix/order/place-order' ? { status: 503, text: '' } : undefined));
    expect(await world.result(world.venue.trading!.place(order('future')))).toMatchObject({
      kind: 'unknown',
    });
    expect(world.count('v2/mix/order/place-order')).toBe(1);
  });
  it('asks the price first where it must, and sends nothing when there is none', async () => {
    const world = await createWorld('spot');
    const buy = order('spot', { side: 'buy' });
    expect(await world.result(world.venue.trading!.place(buy))).toMatchObject({ kind: 'not-sent' });
    expect(world.asked.filter(({ method }) => method === 'POST')).toEqual([]);
    world.script(({ path }) => {
      if (path === 'v3/market/tickers') return { data: [{ symbol: 'BTCUSDT', lastPrice: '68000' }] };
      if (path === 'v2/spot/trade/place-order')
        return { data: { orderId: '5', clientOid: 'w7k2p-s34h1-e1' } };
      return undefined;
    });
    expect(await world.result(world.venue.trading!.place(buy))).toMatchObject({ kind: 'accepted' });
    expect(world.asked.at(-1)!.params).toMatchObject({ orderType: 'limit', force: 'ioc', price: '69360' });
  });
  it('after a refusal of its time it measures the clock, so that the next order fits', async () => {
    const world = await createWorld('future');
    world.script(({ path }) => {
      if (path === 'v2/public/time')
        return { data: { serverTime: String(world.seams.clock.now() + 3_600_000) } };
      if (path === 'v2/mix/order/place-order') return { code: '40008', msg: 'Request timestamp expired' };
      return undefined;
    });
    expect(await world.result(world.venue.trading!.place(order('future')))).toMatchObject({
      kind: 'rejected',
      code: '40008',
    });
    expect(world.count('v2/public/time')).toBe(1);
    expect(world.count('v2/mix/order/place-order')).toBe(1);
  });
  it('names how long an order may still be taken', async () => {
    expect((await createWorld('spot')).venue.trading!.requestExpiryMs).toBe(30_000);
  });
});

describe('finding', () => {
  it('a plain order by our id', async () => {
    const world = await createWorld('future');
    world.script(({ path }) => (path === 'v2/mix/order/detail' ? { data: plain() } : undefined));
    expect(await world.result(world.venue.trading!.find(order('future')))).toMatchObject({
      kind: 'found',
      order: { venueOrderId: '1361200000000000001', status: 'open' },
    });
  });
  it('says absent only when the exchange says so', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path === 'v2/mix/order/detail' ? { code: '40109', msg: 'cannot be found' } : undefined,
    );
    expect(await world.result(world.venue.trading!.find(order('future')))).toEqual({ kind: 'absent' });
    world.script(({ path }) =>
      path === 'v2/mix/order/detail' ? { code: '40014', msg: 'Incorrect permissions' } : undefined,
    );
    await expect(world.result(world.venue.trading!.find(order('future')))).rejects.toMatchObject({
      code: 'auth',
    });
  });
  it('believes no answer about another order', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path === 'v2/mix/order/detail' ? { data: plain({ clientOid: 'other' }) } : undefined,
    );
    await expect(world.result(world.venue.trading!.find(order('future')))).rejects.toThrow(
      /another clientOid/,
    );
  });
  it('a spot order older than two hours is found among the open and the past ones', async () => {
    const world = await createWorld('spot');
    world.script(({ path }) => {
      if (path === 'v2/spot/trade/orderInfo' || path === 'v2/spot/trade/unfilled-orders') return { data: [] };
      if (path === 'v2/spot/trade/history-orders')
        return { data: [plain({ status: 'filled', baseVolume: '0.01', priceAvg: '9' })] };
      return undefined;
    });
    expect(await world.result(world.venue.trading!.find(order('spot')))).toMatchObject({
      order: { status: 'filled', averagePrice: '9' },
    });
  });
  it('a stop that waits, in the family it was sent to', async () => {
    const world = await createWorld('future');
    world.script(({ path }) => (path.endsWith('plan-pending') ? listed([plan()]) : undefined));
    expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
      order: { status: 'open', triggerPrice: '66000', reduceOnly: true },
    });
    expect(world.asked.at(-1)!.params).toMatchObject({
      planType: 'profit_loss',
      clientOid: 'w7k2p-s34h1-e1',
    });
  });
  it('a stop that fired is the order it became, under the name of the stop', async () => {
    const world = await createWorld('future');
    world.script(({ path, params }) => {
      if (path.endsWith('plan-pending')) return listed(null);
      if (path.endsWith('plan-history'))
        return listed([plan({ planStatus: 'executed', executeOrderId: '77' })]);
      if (path === 'v2/mix/order/detail' && params.orderId === '77')
        return {
          data: plain({
            orderId: '77',
            clientOid: '123',
            state: 'filled',
            status: undefined,
            baseVolume: '0.01',
            priceAvg: '65990',
          }),
        };
      return undefined;
    });
    expect(await world.result(world.venue.trading!.find(stop))).toMatchObject({
      order: { status: 'filled', clientOrderId: 'w7k2p-s34h1-e1', venueOrderId: '77', averagePrice: '65990' },
    });
  });
  it('a stop that fired and became nothing visible yet is an error, not absent', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path.endsWith('plan-pending')
        ? listed([])
        : path.endsWith('plan-history')
          ? listed([plan({ planStatus: 'executed', executeOrderId: '' })])
          : undefined,
    );
    await expect(world.result(world.venue.trading!.find(stop))).rejects.toThrow(/not visible yet/);
  });
});

describe('open orders', () => {
  it('are those of every family, all pages', async () => {
    const world = await createWorld('future');
    const first = Array.from({ length: 100 }, (_one, at) =>
      plain({ orderId: String(1_000 - at), clientOid: `a-${at}` }),
    );
    world.script(({ path, params }) => {
      if (path === 'v2/mix/order/orders-pending')
        return listed(params.idLessThan === '901' ? [plain({ orderId: '900', clientOid: 'a-100' })] : first);
      if (path.endsWith('plan-pending'))
        return listed([plan({ orderId: `7${String(params.planType).length}` })]);
      return undefined;
    });
    const orders = await world.result(world.venue.trading!.openOrders());
    expect(orders).toHaveLength(101 + 3);
    expect(world.count('v2/mix/order/orders-pending')).toBe(2);
  });
  it('one unreadable row spoils the answer: it could hide a stop', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path.endsWith('plan-pending')
        ? listed([])
        : path.endsWith('pending')
          ? listed([plain({ status: 'napping' })])
          : undefined,
    );
    await expect(world.result(world.venue.trading!.openOrders())).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('fills since a time', () => {
  const fill = (id: number) => ({
    symbol: 'BTCUSDT',
    orderId: '1',
    tradeId: String(id),
    side: 'buy',
    price: '1',
    baseVolume: '2',
    feeDetail: [],
    tradeScope: 'maker',
    cTime: String(START - 1_000_000 + id * 10),
  });
  it('are all of them, once and in order, however many share a time and however the exchange pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 350 }), fc.boolean(), async (count, byId) => {
        const world = await createWorld('future');
        const all = Array.from({ length: count }, (_one, at) => fill(at + 1));
        world.script(({ path, params }) => {
          if (path === 'v2/mix/order/detail') return { data: plain({ orderId: '1' }) };
          if (!path.startsWith('v2/mix/order/fill')) return undefined;
          const below =
            byId && params.idLessThan !== undefined ? Number(params.idLessThan) : Number.POSITIVE_INFINITY;
          const page = all
            .filter((one) => Number(one.cTime) <= Number(params.endTime) && Number(one.tradeId) < below)
            .slice(-100)
            .reverse();
          return { data: { fillList: page.length === 0 ? null : page, endId: '' } };
        });
        const found = await world.result(
          world.venue.account!.fillsSince(SYMBOL.future, unixMs(START - 2_000_000)),
        );
        expect(found.map(({ tradeId }) => Number(tradeId))).toEqual(
          all.map(({ tradeId }) => Number(tradeId)),
        );
        expect(
          found.every(({ clientOrderId, fee }) => clientOrderId === 'w7k2p-s34h1-e1' && fee === null),
        ).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
  it('further back than a week are asked for week by week', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path.startsWith('v2/mix/order/fill') ? { data: { fillList: null, endId: '' } } : undefined,
    );
    await world.result(world.venue.account!.fillsSince(SYMBOL.future, unixMs(START - 20 * 86_400_000)));
    expect([world.count('v2/mix/order/fill-history'), world.count('v2/mix/order/fills')]).toEqual([2, 1]);
  });
  it('a fill of another symbol spoils the answer', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path.startsWith('v2/mix/order/fill')
        ? { data: { fillList: [{ ...fill(1), symbol: 'ETHUSDT' }] } }
        : undefined,
    );
    await expect(
      world.result(world.venue.account!.fillsSince(SYMBOL.future, unixMs(START - 1_000))),
    ).rejects.toMatchObject({ code: 'bad-answer' });
  });
});

describe('the account by REST', () => {
  it('refuses to guess in hedge mode', async () => {
    const world = await createWorld('future');
    world.script(({ path }) =>
      path.endsWith('all-position')
        ? {
            data: [
              { symbol: 'BTCUSDT', holdSide: 'long', total: '1', posMode: 'hedge_mode', openPriceAvg: '1' },
            ],
          }
        : undefined,
    );
    await expect(world.result(world.venue.account!.positions!())).rejects.toThrow(/one-way mode/);
  });
  it('counts what is frozen and locked of spot', async () => {
    const world = await createWorld('spot');
    world.script(({ path }) =>
      path.endsWith('assets')
        ? { data: [{ coin: 'USDT', available: '8', frozen: '1', locked: '2' }] }
        : undefined,
    );
    expect(await world.result(world.venue.account!.balances())).toEqual([
      { asset: 'USDT', free: '8', locked: '3' },
    ]);
  });
  it('knows no leverage of isolated margin', async () => {
    const world = await createWorld('future');
    const answer = (marginMode: string) =>
      world.script(({ path }) =>
        path === 'v2/mix/account/account' ? { data: { crossedMarginLeverage: 7, marginMode } } : undefined,
      );
    answer('crossed');
    expect(await world.result(world.venue.trading!.leverage!(SYMBOL.future))).toBe(7);
    answer('isolated');
    await expect(world.result(world.venue.trading!.leverage!(SYMBOL.future))).rejects.toThrow(
      /isolated margin/,
    );
  });
  it('a page of HTML with status 200 is no answer', async () => {
    const world = await createWorld('spot');
    world.script(({ path }) => (path.endsWith('assets') ? { text: '<html>hello</html>' } : undefined));
    await expect(world.result(world.venue.account!.balances())).rejects.toMatchObject({ code: 'bad-answer' });
  });
});
