import type { IncomingMessage } from 'node:http';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { createVenue, prepareSigning, type Venue } from '#main/venues/index';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';

export const START = 1_795_188_000_000;
/** A fixed fake wallet, used nowhere. */
export const SECRET = '0x822e9959e022b78423eb653a62ea0020cd283e71a2a8133a6ff2aeffaf373cff';
export const ADDRESS = '0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901';
export const BTC = 'BTC/USDC:USDC' as Symbol;
export const PEPE = 'KPEPE/USDC:USDC' as Symbol;

type Json = Readonly<Record<string, unknown>>;
/** What a scripted exchange answers: a body, or a status with text. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly body?: unknown;
}
export interface Asked {
  readonly path: string;
  readonly body: Json;
  /** Type of the question, or of the action. */
  readonly type: string;
}
type Script = (asked: Asked) => Reply | undefined;

const ctx = (markPx: string) => ({
  markPx,
  midPx: markPx,
  funding: '0.0000125',
  openInterest: '100.0',
  prevDayPx: markPx,
  dayNtlVlm: '1.0',
  oraclePx: markPx,
});
export const META = [
  {
    universe: [
      { name: 'BTC', szDecimals: 5, maxLeverage: 40 },
      { name: 'kPEPE', szDecimals: 0, maxLeverage: 10 },
      { name: 'OLD', szDecimals: 1, maxLeverage: 3, isDelisted: true },
    ],
  },
  [ctx('68010.0'), ctx('0.0048'), ctx('1.0')],
] as const;
export const SPOT_META = [
  {
    tokens: [
      { name: 'USDC', szDecimals: 8, index: 0 },
      { name: 'PURR', szDecimals: 0, index: 1 },
      { name: 'HYPE', szDecimals: 2, index: 150 },
      { name: 'ODD NAME', szDecimals: 2, index: 151 },
    ],
    universe: [
      { name: 'PURR/USDC', tokens: [1, 0], index: 0 },
      { name: '@107', tokens: [150, 0], index: 107 },
      { name: '@108', tokens: [151, 0], index: 108 },
    ],
  },
  [
    { coin: 'PURR/USDC', markPx: '0.18', midPx: '0.18', prevDayPx: '0.18', dayNtlVlm: '1.0' },
    { coin: '@107', markPx: '40.12', midPx: '40.121', prevDayPx: '39.1', dayNtlVlm: '1.0' },
  ],
];
export const BOOK = {
  coin: 'BTC',
  time: START,
  levels: [[{ px: '68009.0', sz: '1.2', n: 3 }], [{ px: '68010.0', sz: '0.7', n: 2 }]],
};
export const STATE = {
  marginSummary: {
    accountValue: '1000.0',
    totalNtlPos: '0.0',
    totalRawUsd: '1000.0',
    totalMarginUsed: '0.0',
  },
  withdrawable: '1000.0',
  assetPositions: [],
  time: START,
};

/** A simulated world with one scripted Hyperliquid in it. Its socket confirms every subscription. */
export async function createWorld(
  key: VenueKey = 'hyperliquid_future',
  options: { withKey?: boolean; apiKey?: string } = {},
) {
  // Virtual time must not run while Node reads code from the disk.
  await prepareSigning('hyperliquid');
  const seams = createSimulatedSeams(1, START);
  const asked: Asked[] = [];
  const sockets: ServerSocket[] = [];
  const frames: { readonly at: number; readonly frame: Json }[] = [];
  const scripts: Script[] = [];
  const answers: Record<string, unknown> = {
    metaAndAssetCtxs: META,
    spotMetaAndAssetCtxs: SPOT_META,
    l2Book: BOOK,
    userAbstraction: 'disabled',
    userRole: { role: 'user' },
    clearinghouseState: STATE,
    frontendOpenOrders: [],
    userFillsByTime: [],
  };
  const defaults: Script = ({ type }) => {
    if (type === 'exchangeStatus') return { body: { specialStatuses: null, time: seams.clock.now() } };
    return type in answers
      ? { body: answers[type] }
      : { status: 422, text: 'Failed to deserialize the JSON body into the target type' };
  };
  const read = async (request: IncomingMessage): Promise<Asked> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Json;
    const action = body.action as Json | undefined;
    return { path: request.url ?? '', body, type: String((action ?? body).type) };
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
      const at = sockets.push(socket) - 1;
      socket.send('Websocket connection established.');
      socket.listen({
        message: (data) => {
          const frame = JSON.parse(String(data)) as Json;
          frames.push({ at, frame });
          if (frame.method === 'ping') socket.send('{"channel":"pong"}');
          if (frame.method !== 'subscribe') return;
          socket.send(JSON.stringify({ channel: 'subscriptionResponse', data: frame }));
          const { type, user } = frame.subscription as Json;
          if (type === 'userFills')
            socket.send(
              JSON.stringify({ channel: 'userFills', data: { isSnapshot: true, user, fills: [] } }),
            );
          if (type === 'clearinghouseState')
            socket.send(
              JSON.stringify({ channel: type, data: { dex: '', user, clearinghouseState: STATE } }),
            );
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const pool = createPool({ seams });
  const { apiKey = ADDRESS, withKey = true } = options;
  const venue: Venue = createVenue({
    seams,
    pool,
    key,
    mode: 'practice',
    endpoints: { rest: `http://127.0.0.1:${server.port}`, stream: `ws://127.0.0.1:${server.port}/ws` },
    ...(withKey ? { credentials: () => ({ apiKey, secret: SECRET }) } : {}),
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
    /** Actions that arrived, oldest first. */
    actions: () => asked.filter(({ path }) => path === '/exchange').map(({ body }) => body.action as Json),
    ofType: (type: string) => asked.filter((one) => one.type === type),
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
  clientOrderId: 'w7k2p-s34h1-e1' as ClientOrderId,
  venue: 'hyperliquid_future',
  symbol: BTC,
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
