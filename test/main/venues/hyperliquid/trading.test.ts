import { describe, expect, it } from 'vitest';
import { recover, tradingDigest } from '#main/practice/hyperliquid/signer';
import { toCloid } from '#main/venues/hyperliquid/client-ids';
import type { ClientOrderId, Decimal, Percent } from '#shared/domain/basics';
import type { OrderRequest } from '#shared/domain/order';
import { ADDRESS, BTC, createWorld, order, START, type World } from './world';

const d = (text: string) => text as Decimal;
const CLOID = toCloid('w7k2p-s34h1-e1')!;
const statuses = (...list: unknown[]) => ({
  body: { status: 'ok', response: { type: 'order', data: { statuses: list } } },
});
const RESTING = { resting: { oid: 481029460001, cloid: CLOID } };

/** Places on a scripted exchange that answers so; gives the outcome and the one order that left. */
async function placed(request: OrderRequest, answer: object = statuses(RESTING)) {
  const world = await createWorld();
  world.script(({ path }) => (path === '/exchange' ? answer : undefined));
  const outcome = await world.result(world.venue.trading!.place(request));
  const actions = world.actions();
  return {
    world,
    outcome,
    actions,
    sent: (actions[0]?.orders as Record<string, unknown>[] | undefined)?.[0],
  };
}

