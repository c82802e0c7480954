import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPracticeExchange, type PracticeExchange } from '#main/practice/index';
import { createSimulatedSeams } from '#main/seams/index';

const START = Date.UTC(2026, 10, 21, 10);
let seams: ReturnType<typeof createSimulatedSeams>;
let practice: PracticeExchange;
beforeAll(async () => {
  seams = createSimulatedSeams(7, START);
  const options = { seams, seed: 11, speed: 1, stateFile: null, port: 0, onNotice: () => {} };
  practice = await createPracticeExchange(options);
});
afterAll(() => practice.close());
/** Each test begins in a second of its own, so that none meets the limit of another's orders. */
beforeEach(() => seams.advance(2_000));

/** Lets virtual time run until the promise has settled. */
async function result<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  const settled = promise.finally(() => {
    done = true;
  });
  settled.catch(() => {});
  await seams.runUntil(() => done, 60_000);
  return settled;
}

const venue = () => practice.venues.bitget!;
const base64 = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64');

interface Over {
  readonly key?: string;
  readonly sign?: string;
  readonly at?: number;
  readonly passphrase?: string;
  readonly signedQuery?: string;
}
async function ask(method: string, path: string, body = '', over: Over = {}) {
  return result(askNow(method, path, body, over));
}
async function askNow(method: string, path: string, body: string, over: Over) {
  const { apiKey, secret, passphrase = '' } = venue().key;
  const at = String(seams.clock.now() + (over.at ?? 0));
  const [bare = '', query] = path.split('?');
  const signed = over.signedQuery ?? query;
  const sign =
    over.sign ?? base64(secret, `${at}${method}${bare}${signed === undefined ? '' : `?${signed}`}${body}`);
  const response = await seams.network.fetch(`${venue().endpoints.rest}${path}`, {
    method,
    headers: {
      'ACCESS-KEY': over.key ?? apiKey,
      'ACCESS-SIGN': sign,
      'ACCESS-TIMESTAMP': at,
      'ACCESS-PASSPHRASE': over.passphrase ?? passphrase,
      'Content-Type': 'application/json',
    },
    ...(body === '' ? {} : { body }),
  });
  const answer = (await response.json()) as { code: string; msg: string; requestTime: number; data: unknown };
  return { status: response.status, headers: response.headers, ...answer };
}
const ASSETS = '/api/v2/spot/account/assets';

/** A socket that keeps what it hears. */
async function open(path: string) {
  const heard: string[] = [];
  let [opened, closed] = [false, false];
  const socket = seams.network.connect(
    `${venue().endpoints.stream}${path}`,
    {
      open: () => {
        opened = true;
      },
      message: (data) => heard.push(String(data)),
      pong: () => {},
      close: () => {
        closed = true;
      },
    },
    { maxFrameBytes: 1e7, handshakeTimeoutMs: 5_000 },
  );
  const until = async (what: string, look: () => boolean): Promise<void> => {
    await seams.runUntil(look, 60_000);
    if (!look()) throw new Error(`never: ${what}; heard ${heard.slice(0, 3).join(' ')}`);
  };
  await until('the socket opens', () => opened);
  return {
    heard,
    until,
    say: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    isClosed: () => closed,
    close: () => socket.close(),
  };
}
const login = (over: object = {}) => {
  const { apiKey, secret, passphrase } = venue().key;
  const timestamp = String(Math.floor(seams.clock.now() / 1000));
  const sign = base64(secret, `${timestamp}GET/user/verify`);
  return { op: 'login', args: [{ apiKey, passphrase, timestamp, sign, ...over }] };
};

