import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Json, KEY, openWorld, signedParams } from './world';

const BTC = { symbol: 'BTCUSDT' };
const rows = (body: Json): Json[] => body as unknown as Json[];

describe('every question', () => {
  it.each([
    ...['ping', 'time', 'exchangeInfo', 'depth', 'trades', 'aggTrades', 'ticker/24hr', 'ticker/price'],
    ...['ticker/bookTicker', 'account', 'account/commission', 'openOrders', 'allOrders', 'myTrades'],
  ])('of spot is answered: %s', async (name) => {
    const { call } = await openWorld();
    expect((await call('GET', `/api/v3/${name}`, BTC)).status).toBe(200);
  });

  it.each([
    ...['v1/ping', 'v1/time', 'v1/exchangeInfo', 'v1/depth', 'v1/trades', 'v1/aggTrades', 'v1/ticker/24hr'],
    ...['v1/ticker/price', 'v2/ticker/price', 'v1/ticker/bookTicker', 'v1/premiumIndex', 'v1/fundingRate'],
    ...['v1/openInterest', 'v1/openOrders', 'v1/allOrders', 'v1/userTrades', 'v1/openAlgoOrders'],
    ...['v1/allAlgoOrders', 'v2/account', 'v3/account', 'v2/balance', 'v3/balance', 'v2/positionRisk'],
    ...['v3/positionRisk', 'v1/leverageBracket', 'v1/positionSide/dual', 'v1/multiAssetsMargin'],
    ...['v1/symbolConfig', 'v1/accountConfig', 'v1/commissionRate', 'v1/income'],
  ])('of futures is answered: %s', async (name) => {
    const { call } = await openWorld();
    expect((await call('GET', `/fapi/${name}`, BTC)).status).toBe(200);
  });

  it('that needs more than a symbol is answered too', async () => {
    const { call } = await openWorld();
    for (const path of ['/api/v3/klines', '/fapi/v1/klines'])
      expect((await call('GET', path, { ...BTC, interval: '1m', limit: '3' })).body).toHaveLength(3);
    expect((await call('GET', '/futures/data/openInterestHist', { ...BTC, period: '5m' })).status).toBe(200);
    expect((await call('GET', '/api/v3/klines', { ...BTC, interval: '7m' })).body.code).toBe(-1120);
  });

  it('nobody knows is a 404 with words', async () => {
    const { call } = await openWorld();
    expect(await call('GET', '/api/v3/nothing')).toMatchObject({ status: 404, body: { code: -5000 } });
  });
});

describe('requests', () => {
  it('may be signed over query and body together, and any change of a byte is refused', async () => {
    const { seams, wire } = await openWorld();
    const query = 'symbol=BTCUSDT&side=BUY&type=MARKET';
    const body = `quantity=0.01&newClientOrderId=a%2Fb&timestamp=${seams.clock.now()}`;
    const signature = createHmac('sha256', KEY.secret)
      .update(query + body)
      .digest('hex');
    const post = async (sent: string) => {
      let status = 0;
      void seams.network
        .fetch(`http://127.0.0.1:${wire.port}/api/v3/order?${query}`, {
          method: 'POST',
          headers: { 'x-mbx-apikey': KEY.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
          body: sent,
        })
        .then((response) => {
          status = response.status;
        });
      await seams.runUntil(() => status !== 0, 5_000);
      return status;
    };
    expect(await post(`${body.replace('%2F', '/')}&signature=${signature}`)).toBe(400);
    expect(await post(`${body}&signature=${signature}`)).toBe(200);
  });

  it('say what they lack', async () => {
    const { call } = await openWorld();
    expect((await call('GET', '/api/v3/account', {}, false)).body).toMatchObject({ code: -1102 });
    expect((await call('GET', '/api/v3/depth')).body).toMatchObject({ code: -1102 });
    expect((await call('POST', '/api/v3/order', { ...BTC, side: 'UP', type: 'MARKET' })).body).toMatchObject({
      code: -1117,
    });
    expect((await call('POST', '/api/v3/order', { ...BTC, side: 'BUY', type: 'ODD' })).body).toMatchObject({
      code: -1116,
    });
    const limit = { ...BTC, side: 'BUY', type: 'LIMIT', quantity: '1', price: '1' };
    expect((await call('POST', '/api/v3/order', limit)).body).toMatchObject({ code: -1102 });
    expect((await call('POST', '/api/v3/order', { ...limit, timeInForce: 'SOON' })).body).toMatchObject({
      code: -1115,
    });
    const market = { ...BTC, side: 'BUY', type: 'MARKET', quantity: '1' };
    expect((await call('POST', '/api/v3/order', { ...market, price: '1' })).body).toMatchObject({
      code: -1106,
    });
    expect((await call('POST', '/api/v3/order', { ...market, quantity: '1e3' })).body).toMatchObject({
      code: -1100,
    });
  });

  it('cost weight that spot gives back for orders that succeed', async () => {
    const { call } = await openWorld();
    const used = async (response: Promise<{ headers: Headers }>) =>
      Number((await response).headers.get('x-mbx-used-weight-1m'));
    expect(await used(call('GET', '/api/v3/account'))).toBe(20);
    const order = { ...BTC, side: 'BUY', type: 'MARKET', quantity: '0.01' };
    expect(await used(call('POST', '/api/v3/order', order))).toBe(20);
    expect(await used(call('POST', '/api/v3/order', { ...order, quantity: '5000' }))).toBe(21);
    expect(await used(call('GET', '/api/v3/depth', { ...BTC, limit: '5000' }))).toBe(271);
    expect(await used(call('GET', '/fapi/v1/depth', { ...BTC, limit: '1000' }))).toBe(20);
  });
});

describe('history', () => {
  it('is cut by time, by id and to the newest, and refuses windows that are too long', async () => {
    const { seams, spot, call } = await openWorld();
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      times.push(spot.clock.now());
      await call('POST', '/api/v3/order', { ...BTC, side: 'BUY', type: 'MARKET', quantity: '0.01' });
      await seams.advance(10_000);
    }
    const ids = async (params: Record<string, string>): Promise<unknown[]> =>
      rows((await call('GET', '/api/v3/allOrders', { ...BTC, ...params })).body).map((one) => one.orderId);
    const all = await ids({});
    expect(all).toHaveLength(3);
    expect(await ids({ limit: '1' })).toEqual([all[2]]);
    expect(await ids({ orderId: String(all[1]) })).toEqual(all.slice(1));
    expect(await ids({ startTime: String(times[0]! + 5_000), limit: '1' })).toEqual([all[1]]);
    expect(await ids({ endTime: String(times[1]! - 1) })).toEqual([all[0]]);
    const long = { ...BTC, startTime: '1', endTime: String(25 * 3_600_000) };
    expect((await call('GET', '/api/v3/myTrades', long)).body).toMatchObject({ code: -1127 });
    expect(
      (await call('GET', '/api/v3/myTrades', { ...BTC, fromId: '1', startTime: '1' })).body,
    ).toMatchObject({ code: -1128 });
  });

  it('adds up: income of a round trip is what the wallet lost', async () => {
    const { call } = await openWorld();
    const order = { ...BTC, type: 'MARKET', quantity: '0.05' };
    await call('POST', '/fapi/v1/order', { ...order, side: 'BUY' });
    await call('POST', '/fapi/v1/order', { ...order, side: 'SELL', reduceOnly: 'true' });
    const income = rows((await call('GET', '/fapi/v1/income')).body);
    const sum = income.reduce((total, one) => total + Number(one.income), 0);
    const wallet = Number(rows((await call('GET', '/fapi/v3/balance')).body)[0]!.balance);
    expect(wallet).toBeCloseTo(100_000 + sum, 8);
    expect(income.map((one) => one.incomeType)).toEqual(
      expect.arrayContaining(['COMMISSION', 'REALIZED_PNL']),
    );
  });
});

