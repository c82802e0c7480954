import { createHmac } from 'node:crypto';
import { createMatching } from '#main/matching/index';
import { type BinanceWireOptions, createBinanceWire } from '#main/practice/binance/index';
import { createMarketClock } from '#main/practice/clock';
import { createPracticeCore, type RunningCore } from '#main/practice/core/index';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import type { PracticeKey } from '#main/practice/types';
import { createSimulatedSeams } from '#main/seams/index';
import type { Decimal, OrderSide } from '#shared/domain/basics';

export const KEY: PracticeKey = { apiKey: 'unit-key', secret: 'unit-secret', account: 'tester' };
const START = Date.UTC(2026, 10, 21, 10);

export type Json = Readonly<Record<string, unknown>>;

/** The wire over the real market and matching engine, in virtual time and without any network. */
export async function openWorld(
  options: {
    readonly speed?: number;
    readonly coins?: number;
    readonly limits?: BinanceWireOptions['limits'];
    readonly tradeLite?: boolean;
  } = {},
) {
  const seams = createSimulatedSeams(7, START);
  const clock = createMarketClock({ seams, origin: seams.clock.now(), speed: options.speed ?? 1 });
  const feeds = createGeneratedFeeds('unit', START - 2 * 86_400_000);
  const open = (market: 'spot' | 'future'): RunningCore => {
    const core = createPracticeCore({
      market,
      clock,
      feeds: feeds[market].slice(0, options.coins ?? 2),
      matching: createMatching(),
      saved: null,
      save: () => true,
    });
    core.publish(
      core.run((matching, now) => {
        matching.openAccount(KEY.account);
        const funds = matching.deposit(KEY.account, 'USDT', '100000' as Decimal, now);
        return market === 'spot'
          ? [...funds, ...matching.deposit(KEY.account, 'BTC', '1' as Decimal, now)]
          : funds;
      }),
    );
    return core;
  };
  const spot = open('spot');
  const future = open('future');
  seams.timers.every(100, () => {
    spot.step();
    future.step();
  });
  const { limits } = options;
  const wire = await createBinanceWire({
    seams,
    spot,
    future,
    keys: [KEY],
    port: 0,
    tradeLite: options.tradeLite ?? false,
    ...(limits === undefined ? {} : { limits }),
  });

  /** A call with a key; `sign` adds timestamp and signature. */
  const call = async (
    method: string,
    path: string,
    params: Record<string, string> = {},
    sign = true,
  ): Promise<{ status: number; headers: Headers; body: Json }> => {
    const all = sign ? { ...params, timestamp: String(seams.clock.now()) } : params;
    const query = new URLSearchParams(all).toString();
    const signature = createHmac('sha256', KEY.secret).update(query).digest('hex');
    const url = `http://127.0.0.1:${wire.port}${path}?${query}${sign ? `&signature=${signature}` : ''}`;
    let done: Response | null = null;
    const sent = seams.network
      .fetch(url, { method, headers: { 'x-mbx-apikey': KEY.apiKey } })
      .then((response) => {
        done = response;
        return response;
      });
    await seams.runUntil(() => done !== null, 5_000);
    const response = await sent;
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  };

  /** A websocket that keeps what it gets, parsed. */
  const connect = async (path: string) => {
    const got: Json[] = [];
    const state = { open: false, closed: null as number | null };
    const socket = seams.network.connect(
      `ws://127.0.0.1:${wire.port}${path}`,
      {
        open: () => {
          state.open = true;
        },
        message: (data) => void got.push(JSON.parse(String(data)) as Json),
        pong: () => {},
        close: (code) => {
          state.closed = code;
        },
      },
      { maxFrameBytes: 10_000_000, handshakeTimeoutMs: 1_000 },
    );
    await seams.runUntil(() => state.open || state.closed !== null, 5_000);
    return {
      got,
      state,
      socket,
      send: (value: unknown) => socket.send(JSON.stringify(value)),
      /** Sends a request and gives its answer, found by id. */
      async ask(value: { readonly id: unknown; readonly [key: string]: unknown }): Promise<Json> {
        socket.send(JSON.stringify(value));
        const mine = (one: Json): boolean => 'id' in one && one.id === value.id;
        await seams.runUntil(() => got.some(mine), 5_000);
        return got.find(mine) as Json;
      },
      ofType: (type: string): Json[] => got.filter((one) => one.e === type),
    };
  };

  return { seams, spot, future, wire, call, connect };
}

export const signedParams = (params: Record<string, unknown>): Record<string, unknown> => {
  const text = Object.keys(params)
    .sort()
    .map((name) => `${name}=${String(params[name])}`)
    .join('&');
  return { ...params, signature: createHmac('sha256', KEY.secret).update(text).digest('hex') };
};

/** The outside market trades at a price. */
export function tradeAt(core: RunningCore, side: OrderSide, price: string): void {
  const symbol = core.symbols[0]!.symbol;
  core.publish(
    core.run((matching, now) => matching.marketTrade(symbol, side, price as Decimal, '0.01' as Decimal, now)),
  );
}
