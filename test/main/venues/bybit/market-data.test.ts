import { describe, expect, it } from 'vitest';
import { OrderBook } from '#main/market/index';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { BTC, BTC_PERP, createWorld, START, type World } from './world';

const subscribed = (world: World): string[][] =>
  world.frames.filter(({ frame }) => frame.op === 'subscribe').map(({ frame }) => frame.args as string[]);
const book = (type: 'snapshot' | 'delta', u: number, b: string[][] = [], a: string[][] = []) => ({
  topic: 'orderbook.200.BTCUSDT',
  type,
  ts: START,
  data: { s: 'BTCUSDT', b, a, u, seq: u },
  cts: START,
});
const kinds = (events: readonly MarketEvent[]) =>
  events.map((event) =>
    event.type === 'book-delta' || event.type === 'book-snapshot'
      ? `${event.type.slice(5)} ${event.last}`
      : event.type,
  );

describe('streams', () => {
  it('of one market share one socket, whose path tells the market, and a ticker serves three channels', async () => {
    const world = await createWorld();
    const seen: string[] = [];
    for (const kind of ['trades', 'top', 'ticker', 'mark', 'interest', 'liquidations'] as const)
      world.venue.data.subscribe({ kind, symbol: BTC_PERP }, (event) => seen.push(event.type));
    world.venue.data.subscribe({ kind: 'candles', symbol: BTC_PERP, timeframe: '1h' }, () => {});
    await world.seams.advance(1_000);
    expect(world.sockets.map(({ path }) => path)).toEqual(['/v5/public/linear']);
    expect(subscribed(world)).toEqual([
      [
        'publicTrade.BTCUSDT',
        'orderbook.1.BTCUSDT',
        'tickers.BTCUSDT',
        'allLiquidation.BTCUSDT',
        'kline.60.BTCUSDT',
      ],
    ]);
    const data = { symbol: 'BTCUSDT', lastPrice: '1', markPrice: '2', openInterest: '3' };
    world.send(0, { topic: 'tickers.BTCUSDT', type: 'snapshot', ts: START, data });
    await world.seams.advance(100);
    expect(seen).toEqual(['ticker', 'mark', 'interest']);
  });
  it('of spot offer no mark price, interest or liquidations', async () => {
    const world = await createWorld('bybit_spot');
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC }, () => {});
    await world.seams.advance(500);
    expect(world.sockets[0]!.path).toBe('/v5/public/spot');
    expect([...world.venue.data.channels].sort()).toEqual(['book', 'candles', 'ticker', 'top', 'trades']);
  });
  it('are asked for in tens, because spot takes no more in one request', async () => {
    const world = await createWorld('bybit_spot');
    for (let i = 0; i < 25; i++)
      world.venue.data.subscribe({ kind: 'trades', symbol: `C${i}/USDT` as Symbol }, () => {});
    await world.seams.advance(500);
    expect(subscribed(world).map((args) => args.length)).toEqual([10, 10, 5]);
  });
  it('that are refused are found one by one, and hurt no other', async () => {
    const world = await createWorld();
    world.socketReplies.set('subscribe', ({ args, req_id }) => {
      const bad = (args as string[]).find((topic) => topic.includes('NOSUCH'));
      const ret_msg = bad === undefined ? '' : `error:handler not found,topic:${bad}`;
      return { success: bad === undefined, ret_msg, req_id, op: 'subscribe' };
    });
    for (const symbol of ['BTC/USDT:USDT', 'NOSUCH/USDT:USDT', 'ETH/USDT:USDT'])
      world.venue.data.subscribe({ kind: 'trades', symbol: symbol as Symbol }, () => {});
    await world.seams.advance(1_000);
    expect(subscribed(world).map((args) => args.length)).toEqual([3, 1, 1, 1]);
    const { streams, state, problem } = world.pool.statuses()[0]!;
    expect(state).toBe('live');
    expect(problem).toContain('handler not found');
    expect(streams.filter(({ refused }) => refused !== null).map(({ name }) => name)).toEqual([
      'publicTrade.NOSUCHUSDT',
    ]);
  });
  it('count what cannot be read, without harm to the rest', async () => {
    const world = await createWorld();
    const seen: string[] = [];
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, (event) => {
      if (event.type === 'trade') seen.push(event.tradeId);
    });
    await world.seams.advance(500);
    const trade = (i: string, p: string) =>
      JSON.stringify({
        topic: 'publicTrade.BTCUSDT',
        type: 'snapshot',
        ts: START,
        data: [{ T: START, s: 'BTCUSDT', S: 'Buy', v: '1', p, i }],
      });
    const broken = [
      '{"topic":',
      '<html>',
      trade('x', '1') + trade('y', '1'),
      trade('z', 'free'),
      '{"topic":"a.b","data":[]}',
    ];
    for (const frame of [...broken, trade('good', '1')]) world.send(0, frame);
    await world.seams.advance(200);
    expect(seen).toEqual(['good']);
    expect(world.pool.statuses()[0]).toMatchObject({ state: 'live', badFrames: broken.length });
  });
  it('are kept awake by a ping whose public answer calls itself a ping', async () => {
    const world = await createWorld();
    world.venue.data.subscribe({ kind: 'trades', symbol: BTC_PERP }, () => {});
    await world.seams.advance(90_000);
    expect(world.frames.filter(({ frame }) => frame.op === 'ping').length).toBeGreaterThanOrEqual(3);
    expect(world.pool.statuses()[0]).toMatchObject({ state: 'live', badFrames: 0, reconnects: 0 });
  });
  it('take the best bid and ask for silent when the exchange stops repeating them', async () => {
    const world = await createWorld();
    world.venue.data.subscribe({ kind: 'top', symbol: BTC_PERP }, () => {});
    await world.seams.advance(500);
    const top = { ...book('snapshot', 5, [['1', '1']], [['2', '1']]), topic: 'orderbook.1.BTCUSDT' };
    const repeat = world.seams.timers.every(3_000, () => world.send(0, top));
    await world.seams.advance(30_000);
    expect(world.pool.statuses()[0]!.state).toBe('live');
    repeat();
    await world.seams.advance(10_500);
    expect(world.pool.statuses()[0]!.state).toBe('stale');
    expect(subscribed(world).at(-1)).toEqual(['orderbook.1.BTCUSDT']);
  });
});

