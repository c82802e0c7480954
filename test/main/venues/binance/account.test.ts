import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unixMs } from '#shared/domain/basics';
import { at, BTC, BTC_PERP, createWorld, START, type World } from './world';

const DAY = 86_400_000;
interface Trade {
  readonly id: number;
  readonly time: number;
  readonly orderId: number;
}

/** A venue with this fill history and Binance's limits: windows of 24 h or 7 days, pages, no id with a time. */
function keepHistory(world: World, trades: readonly Trade[], pageSize: number) {
  const spot = world.venue.market === 'spot';
  const windowMs = spot ? DAY : 7 * DAY;
  world.script(({ path, params }) => {
    if (path === 'klines') {
      const row = [START, '1', '1', '1', '1', '1', START + 59_999, '1', 1, '1', '1', '0'];
      return { body: [row] };
    }
    if (path === 'order') {
      const orderId = params.get('orderId')!;
      if (orderId === '3') return { status: 400, body: { code: -2013, msg: 'Order does not exist.' } };
      return { body: { orderId: Number(orderId), clientOrderId: `wd-${orderId}` } };
    }
    if (path !== 'myTrades' && path !== 'userTrades') return undefined;
    const fromId = params.get('fromId');
    const start = params.get('startTime');
    const end = params.get('endTime');
    if (fromId !== null && start !== null)
      return { status: 400, body: { code: -1128, msg: 'Combination of optional parameters invalid.' } };
    if (fromId === null && Number(end) - Number(start) > windowMs)
      return { status: 400, body: { code: -1127, msg: 'More than 24 hours.' } };
    const inside = trades.filter(({ id, time }) =>
      fromId === null ? time >= Number(start) && time <= Number(end) : id >= Number(fromId),
    );
    const size = Math.min(Number(params.get('limit')), pageSize);
    return {
      body: inside.slice(0, size).map(({ id, time, orderId }) => ({
        symbol: 'BTCUSDT',
        id,
        orderId,
        price: '65000.0',
        qty: '0.010',
        commission: '0.26',
        commissionAsset: 'USDT',
        time,
        ...(spot ? { isBuyer: true, isMaker: false } : { side: 'BUY', maker: false }),
      })),
    };
  });
}

describe.each(['binance_spot', 'binance_future'] as const)('fills of %s', (key) => {
  const symbol = key === 'binance_spot' ? BTC : BTC_PERP;
  const history = fc
    .array(
      fc.tuple(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 3 * DAY }),
        fc.integer({ min: 1, max: 4 }),
      ),
      { maxLength: 30 },
    )
    .map((steps) => {
      let id = 0;
      let back = steps.reduce((total, [, gap]) => total + gap, 0);
      return steps.map(([step, gap, orderId]): Trade => {
        id += step;
        back -= gap;
        return { id, time: START - back, orderId };
      });
    });

  it('come whole and in order, over empty days and many to a page', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 0, max: 60 * DAY }), async (trades, backMs) => {
        const world = await createWorld(key);
        // Pages of 1,000 as asked for; the history is repeated to fill more than one.
        keepHistory(world, trades, 1_000);
        const fills = await world.result(world.venue.account!.fillsSince(symbol, unixMs(START - backMs)));
        const expected = trades.filter(({ time }) => time >= START - backMs);
        expect(fills.map(({ tradeId }) => tradeId)).toEqual(expected.map(({ id }) => String(id)));
        expect(fills.map(({ clientOrderId }) => clientOrderId)).toEqual(
          expected.map(({ orderId }) => (orderId === 3 ? null : `wd-${orderId}`)),
        );
      }),
      { numRuns: 40 },
    );
  });
  it('come whole over pages of 1,000', async () => {
    const world = await createWorld(key);
    const trades = Array.from({ length: 2_500 }, (_, at) => ({
      id: at * 2 + 1,
      time: START - 9_000 + at,
      orderId: 1,
    }));
    keepHistory(world, trades, 1_000);
    const fills = await world.result(world.venue.account!.fillsSince(symbol, at(-DAY)));
    expect(fills).toHaveLength(2_500);
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(2_500);
    expect(fills[0]).toMatchObject({
      side: 'buy',
      price: '65000',
      amount: '0.01',
      fee: { cost: '0.26', currency: 'USDT' },
      maker: false,
      clientOrderId: 'wd-1',
    });
  });
  it.each([
    ['of another symbol', { symbol: 'ETHUSDT' }],
    ['without a fee', { commission: undefined }],
    ['without a side', { isBuyer: undefined, side: undefined }],
  ])('are no answer when there is a row %s among them', async (_, over) => {
    const world = await createWorld(key);
    keepHistory(world, [], 1);
    world.script(({ path }) =>
      path.endsWith('Trades')
        ? {
            body: [
              {
                symbol: 'BTCUSDT',
                id: 1,
                orderId: 1,
                price: '1',
                qty: '1',
                commission: '0',
                commissionAsset: 'USDT',
                time: START,
                isBuyer: true,
                side: 'BUY',
                ...over,
              },
            ],
          }
        : undefined,
    );
    await expect(world.result(world.venue.account!.fillsSince(symbol, at(-1)))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('balances and positions', () => {
  it('are read on spot as free and locked', async () => {
    const world = await createWorld('binance_spot');
    world.script(({ path }) =>
      path === 'account'
        ? {
            body: {
              balances: [
                { asset: 'USDT', free: '1000.00', locked: '50.00' },
                { asset: 'BTC', free: '0.00', locked: '0.00' },
              ],
            },
          }
        : undefined,
    );
    expect(await world.result(world.venue.account!.balances())).toEqual([
      { asset: 'USDT', free: '1000', locked: '50' },
    ]);
    expect(world.venue.account!.positions).toBeUndefined();
    world.script(({ path }) =>
      path === 'account' ? { body: { balances: [{ asset: 'BTC', free: '0.10', locked: '0' }] } } : undefined,
    );
    // What has gone is told as zero; the venue just leaves it out.
    expect(await world.result(world.venue.account!.balances())).toEqual([
      { asset: 'BTC', free: '0.1', locked: '0' },
      { asset: 'USDT', free: '0', locked: '0' },
    ]);
  });
  const risk = (over: object) => ({
    symbol: 'BTCUSDT',
    positionSide: 'BOTH',
    positionAmt: '-0.5',
    entryPrice: '65000',
    liquidationPrice: '0',
    ...over,
  });
  it('leave flat positions and delivery contracts out, and keep the sign', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) =>
      path === 'positionRisk'
        ? {
            body: [
              risk({}),
              risk({ symbol: 'ETHUSDT', positionAmt: '0.000' }),
              risk({ symbol: 'BTCUSDT_270326' }),
            ],
          }
        : undefined,
    );
    expect(await world.result(world.venue.account!.positions!())).toEqual([
      { symbol: BTC_PERP, amount: '-0.5', entryPrice: '65000', liquidationPrice: null },
    ]);
  });
  it('are refused for an account in hedge mode, where one symbol has two of them', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) =>
      path === 'positionRisk' ? { body: [risk({ positionSide: 'SHORT' })] } : undefined,
    );
    await expect(world.result(world.venue.account!.positions!())).rejects.toThrow(/hedge mode/);
  });
  it('are no answer when one row cannot be read', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) =>
      path === 'positionRisk' ? { body: [risk({}), risk({ positionAmt: 'many' })] } : undefined,
    );
    await expect(world.result(world.venue.account!.positions!())).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});
