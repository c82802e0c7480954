import { createMatching } from '#main/matching/index';
import { createMarketClock } from '#main/practice/clock';
import { createPracticeCore, type RunningCore } from '#main/practice/core/index';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import { hyperliquidWire } from '#main/practice/hyperliquid/index';
import type { PracticeKey } from '#main/practice/types';
import { createSimulatedSeams } from '#main/seams/index';
import { Signer } from '#main/venues/hyperliquid/auth';
import { prepareSigning } from '#main/venues/index';
import type { Decimal } from '#shared/domain/basics';

const START = Date.UTC(2026, 10, 21, 10);
export type Json = Readonly<Record<string, unknown>>;

/** The wire over the real market and matching engine, in virtual time and without any network. */
export async function openWorld(options: { readonly weightPerMinute?: number } = {}) {
  await prepareSigning('hyperliquid');
  const seams = createSimulatedSeams(7, START);
  const clock = createMarketClock({ seams, origin: seams.clock.now(), speed: 1 });
  const feeds = createGeneratedFeeds('unit', START - 2 * 86_400_000);
  const key: PracticeKey = { ...hyperliquidWire.makeKey(seams.random), account: 'tester' };
  let listeners = 0;
  const open = (market: 'spot' | 'future'): RunningCore => {
    const core = createPracticeCore({
      market,
      clock,
      feeds: feeds[market].slice(0, 2),
      matching: createMatching(),
      saved: null,
      save: () => true,
    });
    core.publish(
      core.run((matching, now) => {
        matching.openAccount(key.account);
        return matching.deposit(key.account, 'USDT', '100000' as Decimal, now);
      }),
    );
    return {
      ...core,
      subscribe(listener) {
        listeners += 1;
        const undo = core.subscribe(listener);
        return () => {
          listeners -= 1;
          undo();
        };
      },
    };
  };
  const spot = open('spot');
  const future = open('future');
  seams.timers.every(100, () => {
    spot.step();
    future.step();
  });
  const wire = await hyperliquidWire.open({ seams, spot, future, keys: [key], port: 0, ...options });
  const endpoints = wire.endpoints as { rest: string; stream: string };

  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false;
    const settled = promise.finally(() => {
      done = true;
    });
    settled.catch(() => {});
    await seams.runUntil(() => done, 60_000);
    return settled;
  };
  const post = async (path: string, body: unknown) => {
    const init = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await settle(seams.network.fetch(`${endpoints.rest}${path}`, init));
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, text, json: json as Json };
  };
  const signer = new Signer(() => ({ apiKey: key.apiKey, secret: key.secret }), endpoints);
  const info = async (type: string, more: object = {}): Promise<unknown> =>
    (await post('/info', { type, ...more })).json;
  const act = async (action: Json & { readonly type: string }): Promise<Json> => {
    const body = await settle(signer.sign(action, seams.clock.now(), 5_000));
    return (await post('/exchange', body)).json;
  };

  /** A websocket that keeps what it gets. */
  const connect = async () => {
    const got: Json[] = [];
    const state = { greeting: '', closed: null as number | null };
    const socket = seams.network.connect(
      endpoints.stream,
      {
        open: () => {},
        message: (data) => {
          if (state.greeting === '') state.greeting = String(data);
          else got.push(JSON.parse(String(data)) as Json);
        },
        pong: () => {},
        close: (code) => {
          state.closed = code;
        },
      },
      { maxFrameBytes: 10_000_000, handshakeTimeoutMs: 1_000 },
    );
    await seams.runUntil(() => state.greeting !== '' || state.closed !== null, 5_000);
    return {
      got,
      state,
      socket,
      send: (value: unknown) => socket.send(typeof value === 'string' ? value : JSON.stringify(value)),
      subscribe: (subscription: unknown) =>
        socket.send(JSON.stringify({ method: 'subscribe', subscription })),
      of: (channel: string) => got.filter((one) => one.channel === channel).map(({ data }) => data as Json),
    };
  };
  const price = (side: 'bid' | 'ask'): number => {
    const { bids, asks } = future.matching.book(future.symbols[0]!.symbol, 1);
    return Number((side === 'bid' ? bids : asks)[0]![0]);
  };
  return {
    seams,
    wire,
    key,
    spot,
    future,
    post,
    info,
    act,
    signer,
    settle,
    connect,
    price,
    listeners: () => listeners,
  };
}
export type World = Awaited<ReturnType<typeof openWorld>>;

/** An order of the first perpetual. */
export const order = (over: object = {}) => ({
  a: 0,
  b: true,
  p: '50000',
  s: '0.01',
  r: false,
  t: { limit: { tif: 'Gtc' } },
  ...over,
});
export const placing = (...orders: object[]) => ({ type: 'order', orders, grouping: 'na' });
/** The first status of an answer, or what was refused as a whole. */
export const statusOf = (answer: Json): unknown => {
  if (answer.status !== 'ok') return answer.response;
  const { data } = answer.response as { data: { statuses: unknown[] } };
  return data.statuses[0];
};
