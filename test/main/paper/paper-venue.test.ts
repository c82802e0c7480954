import { describe, expect, it } from 'vitest';
import { unixMs } from '#shared/domain/basics';
import { BTC, createWorld, d, ETH, order, START, stop } from './world';

describe('a paper account', () => {
  it('begins with 10,000 USDT under its own key, and a private stream that says so', async () => {
    const world = createWorld();
    await world.time.settle();
    expect(world.venue.key).toBe('binance_paper');
    expect(world.venue.market).toBe('future');
    expect(world.events.map(({ type }) => type)).toEqual(['resumed', 'balances', 'positions']);
    expect(await world.venue.account!.balances()).toEqual([{ asset: 'USDT', free: '10000', locked: '0' }]);
    expect(await world.venue.account!.positions!()).toEqual([]);
  });

  it('fills a market buy at the ask, takes 0.05 % and tells fill, order, position and balance in this order', async () => {
    const world = createWorld();
    await world.time.settle();
    world.events.length = 0;
    const request = order();
    const outcome = await world.trade(request);
    expect(outcome).toMatchObject({ kind: 'accepted', status: 'filled' });
    expect(world.events.map(({ type }) => type)).toEqual(['order', 'fill', 'order', 'positions', 'balances']);
    expect(world.fills()).toMatchObject([
      {
        venue: 'binance_paper',
        symbol: BTC,
        clientOrderId: request.clientOrderId,
        side: 'buy',
        price: '100.1',
        amount: '1',
        fee: { cost: '0.05005', currency: 'USDT' },
        maker: false,
        venueTime: START,
        seenAt: START,
      },
    ]);
    expect(world.events[2]).toMatchObject({
      order: { status: 'filled', filled: '1', averagePrice: '100.1' },
    });
    expect(world.events[3]).toMatchObject({ positions: [{ symbol: BTC, amount: '1', entryPrice: '100.1' }] });
    expect(await world.wallet()).toBe('9999.94995');
    expect(await world.trading.find(request)).toMatchObject({ kind: 'found', order: { status: 'filled' } });
    expect(await world.trading.openOrders()).toEqual([]);
  });

  it('sells at the bid and pays the maker fee for what rested', async () => {
    const world = createWorld();
    await world.trade(order({ side: 'sell' }));
    expect(world.fills()[0]).toMatchObject({ price: '100', side: 'sell' });
    const limit = order({ type: 'limit', price: d('99'), timeInForce: 'gtc' });
    expect(await world.trade(limit)).toMatchObject({ kind: 'accepted', status: 'open' });
    expect((await world.trading.openOrders(BTC)).map(({ clientOrderId }) => clientOrderId)).toEqual([
      limit.clientOrderId,
    ]);
    world.source.top('98.8', '98.9');
    expect(world.fills()[1]).toMatchObject({ price: '99', maker: true, fee: { cost: '0.0198' } });
    expect(await world.wallet()).toBe('10000.9302');
  });

  it('takes what lies behind the best price from the book', async () => {
    const world = createWorld();
    const outcome = await world.trade(order({ amount: d('3') }), () => {
      world.source.top('100', '100.1', '1');
      world.source.book(
        [['99.9', '5']],
        [
          ['100.1', '7'],
          ['100.2', '1'],
          ['100.4', '9'],
        ],
      );
    });
    expect(outcome).toMatchObject({ kind: 'accepted', status: 'filled' });
    expect(world.fills().map(({ price, amount }) => `${amount} at ${price}`)).toEqual([
      '1 at 100.1',
      '1 at 100.2',
      '1 at 100.4',
    ]);
  });

  it('lets an order that is larger than the best price wait 2 s for the book, then take what is there', async () => {
    const world = createWorld();
    const answer = world.send(order({ amount: d('3') }));
    await world.time.settle();
    world.source.top('100', '100.1', '1');
    await world.time.advance(1_999);
    expect(answer.outcome).toBeNull();
    await world.time.advance(1);
    expect(answer.outcome).toMatchObject({ kind: 'accepted', status: 'expired' });
    expect(world.fills()).toMatchObject([{ amount: '1' }]);
  });

  it('does not sell the same offer twice before the exchange has renewed it', async () => {
    const world = createWorld();
    const quote = () => world.source.book([['100', '1']], [['100.1', '1']]);
    expect(await world.trade(order(), quote)).toMatchObject({ status: 'filled' });
    expect(await world.trade(order(), () => {})).toMatchObject({ kind: 'rejected', code: 'no-liquidity' });
    quote();
    expect(await world.trade(order(), () => {})).toMatchObject({ status: 'filled' });
  });
});

