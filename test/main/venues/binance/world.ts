import type { IncomingMessage } from 'node:http';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { loopbackEndpoints } from '#main/venues/binance/endpoints';
import { createVenue, prepareSigning, type Venue } from '#main/venues/index';
import { type ClientOrderId, type Decimal, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';

export const START = 1_772_536_800_000;
export const SECRET = 'canary-secret-5f1c';
export const API_KEY = 'canary-key-9a2b';
export const BTC = 'BTC/USDT' as Symbol;
export const BTC_PERP = 'BTC/USDT:USDT' as Symbol;

/** What a scripted exchange answers: a body, or a status with headers, or text that is no JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly body?: unknown;
}
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly apiKey: string | undefined;
  /** Query and body exactly as sent. */
  readonly raw: string;
}
type Script = (asked: Asked) => Reply | undefined;

const filters = [
  { filterType: 'PRICE_FILTER', tickSize: '0.10' },
  { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
  { filterType: 'MIN_NOTIONAL', notional: '5', minNotional: '5' },
];
export const EXCHANGE_INFO = {
  symbols: ['BTC', 'ETH'].map((baseAsset) => ({
    symbol: `${baseAsset}USDT`,
    status: 'TRADING',
    baseAsset,
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    contractType: 'PERPETUAL',
    filters,
  })),
};

/** A simulated world with one scripted Binance in it. Paths are named without /api/v3 and /fapi/v1. */
export async function createWorld(key: VenueKey = 'binance_future', options: { withKey?: boolean } = {}) {
  // Virtual time must not run while Node reads code from the disk.
  await prepareSigning('binance');
  const seams = createSimulatedSeams(1, START);
  const asked: Asked[] = [];
  const sockets: ServerSocket[] = [];
  const frames: { path: string; text: string }[] = [];
  const scripts: Script[] = [];
  const defaults: Script = ({ path }) => {
    if (path === 'time') return { body: { serverTime: seams.clock.now() } };
    if (path === 'exchangeInfo') return { body: EXCHANGE_INFO };
    if (path === 'listenKey') return { body: { listenKey: `listen-${asked.length}` } };
    return { status: 404, body: { code: -1, msg: `nothing at ${path}` } };
  };
  const read = async (request: IncomingMessage): Promise<Asked> => {
    const url = new URL(request.url ?? '/', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const raw = url.search.slice(1) + body;
    return {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/(api|fapi)\/v\d\//, ''),
      params: new URLSearchParams(raw),
      apiKey: request.headers['x-mbx-apikey'] as string | undefined,
      raw,
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
        response.writeHead(reply.status ?? 200, reply.headers ?? {});
        response.end(reply.text ?? JSON.stringify(reply.body));
      });
    },
    socket: (socket) => {
      sockets.push(socket);
      socket.listen({
        message: (data) => void frames.push({ path: socket.path, text: String(data) }),
        pong: () => {},
        close: () => {},
      });
    },
  });
  const pool = createPool({ seams });
  const venue: Venue = createVenue({
    seams,
    pool,
    key,
    mode: 'practice',
    endpoints: loopbackEndpoints(`http://127.0.0.1:${server.port}`),
    ...(options.withKey === false ? {} : { credentials: () => ({ apiKey: API_KEY, secret: SECRET }) }),
  });
  return {
    seams,
    pool,
    venue,
    server,
    asked,
    sockets,
    frames,
    /** The newest script is asked first; undefined passes the question on. */
    script: (script: Script) => void scripts.unshift(script),
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
      sockets[at]!.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

export const order = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'wd-7-entry-1' as ClientOrderId,
  venue: 'binance_future',
  symbol: BTC_PERP,
  side: 'buy',
  type: 'market',
  amount: '0.010' as Decimal,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});
export const at = (offsetMs: number) => unixMs(START + offsetMs);