describe('placing an order on Hyperliquid', () => {
  it('sends a limit order once, signed by the wallet and dropped by the exchange when it comes late', async () => {
    const { world, outcome, sent } = await placed(order({ type: 'limit', price: d('67000.00') }));
    expect(outcome).toEqual({ kind: 'accepted', venueOrderId: '481029460001', status: 'open' });
    expect(sent).toEqual({
      a: 0,
      b: true,
      p: '67000',
      s: '0.01',
      r: false,
      t: { limit: { tif: 'Gtc' } },
      c: CLOID,
    });
    expect(Object.keys(sent!)).toEqual(['a', 'b', 'p', 's', 'r', 't', 'c']);
    const body = world.asked.find(({ path }) => path === '/exchange')!.body as never as Parameters<
      typeof tradingDigest
    >[0] & { signature: never };
    expect(body).toMatchObject({ expiresAfter: body.nonce + world.venue.trading!.requestExpiryMs! });
    const digest = tradingDigest({ ...body, vaultAddress: null }, 'a');
    expect(recover(digest, body.signature)).toBe(ADDRESS);
  });

  it.each([
    ['post-only', 'Alo'],
    ['ioc', 'Ioc'],
    ['gtc', 'Gtc'],
  ] as const)('writes %s as %s', async (timeInForce, tif) => {
    const { sent } = await placed(order({ type: 'limit', price: d('67000'), timeInForce }));
    expect(sent!.t).toEqual({ limit: { tif } });
  });

  it('buys at market with an immediate order five percent above the best ask of this moment', async () => {
    const { sent, actions } = await placed(order());
    expect(sent).toMatchObject({ p: '71411', t: { limit: { tif: 'Ioc' } } });
    expect(actions).toHaveLength(1);
    const { sent: sold } = await placed(order({ side: 'sell', reduceOnly: true }));
    expect(sold).toMatchObject({ b: false, p: '64608', r: true });
  });

  it('trap: a market stop leaves as a trigger, with its worst price taken from the trigger', async () => {
    const { sent } = await placed(
      order({ side: 'sell', type: 'stop-market', triggerPrice: d('63000'), reduceOnly: true }),
    );
    expect(sent).toMatchObject({
      b: false,
      p: '56700',
      r: true,
      t: { trigger: { isMarket: true, triggerPx: '63000', tpsl: 'sl' } },
    });
    const { sent: taken } = await placed(
      order({ side: 'buy', type: 'take-profit-market', triggerPrice: d('63000'), reduceOnly: true }),
    );
    expect(taken).toMatchObject({ p: '69300', t: { trigger: { tpsl: 'tp', triggerPx: '63000' } } });
  });

  it('trap: no order pays a builder, and no referrer is named', async () => {
    const { actions, world } = await placed(order());
    expect(Object.keys(actions[0]!)).toEqual(['type', 'orders', 'grouping']);
    expect(world.asked.filter(({ path }) => path === '/exchange').map(({ type }) => type)).toEqual(['order']);
  });

  it('rounds a price to five figures, never to the worse', async () => {
    const bought = await placed(order({ type: 'limit', price: d('68010.7') }));
    const sold = await placed(order({ type: 'limit', side: 'sell', price: d('68010.2') }));
    expect([bought.sent!.p, sold.sent!.p]).toEqual(['68010', '68011']);
  });

  it.each([
    [{ type: 'trailing-stop', callbackPercent: '1' as Percent }, 'no trailing stop'],
    [{ type: 'stop-market', triggerPrice: d('63000'), closePosition: true, amount: null }, 'name the amount'],
    [{ amount: null }, 'has no amount'],
    [{ amount: d('0.000000001') }, 'more than 8 decimals'],
    [{ type: 'limit' }, 'needs a price'],
    [{ type: 'limit', price: d('1'), timeInForce: 'fok' }, 'no fill-or-kill'],
    [{ type: 'stop-market' }, 'needs a trigger price'],
    [{ clientOrderId: 'an-id-of-more-than-twenty-four' as ClientOrderId }, 'client id does not fit'],
    [{ symbol: 'DOGE/USDC:USDC' as never }, 'lists no DOGE'],
  ] as [Partial<OrderRequest>, string][])('does not send %j', async (over, words) => {
    const { outcome, actions } = await placed(order(over));
    expect(outcome).toMatchObject({ kind: 'not-sent', message: expect.stringContaining(words) as unknown });
    expect(actions).toEqual([]);
  });

  it('does not send a market order that has no price to reach out from', async () => {
    const world = await createWorld();
    world.script(({ type }) =>
      type === 'l2Book' ? { body: { coin: 'BTC', time: START, levels: [[], []] } } : undefined,
    );
    expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({
      kind: 'not-sent',
      message: expect.stringContaining('nobody sells BTC') as unknown,
    });
    expect(world.actions()).toEqual([]);
  });

  const filled = (totalSz: string) => statuses({ filled: { totalSz, avgPx: '68010.0', oid: 7 } });
  const limit = order({ type: 'limit', price: d('69000') });
  it.each([
    ['filled whole', order(), filled('0.01'), { kind: 'accepted', status: 'filled', venueOrderId: '7' }],
    ['filled in part and over', order(), filled('0.004'), { kind: 'accepted', status: 'cancelled' }],
    ['filled in part and resting', limit, filled('0.004'), { kind: 'accepted', status: 'partially_filled' }],
    [
      'refused',
      limit,
      statuses({ error: 'Order has zero size.' }),
      { kind: 'rejected', message: 'Order has zero size.' },
    ],
    [
      'refused as a whole',
      limit,
      { body: { status: 'err', response: 'User or API Wallet 0x5f does not exist.' } },
      { kind: 'rejected' },
    ],
    [
      'unreadable to the exchange',
      limit,
      { status: 422, text: 'Failed to deserialize' },
      { kind: 'rejected', code: 'http-422' },
    ],
    ['over the limit', limit, { status: 429, text: 'null' }, { kind: 'rejected', code: 'http-429' }],
    ['taken, but without a number', limit, statuses('waitingForTrigger'), { kind: 'unknown' }],
    ['an empty batch', limit, statuses(), { kind: 'unknown' }],
    [
      'known by its id already',
      limit,
      statuses({ error: 'Client order id already exists. asset=0' }),
      { kind: 'unknown' },
    ],
    ['a page of HTML', limit, { text: '<html>busy</html>' }, { kind: 'unknown' }],
    ['a broken exchange', limit, { status: 502, text: 'bad gateway' }, { kind: 'unknown' }],
    ['null', limit, { text: 'null' }, { kind: 'unknown' }],
  ] as [string, OrderRequest, object, object][])(
    'takes an answer for what it proves: %s',
    async (_what, request, answer, expected) => {
      const { outcome, actions } = await placed(request, answer);
      expect(outcome).toMatchObject(expected);
      expect(actions).toHaveLength(1);
    },
  );

  it('learns the clock of the exchange before its first signature, so that an hour off does no harm', async () => {
    const world = await createWorld();
    const late = 3_600_000;
    world.script(({ type }) =>
      type === 'exchangeStatus' ? { body: { time: world.seams.clock.now() + late } } : undefined,
    );
    world.script(({ path }) => (path === '/exchange' ? statuses(RESTING) : undefined));
    await world.result(world.venue.trading!.place(order({ type: 'limit', price: d('67000') })));
    const { nonce } = world.ofType('order')[0]!.body as { nonce: number };
    expect(nonce - START).toBeGreaterThan(late - 1_000);
  });
});

