import { describe, expect, it } from 'vitest';
import type { MarketEvent } from '#shared/domain/market';
import { createWorld, START, SYMBOL, type World } from './world';

const arg = { instType: 'usdt-futures', topic: 'books', symbol: 'BTCUSDT' };
const book = (action: string, seq: number, pseq: number, bids: string[][], asks: string[][]) => {
  const base = 1_304_314_508_780_744_000n;
  const id = (value: number) => (value === 0 ? '0' : String(base + BigInt(value)));
  return `{"action":"${action}","arg":${JSON.stringify(arg)},"data":[{"a":${JSON.stringify(asks)},"b":${JSON.stringify(bids)},"pseq":${id(pseq)},"seq":${id(seq)},"ts":"${START}"}],"ts":${START}}`;
};
const listen = async (world: World, kind: 'book' | 'ticker' | 'mark' | 'interest' | 'trades') => {
  const seen: MarketEvent[] = [];
  const undo = world.venue.data.subscribe({ kind, symbol: SYMBOL.future }, (event) => seen.push(event));
  await world.seams.advance(1_000);
  return { seen, undo };
};
const ops = (world: World) => world.frames.map(({ text }) => (JSON.parse(text) as { op: string }).op);

describe('a book of Bitget', () => {
  it('begins with the snapshot of the stream and goes on with what follows it', async () => {
    const world = await createWorld('future');
    const { seen } = await listen(world, 'book');
    expect(world.sockets.map(({ path }) => path)).toEqual(['/v3/ws/public']);
    expect(JSON.parse(world.frames[0]!.text)).toEqual({ op: 'subscribe', args: [arg] });
    world.send(-1, book('snapshot', 10, 0, [['100', '1']], [['101', '1']]));
    world.send(
      -1,
      book(
        'update',
        12,
        10,
        [
          ['100', '0'],
          ['99', '2'],
        ],
        [],
      ),
    );
    await world.seams.advance(100);
    expect(seen.map(({ type }) => type)).toEqual(['book-snapshot', 'book-delta']);
  });
  it.each([
    ['a gap', book('update', 14, 13, [['99', '2']], [])],
    ['a fresh start without a snapshot', book('update', 14, 0, [['99', '2']], [])],
    ['a crossed book', book('update', 12, 10, [['101.5', '2']], [])],
  ])(
    'after %s the topic is asked for anew, and nothing is told until its snapshot',
    async (_what, broken) => {
      const world = await createWorld('future');
      const { seen } = await listen(world, 'book');
      world.send(-1, book('snapshot', 10, 0, [['100', '1']], [['101', '1']]));
      world.send(-1, broken);
      world.send(-1, book('update', 15, 14, [['98', '1']], []));
      await world.seams.advance(100);
      expect(seen.map(({ type }) => type)).toEqual(['book-snapshot']);
      expect(ops(world)).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
      world.send(-1, book('snapshot', 20, 0, [['100', '1']], [['101', '1']]));
      world.send(-1, book('update', 21, 20, [['98', '1']], []));
      await world.seams.advance(100);
      expect(seen.map(({ type }) => type)).toEqual(['book-snapshot', 'book-snapshot', 'book-delta']);
    },
  );
  it('what comes back and forth is not applied twice', async () => {
    const world = await createWorld('future');
    const { seen } = await listen(world, 'book');
    world.send(-1, book('snapshot', 10, 0, [['100', '1']], [['101', '1']]));
    world.send(-1, book('update', 12, 10, [['99', '2']], []));
    world.send(-1, book('update', 12, 10, [['99', '2']], []));
    world.send(-1, book('update', 9, 8, [['97', '2']], []));
    await world.seams.advance(100);
    expect(seen).toHaveLength(2);
    expect(ops(world)).toEqual(['subscribe']);
  });
});

describe('streams of Bitget', () => {
  it('one ticker serves ticker, mark price and open interest, each to its own listener', async () => {
    const world = await createWorld('future');
    const ticker = await listen(world, 'ticker');
    const mark = await listen(world, 'mark');
    const interest = await listen(world, 'interest');
    expect(world.frames).toHaveLength(1);
    world.send(-1, {
      action: 'snapshot',
      arg: { ...arg, topic: 'ticker' },
      data: [
        {
          lastPrice: '10',
          price24hPcnt: '0.01',
          turnover24h: '5',
          markPrice: '11',
          indexPrice: '12',
          fundingRate: '0.0001',
          nextFundingTime: String(START),
          openInterest: '3',
        },
      ],
      ts: START,
    });
    await world.seams.advance(100);
    expect(ticker.seen).toMatchObject([{ type: 'ticker', last: '10', change24h: 1 }]);
    expect(mark.seen).toMatchObject([{ type: 'mark', mark: '11', index: '12', fundingRate: '0.0001' }]);
    expect(interest.seen).toMatchObject([{ type: 'interest', base: '3', quote: '33' }]);
    ticker.undo();
    await world.seams.advance(100);
    // Others still want it.
    expect(ops(world)).toEqual(['subscribe']);
  });
  it('a refused topic hurts no other, and its reason is shown', async () => {
    const world = await createWorld('future');
    await listen(world, 'ticker');
    const { seen } = await listen(world, 'trades');
    world.send(-1, { event: 'error', arg: { ...arg, topic: 'ticker' }, code: 30001, msg: "doesn't exist" });
    world.send(-1, {
      action: 'update',
      arg: { ...arg, topic: 'publicTrade' },
      data: [{ i: '5', L: '5', p: '1', v: '2', S: 'buy', T: String(START) }],
      ts: START,
    });
    await world.seams.advance(100);
    expect(seen).toHaveLength(1);
    expect(world.pool.statuses()[0]!.state).toBe('live');
  });
  it('says "ping" in the words of the exchange and stays while "pong" comes', async () => {
    const world = await createWorld('future');
    await listen(world, 'trades');
    await world.seams.advance(600_000);
    expect(world.sockets).toHaveLength(1);
    expect(world.pool.statuses()[0]!.badFrames).toBe(0);
  });
  it('asks for days, as the stream cuts them at 16:00 UTC', async () => {
    const world = await createWorld('future');
    world.script(({ path, params }) =>
      path.endsWith('/market/candles') && params.granularity === '1Dutc'
        ? { data: [[String(Math.floor(START / 86_400_000) * 86_400_000), '1', '2', '1', '2', '3', '4', '4']] }
        : undefined,
    );
    const seen: MarketEvent[] = [];
    const undo = world.venue.data.subscribe(
      { kind: 'candles', symbol: SYMBOL.future, timeframe: '1d' },
      (event) => seen.push(event),
    );
    await world.seams.advance(1_000);
    expect(seen).toMatchObject([{ type: 'candle', timeframe: '1d', candle: { closed: false } }]);
    undo();
    const asked = world.asked.length;
    await world.seams.advance(60_000);
    expect(world.asked).toHaveLength(asked);
    expect(world.sockets).toHaveLength(0);
  });
  it('tells of open interest in quote, and not of another symbol', async () => {
    const world = await createWorld('future');
    const answer = (symbol: string) =>
      world.script(({ path }) =>
        path === 'v3/market/tickers' ? { data: [{ symbol, openInterest: '3', markPrice: '11' }] } : undefined,
      );
    answer('BTCUSDT');
    expect(await world.result(world.venue.data.openInterest!(SYMBOL.future))).toBe('33');
    answer('ETHUSDT');
    await expect(world.result(world.venue.data.openInterest!(SYMBOL.future))).rejects.toThrow(
      /no answer about/,
    );
  });
});
