import { describe, expect, it } from 'vitest';
import type { MarketEvent } from '#shared/domain/market';
import { at, BTC, BTC_PERP, createWorld, START, type World } from './world';

const trade = (over: object = {}) => ({
  e: 'aggTrade',
  E: START,
  s: 'BTCUSDT',
  a: 1,
  p: '65000',
  q: '1',
  T: START,
  m: false,
  ...over,
});
const delta = (U: number, u: number, pu: number, b: string[][] = []) => ({
  e: 'depthUpdate',
  E: START,
  T: START,
  s: 'BTCUSDT',
  U,
  u,
  pu,
  b,
  a: [],
});
const depth = (lastUpdateId: number) => ({ body: { lastUpdateId, bids: [['65000', '1']], asks: [] } });
const asks = (world: World, path: string) => world.asked.filter((one) => one.path === path).length;
const kinds = (events: readonly MarketEvent[]) =>
  events.map((event) =>
    event.type === 'book-delta' || event.type === 'book-snapshot'
      ? `${event.type} ${event.last}`
      : event.type,
  );

describe('streams', () => {
  it('M-120 of futures go to the host that carries them, in one frame each', async () => {
    const world = await createWorld('binance_future');
    for (const kind of ['trades', 'top', 'ticker', 'mark'] as const)
      world.venue.data.subscribe({ kind, symbol: BTC_PERP }, () => {});
    world.venue.data.subscribe({ kind: 'candles', symbol: BTC_PERP, timeframe: '1m' }, () => {});
    await world.seams.advance(3_000);
    const sent = world.frames.map(({ path, text }) => [path, JSON.parse(text).params] as const).sort();
    expect(sent).toEqual([
      ['/market/ws', ['btcusdt@aggTrade', 'btcusdt@miniTicker', 'btcusdt@markPrice@1s', 'btcusdt@kline_1m']],
      ['/public/ws', ['btcusdt@bookTicker']],
    ]);
    expect(
      world.pool
        .statuses()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['binance_future market', 'binance_future public']);
  });
  it('M-120 of spot share one socket', async () => {
    const world = await createWorld('binance_spot');
    for (const kind of ['trades', 'top', 'ticker'] as const)
      world.venue.data.subscribe({ kind, symbol: BTC }, () => {});
    await world.seams.advance(3_000);
    expect(world.frames.map(({ path, text }) => [path, JSON.parse(text).params])).toEqual([
      ['/ws', ['btcusdt@trade', 'btcusdt@bookTicker', 'btcusdt@miniTicker']],
    ]);
  });
  it('asks for two hundred symbols in a handful of frames', async () => {
    const world = await createWorld('binance_spot');
    for (let i = 0; i < 250; i++)
      world.venue.data.subscribe({ kind: 'top', symbol: `C${i}/USDT` as never }, () => {});
    await world.seams.advance(3_000);
    expect(world.frames).toHaveLength(3);
  });
  it('delivers what was asked for, and counts what cannot be read without harm to the rest', async () => {
    const world = await createWorld('binance_future');
    const events: MarketEvent[] = [];
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, (event) => events.push(event));
    await world.seams.advance(3_000);
    const broken = [
      '{"e":"aggTr',
      '<html>',
      JSON.stringify(trade()) + JSON.stringify(trade()),
      trade({ s: 'ETHUSDT' }),
      trade({ p: 'free' }),
    ];
    for (const frame of [
      ...broken,
      JSON.stringify(trade({ a: 4711 })).replace('4711', '9007199254740993'),
      trade({ p: 65000.5 }),
    ])
      world.send(0, frame);
    await world.seams.advance(500);
    expect(events.map((event) => event.type === 'trade' && [event.tradeId, event.price])).toEqual([
      ['9007199254740993', '65000'],
      ['1', '65000.5'],
    ]);
    expect(world.pool.statuses()[0]).toMatchObject({ state: 'live', badFrames: broken.length });
  });
});