describe('a book', () => {
  it('comes from the stream alone, is asked for anew after a gap or a crossing, and is right at the end', async () => {
    const world = await createWorld();
    const mirror = new OrderBook();
    const events: MarketEvent[] = [];
    world.venue.data.subscribe({ kind: 'book', symbol: BTC_PERP }, (event) => {
      events.push(event);
      if (event.type === 'book-snapshot') mirror.applySnapshot(event);
      if (event.type === 'book-delta') mirror.applyDelta(event);
    });
    await world.seams.advance(500);
    world.send(0, book('snapshot', 10, [['100', '1']], [['101', '1']]));
    world.send(0, book('delta', 11, [['100', '2']]));
    world.send(0, book('delta', 13, [['99', '5']]));
    world.send(0, book('delta', 14, [['98', '5']]));
    await world.seams.advance(100);
    world.send(0, book('snapshot', 15, [['100', '3']], [['101', '1']]));
    world.send(0, book('delta', 16, [['101', '1']]));
    await world.seams.advance(100);
    world.send(0, book('snapshot', 20, [['100', '4']], [['102', '1']]));
    world.send(0, book('delta', 1, [['90', '1']], [['91', '1']]));
    world.send(
      0,
      book('delta', 2, [
        ['90', '0'],
        ['89', '7'],
      ]),
    );
    await world.seams.advance(100);
    expect(kinds(events)).toEqual([
      'snapshot 10',
      'delta 11',
      'snapshot 15',
      'snapshot 20',
      'snapshot 1',
      'delta 2',
    ]);
    expect(mirror.top(5)).toMatchObject({ bids: [['89', '7']], asks: [['91', '1']] });
    const ops = world.frames.map(({ frame }) => frame.op);
    expect(ops).toEqual(['subscribe', 'unsubscribe', 'subscribe', 'unsubscribe', 'subscribe']);
    expect(world.asked).toEqual([]);
  });
});

describe('questions', () => {
  it('M-085 tell open interest in quote, as the exchange counts it', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'market/tickers'
        ? { result: { list: [{ symbol: 'BTCUSDT', openInterest: '2', openInterestValue: '130000.5' }] } }
        : undefined,
    );
    expect(await world.result(world.venue.data.openInterest!(BTC_PERP))).toBe('130000.5');
  });
  it('list instruments with their steps, and leave out what is dated or cannot be spelled', async () => {
    const world = await createWorld();
    const [btc] = await world.result(world.venue.reference.instruments());
    expect(btc).toMatchObject({
      symbol: BTC_PERP,
      wireSymbol: 'BTCUSDT',
      tickSize: '0.1',
      stepSize: '0.001',
      minAmount: '0.001',
      maxAmount: '1190',
      maxMarketAmount: '500',
      minNotional: '5',
    });
    const row = world.ofPath('market/instruments-info')[0]!;
    expect(row.query.get('category')).toBe('linear');
  });
  it('trap: spot’s smallest amount is its step and its smallest value, not the retired minOrderQty', async () => {
    const world = await createWorld('bybit_spot');
    const [btc] = await world.result(world.venue.reference.instruments());
    expect(btc).toMatchObject({
      symbol: BTC,
      stepSize: '0.000001',
      minAmount: '0.000001',
      minNotional: '5',
      maxAmount: '83',
    });
  });
  it('spell a perpetual in USDC as Bybit does, and leave dated contracts out', async () => {
    const world = await createWorld();
    world.script(({ path }) => {
      if (path !== 'market/instruments-info') return undefined;
      const row = (symbol: string, contractType: string, quoteCoin: string) => ({
        symbol,
        contractType,
        status: 'Trading',
        baseCoin: 'BTC',
        quoteCoin,
        settleCoin: quoteCoin,
        priceFilter: { tickSize: '0.1' },
        lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.001' },
      });
      return {
        result: {
          list: [row('BTCPERP', 'LinearPerpetual', 'USDC'), row('BTCUSDT-26DEC25', 'LinearFutures', 'USDT')],
          nextPageCursor: '',
        },
      };
    });
    const list = await world.result(world.venue.reference.instruments());
    expect(list.map(({ symbol, wireSymbol }) => [symbol, wireSymbol])).toEqual([
      ['BTC/USDC:USDC', 'BTCPERP'],
    ]);
  });
});
