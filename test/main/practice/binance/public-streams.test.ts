import { describe, expect, it } from 'vitest';
import { openWorld } from './world';

describe('public sockets', () => {
  it('wraps messages on /stream and not on /ws', async () => {
    const { seams, connect } = await openWorld();
    const raw = await connect('/ws/btcusdt@miniTicker');
    const combined = await connect('/stream?streams=btcusdt@miniTicker/ethusdt@miniTicker');
    await seams.advance(1_500);
    expect(raw.got[0]).toMatchObject({ e: '24hrMiniTicker', s: 'BTCUSDT' });
    expect(combined.got.map((one) => one.stream)).toEqual(
      expect.arrayContaining(['btcusdt@miniTicker', 'ethusdt@miniTicker']),
    );
    expect(combined.got[0]!.data).toMatchObject({ e: '24hrMiniTicker' });
  });

  it('subscribes, lists, unsubscribes and answers mistakes in the wrapped form', async () => {
    const { seams, connect } = await openWorld();
    const socket = await connect('/ws');
    expect(await socket.ask({ method: 'SUBSCRIBE', params: ['btcusdt@bookTicker'], id: 1 })).toEqual({
      result: null,
      id: 1,
    });
    expect(await socket.ask({ method: 'LIST_SUBSCRIPTIONS', id: 'x2' })).toEqual({
      result: ['btcusdt@bookTicker'],
      id: 'x2',
    });
    await seams.advance(1_000);
    const before = socket.got.length;
    expect(before).toBeGreaterThan(2);
    expect(await socket.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 3 })).toEqual({
      result: null,
      id: 3,
    });
    await seams.advance(1_000);
    expect(socket.got.length).toBe(before + 1);
    const bad = await socket.ask({ method: 'SUBSCRIBE', params: ['btcusdt@nonsense'], id: 4 });
    expect(bad).toEqual({ error: { code: 2, msg: 'Invalid request: invalid stream' }, id: 4 });
    await seams.advance(1_000);
    socket.socket.send('{not json');
    await seams.advance(100);
    expect(socket.got.at(-1)).toMatchObject({ error: { code: 3 } });
  });

  it('takes a stream of an unlisted symbol and stays silent about it', async () => {
    const { seams, connect } = await openWorld();
    const socket = await connect('/ws');
    expect(await socket.ask({ method: 'SUBSCRIBE', params: ['nosuchusdt@trade'], id: 1 })).toEqual({
      result: null,
      id: 1,
    });
    await seams.advance(3_000);
    expect(socket.got).toHaveLength(1);
  });

  it('delivers a futures stream only on its own path', async () => {
    const { seams, connect } = await openWorld();
    const streams = ['btcusdt@depth@100ms', 'btcusdt@markPrice@1s'];
    const onPublic = await connect('/public/ws');
    const onMarket = await connect('/market/ws');
    await onPublic.ask({ method: 'SUBSCRIBE', params: streams, id: 1 });
    await onMarket.ask({ method: 'SUBSCRIBE', params: streams, id: 1 });
    await seams.advance(5_000);
    const kinds = (got: readonly Record<string, unknown>[]) =>
      new Set(got.flatMap((one) => (one.e ? [one.e] : [])));
    expect(kinds(onPublic.got)).toEqual(new Set(['depthUpdate']));
    expect(kinds(onMarket.got)).toEqual(new Set(['markPriceUpdate']));
  });

  it('refuses an unknown path', async () => {
    const { connect } = await openWorld();
    const socket = await connect('/elsewhere');
    expect(socket.state.open).toBe(false);
  });

  it('drops a client that talks too much', async () => {
    const { seams, connect } = await openWorld();
    const socket = await connect('/ws');
    for (let id = 0; id < 6; id++) socket.send({ method: 'LIST_SUBSCRIPTIONS', id });
    await seams.advance(500);
    expect(socket.state.closed).toBe(1008);
  });

  it('does not flood at 1000x: paced streams keep their pace, trades stay consecutive, no closed candle is lost', async () => {
    const { seams, connect } = await openWorld({
      speed: 1000,
      coins: 2,
      limits: { spot: { tradesPerFlush: 20 } },
    });
    const names = ['btcusdt@depth@100ms', 'btcusdt@bookTicker', 'btcusdt@kline_1m', 'btcusdt@trade'];
    const socket = await connect(`/stream?streams=${names.join('/')}`);
    const seconds = 2;
    await seams.advance(seconds * 1_000);
    const of = (name: string) =>
      socket.got.filter((one) => one.stream === name).map((one) => one.data as Record<string, unknown>);
    expect(of('btcusdt@depth@100ms').length).toBeLessThanOrEqual(seconds * 10 + 1);
    expect(of('btcusdt@depth@100ms').length).toBeGreaterThan(seconds * 5);
    expect(of('btcusdt@bookTicker').length).toBeLessThanOrEqual(seconds * 10 + 1);
    const trades = of('btcusdt@trade').map((one) => Number(one.t));
    expect(trades.length).toBeLessThanOrEqual(seconds * 10 * 20 + 20);
    expect(trades).toEqual([...trades].sort((a, b) => a - b));
    expect(new Set(trades).size).toBe(trades.length);
    const closed = of('btcusdt@kline_1m')
      .map((one) => one.k as { t: number; x: boolean })
      .filter((k) => k.x)
      .map((k) => k.t);
    expect(closed.length).toBeGreaterThan(25);
    closed.slice(1).forEach((time, i) => {
      expect(time - closed[i]!).toBe(60_000);
    });
  });

  it('pings, and drops a client that does not answer for a minute', async () => {
    const { seams, wire, connect } = await openWorld();
    const socket = await connect('/ws');
    await seams.advance(100_000);
    expect(socket.state.closed).toBeNull();
    seams.network.weather(wire.port, 'silent');
    await seams.advance(50_000);
    expect(seams.network.openSockets(wire.port)).toBe(1);
    await seams.advance(80_000);
    expect(seams.network.openSockets(wire.port)).toBe(0);
  });
});