describe('a book', () => {
  const follow = async (world: World) => {
    const events: MarketEvent[] = [];
    const undo = world.venue.data.subscribe({ kind: 'book', symbol: BTC_PERP }, (event) =>
      events.push(event),
    );
    await world.seams.advance(3_000);
    return { events, undo };
  };
  it('begins with a snapshot, goes on with deltas, and takes a new snapshot after a gap', async () => {
    const world = await createWorld('binance_future');
    let last = 100;
    world.script(({ path }) => (path === 'depth' ? depth(last) : undefined));
    const { events } = await follow(world);
    world.send(0, delta(95, 105, 90));
    world.send(0, delta(106, 110, 105));
    last = 130;
    world.send(0, delta(121, 130, 120));
    await world.seams.advance(500);
    world.send(0, delta(131, 140, 130));
    await world.seams.advance(500);
    expect(kinds(events)).toEqual([
      'book-snapshot 100',
      'book-delta 105',
      'book-delta 110',
      'book-snapshot 130',
      'book-delta 130',
      'book-delta 140',
    ]);
  });
  it('is asked for again, ever more slowly, while REST fails, and then is whole', async () => {
    const world = await createWorld('binance_future');
    let broken = true;
    world.script(({ path }) =>
      path !== 'depth' ? undefined : broken ? { status: 400, body: { code: -1, msg: 'x' } } : depth(100),
    );
    const { events } = await follow(world);
    world.send(0, delta(95, 105, 90));
    await world.seams.advance(60_000);
    expect(asks(world, 'depth')).toBeLessThan(12);
    broken = false;
    await world.seams.advance(40_000);
    expect(kinds(events)).toEqual(['book-snapshot 100', 'book-delta 105']);
  });
  it('begins anew after a reconnect', async () => {
    const world = await createWorld('binance_future');
    let last = 100;
    world.script(({ path }) => (path === 'depth' ? depth(last) : undefined));
    const { events } = await follow(world);
    last = 500;
    world.seams.network.breakSockets(world.server.port);
    await world.seams.advance(10_000);
    world.send(1, delta(495, 505, 490));
    await world.seams.advance(500);
    expect(kinds(events)).toEqual(['book-snapshot 100', 'book-snapshot 500', 'book-delta 505']);
  });
  it('begins with a snapshot for one who comes late, too', async () => {
    const world = await createWorld('binance_future');
    world.script(({ path }) => (path === 'depth' ? depth(100) : undefined));
    await follow(world);
    const { events, undo } = await follow(world);
    expect(kinds(events)).toEqual(['book-snapshot 100']);
    undo();
    world.send(0, delta(95, 105, 90));
    await world.seams.advance(500);
    expect(events).toHaveLength(1);
    expect(world.sockets).toHaveLength(1);
  });
});

describe('candles over REST', () => {
  const row = (open: number) => [open, '1', '3', '0.5', '2', '10', open + 59_999, '20', 3, '1', '1', '0'];
  const minutes = (world: World, forming: number) =>
    world.script(({ path, params }) => {
      if (path !== 'klines') return undefined;
      const end = Number(params.get('endTime') ?? Infinity);
      const all = Array.from({ length: 50 }, (_, back) => row(forming - (49 - back) * 60_000)).filter(
        ([open]) => (open as number) <= end,
      );
      return { body: all.slice(-Number(params.get('limit'))) };
    });
  it('end with the one that forms, on whichever clock the market runs', async () => {
    for (const forming of [at(0), at(-4 * 365 * 86_400_000), at(90_000_000)]) {
      const world = await createWorld('binance_future');
      minutes(world, forming);
      const candles = await world.result(world.venue.data.candles(BTC_PERP, '1m', { limit: 3 }));
      expect(candles.map(({ openTime, closed }) => [openTime, closed])).toEqual([
        [forming - 120_000, true],
        [forming - 60_000, true],
        [forming, false],
      ]);
    }
  });
  it('before some time are all closed', async () => {
    const world = await createWorld('binance_future');
    minutes(world, at(0));
    const candles = await world.result(
      world.venue.data.candles(BTC_PERP, '1m', { limit: 2, before: at(-60_000) }),
    );
    expect(candles.map(({ openTime, closed }) => [openTime, closed])).toEqual([
      [at(-180_000), true],
      [at(-120_000), true],
    ]);
  });
});

describe('open interest', () => {
  const answer = (symbol: string) => (asked: { path: string }) => {
    if (asked.path === 'openInterest') return { body: { openInterest: '10659.5', symbol, time: START } };
    return asked.path === 'premiumIndex' ? { body: { symbol: 'BTCUSDT', markPrice: '65000.20' } } : undefined;
  };
  it('is base units times mark price, exactly', async () => {
    const world = await createWorld('binance_future');
    world.script(answer('BTCUSDT'));
    expect(await world.result(world.venue.data.openInterest!(BTC_PERP))).toBe('692869631.9');
    expect((await createWorld('binance_spot')).venue.data.openInterest).toBeUndefined();
  });
  it('of another symbol is a bad answer', async () => {
    const world = await createWorld('binance_future');
    world.script(answer('ETHUSDT'));
    await expect(world.result(world.venue.data.openInterest!(BTC_PERP))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});