describe('orders without a price', () => {
  it('are rejected as no-liquidity after 2 s', async () => {
    const world = createWorld();
    const request = order();
    const answer = world.send(request);
    await world.time.advance(1_999);
    expect(answer.outcome).toBeNull();
    await world.time.advance(1);
    expect(answer.outcome).toMatchObject({ kind: 'rejected', code: 'no-liquidity' });
    expect(await world.trading.find(request)).toEqual({ kind: 'absent' });
    expect(world.source.streams()).toEqual([]);
  });

  it('do not trade on a price that has not been heard of for 15 s', async () => {
    const world = createWorld();
    await world.trade(order());
    await world.time.advance(15_001);
    const answer = world.send(order());
    await world.time.advance(2_000);
    expect(answer.outcome).toMatchObject({ kind: 'rejected', code: 'no-liquidity' });
    const late = world.send(order());
    await world.time.settle();
    world.source.top('120', '120.1');
    await world.time.settle();
    expect(late.outcome).toMatchObject({ kind: 'accepted' });
    expect(world.fills()[1]).toMatchObject({ price: '120.1' });
  });

  it('let a question about them wait too, so that nobody hears "absent" of what is filled a moment later', async () => {
    const world = createWorld();
    const request = order();
    world.send(request);
    await world.time.settle();
    const found = world.trading.find(request);
    world.source.top('100', '100.1');
    expect(await found).toMatchObject({ kind: 'found', order: { status: 'filled' } });
  });

  it('are not sent when the venue closes under them', async () => {
    const world = createWorld();
    const answer = world.send(order());
    await world.time.settle();
    await world.venue.close();
    await world.time.settle();
    expect(answer.outcome).toMatchObject({ kind: 'not-sent' });
    expect(await world.trading.place(order())).toMatchObject({ kind: 'not-sent' });
  });

  it('are not sent when the instruments cannot be read, and rejected when there is no such instrument', async () => {
    const broken = createWorld({ instruments: () => Promise.reject(new Error('offline')) });
    expect(await broken.trading.place(order())).toMatchObject({ kind: 'not-sent' });
    const world = createWorld();
    const nowhere = order({ symbol: 'XXX/USDT:USDT' as typeof BTC });
    expect(await world.trading.place(nowhere)).toMatchObject({ kind: 'rejected', code: 'unknown-symbol' });
    world.listing.instruments = [world.instrument(ETH, { active: false })];
    await world.venue.reference.instruments();
    expect(await world.trading.place(order({ symbol: ETH }))).toMatchObject({
      kind: 'rejected',
      code: 'not-active',
    });
  });
});

