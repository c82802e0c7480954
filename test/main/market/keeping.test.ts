import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCandles, foldedFrom } from '#main/market/fold';
import { createMarket, type LocalMarket } from '#main/market/index';
import { createRealSeams, createSimulatedSeams } from '#main/seams/index';
import { openStore, readMigrations } from '#main/store/index';
import type { Candle, Quote } from '#shared/domain/market';
import { BTC, candle, createSource, createWorld, ETH, MINUTE, START, VENUE } from './world';

const FIRST = START / MINUTE;
const broken = (): never => {
  throw new Error('the disk is full');
};
const BROKEN: LocalMarket = { saveCandles: broken, candles: broken, savePrices: broken, prices: broken };

describe('a market without its cache', () => {
  it.each([
    ['switched off', undefined],
    ['failing', BROKEN],
  ])('M-128 brings prices and candles to strategies and charts with the cache %s', async (_, local) => {
    const world = createWorld(local);
    world.attach();
    world.venue.answer(async () => [candle(FIRST - 1, true), candle(FIRST, false)]);
    const prices: string[] = [];
    const candles: Candle[] = [];
    world.market.onPrice((_venue, _symbol, price) => prices.push(price));
    world.market.onCandle(VENUE, BTC, '1m', (one) => candles.push(one));
    world.market.watchList('window', [{ venue: VENUE, symbol: BTC }]);
    await world.seams.advance(40_000);
    world.trade('65000');
    world.candle(candle(FIRST, true));
    await world.seams.advance(40_000);
    expect(prices).toEqual(['65000']);
    expect(candles.at(-1)).toEqual(candle(FIRST, true));
    expect(world.market.quote(VENUE, BTC)?.last).toBe('65000');
    const page = await world.market.candlePage({ venue: VENUE, symbol: BTC, timeframe: '1m', limit: 5 });
    expect([page.candles.length, page.offline]).toEqual([2, false]);
    expect(world.market.lastKnown()).toEqual([]);
  });
  it('says what the cache threw, and names the exchange’s trouble when neither can help', async () => {
    const seams = createSimulatedSeams(1, START);
    const failures: unknown[] = [];
    const market = createMarket({
      now: () => seams.clock.now(),
      timers: seams.timers,
      local: BROKEN,
      cacheFailed: (error) => failures.push(error),
    });
    const page = market.candlePage({ venue: VENUE, symbol: BTC, timeframe: '1m', limit: 5 });
    await expect(page).rejects.toThrow(/not connected.*none kept here/);
    expect(failures.length).toBeGreaterThan(0);
  });
});

/** A real store in memory, so that what is kept is kept as it will be. */
const createStore = () => {
  const seams = createRealSeams();
  return openStore({
    file: ':memory:',
    seams: { ...seams, clock: createSimulatedSeams(1, START).clock },
    migrations: readMigrations(seams.disk, 'resources/migrations'),
    warn: () => {},
  });
};