describe('REST', () => {
  it('wraps what it says, and names what is left of the limit', async () => {
    const { status, code, msg, requestTime, headers } = await ask('GET', ASSETS);
    expect([status, code, msg, typeof requestTime]).toEqual([200, '00000', 'success', 'number']);
    const left = Number(headers.get('x-mbx-used-remain-limit'));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(6_000);
  });
  it.each([
    ['40037', { key: 'nobody' }],
    ['40009', { sign: 'wrong' }],
    ['40012', { passphrase: 'wrong' }],
    ['40008', { at: -31_000 }],
    ['40008', { at: 60_000 }],
  ] as const)('refuses with %s what is signed badly: %o', async (code, over) => {
    const answer = await ask('GET', ASSETS, '', over);
    expect([answer.status, answer.code, answer.data]).toEqual([400, code, null]);
  });
  it('takes a signature over the query as it travels and over the decoded one, no other', async () => {
    const path = '/api/v2/spot/account/assets?coin=US%44T';
    expect((await ask('GET', path)).code).toBe('00000');
    expect((await ask('GET', path, '', { signedQuery: 'coin=USDT' })).code).toBe('00000');
    expect((await ask('GET', path, '', { signedQuery: 'coin=BTC' })).code).toBe('40009');
  });
  it('says that its accounts are classic ones', async () => {
    expect((await ask('GET', '/api/v3/account/settings')).code).toBe('40084');
  });
  it('lists the perpetuals of USDT and none of another product', async () => {
    const list = async (productType: string) =>
      (await ask('GET', `/api/v2/mix/market/contracts?productType=${productType}`)).data as unknown[];
    expect((await list('USDT-FUTURES')).length).toBeGreaterThan(10);
    expect(await list('COIN-FUTURES')).toEqual([]);
  });
  it.each([
    ['40034', { symbol: 'NOSUCHUSDT' }],
    ['40019', { size: '' }],
    ['43011', { size: '0' }],
    ['40808', { size: '0.0000000001' }],
    ['41103', { price: '1.000000001' }],
    ['40017', { side: 'up' }],
    ['40017', { force: 'maybe' }],
    ['45110', { price: '10' }],
    ['43012', { size: '1000' }],
  ] as const)('refuses an order with %s for %o', async (code, over) => {
    const order = {
      symbol: 'BTCUSDT',
      side: 'buy',
      orderType: 'limit',
      force: 'gtc',
      price: '60000',
      size: '0.001',
      ...over,
    };
    expect((await ask('POST', '/api/v2/spot/trade/place-order', JSON.stringify(order))).code).toBe(code);
  });
  it('refuses a client id that is taken, and a stop of a position that is not there', async () => {
    const order = JSON.stringify({
      symbol: 'BTCUSDT',
      side: 'buy',
      orderType: 'limit',
      force: 'gtc',
      price: '60000',
      size: '0.001',
      clientOid: 'twice',
    });
    expect((await ask('POST', '/api/v2/spot/trade/place-order', order)).code).toBe('00000');
    expect((await ask('POST', '/api/v2/spot/trade/place-order', order)).code).toBe('43118');
    const stop = {
      symbol: 'BTCUSDT',
      productType: 'USDT-FUTURES',
      marginCoin: 'USDT',
      planType: 'pos_loss',
      triggerPrice: '50000',
      holdSide: 'buy',
    };
    expect((await ask('POST', '/api/v2/mix/order/place-tpsl-order', JSON.stringify(stop))).code).toBe(
      '43023',
    );
  });
  it('answers more than ten placements a second with 429', async () => {
    const body = JSON.stringify({ symbol: 'BTCUSDT', side: 'up' });
    const codes = await Promise.all(
      Array.from({ length: 25 }, () => ask('POST', '/api/v2/spot/trade/place-order', body)),
    );
    expect(codes.map(({ status }) => status)).toContain(429);
  });
});

