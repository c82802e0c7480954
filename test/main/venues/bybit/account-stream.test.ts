import { describe, expect, it } from 'vitest';
import { socketSignature } from '#main/venues/bybit/auth';
import type { AccountEvent } from '#main/venues/index';
import { API_KEY, createWorld, execution, orderRow, SECRET, START, type World } from './world';

const listen = (world: World) => {
  const news: AccountEvent[] = [];
  const undo = world.venue.account!.subscribe((event) => news.push(event));
  return { news, undo };
};
const status = (world: World) => world.pool.statuses().find(({ key }) => key.endsWith('private'))!;
const fillsOf = (news: readonly AccountEvent[]): string[] =>
  news.flatMap((event) => (event.type === 'fill' ? [event.fill.tradeId] : []));
const told = (topic: string, ...data: object[]) => ({ id: '1', topic, creationTime: START, data });

describe('the account stream', () => {
  it('M-274 signs in, wants order, execution, position and wallet, and is live when they are confirmed', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const [auth, topics] = world.frames;
    const [key, expires, sign] = auth!.frame.args as [string, number, string];
    expect(auth).toMatchObject({ path: '/v5/private', frame: { op: 'auth' } });
    expect([key, sign]).toEqual([API_KEY, socketSignature(SECRET, expires)]);
    expect(expires).toBeGreaterThan(START + 9_000);
    expect(topics!.frame).toMatchObject({
      op: 'subscribe',
      args: ['order', 'execution', 'position', 'wallet'],
    });
    expect(status(world).state).toBe('live');
    expect(news.map(({ type }) => type)).toEqual(['resumed']);
  });
  it('of spot has no positions to want', async () => {
    const world = await createWorld('bybit_spot');
    listen(world);
    await world.seams.advance(1_000);
    expect(world.frames[1]!.frame.args).toEqual(['order', 'execution', 'wallet']);
  });
  it('is not live before its topics are confirmed', async () => {
    const world = await createWorld();
    world.socketReplies.set('subscribe', () => null);
    listen(world);
    await world.seams.advance(5_000);
    expect(status(world).state).toBe('authenticating');
    world.send(0, { success: true, ret_msg: '', op: 'subscribe', conn_id: 'c' });
    await world.seams.advance(100);
    expect(status(world).state).toBe('live');
  });
  it.each([
    ['success false', 'Params Error', { success: false, ret_msg: 'Params Error', op: 'auth' }],
    ['a code', 'Invalid apikey (10003)', { op: 'auth', retCode: 10_003, retMsg: 'Invalid apikey' }],
    [
      'an echoed request',
      'error:USVC1111',
      { success: false, ret_msg: 'error:USVC1111', request: { op: 'auth', args: [] } },
    ],
  ])('M-280 gives up when its key is refused by %s, with the exchange’s words', async (_, words, reply) => {
    const world = await createWorld();
    world.socketReplies.set('auth', () => reply);
    listen(world);
    await world.seams.advance(600_000);
    expect(status(world).state).toBe('refused');
    expect(status(world).problem).toContain(words);
    expect(world.sockets).toHaveLength(1);
    expect(JSON.stringify(world.pool.statuses())).not.toContain(SECRET);
  });
  it('M-280 gives up when the key may not see the account', async () => {
    const world = await createWorld();
    world.socketReplies.set('subscribe', () => ({
      success: false,
      ret_msg: 'permission denied',
      op: 'subscribe',
    }));
    listen(world);
    await world.seams.advance(60_000);
    expect(status(world)).toMatchObject({ state: 'refused' });
    expect(status(world).problem).toContain('permission denied');
  });
  it('tries again when its clock, not its key, was wrong', async () => {
    const world = await createWorld();
    const ahead = 3_600_000;
    world.script(({ path }) =>
      path === 'market/time'
        ? { result: { timeNano: `${world.seams.clock.now() + ahead}000000` } }
        : undefined,
    );
    world.socketReplies.set('auth', ({ args, req_id }) => {
      const good = Number((args as unknown[])[1]) > world.seams.clock.now() + ahead;
      return { success: good, ret_msg: good ? '' : 'Params Error', op: 'auth', req_id };
    });
    listen(world);
    await world.seams.advance(30_000);
    expect(status(world).state).toBe('live');
  });
  it('loses and doubles nothing over a reconnect, when what was missed is asked for', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(0, told('execution', execution({ execId: 'a' }), execution({ execId: 'b' })));
    world.send(0, told('order', orderRow({ orderStatus: 'PartiallyFilled', cumExecQty: '0.008' })));
    await world.seams.advance(500);
    world.seams.network.breakSockets(world.server.port);
    await world.seams.advance(10_000);
    world.send(1, told('execution', execution({ execId: 'd' })));
    await world.seams.advance(500);
    expect(news.filter(({ type }) => type === 'resumed')).toHaveLength(2);
    world.script(({ path }) => {
      if (path === 'market/kline')
        return { result: { symbol: 'BTCUSDT', list: [[String(START), '1', '1', '1', '1', '1', '1']] } };
      const list = ['d', 'c', 'b', 'a'].map((execId, back) => execution({ execId, seq: 9 - back }));
      return path === 'execution/list' ? { result: { list, nextPageCursor: '' } } : undefined;
    });
    const missed = await world.result(
      world.venue.account!.fillsSince('BTC/USDT:USDT' as never, START as never),
    );
    expect(fillsOf(news)).toEqual(['a', 'b', 'd']);
    expect(missed.map(({ tradeId }) => tradeId)).toEqual(['a', 'b', 'c', 'd']);
    const inStream = news.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));
    for (const fill of inStream) {
      const twin = missed.find(({ tradeId }) => tradeId === fill.tradeId)!;
      expect({ ...twin, seenAt: 0 }).toEqual({ ...fill, seenAt: 0 });
    }
  });
  it('reads balances and positions once for a burst, and for a position that is not new not at all', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    const position = {
      category: 'linear',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      side: 'Buy',
      size: '1',
      entryPrice: '2',
    };
    for (let i = 0; i < 5; i++) {
      world.send(0, told('wallet', { coin: [] }));
      world.send(0, told('position', position));
    }
    await world.seams.advance(1_000);
    expect(world.ofPath('account/wallet-balance')).toHaveLength(1);
    world.send(0, told('position', position));
    await world.seams.advance(5_000);
    expect(world.ofPath('account/wallet-balance')).toHaveLength(1);
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'balances', 'positions']);
  });
  it('counts a broken row and tells its neighbours all the same', async () => {
    const world = await createWorld();
    const { news } = listen(world);
    await world.seams.advance(1_000);
    world.send(
      0,
      told(
        'execution',
        execution({ execId: 'a' }),
        execution({ execPrice: '?' }),
        execution({ execId: 'c' }),
      ),
    );
    world.send(0, '{"topic":"exec');
    world.send(0, told('execution', execution({ execId: 'd' })));
    await world.seams.advance(200);
    expect(fillsOf(news)).toEqual(['a', 'c', 'd']);
    expect(status(world)).toMatchObject({ state: 'live', badFrames: 2 });
  });
  it('is kept awake by the exchange’s own ping, in the shape of a private pong', async () => {
    const world = await createWorld();
    world.socketReplies.set('ping', ({ req_id }) => ({ req_id, op: 'pong', args: ['1'], conn_id: 'c' }));
    listen(world);
    await world.seams.advance(120_000);
    expect(world.frames.filter(({ frame }) => frame.op === 'ping').length).toBeGreaterThanOrEqual(4);
    expect(status(world)).toMatchObject({ state: 'live', badFrames: 0 });
  });
});
