import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { execIdOf, orderIdOf, readOrderId } from '#main/practice/bybit/ids';
import { hmac } from '#main/practice/wire-kit/signature';
import { openWorld, type World } from '../../../conformance/world';

type Frame = Record<string, unknown>;
let world: World;
beforeAll(async () => {
  world = await openWorld('bybit');
}, 60_000);
afterAll(() => world.close());

/** A bare websocket: what was heard, and what to say. */
async function dial(path: string) {
  const heard: Frame[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${world.wire.port}${path}`);
  socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data)) as Frame));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('no socket')));
  });
  const say = (frame: Frame): void => socket.send(JSON.stringify(frame));
  const hear = (is: (frame: Frame) => boolean, what: string): Promise<Frame> =>
    vi.waitFor(
      () => {
        const found = heard.find(is);
        if (found === undefined) throw new Error(`never heard ${what}`);
        return found;
      },
      { timeout: 10_000, interval: 20 },
    );
  const ask = (req_id: string, op: string, ...args: unknown[]): Promise<Frame> => {
    say({ req_id, op, args });
    return hear((frame) => frame.req_id === req_id, `the answer to ${req_id}`);
  };
  return { heard, say, hear, ask, close: () => socket.close() };
}
const signIn = (socket: Awaited<ReturnType<typeof dial>>, secret = world.key.secret, aheadMs = 10_000) => {
  const expires = Date.now() + aheadMs;
  return socket.ask(
    'auth',
    'auth',
    world.key.apiKey,
    expires,
    hmac('sha256', secret, `GET/realtime${expires}`),
  );
};
/** ccxt's raw endpoint methods, which sign and send what they are given. */
const raw = (market: 'spot' | 'future') =>
  world.connect(market) as unknown as Record<string, (params: Frame) => Promise<{ readonly result: Frame }>>;

describe('a public socket', () => {
  it('takes a request whole or not at all, and says which topic was wrong', async () => {
    const socket = await dial('/v5/public/linear');
    const bad = await socket.ask('1', 'subscribe', 'publicTrade.BTCUSDT', 'orderbook.7.BTCUSDT');
    expect(bad).toMatchObject({
      success: false,
      ret_msg: 'error:handler not found,topic:orderbook.7.BTCUSDT',
    });
    expect(await socket.ask('2', 'subscribe', 'publicTrade.BTCUSDT')).toMatchObject({
      success: true,
      op: 'subscribe',
    });
    expect(await socket.ask('3', 'subscribe', 'publicTrade.BTCUSDT')).toMatchObject({
      success: false,
      ret_msg: 'error:already subscribed,topic:publicTrade.BTCUSDT',
    });
    socket.close();
  });
  it('of spot takes ten topics in a request, of contracts more', async () => {
    const args = Array.from(
      { length: 11 },
      (_, at) =>
        `kline.${['1', '3', '5', '15', '30', '60', '240', 'D'][at % 8]}.${at < 8 ? 'BTC' : 'ETH'}USDT`,
    );
    const [spot, linear] = [await dial('/v5/public/spot'), await dial('/v5/public/linear')];
    expect(await spot.ask('1', 'subscribe', ...args)).toMatchObject({ success: false });
    expect(await linear.ask('1', 'subscribe', ...args)).toMatchObject({ success: true });
    spot.close();
    linear.close();
  });
  it('begins a book with a snapshot for everybody, and numbers its changes one by one', async () => {
    const topic = 'orderbook.50.BTCUSDT';
    const first = await dial('/v5/public/linear');
    await first.ask('1', 'subscribe', topic);
    await first.hear(({ type }) => type === 'delta', 'a change');
    const second = await dial('/v5/public/linear');
    await second.ask('1', 'subscribe', topic);
    await vi.waitFor(
      () => expect(second.heard.filter(({ type }) => type === 'delta').length).toBeGreaterThan(2),
      10_000,
    );
    for (const { heard } of [first, second]) {
      const books = heard.filter((frame) => frame.topic === topic);
      expect(books.map(({ type }) => type).indexOf('snapshot')).toBe(0);
      expect(books.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
      const ids = books.map(({ data }) => (data as { u: number }).u);
      expect(ids).toEqual(ids.map((_, at) => ids[0]! + at));
    }
    first.close();
    second.close();
  });
  it('answers a ping by a ping, and an account socket by a pong', async () => {
    const [open, account] = [await dial('/v5/public/spot'), await dial('/v5/private')];
    expect(await open.ask('p', 'ping')).toMatchObject({ success: true, ret_msg: 'pong', op: 'ping' });
    expect(await account.ask('p', 'ping')).toMatchObject({ op: 'pong' });
    open.close();
    account.close();
  });
});

describe('an account socket', () => {
  it('tells nothing before it is signed in, and refuses a wrong or an old signature', async () => {
    const socket = await dial('/contract/v5/private');
    expect(await socket.ask('1', 'subscribe', 'order')).toMatchObject({ success: false });
    expect(await signIn(socket, 'another')).toMatchObject({ success: false, op: 'auth' });
    const old = await dial('/contract/v5/private');
    expect(await signIn(old, world.key.secret, -1_000)).toMatchObject({
      success: false,
      ret_msg: 'Params Error',
    });
    const good = await dial('/contract/v5/private');
    expect(await signIn(good)).toMatchObject({ success: true });
    expect(await good.ask('2', 'subscribe', 'order', 'execution.linear')).toMatchObject({ success: false });
    expect(await good.ask('3', 'subscribe', 'order', 'wallet')).toMatchObject({ success: true });
    for (const one of [socket, old, good]) one.close();
  });
  it('tells that a post-only order which would have taken was taken in, and cancelled', async () => {
    const socket = await dial('/contract/v5/private');
    await signIn(socket);
    await socket.ask('1', 'subscribe', 'order');
    const order = {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.01',
      price: '9000000',
      timeInForce: 'PostOnly',
      orderLinkId: 'post-1',
    };
    const { result } = await raw('future').privatePostV5OrderCreate!({ ...order, price: await above() });
    expect(result).toMatchObject({ orderLinkId: 'post-1' });
    await vi.waitFor(() => {
      const states = socket.heard
        .filter(({ topic }) => topic === 'order')
        .flatMap(({ data }) => data as Frame[])
        .filter(({ orderLinkId }) => orderLinkId === 'post-1');
      expect(states.map(({ orderStatus }) => orderStatus)).toEqual(['New', 'Cancelled']);
      expect(states[1]).toMatchObject({
        rejectReason: 'EC_PostOnlyWillTakeLiquidity',
        tpslMode: '',
        orderId: result.orderId,
      });
    }, 10_000);
    socket.close();
  });
});
/** A price that takes. */
const above = async (): Promise<string> => {
  const last = Number(
    world.cores.future.ticker24h(world.cores.future.symbols.find(({ base }) => base === 'BTC')!.symbol).last,
  );
  return (Math.round(last * 1.01 * 10) / 10).toFixed(1);
};

describe('orders', () => {
  it('never take a client id twice, not even one whose order has ended', async () => {
    const order = {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.01',
      orderLinkId: 'once-1',
    };
    const api = raw('future');
    await api.privatePostV5OrderCreate!(order);
    await expect(api.privatePostV5OrderCreate!(order)).rejects.toThrow('110072');
  });
  it('of a position stop it as a whole, replace each other, and are refused without a position', async () => {
    const api = raw('future');
    const symbol = 'BTCUSDT';
    await expect(
      api.privatePostV5PositionTradingStop!({ category: 'linear', symbol: 'ETHUSDT', stopLoss: '1' }),
    ).rejects.toThrow('zero position');
    const stop = async (stopLoss: string) => {
      await api.privatePostV5PositionTradingStop!({ category: 'linear', symbol, stopLoss });
      const { result } = await api.privateGetV5OrderRealtime!({ category: 'linear', symbol });
      return (result.list as Frame[]).map(({ triggerPrice, orderStatus, orderLinkId }) => [
        triggerPrice,
        orderStatus,
        orderLinkId,
      ]);
    };
    expect(await stop('1000')).toEqual([['1000.0', 'Untriggered', '']]);
    expect(await stop('2000')).toEqual([['2000.0', 'Untriggered', '']]);
    expect(await stop('0')).toEqual([]);
  });
  it('are taken over the order entry socket, too', async () => {
    const socket = await dial('/v5/trade');
    const expires = Date.now() + 10_000;
    socket.say({
      reqId: 'a',
      op: 'auth',
      args: [world.key.apiKey, expires, hmac('sha256', world.key.secret, `GET/realtime${expires}`)],
    });
    expect(await socket.hear(({ op }) => op === 'auth', 'the sign-in')).toMatchObject({ retCode: 0 });
    const order = {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.01',
      price: '20000',
    };
    socket.say({ reqId: 'b', op: 'order.create', args: [order] });
    expect(await socket.hear(({ reqId }) => reqId === 'b', 'the order')).toMatchObject({
      retCode: 0,
      data: { orderLinkId: '' },
    });
    socket.say({ reqId: 'c', op: 'order.create', args: [{ ...order, qty: '100000' }] });
    expect(Number((await socket.hear(({ reqId }) => reqId === 'c', 'the refusal')).retCode)).toBeGreaterThan(
      0,
    );
    socket.close();
  });
});

describe('ids', () => {
  it('tell the engine’s own, and are never the same for two', () => {
    for (const kind of ['spot', 'future'] as const) {
      const ids = [1, 2, 77, 900_000_000_001].map((id) => orderIdOf(kind, id));
      expect(ids.map((id) => readOrderId(kind, id))).toEqual([1, 2, 77, 900_000_000_001]);
      expect(readOrderId(kind, 'nonsense')).toBeUndefined();
      const fills = [0, 1].flatMap((place) =>
        [1, 2].flatMap((tradeId) => [5, 6].map((orderId) => execIdOf(kind, place, { tradeId, orderId }))),
      );
      expect(new Set(fills).size).toBe(fills.length);
    }
  });
});
