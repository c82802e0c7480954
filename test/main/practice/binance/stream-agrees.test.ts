import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, KEY, openWorld, signedParams, tradeAt } from './world';

type World = Awaited<ReturnType<typeof openWorld>>;
const BTC = { symbol: 'BTCUSDT' };

const action = fc.oneof(
  fc.record({
    kind: fc.constant('place' as const),
    side: fc.constantFrom('BUY', 'SELL'),
    form: fc.constantFrom('MARKET', 'GTC', 'IOC', 'FOK', 'MAKER', 'VALUE', 'STOP', 'REDUCE'),
    percent: fc.integer({ min: -30, max: 30 }),
    size: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat(9) }),
  fc.record({
    kind: fc.constant('trade' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    percent: fc.integer({ min: -20, max: 20 }),
  }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Plays one action; refusals are part of the game. `percent` is in hundredths of a percent from the last price. */
async function play(world: World, market: 'spot' | 'future', act: Action): Promise<void> {
  const core = world[market];
  const { symbol, tickSize } = core.symbols[0]!;
  const last = Number(core.ticker24h(symbol).last);
  const at = (percent: number): string =>
    (Math.round((last * (1 + percent / 10_000)) / Number(tickSize)) * Number(tickSize)).toFixed(
      market === 'spot' ? 2 : 1,
    );
  const base = market === 'spot' ? '/api/v3' : '/fapi/v1';
  if (act.kind === 'trade') return tradeAt(core, act.side, at(act.percent));
  if (act.kind === 'cancel') {
    const { body } = await world.call('GET', `${base}/openOrders`, BTC);
    const order = (body as unknown as Json[])[act.pick];
    if (order !== undefined)
      await world.call('DELETE', `${base}/order`, { ...BTC, orderId: String(order.orderId) });
    return;
  }
  const order = { ...BTC, side: act.side, quantity: (act.size / 100).toFixed(3) };
  const limit = { ...order, type: 'LIMIT', price: at(act.percent) };
  const trigger = act.side === 'SELL' ? at(-Math.abs(act.percent) - 1) : at(Math.abs(act.percent) + 1);
  switch (act.form) {
    case 'MARKET':
      await world.call('POST', `${base}/order`, { ...order, type: 'MARKET' });
      return;
    case 'VALUE':
      if (market === 'spot')
        await world.call('POST', `${base}/order`, {
          ...BTC,
          side: act.side,
          type: 'MARKET',
          quoteOrderQty: String(act.size * 50),
        });
      return;
    case 'REDUCE':
      if (market === 'future')
        await world.call('POST', `${base}/order`, { ...limit, timeInForce: 'GTC', reduceOnly: 'true' });
      return;
    case 'MAKER':
      if (market === 'spot') await world.call('POST', `${base}/order`, { ...limit, type: 'LIMIT_MAKER' });
      else await world.call('POST', `${base}/order`, { ...limit, timeInForce: 'GTX' });
      return;
    case 'STOP':
      if (market === 'spot')
        await world.call('POST', `${base}/order`, { ...order, type: 'STOP_LOSS', stopPrice: trigger });
      else
        await world.call('POST', `${base}/algoOrder`, {
          ...order,
          algoType: 'CONDITIONAL',
          type: 'STOP_MARKET',
          triggerPrice: trigger,
        });
      return;
    default:
      await world.call('POST', `${base}/order`, { ...limit, timeInForce: act.form });
  }
}

interface Told {
  readonly x: string;
  readonly X: string;
  readonly i: number;
  readonly l: string;
  readonly z: string;
  readonly t: number;
  readonly c: string;
}

/** What the private stream said about each order must be what the question about it answers. */
function compare(told: readonly Told[], orders: readonly Json[], trades: readonly Json[]): void {
  const byOrder = new Map<number, Told[]>();
  for (const one of told) byOrder.set(one.i, [...(byOrder.get(one.i) ?? []), one]);
  expect([...byOrder.keys()].sort((a, b) => a - b)).toEqual(orders.map((order) => order.orderId));
  for (const order of orders) {
    const mine = byOrder.get(Number(order.orderId))!;
    expect(mine[0]!.x).toBe('NEW');
    expect(mine.filter((one) => one.x === 'NEW')).toHaveLength(1);
    expect(mine.at(-1)).toMatchObject({ X: order.status, z: order.executedQty });
    const sum = mine.reduce((total, one) => total + Number(one.l), 0);
    expect(sum).toBeCloseTo(Number(order.executedQty), 8);
  }
  expect(told.filter((one) => one.x === 'TRADE').map((one) => one.t)).toEqual(
    trades.map((trade) => trade.id),
  );
}

const runs = { numRuns: 25 };
const actions = fc.array(action, { minLength: 5, maxLength: 25 });

describe('whatever happens, the private stream and the questions agree', () => {
  it('on spot', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (list) => {
        const world = await openWorld({ coins: 1 });
        const socket = await world.connect('/ws-api/v3');
        const params = signedParams({ apiKey: KEY.apiKey, timestamp: world.seams.clock.now() });
        await socket.ask({ id: '1', method: 'userDataStream.subscribe.signature', params });
        for (const act of list) await play(world, 'spot', act);
        await world.seams.advance(20);
        const events = socket.got.flatMap((one) => ('event' in one ? [one.event as Json] : []));
        const orders = (await world.call('GET', '/api/v3/allOrders', BTC)).body as unknown as Json[];
        const trades = (await world.call('GET', '/api/v3/myTrades', BTC)).body as unknown as Json[];
        compare(events.filter((one) => one.e === 'executionReport') as unknown as Told[], orders, trades);
        const wallet = new Map<string, string>();
        for (const one of events)
          if (one.e === 'outboundAccountPosition')
            for (const { a, f, l } of one.B as { a: string; f: string; l: string }[])
              wallet.set(a, `${f} ${l}`);
        const { body } = await world.call('GET', '/api/v3/account');
        for (const { asset, free, locked } of body.balances as {
          asset: string;
          free: string;
          locked: string;
        }[])
          if (wallet.has(asset)) expect(wallet.get(asset)).toBe(`${free} ${locked}`);
      }),
      runs,
    );
  });

  it('on futures', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (list) => {
        const world = await openWorld({ coins: 1 });
        const { body: key } = await world.call('POST', '/fapi/v1/listenKey', {}, false);
        const socket = await world.connect(`/private/ws?listenKey=${String(key.listenKey)}`);
        for (const act of list) await play(world, 'future', act);
        await world.seams.advance(20);
        const orders = (await world.call('GET', '/fapi/v1/allOrders', BTC)).body as unknown as Json[];
        const trades = (await world.call('GET', '/fapi/v1/userTrades', BTC)).body as unknown as Json[];
        compare(
          socket.ofType('ORDER_TRADE_UPDATE').map((one) => one.o as unknown as Told),
          orders,
          trades,
        );
        const algos = new Map(
          socket.ofType('ALGO_UPDATE').map((one) => [(one.o as Json).aid, (one.o as Json).X]),
        );
        const asked = (await world.call('GET', '/fapi/v1/allAlgoOrders', BTC)).body as unknown as Json[];
        expect([...algos]).toEqual(asked.map((one) => [one.algoId, one.algoStatus]));
        const accounts = socket
          .ofType('ACCOUNT_UPDATE')
          .map((one) => one.a as { B: { wb: string }[]; P: { pa: string }[] });
        const position = accounts.flatMap((one) => one.P).at(-1)?.pa ?? '0.000';
        const { body: risk } = await world.call('GET', '/fapi/v2/positionRisk', BTC);
        expect((risk as unknown as Json[])[0]!.positionAmt).toBe(position);
        const wallet = accounts.flatMap((one) => one.B).at(-1)?.wb;
        const { body: account } = await world.call('GET', '/fapi/v3/account');
        if (wallet !== undefined) expect(account.totalWalletBalance).toBe(wallet);
      }),
      runs,
    );
  });
});