describe('what is kept of a watched market', () => {
  it('M-131 are its last price and candles, found offline by the next run, marked as old', async () => {
    const store = createStore();
    const world = createWorld(store);
    world.attach();
    const lengths = new Map([
      ['1m', 1],
      ['15m', 15],
      ['1h', 60],
    ]);
    world.venue.answer(async (_symbol, timeframe) => {
      const span = lengths.get(timeframe)!;
      const last = Math.floor(FIRST / span) * span;
      return [3, 2, 1, 0].map((back) => candle(last - back * span, back > 0));
    });
    world.market.watchList('window', [{ venue: VENUE, symbol: BTC }]);
    world.market.watch(VENUE, ETH, true);
    await world.seams.advance(1_000);
    world.trade('65000');
    world.trade('3000', ETH);
    await world.seams.advance(60_000);
    expect(world.venue.asked.map((one) => one.split(' ')[1])).toEqual(['1m', '15m', '1h']);
    world.market.close();

    const next = createWorld(store);
    // Only what somebody had on a list is kept.
    expect(next.market.lastKnown()).toEqual([
      expect.objectContaining({
        symbol: BTC,
        last: '65000',
        seenAt: START + 1_000,
        kept: true,
        bid: null,
        mark: null,
      }),
    ]);
    // It is shown, and known to nobody who decides.
    expect(next.market.quote(VENUE, BTC)).toBeUndefined();
    expect(next.market.lastPriceInUsd(VENUE, 'BTC')).toBeNull();
    for (const timeframe of ['1m', '15m', '1h'] as const) {
      const page = await next.market.candlePage({ venue: VENUE, symbol: BTC, timeframe, limit: 10 });
      expect([page.offline, page.candles.length]).toEqual([true, 4]);
    }
    store.close();
  });
  it('M-131 is asked for again in time, one question a second, and no more when nobody watches', async () => {
    const world = createWorld({ ...BROKEN, saveCandles: () => {}, savePrices: () => {} });
    world.attach();
    world.market.watchList('window', [
      { venue: VENUE, symbol: BTC },
      { venue: VENUE, symbol: ETH },
    ]);
    await world.seams.advance(3_500);
    expect(world.venue.asked).toHaveLength(3);
    await world.seams.advance(3_800_000);
    const count = (timeframe: string) =>
      world.venue.asked.filter((one) => one.startsWith(`${BTC} ${timeframe} `)).length;
    expect([count('1m'), count('15m'), count('1h')]).toEqual([5, 2, 1]);
    world.market.watchList('window', []);
    await world.seams.advance(60_000);
    const before = world.venue.asked.length;
    await world.seams.advance(3_600_000);
    expect(world.venue.asked).toHaveLength(before);
  });
  it('M-131 includes each candle that closes while somebody follows it', async () => {
    const saved: Candle[] = [];
    const world = createWorld({
      ...BROKEN,
      candles: () => [],
      saveCandles: (_v, _s, _t, rows) => void saved.push(...rows),
    });
    world.attach();
    world.venue.answer(async () => [candle(FIRST, false)]);
    world.market.onCandle(VENUE, BTC, '1m', () => {});
    await world.seams.advance(10);
    world.candle(candle(FIRST, false));
    world.candle(candle(FIRST, true));
    expect(saved).toEqual([candle(FIRST, true)]);
  });
  it('forgets nothing of other markets when one is kept anew, and reads damaged rows as none', () => {
    const store = createStore();
    const quote = (symbol: string, last: string): Quote =>
      ({
        venue: VENUE,
        symbol,
        bid: null,
        ask: null,
        last,
        mark: null,
        change24h: null,
        volume24h: null,
        venueTime: null,
        seenAt: START,
      }) as Quote;
    store.savePrices([quote('BTC/USDT:USDT', '1'), quote('ETH/USDT:USDT', '2')]);
    store.savePrices([quote('BTC/USDT:USDT', '3')]);
    expect(store.prices().map(({ symbol, last }) => [symbol, last])).toEqual([
      ['BTC/USDT:USDT', '3'],
      ['ETH/USDT:USDT', '2'],
    ]);
    store.setMeta('last-prices', '{"broken');
    expect(store.prices()).toEqual([]);
    store.close();
  });
});

