import { describe, expect, it } from 'vitest';
import type { MarketEvent } from '#shared/domain/market';
import { BOOK, BTC, createWorld, META, PEPE, START } from './world';

const trade = (tid: number) => ({
  coin: 'BTC',
  side: 'A',
  px: '68010.0',
  sz: '0.015',
  time: START + tid,
  tid,
});
const candle = (t: number, c: string) => ({
  t,
  T: t + 59_999,
  s: 'BTC',
  i: '1m',
  o: '1.0',
  c,
  h: '3.0',
  l: '1.0',
  v: '1.0',
  n: 1,
});

/** A world whose instruments are known, and everything a channel told. */
async function listening(kind: 'trades' | 'book' | 'ticker' | 'mark' | 'interest' | 'candles', symbol = BTC) {
  const world = await createWorld();
  await world.result(world.venue.reference.instruments());
  const told: MarketEvent[] = [];
  const channel = kind === 'candles' ? ({ kind, symbol, timeframe: '1m' } as const) : { kind, symbol };
  const undo = world.venue.data.subscribe(channel, (event) => told.push(event));
  await world.seams.runUntil(() => world.frames.length > 0, 5_000);
  await world.seams.advance(10);
  const push = async (frame: unknown, at = world.sockets.length - 1): Promise<void> => {
    world.send(at, frame);
    await world.seams.advance(10);
  };
  return { world, told, undo, push };
}
const subscriptions = (frames: readonly { readonly frame: Readonly<Record<string, unknown>> }[]) =>
  frames.filter(({ frame }) => frame.method === 'subscribe').map(({ frame }) => frame.subscription);

