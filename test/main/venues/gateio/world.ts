import type { IncomingMessage } from 'node:http';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { createVenue, prepareSigning } from '#main/venues/index';
import { CONTRACTS, PAIRS } from './rows';

export const START = 1_782_000_000_000;
export const API_KEY = 'canary-key-9a2b';
export const SECRET = 'canary-secret-5f1c';

export interface Asked {
  readonly method: string;
  /** Without /api/v4. */
  readonly path: string;
  readonly params: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}
export interface Reply {
  readonly status?: number;
  readonly body: unknown;
}
type Script = (asked: Asked) => Reply | undefined;
type Json = Readonly<Record<string, unknown>>;

/** A simulated world with one scripted Gate in it, whose sockets say yes to every subscription. */
export async function createWorld(market: 'spot' | 'future' = 'future') {
  // Virtual time must not run while Node reads code from the disk.
  await prepareSigning('gateio');
  const seams = createSimulatedSeams(1, START);
  const asked: Asked[] = [];
  const scripts: Script[] = [];
  const sockets: ServerSocket[] = [];
  const frames: Json[][] = [];
  let refuse: ((frame: Json) => Json | undefined) | null = null;
  const defaults: Script = ({ path }) => {
    if (path === '/spot/time') return { body: { server_time: seams.clock.now() } };
    if (path === '/futures/usdt/contracts') return { body: CONTRACTS };
    if (path === '/spot/currency_pairs') return { body: PAIRS };
    if (path === '/futures/usdt/accounts')
      return { body: { user: 20011, total: '100', available: '90', currency: 'USDT' } };
    if (path === '/futures/usdt/positions' || path === '/spot/accounts') return { body: [] };
    return { status: 404, body: { label: 'ORDER_NOT_FOUND', message: `nothing at ${path}` } };
  };
  const read = async (request: IncomingMessage): Promise<Asked> => {
    const url = new URL(request.url ?? '/', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    return {
      method: request.method ?? '',
      path: url.pathname.replace('/api/v4', ''),
      params: url.searchParams,
      body: body === '' ? {} : JSON.parse(body),
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
        const answer = (script: Script) => script(question);
        const reply = [...scripts, defaults].map(answer).find((one) => one !== undefined)!;
        response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
        response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
      });
    },
    socket: (socket) => {
      const mine: Json[] = [];
      sockets.push(socket);
      frames.push(mine);
      socket.listen({
        message: (data) => {
          const frame = JSON.parse(String(data)) as Json;
          mine.push(frame);
          const { id, channel, event } = frame;
          const section = String(channel).split('.')[0];
          if (String(channel).endsWith('.ping')) socket.send(JSON.stringify({ channel: `${section}.pong` }));
          else
            socket.send(
              JSON.stringify({ id, channel, event, result: { status: 'success' }, ...refuse?.(frame) }),
            );
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const pool = createPool({ seams });
  const base = `127.0.0.1:${server.port}`;
  const venue = createVenue({
    seams,
    pool,
    key: `gateio_${market}`,
    mode: 'practice',
    endpoints: {
      rest: `http://${base}`,
      spotStream: `ws://${base}/ws/v4/`,
      futureStream: `ws://${base}/fx/v4/ws/usdt`,
    },
    credentials: () => ({ apiKey: API_KEY, secret: SECRET }),
  });
  return {
    seams,
    pool,
    venue,
    asked,
    sockets,
    frames,
    script: (script: Script) => void scripts.unshift(script),
    refuse: (make: (frame: Json) => Json | undefined) => {
      refuse = make;
    },
    send: (at: number, channel: string, result: unknown) =>
      sockets[at]!.send(
        JSON.stringify({ time: START / 1_000, time_ms: START, channel, event: 'update', result }),
      ),
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
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;