describe('candles folded from shorter ones', () => {
  it('M-131 make up every length that is not kept itself', () => {
    expect((['1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d'] as const).map(foldedFrom)).toEqual([
      null,
      '1m',
      '1m',
      '1m',
      '15m',
      '15m',
      '1h',
      '1h',
    ]);
  });
  it('are what the trades would have made of the longer candles, and nothing of what is not whole', () => {
    const price = fc.integer({ min: 1, max: 1_000 });
    const minutes = fc.array(
      fc.record({ open: price, close: price, up: fc.nat(9), down: fc.nat(9), volume: fc.nat(50) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(minutes, fc.nat(10), (rows, start) => {
        const short = rows.map(({ open, close, up, down, volume }, at) =>
          candle(start + at, at < rows.length - 1, {
            open,
            close,
            volume,
            high: Math.max(open, close) + up,
            low: Math.min(open, close) - down,
          }),
        );
        const folded = foldCandles(short, '1m', '5m');
        for (const long of folded) {
          const parts = short.filter(
            ({ openTime }) => openTime >= long.openTime && openTime < long.openTime + 5 * MINUTE,
          );
          expect(parts[0]!.openTime).toBe(long.openTime);
          expect(long).toMatchObject({
            open: parts[0]!.open,
            close: parts.at(-1)!.close,
            high: Math.max(...parts.map(({ high }) => high)),
            low: Math.min(...parts.map(({ low }) => low)),
            volume: parts.reduce((sum, part) => sum + part.volume, 0),
            closed: parts.length === 5 && parts.at(-1)!.closed,
          });
        }
        const whole = short.filter(({ openTime }) => (openTime / MINUTE) % 5 === 0).length;
        expect(folded).toHaveLength(whole);
      }),
    );
  });
  it('continue the exchange’s own where those end', async () => {
    const rows = new Map<string, Candle[]>([
      ['5m', [candle(FIRST - 10, true, { close: 7 }), candle(FIRST - 5, false)]],
      ['1m', Array.from({ length: 7 }, (_, at) => candle(FIRST - 5 + at, at < 6))],
    ]);
    const world = createWorld({ ...BROKEN, candles: (_v, _s, timeframe) => rows.get(timeframe) ?? [] });
    const page = await world.market.candlePage({ venue: VENUE, symbol: BTC, timeframe: '5m', limit: 10 });
    expect(page.candles.map(({ openTime, closed }) => [openTime / MINUTE - FIRST, closed])).toEqual([
      [-10, true],
      [-5, true],
      [0, false],
    ]);
  });
});

describe('the market connection of a venue', () => {
  it('M-123 reports sockets, streams and symbols', () => {
    const source = createSource();
    const seams = createSimulatedSeams(1, START);
    const link = (key: string, more: object) => ({
      key,
      state: 'live',
      users: 2,
      reconnects: 1,
      streams: [{ name: `${key} a` }, { name: `${key} b` }],
      ...more,
    });
    let links: object[] = [];
    const market = createMarket({
      now: () => seams.clock.now(),
      timers: seams.timers,
      links: () => links as never,
    });
    expect(market.isConnected(VENUE)).toBe(false);
    market.attach(VENUE, source.source);
    market.watch(VENUE, BTC, true);
    links = [
      link(`${VENUE} public`, {}),
      link(`${VENUE} market`, { reconnects: 3 }),
      link(`${VENUE} private`, { state: 'refused' }),
      link('binance_spot public', { state: 'waiting' }),
    ];
    expect(market.isConnected(VENUE)).toBe(true);
    expect(market.getConnectionStatus(VENUE)).toEqual({
      connected: true,
      running: true,
      auto_reconnect: true,
      reconnect_attempts: 4,
      subscribed_streams: 4,
      streams: [`${VENUE} public a`, `${VENUE} public b`, `${VENUE} market a`, `${VENUE} market b`],
      active_symbols: [BTC],
    });
    links = [link(`${VENUE} public`, {}), link(`${VENUE} market`, { state: 'waiting' })];
    expect(market.getConnectionStatus(VENUE)).toMatchObject({
      connected: false,
      running: true,
      auto_reconnect: true,
    });
    links = [link(`${VENUE} public`, { state: 'refused' })];
    expect(market.getConnectionStatus(VENUE)).toMatchObject({ connected: false, auto_reconnect: false });
    links = [link(`${VENUE} public`, { users: 0, state: 'idle', streams: [] })];
    expect(market.getConnectionStatus(VENUE)).toMatchObject({
      connected: false,
      running: false,
      subscribed_streams: 0,
    });
  });
});
