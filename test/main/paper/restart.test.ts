import { describe, expect, it } from 'vitest';
import { createPaperVenue } from '#main/paper/index';
import { BTC, createWorld, d, ETH, order, START, stop } from './world';

describe('a restart', () => {
  it('brings back balances, position, open orders, ended orders and fills', async () => {
    const world = createWorld();
    const entry = order();
    await world.trade(entry);
    const protection = stop('95');
    await world.trade(protection);
    const gone = order({ type: 'limit', price: d('90'), timeInForce: 'gtc' });
    await world.trade(gone);
    await world.trading.cancel(gone);
    const before = {
      wallet: await world.wallet(),
      orders: await world.trading.openOrders(),
      fills: await world.venue.account!.fillsSince(BTC, START as never),
    };
    await world.restart();
    expect(await world.wallet()).toBe(before.wallet);
    expect(await world.trading.openOrders()).toEqual(before.orders);
    expect(await world.venue.account!.fillsSince(BTC, START as never)).toEqual(before.fills);
    expect(await world.trading.find(entry)).toMatchObject({ order: { status: 'filled', filled: '1' } });
    expect(await world.trading.find(gone)).toMatchObject({ order: { status: 'cancelled' } });
    expect(await world.venue.account!.positions!()).toMatchObject([{ symbol: BTC, amount: '1' }]);
    expect(world.events.at(-3)).toMatchObject({ type: 'resumed' });
  });

  it('finds after a crash, in which nothing could be written any more, all that had been answered', async () => {
    const world = createWorld();
    const entry = order();
    await world.trade(entry);
    await world.trade(stop('95'));
    await world.crash();
    expect(await world.trading.find(entry)).toMatchObject({ kind: 'found' });
    expect(await world.trading.openOrders()).toHaveLength(1);
  });

  it('listens at once for what is held, and fires its stop on the first price after it', async () => {
    const world = createWorld();
    await world.trade(order());
    await world.trade(stop('95'));
    await world.restart();
    expect(world.source.streams()).toEqual(['book', 'mark', 'top', 'trades'].map((kind) => `${kind} ${BTC}`));
    world.source.top('80', '80.1');
    world.source.trade('80');
    expect(world.fills().at(-1)).toMatchObject({ side: 'sell', price: '80', amount: '1' });
    expect(world.source.streams()).toEqual([]);
  });

  it('goes on counting trades, so that no fill gets the identity of another', async () => {
    const world = createWorld();
    await world.trade(order());
    await world.crash();
    await world.trade(order());
    await world.trade(order({ side: 'sell', amount: d('2'), reduceOnly: true }));
    await world.restart();
    await world.trade(order());
    const ids = world.fills().map(({ tradeId }) => tradeId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });

  it('refuses what is no snapshot, or another exchange’s, in words', async () => {
    const world = createWorld();
    await world.trade(order());
    const start = (saved: unknown) => () =>
      createPaperVenue({
        exchange: 'bybit',
        data: world.source.data,
        reference: world.venue.reference,
        now: () => START as never,
        marketNow: () => START as never,
        timers: world.time.timers,
        saved,
        save: () => {},
      });
    expect(start({ version: 7 })).toThrow('cannot be read');
    expect(start(JSON.parse(world.disk.saved!))).toThrow('belongs to binance');
    expect(start(null)).not.toThrow();
  });
});

describe('a disk that refuses', () => {
  it('makes an order unknown and its fill unheard of until it is written', async () => {
    const world = createWorld();
    await world.time.settle();
    world.disk.full = true;
    const request = order();
    expect(await world.trade(request)).toMatchObject({ kind: 'unknown' });
    expect(world.fills()).toEqual([]);
    await expect(world.trading.find(request)).rejects.toMatchObject({ name: 'VenueError' });
    await expect(world.venue.account!.balances()).rejects.toMatchObject({ name: 'VenueError' });
    expect(await world.trading.cancel(request)).toMatchObject({ kind: 'unknown' });
    world.disk.full = false;
    await world.time.advance(1_000);
    expect(world.fills()).toHaveLength(1);
    expect(await world.trading.find(request)).toMatchObject({ kind: 'found', order: { status: 'filled' } });
  });

  it('leaves an order that never was, when the process dies before it was written', async () => {
    const world = createWorld();
    world.disk.full = true;
    const request = order();
    expect(await world.trade(request)).toMatchObject({ kind: 'unknown' });
    await world.crash();
    expect(await world.trading.find(request)).toEqual({ kind: 'absent' });
    expect(await world.wallet()).toBe('10000');
  });

  it('hears every change before the account stream does', async () => {
    const world = createWorld();
    await world.time.settle();
    const seen: boolean[] = [];
    world.venue.account!.subscribe((event) => {
      if (event.type === 'fill') seen.push(world.disk.saved?.includes(event.fill.tradeId) ?? false);
    });
    const request = order();
    await world.trade(request);
    expect(seen).toEqual([true]);
    expect(world.disk.saved).toContain(request.clientOrderId);
  });
});

describe('public streams', () => {
  it('open with the first order of an instrument and close when nothing depends on them', async () => {
    const world = createWorld();
    expect(world.source.streams()).toEqual([]);
    await world.trade(order());
    expect(world.source.streams()).toEqual(['book', 'mark', 'top', 'trades'].map((kind) => `${kind} ${BTC}`));
    await world.trade(order({ side: 'sell', reduceOnly: true }));
    expect(world.source.streams()).toEqual([]);
  });

  it('are there already for whoever watches the trades, without the book, under this venue’s name', async () => {
    const world = createWorld();
    const seen: string[] = [];
    const undo = world.venue.data.subscribe({ kind: 'trades', symbol: BTC }, (event) =>
      seen.push(event.venue),
    );
    expect(world.source.streams()).toEqual(['mark', 'top', 'trades'].map((kind) => `${kind} ${BTC}`));
    world.source.top('100', '100.1');
    world.source.trade('100');
    expect(seen).toEqual(['binance_paper']);
    const answer = world.send(order());
    await world.time.settle();
    expect(answer.outcome).toMatchObject({ kind: 'accepted' });
    await world.trade(order({ side: 'sell', reduceOnly: true }));
    expect(world.source.streams()).toEqual(['mark', 'top', 'trades'].map((kind) => `${kind} ${BTC}`));
    undo();
    undo();
    expect(world.source.streams()).toEqual([]);
  });

  it.each(['trade', 'mark'] as const)(
    'let a first stop be judged by the %s that a watcher saw',
    async (kind) => {
      const world = createWorld();
      world.venue.data.subscribe({ kind: 'trades', symbol: BTC }, () => {});
      world.source[kind]('100');
      const past = await world.trading.place(stop('101', { reduceOnly: false }));
      expect(past).toMatchObject({ kind: 'rejected', code: 'would-trigger-at-once' });
      const fine = await world.trading.place(stop('99', { reduceOnly: false }));
      expect(fine).toMatchObject({ kind: 'accepted' });
    },
  );

  it('stay open for an order that rests without a position', async () => {
    const world = createWorld();
    await world.trade(order({ type: 'limit', price: d('99'), timeInForce: 'gtc' }));
    world.source.top('99.5', '99.6');
    world.source.trade('98.9');
    expect(world.fills()).toMatchObject([{ price: '99', amount: '1', maker: true }]);
  });

  it('take the book along when they leave, so that a later order does not trade on its remains', async () => {
    const world = createWorld();
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC }, () => {});
    await world.trade(order(), () => world.source.book([['100', '9']], [['100.1', '9']]));
    await world.trade(order({ side: 'sell', reduceOnly: true }));
    const answer = world.send(order());
    await world.time.advance(2_000);
    expect(answer.outcome).toMatchObject({ kind: 'rejected', code: 'no-liquidity' });
  });

  it('of one instrument do not move another', async () => {
    const world = createWorld();
    await world.trade(order({ symbol: ETH }), () => world.source.top('50', '50.1', '10', ETH));
    await world.trade(stop('45', { symbol: ETH }));
    await world.trade(order());
    world.source.trade('40');
    expect(world.fills()).toHaveLength(2);
    expect(await world.trading.openOrders(ETH)).toHaveLength(1);
    world.source.top('44', '44.1', '10', ETH);
    world.source.trade('44', 'sell', '1', ETH);
    expect(world.fills()[2]).toMatchObject({ symbol: ETH, price: '44' });
  });

  it('judge a stop by today’s price and not by the one of the last visit', async () => {
    const world = createWorld();
    await world.trade(order());
    world.source.trade('100');
    world.source.mark('100');
    await world.trade(order({ side: 'sell', reduceOnly: true }));
    await world.time.advance(3_600_000);
    const answer = world.send(order({ side: 'buy', type: 'stop-market', triggerPrice: d('90') }));
    await world.time.settle();
    world.source.mark('80');
    await world.time.settle();
    expect(answer.outcome).toMatchObject({ kind: 'accepted', status: 'open' });
  });
});