describe('market data of Hyperliquid', () => {
  it('subscribes by coin and tells trades', async () => {
    const { world, told, push } = await listening('trades');
    expect(subscriptions(world.frames)).toEqual([{ type: 'trades', coin: 'BTC' }]);
    await push({ channel: 'trades', data: [trade(1), trade(2)] });
    expect(told).toMatchObject([{ type: 'trade', tradeId: '1' }, { tradeId: '2' }]);
  });

  it('knows kPEPE by its own spelling', async () => {
    const { world } = await listening('trades', PEPE);
    expect(subscriptions(world.frames)).toEqual([{ type: 'trades', coin: 'kPEPE' }]);
  });

  it('starts a stream that was asked for before the instruments were known', async () => {
    const world = await createWorld();
    let refuse = true;
    world.script(({ type }) =>
      type === 'metaAndAssetCtxs' && refuse ? { status: 422, text: 'no' } : undefined,
    );
    const undo = world.venue.data.subscribe({ kind: 'trades', symbol: BTC }, () => {});
    const gone = world.venue.data.subscribe({ kind: 'book', symbol: BTC }, () => {});
    gone();
    await world.seams.advance(500);
    expect(world.frames).toEqual([]);
    refuse = false;
    await world.seams.runUntil(() => world.frames.length > 0, 10_000);
    expect(subscriptions(world.frames)).toEqual([{ type: 'trades', coin: 'BTC' }]);
    undo();
  });

  it('stays silent about a symbol that is not listed, asked for early or late', async () => {
    const world = await createWorld();
    const stranger = { kind: 'trades', symbol: 'NOSUCH/USDC:USDC' as never } as const;
    const undos = [world.venue.data.subscribe(stranger, () => {})];
    await world.result(world.venue.reference.instruments());
    undos.push(world.venue.data.subscribe(stranger, () => {}));
    await world.seams.advance(1_000);
    for (const undo of undos) undo();
    expect(world.sockets).toEqual([]);
  });

  it('shares one subscription between ticker, mark and interest', async () => {
    const { world, told, push } = await listening('mark');
    const tickers: MarketEvent[] = [];
    world.venue.data.subscribe({ kind: 'ticker', symbol: BTC }, (event) => tickers.push(event));
    await world.seams.advance(10);
    await push({ channel: 'activeAssetCtx', data: { coin: 'BTC', ctx: META[1][0] } });
    expect(subscriptions(world.frames)).toEqual([{ type: 'activeAssetCtx', coin: 'BTC' }]);
    expect([told.map(({ type }) => type), tickers.map(({ type }) => type)]).toEqual([['mark'], ['ticker']]);
  });

  it('keeps a book of the fast and the plain stream', async () => {
    const { world, told, push } = await listening('book');
    expect(subscriptions(world.frames)).toEqual([
      { type: 'l2Book', coin: 'BTC' },
      { type: 'l2Book', coin: 'BTC', fast: true },
    ]);
    await push({ channel: 'l2Book', data: BOOK });
    await push({ channel: 'l2Book', data: { ...BOOK, time: START + 500, levels: [BOOK.levels[0], []] } });
    expect(told).toMatchObject([
      { type: 'book-snapshot', bids: [['68009', '1.2']], asks: [['68010', '0.7']] },
      { type: 'book-delta', bids: [], asks: [['68010', '0']] },
    ]);
  });

  it('begins a book anew after the line broke', async () => {
    const { world, told, push } = await listening('book');
    await push({ channel: 'l2Book', data: BOOK });
    world.sockets[0]!.terminate();
    await world.seams.runUntil(
      () => world.sockets.length === 2 && subscriptions(world.frames).length === 4,
      60_000,
    );
    await push({ channel: 'l2Book', data: { ...BOOK, time: START + 9_000 } });
    expect(told.map(({ type }) => type)).toEqual(['book-snapshot', 'book-snapshot']);
  });

  it('calls a candle closed when the next one opens, unless something was missed', async () => {
    const { world, told, push } = await listening('candles');
    const t = START - (START % 60_000);
    await push({ channel: 'candle', data: candle(t, '2.0') });
    await push({ channel: 'candle', data: candle(t + 60_000, '3.0') });
    await push({ channel: 'candle', data: candle(t, '1.0') });
    expect(
      told.map(
        (event) =>
          event.type === 'candle' && [event.candle.openTime - t, event.candle.close, event.candle.closed],
      ),
    ).toEqual([
      [0, 2, false],
      [0, 2, true],
      [60_000, 3, false],
    ]);
    world.sockets[0]!.terminate();
    await world.seams.runUntil(
      () => world.sockets.length === 2 && subscriptions(world.frames).length === 2,
      60_000,
    );
    await push({ channel: 'candle', data: candle(t + 120_000, '4.0') });
    expect(told.at(-1)).toMatchObject({ candle: { closed: false } });
    expect(told).toHaveLength(4);
  });

  it('counts a wrong frame and harms nobody else', async () => {
    const { world, told, push } = await listening('trades');
    await push('{"channel":"trades","data":[{"coin":"BTC"');
    await push({ channel: 'trades', data: [{ ...trade(1), coin: 'ETH' }] });
    await push({ channel: 'trades', data: [trade(2)] });
    expect(told).toMatchObject([{ tradeId: '2' }]);
    const [status] = world.pool.statuses();
    expect(status).toMatchObject({ state: 'live', badFrames: 2 });
  });

  it('shows a refused topic on that topic alone', async () => {
    const { world, push } = await listening('trades');
    await push({ channel: 'error', data: 'Invalid subscription {"type":"trades","coin":"BTC"}' });
    await push({ channel: 'error', data: 'Already subscribed: {"type":"trades","coin":"BTC"}' });
    const [status] = world.pool.statuses();
    expect(status).toMatchObject({ state: 'live', badFrames: 0 });
    expect(JSON.stringify(status)).toContain('Invalid subscription');
  });

  it('pings in the exchange’s words and takes the pong for an answer', async () => {
    const { world } = await listening('trades');
    await world.seams.advance(65_000);
    expect(world.frames.filter(({ frame }) => frame.method === 'ping').length).toBeGreaterThanOrEqual(2);
    expect(world.sockets).toHaveLength(1);
  });

  it('reads candles up to the market’s own time, the forming one open', async () => {
    const world = await createWorld();
    const t = START - (START % 60_000);
    const rows = [candle(t - 120_000, '2.0'), candle(t - 60_000, '2.0'), candle(t, '2.0')];
    world.script(({ type }) => (type === 'candleSnapshot' ? { body: rows } : undefined));
    const candles = await world.result(world.venue.data.candles(BTC, '1m', { limit: 3 }));
    expect(candles.map(({ closed }) => closed)).toEqual([true, true, false]);
    expect(world.ofType('candleSnapshot')[0]!.body.req).toEqual({
      coin: 'BTC',
      interval: '1m',
      startTime: t - 120_000,
      endTime: t + 59_999,
    });
    const before = await world.result(world.venue.data.candles(BTC, '1m', { before: t as never, limit: 2 }));
    expect(before.map(({ openTime, closed }) => [openTime - t, closed])).toEqual([
      [-120_000, true],
      [-60_000, true],
    ]);
  });

  it('M-085 values open interest at the mark', async () => {
    const world = await createWorld();
    expect(await world.result(world.venue.data.openInterest!(BTC))).toBe('6801000');
  });

  it('watches spot pairs by their numbers, without mark, funding and interest', async () => {
    const world = await createWorld('hyperliquid_spot');
    await world.result(world.venue.reference.instruments());
    const told: MarketEvent[] = [];
    const hype = 'HYPE/USDC' as never;
    expect([...world.venue.data.channels].sort()).toEqual(['book', 'candles', 'ticker', 'top', 'trades']);
    expect(world.venue.data.openInterest).toBeUndefined();
    for (const kind of ['ticker', 'top'] as const)
      world.venue.data.subscribe({ kind, symbol: hype }, (event) => told.push(event));
    await world.seams.runUntil(() => subscriptions(world.frames).length === 2, 5_000);
    expect(subscriptions(world.frames)).toEqual([
      { type: 'activeAssetCtx', coin: '@107' },
      { type: 'bbo', coin: '@107' },
    ]);
    const ctx = { prevDayPx: '39.1', dayNtlVlm: '1.0', markPx: '40.12', midPx: '40.121' };
    world.send(0, { channel: 'activeSpotAssetCtx', data: { coin: '@107', ctx } });
    await world.seams.advance(10);
    expect(told).toMatchObject([{ type: 'ticker', venue: 'hyperliquid_spot', symbol: hype, last: '40.121' }]);
  });

  it('refuses a channel that there is none of', async () => {
    const world = await createWorld();
    expect(() => world.venue.data.subscribe({ kind: 'liquidations', symbol: BTC }, () => {})).toThrow(
      RangeError,
    );
    expect(world.venue.data.channels.has('liquidations')).toBe(false);
  });
});
