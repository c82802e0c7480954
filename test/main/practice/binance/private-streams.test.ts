import { describe, expect, it } from 'vitest';
import type { Decimal } from '#shared/domain/basics';
import { type Json, KEY, openWorld, signedParams, tradeAt } from './world';

const subscribe = (now: number, id: string, more: Record<string, unknown> = {}) => ({
  id,
  method: 'userDataStream.subscribe.signature',
  params: { ...signedParams({ apiKey: KEY.apiKey, timestamp: now, recvWindow: 5000 }), ...more },
});
const events = (got: readonly Json[]) =>
  got.flatMap((one) =>
    'event' in one ? [one.event as Record<string, string | number | boolean | null>] : [],
  );

describe('the spot private stream', () => {
  it('starts with a signature, once per account, and ends on request', async () => {
    const { seams, connect } = await openWorld();
    const socket = await connect('/ws-api/v3');
    const first = await socket.ask(subscribe(seams.clock.now(), '1'));
    expect(first).toMatchObject({ status: 200, result: { subscriptionId: 0 } });
    expect(first.rateLimits).toMatchObject([{ rateLimitType: 'REQUEST_WEIGHT', limit: 6000 }]);
    expect(await socket.ask(subscribe(seams.clock.now(), '2'))).toMatchObject({
      status: 400,
      error: { code: -2035 },
    });
    expect(await socket.ask({ id: '3', method: 'session.status' })).toMatchObject({
      result: { userDataStream: true },
    });
    expect(await socket.ask({ id: '4', method: 'userDataStream.unsubscribe', params: {} })).toMatchObject({
      status: 200,
      result: {},
    });
    expect(events(socket.got)).toMatchObject([{ e: 'eventStreamTerminated' }]);
    expect(
      await socket.ask({ id: '5', method: 'userDataStream.unsubscribe', params: { subscriptionId: 0 } }),
    ).toMatchObject({ error: { code: -2036 } });
    expect(await socket.ask(subscribe(seams.clock.now(), '6'))).toMatchObject({
      result: { subscriptionId: 1 },
    });
  });

  it.each([
    ['a forged signature', { signature: 'ff' }, 400, -1022],
    [
      'a stale timestamp',
      signedParams({ apiKey: KEY.apiKey, timestamp: 1_700_000_000_000, recvWindow: 5000 }),
      400,
      -1021,
    ],
    ['an unknown key', { apiKey: 'stranger' }, 401, -2015],
  ])('refuses %s', async (_name, params, status, code) => {
    const { seams, connect } = await openWorld();
    const socket = await connect('/ws-api/v3');
    expect(await socket.ask(subscribe(seams.clock.now(), '1', params))).toMatchObject({
      id: '1',
      status,
      error: { code },
    });
  });

  it('no longer knows listen keys', async () => {
    const { connect, call } = await openWorld();
    const socket = await connect('/ws-api/v3');
    const params = { apiKey: KEY.apiKey };
    expect(await socket.ask({ id: '1', method: 'userDataStream.start', params })).toMatchObject({
      status: 400,
    });
    expect((await call('POST', '/api/v3/userDataStream', {}, false)).status).toBe(404);
  });

  it('tells an order from NEW to FILLED with fee and trade id, then the balances, once', async () => {
    const { seams, connect, call } = await openWorld();
    const socket = await connect('/ws-api/v3');
    await socket.ask(subscribe(seams.clock.now(), '1'));
    const order = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.5',
      newClientOrderId: 'wd-1',
    };
    const { body } = await call('POST', '/api/v3/order', order);
    await seams.advance(50);
    const told = events(socket.got);
    const reports = told.filter((one) => one.e === 'executionReport');
    expect(reports[0]).toMatchObject({
      x: 'NEW',
      X: 'NEW',
      c: 'wd-1',
      t: -1,
      N: null,
      i: body.orderId,
      z: '0.00000000',
    });
    const fills = reports.slice(1);
    expect(fills.every((one) => one.x === 'TRADE' && one.N === 'BTC' && Number(one.t) > 0)).toBe(true);
    expect(fills.at(-1)).toMatchObject({ X: 'FILLED', z: '0.50000000', Z: body.cummulativeQuoteQty });
    expect((body.fills as unknown[]).length).toBe(fills.length);
    const positions = told.filter((one) => one.e === 'outboundAccountPosition');
    expect(positions).toHaveLength(1);
    expect(told.at(-1)).toBe(positions[0]);
    const { body: account } = await call('GET', '/api/v3/account', { omitZeroBalances: 'true' });
    const row = (asset: string) =>
      (account.balances as { asset: string; free: string }[]).find((one) => one.asset === asset)?.free;
    expect(positions[0]!.B).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ a: 'BTC', f: row('BTC') }),
        expect.objectContaining({ a: 'USDT', f: row('USDT') }),
      ]),
    );
  });

  it('ends a purchase by value as FILLED, and tells a cancel under the id of the cancel', async () => {
    const { seams, connect, call } = await openWorld();
    const socket = await connect('/ws-api/v3');
    await socket.ask(subscribe(seams.clock.now(), '1'));
    await call('POST', '/api/v3/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quoteOrderQty: '777',
    });
    const limit = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '0.01',
      price: '50000',
    };
    await call('POST', '/api/v3/order', { ...limit, newClientOrderId: 'wd-rest' });
    const cancel = { symbol: 'BTCUSDT', origClientOrderId: 'wd-rest', newClientOrderId: 'wd-cancel' };
    const { body } = await call('DELETE', '/api/v3/order', cancel);
    await seams.advance(50);
    expect(body).toMatchObject({
      clientOrderId: 'wd-cancel',
      origClientOrderId: 'wd-rest',
      status: 'CANCELED',
    });
    const reports = events(socket.got).filter((one) => one.e === 'executionReport');
    expect(reports.filter((one) => one.X === 'FILLED')).toHaveLength(1);
    expect(reports.at(-1)).toMatchObject({ x: 'CANCELED', X: 'CANCELED', c: 'wd-cancel', C: 'wd-rest' });
  });
});

