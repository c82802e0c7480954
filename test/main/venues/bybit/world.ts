import type { IncomingMessage } from 'node:http';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { loopbackEndpoints } from '#main/venues/bybit/endpoints';
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

/** What a scripted exchange answers: a result, a refusal, or anything else word for word. */
export interface Reply {
  readonly result?: unknown;
  readonly code?: number;
  readonly message?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}
export interface Asked {
  readonly method: string;
  /** Without /v5/. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}
type Script = (asked: Asked) => Reply | undefined;

const linear = (base: string) => ({
  symbol: `${base}USDT`,
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: base,
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  priceFilter: { tickSize: '0.10' },
  lotSizeFilter: {
    qtyStep: '0.001',
    minOrderQty: '0.001',
    maxOrderQty: '1190.000',
    maxMktOrderQty: '500.000',
    minNotionalValue: '5',
  },
});
const spot = (base: string) => ({
  symbol: `${base}USDT`,
  status: 'Trading',
  baseCoin: base,
  quoteCoin: 'USDT',
  priceFilter: { tickSize: '0.01' },
  lotSizeFilter: { basePrecision: '0.000001', minOrderQty: '0.5', minOrderAmt: '5', maxLimitOrderQty: '83' },
});
export const page = (list: readonly unknown[], nextPageCursor = '') => ({ result: { list, nextPageCursor } });

/** A simulated world with one scripted Bybit in it; its socket signs everybody in and confirms everything. */
export async function createWorld(key: VenueKey = 'bybit_future', options: { withKey?: boolean } = {}) {
  // Virtual time must not run while Node reads code from the disk.
  await prepareSigning('bybit');
  const seams = createSimulatedSeams(1, START);
  const asked: Asked[] = [];
  const sockets: ServerSocket[] = [];
  const frames: { readonly path: string; readonly frame: Record<string, unknown> }[] = [];
  const scripts: Script[] = [];
  /** Answers to requests on sockets, by their op; null says nothing. */
  const socketReplies = new Map<string, (frame: Record<string, unknown>) => object | null>();
  const defaults: Script = ({ path }) => {
    if (path === 'market/time')
      return { result: { timeSecond: '1', timeNano: `${seams.clock.now()}000000` } };
    if (path === 'market/instruments-info')
      return page(key === 'bybit_spot' ? ['BTC', 'ETH'].map(spot) : ['BTC', 'ETH'].map(linear));
    if (path === 'account/wallet-balance')
      return page([{ coin: [{ coin: 'USDT', walletBalance: '100', locked: '0' }] }]);
    if (path === 'position/list') return page([]);
    return { status: 404, text: 'nothing there' };
  };
  const read = async (request: IncomingMessage): Promise<Asked> => {
    const url = new URL(request.url ?? '/', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    return {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/v5\//, ''),
      query: url.searchParams,
      body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
      headers: request.headers,
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
        const { result = {}, code = 0, message = 'OK' } = reply;
        response.end(
          reply.text ??
            JSON.stringify({
              retCode: code,
              retMsg: message,
              result,
              retExtInfo: {},
              time: seams.clock.now(),
            }),
        );
      });
    },
    socket: (socket) => {
      sockets.push(socket);
      socket.listen({
        message: (data) => {
          const frame = JSON.parse(String(data)) as Record<string, unknown>;
          frames.push({ path: socket.path, frame });
          const { op, req_id } = frame;
          const own = socketReplies.get(String(op));
          const usual = { success: true, ret_msg: op === 'ping' ? 'pong' : '', op, req_id, conn_id: 'c' };
          const reply = own === undefined ? usual : own(frame);
          if (reply !== null) socket.send(JSON.stringify(reply));
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
    socketReplies,
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
    ofPath: (path: string) => asked.filter((one) => one.path === path),
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

export const order = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'w7k2p-s34h1-e1' as ClientOrderId,
  venue: 'bybit_future',
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

/** A row of order/realtime about `order()`. */
export const orderRow = (over: object = {}) => ({
  category: 'linear',
  symbol: 'BTCUSDT',
  orderId: '9aac161b-8ed6-450d-9cab-c5cc67c21784',
  orderLinkId: 'w7k2p-s34h1-e1',
  side: 'Buy',
  orderType: 'Market',
  qty: '0.010',
  orderStatus: 'New',
  cumExecQty: '0',
  cumExecValue: '0',
  avgPrice: '',
  triggerPrice: '',
  reduceOnly: false,
  updatedTime: String(START),
  rejectReason: 'EC_NoError',
  ...over,
});
/** One execution of it. */
export const execution = (over: object = {}) => ({
  category: 'linear',
  symbol: 'BTCUSDT',
  execId: 'e-1',
  execType: 'Trade',
  execPrice: '65000',
  execQty: '0.004',
  execFee: '0.143',
  feeCurrency: 'USDT',
  orderId: '9aac161b-8ed6-450d-9cab-c5cc67c21784',
  orderLinkId: 'w7k2p-s34h1-e1',
  side: 'Buy',
  isMaker: false,
  execTime: String(START),
  seq: 1,
  ...over,
});
export const at = (offsetMs: number) => unixMs(START + offsetMs);