describe('stops', () => {
  it('fire on a trade through the trigger and fill at the bid under the same client id', async () => {
    const world = createWorld();
    await world.trade(order());
    const request = stop('95');
    const outcome = await world.trade(request);
    expect(outcome).toMatchObject({ kind: 'accepted', status: 'open' });
    expect(await world.trading.openOrders()).toMatchObject([{ triggerPrice: '95', reduceOnly: true }]);
    world.source.top('95.1', '95.2');
    world.source.trade('95.1');
    expect(world.fills()).toHaveLength(1);
    world.source.top('94.9', '95');
    world.source.trade('95');
    expect(world.fills()[1]).toMatchObject({
      clientOrderId: request.clientOrderId,
      price: '94.9',
      amount: '1',
      side: 'sell',
    });
    expect(await world.trading.find(request)).toMatchObject({ order: { status: 'filled', filled: '1' } });
    expect(await world.trading.openOrders()).toEqual([]);
    expect(await world.venue.account!.positions!()).toEqual([]);
  });

  it('are told as open, then as the market order they became, which has a venue id of its own', async () => {
    const world = createWorld();
    await world.trade(order());
    const request = stop('95');
    await world.trade(request);
    world.source.top('94', '94.1');
    world.source.trade('94');
    const told = world.events.flatMap((event) =>
      event.type === 'order' && event.order.clientOrderId === request.clientOrderId ? [event.order] : [],
    );
    expect(told.map(({ status }) => status)).toEqual(['open', 'open', 'filled']);
    expect(new Set(told.map(({ venueOrderId }) => venueOrderId)).size).toBe(2);
    expect(told[1]?.venueOrderId).toBe(told[2]?.venueOrderId);
    expect(world.fills()[1]?.venueOrderId).toBe(told[2]?.venueOrderId);
  });

  it('that have fired where nobody buys wait for the next offer', async () => {
    const world = createWorld();
    await world.trade(order(), () => world.source.top('100', '100.1', '1'));
    await world.trade(stop('95'));
    world.source.trade('90');
    expect(world.fills()).toHaveLength(1);
    world.source.top('89.5', '90');
    expect(world.fills()[1]).toMatchObject({ price: '89.5', amount: '1' });
  });

  it('are rejected when the market is past them already, and their position stays', async () => {
    const world = createWorld();
    await world.trade(order());
    expect(await world.trade(stop('101'))).toMatchObject({ kind: 'rejected', code: 'would-trigger-at-once' });
    expect(await world.venue.account!.positions!()).toMatchObject([{ amount: '1' }]);
  });

  it('close whatever the position is by then, and end with it', async () => {
    const world = createWorld();
    await world.trade(order());
    const whole = stop('95', { closePosition: true, amount: null });
    const profit = stop('110', { type: 'take-profit-market', closePosition: true, amount: null });
    await world.trade(whole);
    await world.trade(profit);
    await world.trade(order());
    world.source.top('110', '110.1');
    world.source.trade('110.1');
    expect(world.fills().at(-1)).toMatchObject({ amount: '2', price: '110', side: 'sell' });
    expect(await world.trading.find(whole)).toMatchObject({ order: { status: 'expired' } });
    expect(world.source.streams()).toEqual([]);
  });

  it('trail the best price and keep it over a crash', async () => {
    const world = createWorld();
    await world.trade(order());
    await world.trade(
      stop('0', { type: 'trailing-stop', triggerPrice: null, callbackPercent: '1' as never }),
    );
    world.source.trade('120');
    await world.time.advance(1_000);
    await world.crash();
    world.source.top('118.7', '118.9');
    world.source.trade('118.9');
    expect(world.fills()).toHaveLength(1);
    world.source.trade('118.8');
    expect(world.fills()[1]).toMatchObject({ side: 'sell', price: '118.7' });
  });
});

describe('reduce-only orders', () => {
  it('are rejected without a position and cut to it when they are larger', async () => {
    const world = createWorld();
    expect(await world.trade(order({ side: 'sell', reduceOnly: true }))).toMatchObject({
      kind: 'rejected',
      code: 'reduce-only-rejected',
    });
    await world.trade(order());
    await world.trade(order({ side: 'sell', reduceOnly: true, amount: d('5') }));
    expect(world.fills()[1]).toMatchObject({ side: 'sell', amount: '1' });
    expect(await world.venue.account!.positions!()).toEqual([]);
  });
});