describe('sockets', () => {
  it('answers the text "ping" with the text "pong"', async () => {
    const socket = await open('/v2/ws/public');
    socket.say('ping');
    await socket.until('pong', () => socket.heard.includes('pong'));
    socket.close();
  });
  it('M-277 signs in with seconds or milliseconds, and hangs up on anything else', async () => {
    const good = await open('/v2/ws/private');
    good.say(login());
    await good.until('the login', () => good.heard.some((text) => text.includes('"event":"login"')));
    good.close();
    const at = String(seams.clock.now());
    const late = await open('/v2/ws/private');
    late.say(login({ timestamp: at, sign: base64(venue().key.secret, `${at}GET/user/verify`) }));
    await late.until('the login', () => late.heard.some((text) => text.includes('"event":"login"')));
    late.close();
    for (const [code, over] of [
      [30015, { sign: 'wrong' }],
      [30012, { passphrase: 'wrong' }],
      [30011, { apiKey: 'nobody' }],
    ] as const) {
      const bad = await open('/v2/ws/private');
      bad.say(login(over));
      await bad.until(
        'the refusal and the end',
        () => bad.heard.some((text) => text.includes(String(code))) && bad.isClosed(),
      );
    }
  });
  it('tells nothing private before the login', async () => {
    const socket = await open('/v2/ws/private');
    socket.say({ op: 'subscribe', args: [{ instType: 'SPOT', channel: 'orders', instId: 'default' }] });
    await socket.until('30004', () => socket.heard.some((text) => text.includes('30004')));
    socket.close();
  });
  it('confirms each argument of a frame, or refuses it with its own words', async () => {
    const socket = await open('/v3/ws/public');
    const arg = (topic: string, symbol: string) => ({ instType: 'usdt-futures', topic, symbol });
    socket.say({
      op: 'subscribe',
      uta: true,
      args: [arg('ticker', 'BTCUSDT'), arg('tea', 'BTCUSDT'), arg('ticker', 'XUSDT')],
    });
    await socket.until(
      'three answers',
      () => socket.heard.filter((text) => text.includes('"event"')).length === 3,
    );
    expect(socket.heard.filter((text) => text.includes('30001'))).toHaveLength(2);
    socket.close();
  });
  it('chains book updates by ids that a number cannot hold, printed without quotes', async () => {
    const socket = await open('/v3/ws/public');
    socket.say({ op: 'subscribe', args: [{ instType: 'spot', topic: 'books', symbol: 'BTCUSDT' }] });
    const books = () => socket.heard.filter((text) => text.includes('"seq"'));
    await socket.until('a snapshot and updates', () => books().length >= 5);
    const chain = books().map(
      (text) => [/"seq":(\d+)/.exec(text)![1]!, /"pseq":(\d+)/.exec(text)![1]!] as const,
    );
    expect(chain[0]![1]).toBe('0');
    for (let at = 1; at < chain.length; at++) expect(chain[at]![1]).toBe(chain[at - 1]![0]);
    expect(Number.isSafeInteger(Number(chain[0]![0]))).toBe(false);
    socket.close();
  });
  it('the old spot socket names no predecessor', async () => {
    const socket = await open('/v2/ws/public');
    socket.say({ op: 'subscribe', args: [{ instType: 'SPOT', channel: 'books', instId: 'BTCUSDT' }] });
    await socket.until('a book', () => socket.heard.some((text) => text.includes('"seq"')));
    expect(socket.heard.some((text) => text.includes('"pseq"'))).toBe(false);
    socket.close();
  });
  it('drops a client that does not ping for two minutes, and keeps one that does', async () => {
    const [quiet, lively] = [await open('/v2/ws/public'), await open('/v2/ws/public')];
    for (let at = 0; at < 7; at++) {
      lively.say('ping');
      await seams.advance(30_000);
    }
    expect([quiet.isClosed(), lively.isClosed()]).toEqual([true, false]);
    lively.close();
  });
  it('closes a connection that talks too much', async () => {
    const socket = await open('/v2/ws/public');
    for (let at = 0; at < 15; at++) socket.say('ping');
    await socket.until('the end', () => socket.isClosed());
  });
  it('a fill is told on both channels with the same id, and its fee with the sign of each', async () => {
    const socket = await open('/v2/ws/private');
    socket.say(login());
    const arg = (channel: string) => ({ instType: 'SPOT', channel, instId: 'default' });
    socket.say({ op: 'subscribe', args: [arg('orders'), arg('fill')] });
    await socket.until(
      'the channels',
      () => socket.heard.filter((text) => text.includes('"subscribe"')).length === 2,
    );
    const order = {
      symbol: 'BTCUSDT',
      side: 'buy',
      orderType: 'market',
      size: '50',
      clientOid: 'told-twice',
    };
    expect((await ask('POST', '/api/v2/spot/trade/place-order', JSON.stringify(order))).code).toBe('00000');
    const fill = () =>
      socket.heard.find((text) => text.includes('"channel":"fill"') && text.includes('totalFee'));
    await socket.until('the fill', () => fill() !== undefined);
    const tradeId = /"tradeId":"(\d+)"/.exec(fill()!)![1]!;
    const orders = socket.heard.filter(
      (text) => text.includes('"channel":"orders"') && text.includes(tradeId),
    );
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatch(/"fillFee":"-0\.\d+"/);
    expect(fill()).toMatch(/"totalFee":"0\.\d+"/);
    expect(fill()).not.toContain('clientOid');
    socket.close();
  });
});
