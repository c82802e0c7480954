import { describe, expect, it } from 'vitest';
import type { LocalMarket, OrderBook } from '#main/market/index';
import { type Candle, type Level, Timeframe } from '#shared/domain/market';
import { BTC, candle, createWorld, MINUTE, START, VENUE } from './world';

const FIRST = START / MINUTE;
const times = (candles: readonly Candle[]) =>
  candles.map(({ openTime, closed }) => `${openTime / MINUTE - FIRST}${closed ? '' : ' open'}`);

describe('live candles', () => {
  it('are shared, tell each change and each close, and never the history', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async () => [candle(FIRST - 2, true), candle(FIRST - 1, true), candle(FIRST, false)]);
    const told: Candle[] = [];
    const undos = [1, 2].map(() => world.market.onCandle(VENUE, BTC, '1m', (one) => told.push(one)));
    await world.seams.advance(10);
    world.candle(candle(FIRST, false, { close: 2 }));
    world.candle(candle(FIRST, true, { close: 3 }));
    expect(times(told)).toEqual(['0 open', '0 open', '0 open', '0 open', '0', '0']);
    expect(times(world.market.candleBuffer(VENUE, BTC, '1m')!.closed)).toEqual(['-2', '-1', '0']);
    expect(world.venue.opened).toEqual([`${BTC} 1m`]);
    for (const undo of undos) undo();
    expect(world.venue.running()).toEqual([]);
    expect(world.market.candleBuffer(VENUE, BTC, '1m')).toBeUndefined();
  });
  it('M-127 fill the hole of a broken line, in order, before they go on', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async () => [candle(FIRST - 1, true), candle(FIRST, false)]);
    const told: Candle[] = [];
    world.market.onCandle(VENUE, BTC, '1m', (one) => told.push(one));
    await world.seams.advance(10);
    told.length = 0;
    world.venue.answer(async (_symbol, _timeframe, { since }) => {
      expect(since).toBe(FIRST * MINUTE);
      return [
        candle(FIRST, true),
        candle(FIRST + 1, true),
        candle(FIRST + 2, true),
        candle(FIRST + 3, false),
      ];
    });
    world.candle(candle(FIRST + 3, false));
    await world.seams.advance(10);
    expect(times(told)).toEqual(['0', '1', '2', '3 open']);
    world.candle(candle(FIRST + 3, true));
    expect(times(world.market.candleBuffer(VENUE, BTC, '1m')!.closed)).toEqual(['-1', '0', '1', '2', '3']);
  });
  it('ask again for a hole when the question failed', async () => {
    const world = createWorld();
    world.attach();
    let broken = true;
    world.venue.answer(async () => {
      if (broken) throw new Error('no answer');
      return [candle(FIRST - 1, true), candle(FIRST, false)];
    });
    world.market.onCandle(VENUE, BTC, '1m', () => {});
    await world.seams.advance(4_000);
    expect(world.market.candleBuffer(VENUE, BTC, '1m')!.closed).toEqual([]);
    broken = false;
    await world.seams.advance(4_000);
    expect(times(world.market.candleBuffer(VENUE, BTC, '1m')!.closed)).toEqual(['-1']);
  });
});

describe('the candles of one market', () => {
  it('M-126 are kept for every length by itself, from 1 minute to 1 day', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async () => Array.from({ length: 201 }, (_, at) => candle(at, at < 200)));
    for (const timeframe of Timeframe.options) world.market.onCandle(VENUE, BTC, timeframe, () => {});
    await world.seams.advance(10);
    for (const timeframe of ['1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d'] as const) {
      const buffer = world.market.candleBuffer(VENUE, BTC, timeframe)!;
      expect([timeframe, buffer.closed.length, buffer.open!.openTime]).toEqual([
        timeframe,
        200,
        200 * MINUTE,
      ]);
    }
  });
});

describe('a page of candles', () => {
  const keep = () => {
    const rows: Candle[] = [];
    const local: LocalMarket = {
      saveCandles: (_v, _s, _t, candles) => void rows.push(...candles),
      candles: () => rows,
      savePrices: () => {},
      prices: () => [],
    };
    return { rows, local };
  };
  const ask = (over: object = {}) => ({
    venue: VENUE,
    symbol: BTC,
    timeframe: '1m' as const,
    limit: 2,
    ...over,
  });

  it('comes from the venue and is kept', async () => {
    const { rows, local } = keep();
    const world = createWorld(local);
    world.attach();
    world.venue.answer(async () => [candle(1, true), candle(2, false)]);
    expect(await world.market.candlePage(ask({ before: 9 }))).toEqual({
      candles: [candle(1, true), candle(2, false)],
      offline: false,
    });
    expect(world.venue.asked).toEqual([`${BTC} 1m {"limit":2,"before":9}`]);
    expect(rows).toHaveLength(2);
  });
  it('comes from what was kept when there is no network, cut where it was asked', async () => {
    const { rows, local } = keep();
    rows.push(candle(1, true), candle(2, true), candle(3, true), candle(4, true));
    const world = createWorld(local);
    expect(await world.market.candlePage(ask({ before: 4 * MINUTE }))).toEqual({
      candles: [candle(2, true), candle(3, true)],
      offline: true,
    });
    world.attach();
    world.venue.answer(async () => Promise.reject(new Error('down')));
    expect((await world.market.candlePage(ask())).offline).toBe(true);
  });
  it('says in words when nobody has any', async () => {
    const world = createWorld(keep().local);
    await expect(world.market.candlePage(ask())).rejects.toThrow(
      /binance_future is not connected.*none kept here/,
    );
  });
});

describe('a living book', () => {
  it('follows snapshot and deltas, through a change of its source', () => {
    const world = createWorld();
    const seen: unknown[] = [];
    const undo = world.market.onBook(VENUE, BTC, (book: OrderBook) =>
      seen.push([book.last, book.top(1).bids]),
    );
    world.attach();
    const level = (price: string, amount: string) => [price, amount] as unknown as Level;
    const base = { venue: VENUE, symbol: BTC, venueTime: null, seenAt: world.seams.clock.now() };
    const push = (event: object) => world.venue.push(`${BTC} book`, event as never);
    push({ ...base, type: 'book-snapshot', last: 5, bids: [level('9', '1')], asks: [] });
    push({
      ...base,
      type: 'book-delta',
      first: 6,
      last: 6,
      previousLast: null,
      bids: [level('10', '2')],
      asks: [],
    });
    expect(seen).toEqual([
      [5, [['9', '1']]],
      [6, [['10', '2']]],
    ]);
    undo();
    expect(world.venue.running()).toEqual([]);
  });
});