describe('mark prices', () => {
  it('liquidate a position that has lost its margin, and say so as an order of the venue’s own', async () => {
    const world = createWorld();
    await world.trading.setLeverage!(BTC, 20);
    await world.trade(order({ amount: d('1000') }), () => world.source.top('100', '100.1', '2000'));
    const [held] = await world.venue.account!.positions!();
    expect(Number(held!.liquidationPrice)).toBeGreaterThan(90);
    world.source.top('89', '89.1', '2000');
    world.source.mark('89');
    expect(await world.venue.account!.positions!()).toEqual([]);
    expect(world.fills()[1]).toMatchObject({
      side: 'sell',
      price: '89',
      amount: '1000',
      clientOrderId: expect.stringMatching(/^autoclose-/),
    });
    expect(Number(await world.wallet())).toBeGreaterThanOrEqual(0);
  });

  it('take a loss that is not realised yet off what an order may use, and never add a gain', async () => {
    const world = createWorld();
    await world.trading.setLeverage!(BTC, 1);
    await world.trade(order({ amount: d('10') }));
    world.source.mark('90.1');
    const [after] = await world.venue.account!.balances();
    expect(after).toEqual({ asset: 'USDT', free: '8898.4995', locked: '1101' });
    world.source.mark('110');
    expect(await world.venue.account!.balances()).toMatchObject([{ free: '8998.4995', locked: '1001' }]);
  });

  it('bring funding once per due time, at the rate named before it', async () => {
    const world = createWorld();
    await world.trade(order({ amount: d('10') }));
    const before = await world.wallet();
    const due = START + 5_000;
    world.source.mark('100', { at: due, rate: '0.0001' });
    world.source.mark('100', { at: due, rate: '0.0002' });
    await world.time.advance(5_000);
    world.source.mark('100', { at: due, rate: '0.0002' });
    world.source.mark('100', { at: due + 28_800_000, rate: '0.0009' });
    world.source.mark('100', { at: due + 28_800_000, rate: '0.0009' });
    expect(Number(before) - Number(await world.wallet())).toBeCloseTo(0.2, 9);
  });

  it('do not bring funding when only the announcement moves', async () => {
    const world = createWorld();
    await world.trade(order({ amount: d('10') }));
    const before = await world.wallet();
    world.source.mark('100', { at: START + 5_000, rate: '0.0001' });
    world.source.mark('100', { at: START + 9_000, rate: '0.0001' });
    expect(await world.wallet()).toBe(before);
  });
});