describe('cancelling', () => {
  it('ends an open order, and says not-open of one that is gone or never was', async () => {
    const world = createWorld();
    const limit = order({ type: 'limit', price: d('90'), timeInForce: 'gtc' });
    await world.trade(limit);
    expect(await world.trading.cancel(limit)).toEqual({ kind: 'cancelled' });
    expect(await world.trading.cancel(limit)).toMatchObject({ kind: 'not-open' });
    expect(await world.trading.cancel(order())).toMatchObject({ kind: 'not-open' });
    expect(await world.trading.find(limit)).toMatchObject({ order: { status: 'cancelled' } });
    expect(await world.venue.account!.balances()).toMatchObject([{ free: '10000', locked: '0' }]);
    expect(world.source.streams()).toEqual([]);
  });
});

describe('a client id that is taken', () => {
  it('is never "rejected", which would deny the order that has it: unknown, and the look-up finds that one', async () => {
    const world = createWorld();
    const limit = order({ type: 'limit', price: d('90'), timeInForce: 'gtc' });
    await world.trade(limit);
    expect(await world.trading.place(limit)).toMatchObject({ kind: 'unknown' });
    expect(await world.trading.find(limit)).toMatchObject({ kind: 'found', order: { status: 'open' } });
    expect(await world.trading.openOrders()).toHaveLength(1);
    await world.trading.cancel(limit);
    await world.restart();
    expect(await world.trading.place(limit)).toMatchObject({ kind: 'unknown' });
  });

  it('counts while its first order still waits for a price', async () => {
    const world = createWorld();
    const request = order();
    const first = world.send(request);
    const second = world.send(request);
    await world.time.settle();
    world.source.top('100', '100.1');
    await world.time.settle();
    expect(first.outcome).toMatchObject({ kind: 'accepted' });
    expect(second.outcome).toMatchObject({ kind: 'unknown' });
    expect(world.fills()).toHaveLength(1);
  });
});

describe('leverage', () => {
  it('decides what an order locks, and survives a restart', async () => {
    const world = createWorld();
    await world.trading.setLeverage!(BTC, 2);
    await world.restart();
    await world.trade(order({ amount: d('10') }));
    expect(await world.venue.account!.balances()).toMatchObject([{ locked: '500.5' }]);
    await expect(world.trading.setLeverage!(BTC, 0)).rejects.toMatchObject({ code: 'refused' });
  });

  it('M-085 can be read back: what was set, after a restart too, else what the exchange gives at first', async () => {
    const world = createWorld();
    expect(await world.trading.leverage!(BTC)).toBe(20);
    await world.trading.setLeverage!(BTC, 2);
    expect(await world.trading.leverage!(BTC)).toBe(2);
    await world.restart();
    expect(await world.trading.leverage!(BTC)).toBe(2);
    expect(await world.trading.leverage!(ETH)).toBe(20);
    await expect(world.trading.leverage!('NOPE/USDT:USDT' as typeof BTC)).rejects.toMatchObject({
      code: 'unknown-symbol',
    });
  });

  it('bounds what the account can buy', async () => {
    const world = createWorld();
    await world.trading.setLeverage!(BTC, 1);
    const quote = () => world.source.top('100', '100.1', '1000');
    expect(await world.trade(order({ amount: d('100') }), quote)).toMatchObject({
      kind: 'rejected',
      code: 'insufficient-margin',
    });
  });
});

describe('fills since', () => {
  it('come oldest first, from the given time on, of the one instrument', async () => {
    const world = createWorld();
    await world.trade(order());
    await world.time.advance(1_000);
    await world.trade(order({ symbol: ETH }), () => world.source.top('50', '50.1', '10', ETH));
    await world.trade(order({ amount: d('2') }));
    const amounts = async (since: number) =>
      (await world.venue.account!.fillsSince(BTC, unixMs(since))).map(({ amount }) => amount);
    expect(await amounts(START)).toEqual(['1', '2']);
    expect(await amounts(START + 1)).toEqual(['2']);
    expect(await amounts(START + 1_001)).toEqual([]);
  });
});