describe('algo orders', () => {
  const algo = { ...BTC, algoType: 'CONDITIONAL', side: 'SELL' };

  it('ignore the old name of the activation price, as the exchange does', async () => {
    const { call } = await openWorld();
    const trailing = { ...algo, type: 'TRAILING_STOP_MARKET', quantity: '0.01', callbackRate: '1' };
    expect(
      (await call('POST', '/fapi/v1/algoOrder', { ...trailing, activationPrice: '900000' })).body,
    ).toMatchObject({ activatePrice: '' });
    expect(
      (await call('POST', '/fapi/v1/algoOrder', { ...trailing, activatePrice: '900000' })).body,
    ).toMatchObject({ activatePrice: '900000', callbackRate: '1' });
    expect(
      (await call('POST', '/fapi/v1/algoOrder', { ...trailing, callbackRate: '20.1' })).body,
    ).toMatchObject({ code: -2007 });
  });

  it('refuse what cannot be meant', async () => {
    const { call } = await openWorld();
    const stop = { ...algo, type: 'STOP_MARKET', triggerPrice: '50000' };
    const code = async (params: Record<string, string>) =>
      (await call('POST', '/fapi/v1/algoOrder', params)).body.code;
    expect(await code({ ...stop, closePosition: 'true', quantity: '1' })).toBe(-4137);
    expect(await code({ ...stop, closePosition: 'true', reduceOnly: 'true' })).toBe(-1106);
    expect(await code({ ...stop, closePosition: 'true' })).toBe(-2022);
    expect(await code({ ...stop })).toBe(-1102);
    expect(await code({ ...stop, type: 'STOP', quantity: '1' })).toBe(-1116);
    expect(await code({ ...stop, quantity: '1', positionSide: 'LONG' })).toBe(-4061);
    expect(await code({ ...stop, quantity: '1', algoType: 'OTHER' })).toBe(-1130);
  });
});

describe('the websocket API', () => {
  it('places, asks for and cancels orders like REST', async () => {
    const { seams, connect } = await openWorld();
    const signed = (params: Record<string, unknown>) =>
      signedParams({ apiKey: KEY.apiKey, timestamp: seams.clock.now(), ...params });
    for (const [path, more] of [
      ['/ws-api/v3', {}],
      ['/ws-fapi/v1', {}],
    ] as const) {
      const socket = await connect(path);
      const order = {
        ...BTC,
        side: 'BUY',
        type: 'LIMIT',
        timeInForce: 'GTC',
        quantity: '0.01',
        price: '50000',
        ...more,
      };
      const placed = await socket.ask({
        id: 'p',
        method: 'order.place',
        params: signed({ ...order, newClientOrderId: 'wd-ws' }),
      });
      expect(placed).toMatchObject({ status: 200, result: { clientOrderId: 'wd-ws', status: 'NEW' } });
      const ref = { ...BTC, origClientOrderId: 'wd-ws' };
      expect(await socket.ask({ id: 's', method: 'order.status', params: signed(ref) })).toMatchObject({
        result: { status: 'NEW' },
      });
      expect(await socket.ask({ id: 'c', method: 'order.cancel', params: signed(ref) })).toMatchObject({
        result: { status: 'CANCELED' },
      });
      expect(await socket.ask({ id: 'u', method: 'constructor', params: {} })).toMatchObject({
        status: 400,
        error: { code: -1020 },
      });
    }
  });
});