const row = {
  coin: 'BTC',
  side: 'A',
  limitPx: '61200.0',
  sz: '0.02',
  oid: 481029460007,
  timestamp: START,
  triggerCondition: 'Price below 63000',
  isTrigger: true,
  triggerPx: '63000.0',
  children: [],
  isPositionTpsl: false,
  reduceOnly: true,
  orderType: 'Stop Market',
  origSz: '0.02',
  tif: null,
  cloid: CLOID,
};
const told = (status: string, over: object = {}) => ({
  body: { status: 'order', order: { order: { ...row, ...over }, status, statusTimestamp: START + 5 } },
});
const fill = (over: object) => ({
  coin: 'BTC',
  px: '62000.0',
  sz: '0.02',
  side: 'A',
  time: START + 1,
  startPosition: '0.0',
  oid: row.oid,
  crossed: true,
  fee: '0.1',
  tid: 1,
  feeToken: 'USDC',
  cloid: CLOID,
  ...over,
});
const answering = async (replies: Record<string, object>): Promise<World> => {
  const world = await createWorld();
  world.script(({ type }) => replies[type]);
  return world;
};

describe('asking for orders', () => {
  it('finds a waiting stop by our name', async () => {
    const world = await answering({ orderStatus: told('open') });
    expect(await world.result(world.venue.trading!.find(order()))).toMatchObject({
      kind: 'found',
      order: {
        status: 'open',
        triggerPrice: '63000',
        reduceOnly: true,
        clientOrderId: 'w7k2p-s34h1-e1',
        averagePrice: null,
      },
    });
    expect(world.ofType('orderStatus')[0]!.body).toEqual({ type: 'orderStatus', user: ADDRESS, oid: CLOID });
  });

  it('trap: a filled order without an average price gets it from its fills', async () => {
    const rows = [
      fill({ px: '62000', sz: '0.005' }),
      fill({ px: '61000', sz: '0.015', tid: 2 }),
      fill({ px: '1', oid: 9, tid: 3 }),
    ];
    const world = await answering({
      orderStatus: told('filled', { sz: '0.0' }),
      userFillsByTime: { body: rows },
    });
    expect(await world.result(world.venue.trading!.find(order()))).toMatchObject({
      order: { status: 'filled', filled: '0.02', averagePrice: '61250' },
    });
  });

  it('says what of a cancelled order had filled only on the proof of fills', async () => {
    const world = await answering({
      orderStatus: told('canceled', { sz: '0.0' }),
      userFillsByTime: { body: [fill({ sz: '0.005' })] },
    });
    expect(await world.result(world.venue.trading!.find(order()))).toMatchObject({
      order: { status: 'cancelled', filled: '0.005', averagePrice: '62000' },
    });
  });

  it('answers absence with absence, and doubt with an error', async () => {
    const absent = await answering({ orderStatus: { body: { status: 'unknownOid' } } });
    expect(await absent.result(absent.venue.trading!.find(order()))).toEqual({ kind: 'absent' });
    const doubtful = await answering({ orderStatus: { text: '<html>' } });
    await expect(doubtful.result(doubtful.venue.trading!.find(order()))).rejects.toMatchObject({
      code: 'bad-answer',
    });
    const other = await answering({ orderStatus: told('open', { cloid: null }) });
    await expect(other.result(other.venue.trading!.find(order()))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });

  it('lists plain orders and triggers together, children of a bracket once', async () => {
    const child = { ...row, oid: 8, cloid: null };
    const plain = {
      ...row,
      oid: 9,
      isTrigger: false,
      triggerPx: '0.0',
      cloid: null,
      reduceOnly: false,
      children: [child],
    };
    const world = await answering({
      frontendOpenOrders: { body: [row, plain, child, { ...row, coin: '@107', oid: 10 }] },
    });
    const open = await world.result(world.venue.trading!.openOrders());
    expect(open.map(({ venueOrderId, triggerPrice }) => [venueOrderId, triggerPrice])).toEqual([
      ['481029460007', '63000'],
      ['9', null],
      ['8', '63000'],
    ]);
    expect(await world.result(world.venue.trading!.openOrders(BTC))).toHaveLength(3);
  });

  it('cancels by our name, once, and tells an order that is not open from a failure', async () => {
    const cancelling = async (answer: object) => {
      const world = await answering({ cancelByCloid: answer });
      const outcome = await world.result(world.venue.trading!.cancel(order()));
      expect(world.actions()).toEqual([{ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: CLOID }] }]);
      return outcome.kind;
    };
    const gone = 'Order was never placed, already canceled, or filled. asset=0';
    expect(await cancelling(statuses('success'))).toBe('cancelled');
    expect(await cancelling(statuses({ error: gone }))).toBe('not-open');
    expect(await cancelling({ body: { status: 'err', response: gone } })).toBe('not-open');
    expect(await cancelling({ body: { status: 'err', response: 'Too many cumulative requests sent' } })).toBe(
      'unknown',
    );
    expect(await cancelling({ status: 500, text: 'null' })).toBe('unknown');
  });

  it('M-085 sets leverage crosswise and reads what is really set', async () => {
    const world = await answering({
      updateLeverage: { body: { status: 'ok', response: { type: 'default' } } },
      activeAssetData: { body: { user: ADDRESS, coin: 'BTC', leverage: { type: 'cross', value: 7 } } },
    });
    await world.result(world.venue.trading!.setLeverage!(BTC, 7));
    expect(world.actions()).toEqual([{ type: 'updateLeverage', asset: 0, isCross: true, leverage: 7 }]);
    expect(await world.result(world.venue.trading!.leverage!(BTC))).toBe(7);
  });
});

