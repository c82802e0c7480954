import type { IncomingMessage } from 'node:http';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { loopbackEndpoints } from '#main/venues/bitget/endpoints';
import { createVenue, prepareSigning, type Venue } from '#main/venues/index';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';

export const START = 1_795_187_003_000;
const KEY = { apiKey: 'bg_canary', secret: 'canary-secret-5f1c', passphrase: 'canary-pass' };
export const SYMBOL: Readonly<Record<MarketKind, Symbol>> = {
  spot: 'BTC/USDT' as Symbol,
  future: 'BTC/USDT:USDT' as Symbol,
};

/** What a scripted exchange answers: data in its envelope, a refusal by its code, or a bare text. */
export interface Reply {
  readonly data?: unknown;
  readonly code?: string;
  readonly msg?: string;
  readonly status?: number;
  readonly text?: string;
}
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
}
type Script = (asked: Asked) => Reply | undefined;

const INSTRUMENTS = (category: string) =>
  ['BTC', 'ETH'].map((baseCoin) => ({
    symbol: `${baseCoin}USDT`,
    category,
    baseCoin,
    quoteCoin: 'USDT',
    type: 'perpetual',
    status: 'online',
    minOrderQty: '0.001',
    maxOrderQty: '1000',
    pricePrecision: '1',
    quantityPrecision: '3',
    minOrderAmount: '5',
  }));

/** A simulated world with one scripted Bitget in it. Its private socket signs everybody in and confirms every channel. */
export async function createWorld(market: MarketKind) {
  // Virtual time must not run while Node reads code from the disk.
  await prepareSigning('bitget');
  const seams = createSimulatedSeams(1, START);
  const asked: Asked[] = [];
  const sockets: ServerSocket[] = [];
  const frames: { readonly path: string; readonly text: string }[] = [];
  const scripts: Script[] = [];
  let greet: (socket: ServerSocket, text: string) => void = signIn;

  const defaults: Script = ({ path, params }) => {
    if (path === 'v2/public/time') return { data: { serverTime: String(seams.clock.now()) } };
    if (path === 'v3/market/instruments') return { data: INSTRUMENTS(String(params.category)) };
    if (path.endsWith('/market/candles'))
      return {
        data: [[String(Math.floor(seams.clock.now() / 60_000) * 60_000), '1', '1', '1', '1', '1', '1', '1']],
      };
    if (path.endsWith('assets') || path.endsWith('accounts') || path.endsWith('all-position'))
      return { data: [] };
    return { code: '40404', msg: `nothing at ${path}`, status: 404 };
  };
  const read = async (request: IncomingMessage): Promise<Asked> => {
    const url = new URL(request.url ?? '/', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    return {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/api\//, ''),
      params: {
        ...Object.fromEntries(url.searchParams),
        ...(body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)),
      },
    };
  };
  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: 1e7,
    request: (request, response) => {
      void read(request).then((question) => {
        asked.push(question);
        const reply = [...scripts, defaults]
          .map((script) => script(question))
          .find((one) => one !== undefined)!;
        const { data = null, code = '00000', msg = 'success', text } = reply;
        response.writeHead(reply.status ?? (code === '00000' ? 200 : 400), {});
        response.end(text ?? JSON.stringify({ code, msg, requestTime: seams.clock.now(), data }));
      });
    },
    socket: (socket) => {
      sockets.push(socket);
      socket.listen({
        message: (data) => {
          const text = String(data);
          if (text === 'ping') return socket.send('pong');
          frames.push({ path: socket.path, text });
          greet(socket, text);
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const pool = createPool({ seams });
  const venue: Venue = createVenue({
    seams,
    pool,
    key: `bitget_${market}`,
    mode: 'practice',
    endpoints: loopbackEndpoints(`http://127.0.0.1:${server.port}`),
    credentials: () => KEY,
  });
  return {
    seams,
    pool,
    venue,
    asked,
    sockets,
    frames,
    /** The newest script is asked first; undefined passes the question on. */
    script: (script: Script) => void scripts.unshift(script),
    /** How the sockets answer from now on. */
    answer: (answer: typeof greet) => {
      greet = answer;
    },
    /** Lets virtual time run until the promise has settled. */
    async result<T>(promise: Promise<T>): Promise<T> {
      let done = false;
      const settled = promise.finally(() => {
        done = true;
      });
      settled.catch(() => {});
      await seams.runUntil(() => done, 600_000);
      return settled;
    },
    send: (at: number, frame: unknown) =>
      sockets.at(at)!.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    count: (path: string) => asked.filter((one) => one.path === path).length,
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

/** Signs in and confirms, as the exchange does. */
export function signIn(socket: ServerSocket, text: string): void {
  const { op, args } = JSON.parse(text) as { op: string; args: readonly unknown[] };
  if (op === 'login') socket.send(JSON.stringify({ event: 'login', code: 0, msg: '' }));
  else for (const arg of args) socket.send(JSON.stringify({ event: op, arg }));
}

export const order = (market: MarketKind, over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'w7k2p-s34h1-e1' as ClientOrderId,
  venue: `bitget_${market}`,
  symbol: SYMBOL[market],
  side: 'sell',
  type: 'market',
  amount: '0.010' as Decimal,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});
