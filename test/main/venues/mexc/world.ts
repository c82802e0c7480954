import type { IncomingMessage } from 'node:http';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { createVenue, prepareSigning, type Venue } from '#main/venues/index';
import { loopbackEndpoints } from '#main/venues/mexc/endpoints';
import { decodeInstruments } from '#main/venues/mexc/symbols';
import { type ClientOrderId, type Decimal, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';

export const START = 1_782_000_000_000;
export const SECRET = 'canary-secret-5f1c';
export const API_KEY = 'mx0canary9a2b';
export const BTC = 'BTC/USDT' as Symbol;
export const BTC_PERP = 'BTC/USDT:USDT' as Symbol;

const contract = (base: string, over: object = {}) => ({
  symbol: `${base}_USDT`,
  baseCoin: base,
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  contractSize: 0.0001,
  priceUnit: 0.1,
  volUnit: 1,
  minVol: 1,
  maxVol: 1_000_000,
  state: 0,
  apiAllowed: true,
  futureType: 1,
  ...over,
});
export const CONTRACTS = [contract('BTC'), contract('ETH', { contractSize: 0.01, priceUnit: 0.01 })];
export const EXCHANGE_INFO = {
  symbols: ['BTC', 'ETH'].map((base) => ({
    symbol: `${base}USDT`,
    status: '1',
    baseAsset: base,
    baseAssetPrecision: 5,
    quoteAsset: 'USDT',
    quoteAssetPrecision: 2,
    isSpotTradingAllowed: true,
    baseSizePrecision: '0.0001',
    quoteAmountPrecision: '1',
    quoteAmountPrecisionMarket: '5',
    maxQuoteAmount: '2000000',
  })),
};
export const CONTRACT: Instrument = decodeInstruments(CONTRACTS, 'future')[0]!;
export const SPOT: Instrument = decodeInstruments(EXCHANGE_INFO, 'spot')[0]!;

/** What a scripted exchange answers: a body, or a status with headers, or text that is no JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly body?: unknown;
  /** The data of a futures answer. */
  readonly data?: unknown;
}
export interface Asked {
  readonly method: string;
  /** Without /api/v3, /api/v1/contract and /api/v1/private. */
  readonly path: string;
  readonly params: URLSearchParams;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}
type Script = (asked: Asked) => Reply | undefined;

/** A simulated world with one scripted MEXC in it. */
export async function createWorld(key: VenueKey = 'mexc_future', options: { withKey?: boolean } = {}) {
  // Virtual time must not run while Node reads code from the disk.
  await prepareSigning('mexc');
  const seams = createSimulatedSeams(1, START);
  const asked: Asked[] = [];
  const sockets: ServerSocket[] = [];
  const frames: { path: string; text: string }[] = [];
  const scripts: Script[] = [];
  const defaults: Script = ({ path }) => {
    if (path === 'time') return { body: { serverTime: seams.clock.now() } };
    if (path === 'ping') return { data: seams.clock.now() };
    if (path === 'exchangeInfo') return { body: EXCHANGE_INFO };
    if (path === 'detail') return { data: CONTRACTS };
    if (path === 'userDataStream') return { body: { listenKey: `listen-${asked.length}` } };
    if (path === 'position/leverage') return { data: [{ positionType: 1, openType: 2, leverage: 20 }] };
    return { status: 404, body: { success: false, code: 404, message: `nothing at ${path}` } };
  };
  const read = async (request: IncomingMessage): Promise<Asked> => {
    const url = new URL(request.url ?? '/', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    return {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/api\/(v3|v1\/contract|v1\/private)\//, ''),
      params: url.searchParams,
      body,
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
        const body = 'data' in reply ? { success: true, code: 0, data: reply.data } : reply.body;
        response.writeHead(reply.status ?? 200, reply.headers ?? {});
        response.end(reply.text ?? JSON.stringify(body));
      });
    },
    socket: (socket) => {
      sockets.push(socket);
      socket.listen({
        message: (data) => {
          const text = String(data);
          frames.push({ path: socket.path, text });
          if (text.includes('"login"'))
            socket.send(JSON.stringify({ channel: 'rs.login', data: world.login }));
          if (/"ping"/i.test(text))
            socket.send(
              key === 'mexc_spot' ? '{"id":0,"code":0,"msg":"PONG"}' : '{"channel":"pong","data":1}',
            );
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
  const world = {
    seams,
    pool,
    venue,
    server,
    asked,
    sockets,
    frames,
    /** What a login is answered with. */
    login: 'success',
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
      sockets[at]!.send(
        typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
      ),
  };
  return world;
}
export type World = Awaited<ReturnType<typeof createWorld>>;

export const order = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'w7k2p-s34h1-e1' as ClientOrderId,
  venue: 'mexc_future',
  symbol: BTC_PERP,
  side: 'buy',
  type: 'market',
  amount: '0.01' as Decimal,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});
export const at = (offsetMs: number) => unixMs(START + offsetMs);