describe('asking for the account', () => {
  it('reads fills page by page and each of them once', async () => {
    const page = Array.from({ length: 2_000 }, (_, at) =>
      fill({ tid: at + 1, time: START + Math.floor(at / 2) }),
    );
    const rest = [
      page.at(-1)!,
      fill({ tid: 5_000, time: START + 2_000 }),
      fill({ coin: 'kPEPE', tid: 5_001, time: START + 2_000 }),
    ];
    const world = await createWorld();
    world.script(({ type, body }) =>
      type === 'userFillsByTime' ? { body: body.startTime === START ? page : rest } : undefined,
    );
    const fills = await world.result(world.venue.account!.fillsSince(BTC, START as never));
    expect(fills).toHaveLength(2_001);
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(2_001);
    expect(world.ofType('userFillsByTime').map(({ body }) => body)).toMatchObject([
      { user: ADDRESS, startTime: START, aggregateByTime: false },
      { startTime: START + 999 },
    ]);
  });

  it('reads balances where the account keeps its dollars', async () => {
    const unified = await answering({
      userAbstraction: { text: '"unifiedAccount"' },
      spotClearinghouseState: {
        body: { balances: [{ coin: 'USDC', token: 0, total: '894.08', hold: '140.43' }] },
      },
    });
    expect(await unified.result(unified.venue.account!.balances())).toEqual([
      { asset: 'USDC', free: '753.65', locked: '140.43' },
    ]);
    const usual = await createWorld();
    expect(await usual.result(usual.venue.account!.balances())).toEqual([
      { asset: 'USDC', free: '1000', locked: '0' },
    ]);
  });
});