describe('the futures private stream', () => {
  it('comes with a listen key that one key gets once, lives an hour, and is announced when it ends', async () => {
    const { seams, connect, call } = await openWorld({ coins: 1 });
    expect((await call('PUT', '/fapi/v1/listenKey', {}, false)).body).toMatchObject({ code: -1125 });
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const listenKey = String(body.listenKey);
    expect((await call('POST', '/fapi/v1/listenKey', {}, false)).body.listenKey).toBe(listenKey);
    const socket = await connect(`/private/ws?listenKey=${listenKey}`);
    seams.sleep(50 * 60_000);
    await seams.advance(1_000);
    expect((await call('PUT', '/fapi/v1/listenKey', {}, false)).body.listenKey).toBe(listenKey);
    seams.sleep(59 * 60_000);
    await seams.advance(1_000);
    expect(socket.got).toEqual([]);
    await seams.advance(60_000);
    expect(socket.got).toMatchObject([{ e: 'listenKeyExpired', listenKey }]);
    // From here on the socket is open and silent.
    await call('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
    });
    await seams.advance(1_000);
    expect(socket.got).toHaveLength(1);
    expect(socket.state.closed).toBeNull();
  });

  it('tells a fill with fee and realised profit, then the wallet and the position', async () => {
    const { seams, connect, call } = await openWorld();
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const socket = await connect(`/private/ws?listenKey=${String(body.listenKey)}`);
    const order = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
      newClientOrderId: 'wd-in',
    };
    await call('POST', '/fapi/v1/order', order);
    await call('POST', '/fapi/v1/order', {
      ...order,
      side: 'SELL',
      reduceOnly: 'true',
      newClientOrderId: 'wd-out',
    });
    await seams.advance(50);
    const updates = socket.ofType('ORDER_TRADE_UPDATE').map((one) => one.o as Record<string, string>);
    expect(updates.map((one) => `${one.c} ${one.x} ${one.X}`)).toEqual([
      'wd-in NEW NEW',
      'wd-in TRADE FILLED',
      'wd-out NEW NEW',
      'wd-out TRADE FILLED',
    ]);
    expect(updates[1]).toMatchObject({ N: 'USDT', rp: '0.00000000', ps: 'BOTH', R: false });
    expect(updates[0]).not.toHaveProperty('n');
    const profit = Number(updates[3]!.L) * 0.01 - Number(updates[1]!.L) * 0.01;
    expect(Number(updates[3]!.rp)).toBeCloseTo(profit, 8);
    const accounts = socket
      .ofType('ACCOUNT_UPDATE')
      .map((one) => one.a as { B: { wb: string }[]; P: { pa: string }[]; m: string });
    expect(accounts.map((one) => [one.m, one.P[0]!.pa])).toEqual([
      ['ORDER', '0.010'],
      ['ORDER', '0.000'],
    ]);
    expect(Number(accounts[1]!.B[0]!.wb)).toBeCloseTo(
      100_000 + profit - Number(updates[1]!.n) - Number(updates[3]!.n),
      8,
    );
  });

  it('leaves out what `events` does not name', async () => {
    const { seams, connect, call } = await openWorld();
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const socket = await connect(`/private/ws?listenKey=${String(body.listenKey)}&events=ORDER_TRADE_UPDATE`);
    await call('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
    });
    await seams.advance(100);
    expect(new Set(socket.got.map((one) => one.e))).toEqual(new Set(['ORDER_TRADE_UPDATE']));
  });

  it('tells nobody of a fill-or-kill that was refused', async () => {
    const { seams, connect, call } = await openWorld();
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const socket = await connect(`/private/ws?listenKey=${String(body.listenKey)}`);
    const order = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'FOK',
      quantity: '0.01',
      price: '50000',
    };
    expect(await call('POST', '/fapi/v1/order', order)).toMatchObject({ status: 400, body: { code: -5021 } });
    await seams.advance(100);
    expect(socket.got).toEqual([]);
    expect((await call('GET', '/fapi/v1/allOrders', { symbol: 'BTCUSDT' })).body).toEqual([]);
  });

  it('tells the whole life of a stop that closes the position', async () => {
    const { seams, future, connect, call } = await openWorld();
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const socket = await connect(`/private/ws?listenKey=${String(body.listenKey)}`);
    await call('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
    });
    const trigger = Math.floor(Number(future.ticker24h(future.symbols[0]!.symbol).last) * 0.97);
    const stop = {
      ...{
        algoType: 'CONDITIONAL',
        symbol: 'BTCUSDT',
        side: 'SELL',
        type: 'STOP_MARKET',
        clientAlgoId: 'wd-stop',
      },
      ...{ triggerPrice: String(trigger), closePosition: 'true' },
    };
    const placed = await call('POST', '/fapi/v1/algoOrder', stop);
    expect(placed.body).toMatchObject({ algoStatus: 'NEW', clientAlgoId: 'wd-stop', closePosition: true });
    socket.got.length = 0;
    tradeAt(future, 'sell', String(trigger - 1));
    await seams.advance(3_000);
    const life = socket.got.map((one) => {
      const o = one.o as Record<string, string> | undefined;
      return o === undefined ? one.e : `${one.e} ${o.X}`;
    });
    expect(life.filter((step) => step !== 'ACCOUNT_UPDATE')).toEqual([
      'ALGO_UPDATE TRIGGERING',
      'ALGO_UPDATE TRIGGERED',
      'ORDER_TRADE_UPDATE NEW',
      'ORDER_TRADE_UPDATE FILLED',
      'ALGO_UPDATE FINISHED',
    ]);
    const filled = socket.ofType('ORDER_TRADE_UPDATE')[1]!.o as Record<string, string | boolean>;
    expect(filled).toMatchObject({
      c: 'wd-stop',
      ot: 'STOP_MARKET',
      o: 'MARKET',
      z: '0.010',
      R: true,
      cp: true,
    });
    const finished = socket.ofType('ALGO_UPDATE').at(-1)!.o as Record<string, string>;
    expect(finished).toMatchObject({ caid: 'wd-stop', ai: String(filled.i), aq: '0.010' });
    expect((await call('GET', '/fapi/v3/positionRisk')).body).toEqual([]);
    expect((await call('GET', '/fapi/v1/openAlgoOrders')).body).toEqual([]);
  });

  it('tells a liquidation as one the exchange made', async () => {
    const { seams, future, connect, call } = await openWorld({ coins: 1 });
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const socket = await connect(`/private/ws?listenKey=${String(body.listenKey)}`);
    await call('POST', '/fapi/v1/leverage', { symbol: 'BTCUSDT', leverage: '125' });
    expect(socket.ofType('ACCOUNT_CONFIG_UPDATE')).toMatchObject([{ ac: { s: 'BTCUSDT', l: 125 } }]);
    await call('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '40' });
    const { symbol } = future.symbols[0]!;
    const low = (Number(future.mark(symbol).mark) * 0.9).toFixed(1) as Decimal;
    future.publish(future.run((matching, now) => matching.mark(symbol, low, now)));
    await seams.advance(50);
    const forced = socket
      .ofType('ORDER_TRADE_UPDATE')
      .map((one) => one.o as Readonly<Record<string, string>>)
      .filter((one) => one.c!.startsWith('autoclose-'));
    expect(forced.map((one) => one.x)).toContain('CALCULATED');
    expect(forced.at(-1)).toMatchObject({ X: 'FILLED', z: '40.000', S: 'SELL' });
    expect((await call('GET', '/fapi/v3/positionRisk')).body).toEqual([]);
  });

  it('copies fills as TRADE_LITE when asked to, with the same trade id', async () => {
    const { seams, connect, call } = await openWorld({ coins: 1, tradeLite: true });
    const { body } = await call('POST', '/fapi/v1/listenKey', {}, false);
    const socket = await connect(`/private/ws?listenKey=${String(body.listenKey)}`);
    await call('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
    });
    await seams.advance(50);
    const lite = socket.ofType('TRADE_LITE').map((one) => one.t);
    const full = socket.ofType('ORDER_TRADE_UPDATE').map((one) => (one.o as Json).t);
    expect(lite.length).toBeGreaterThan(0);
    expect(full.filter((id) => id !== 0)).toEqual(lite);
  });
});