describe('new rules of an instrument', () => {
  it('come into force while a position is held', async () => {
    const world = createWorld();
    await world.trade(order());
    await world.trade(stop('95'));
    world.listing.instruments = [world.instrument(BTC, { tickSize: d('0.01') })];
    await world.venue.reference.instruments();
    const more = world.send(order());
    await world.time.settle();
    expect(more.outcome).toMatchObject({ kind: 'accepted', status: 'filled' });
    const fine = order({ type: 'limit', price: d('99.99'), timeInForce: 'gtc' });
    expect(await world.trade(fine)).toMatchObject({ kind: 'accepted', status: 'open' });
    world.source.top('94.98', '94.99');
    world.source.trade('94.98');
    expect(world.fills().map(({ price }) => price)).toEqual(['100.1', '100.1', '99.99', '94.98']);
  });

  it('do not stop an account whose prices still stand on the old ticks', async () => {
    const world = createWorld();
    world.listing.instruments = [world.instrument(BTC, { tickSize: d('0.5') })];
    await world.trade(order(), () => world.source.top('100.2', '100.7'));
    world.source.trade('100.3', 'sell', '0.0004');
    expect(world.fills()[0]).toMatchObject({ price: '101' });
  });

  it('keep what a delisted instrument holds closable', async () => {
    const world = createWorld();
    await world.trade(order());
    world.listing.instruments = [world.instrument(BTC, { active: false })];
    await world.venue.reference.instruments();
    expect(await world.trade(order({ side: 'sell', reduceOnly: true }))).toMatchObject({ status: 'filled' });
  });
});
