import type { IncomingMessage, ServerResponse } from 'node:http';
import { RPCHandler } from '@orpc/server/websocket';
import type { Api } from '../api/index';
import { loadPageFiles, SECURITY_HEADERS } from '../page/index';
import type { Seams, ServerSocket } from '../seams/index';
import { createAccess } from './access';

const MAX_FRAME_BYTES = 1_048_576;
const FIRST_FRAME_WITHIN_MS = 2_000;
const MAX_SOCKETS = 8;
const MAX_BUFFERED_BYTES = 8_388_608;

/**
 * Serves the built screen and the contract on loopback.
 * @throws Error in words when the port cannot be had or the screen is not built
 */
export async function serveDesk(options: {
  readonly seams: Seams;
  readonly api: Api;
  readonly pageFolder: string;
  readonly port: number;
}) {
  const { seams } = options;
  const files = loadPageFiles(seams.disk, options.pageFolder);
  const handler = new RPCHandler(options.api.router);
  let port = options.port;
  const access = createAccess({ clock: seams.clock, random: seams.random, port: () => port });
  let sockets = 0;

  const answer = (
    response: ServerResponse,
    status: number,
    body: string | Uint8Array,
    type = 'text/plain; charset=utf-8',
  ) => {
    response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type });
    response.end(body);
  };

  const request = (incoming: IncomingMessage, response: ServerResponse) => {
    const isSession = incoming.url === '/session' && incoming.method === 'POST';
    const refused = access.refuses(incoming, incoming.method !== 'GET');
    if (refused) return answer(response, refused.status, refused.words);
    if (isSession) {
      incoming.resume();
      const given = /^Bearer (\S{1,200})$/.exec(incoming.headers.authorization ?? '')?.[1];
      const session = given ? access.openSession(given) : null;
      if (!session)
        return answer(
          response,
          401,
          'The key in this address is not right. Open the address that npm start printed.',
        );
      return answer(response, 200, JSON.stringify({ session }), 'application/json');
    }
    if (incoming.method !== 'GET') return answer(response, 405, 'Only GET.');
    const file = files.get((incoming.url ?? '/').split('?')[0] as string);
    if (!file) return answer(response, 404, 'No such page.');
    answer(response, 200, file.body, file.type);
  };

  const socket = (connection: ServerSocket) => {
    sockets++;
    const listeners = {
      message: new Set<(event: { data: unknown }) => void>(),
      close: new Set<(event: unknown) => void>(),
    };
    let open = false;
    const undo = seams.timers.after(FIRST_FRAME_WITHIN_MS, () => connection.close(1008));
    connection.listen({
      message(data) {
        if (open) {
          for (const listener of listeners.message) listener({ data });
          return;
        }
        undo();
        if (!isRightFirstFrame(data, access.isSession)) return connection.close(1008);
        open = true;
        const window = options.api.openWindow();
        listeners.close.add(window.gone);
        connection.send('{"ready":true}');
        const wire = {
          addEventListener: (type: string, listener: (event: never) => void) => {
            listeners[type as 'message' | 'close']?.add(listener as never);
          },
          send: (frame: string | Uint8Array) => {
            // A reader that far behind shows old prices; better it starts over than that we hold its past.
            if (connection.bufferedBytes > MAX_BUFFERED_BYTES) return connection.terminate();
            connection.send(frame);
          },
        };
        handler.upgrade(wire as never, { context: window.context });
      },
      pong() {},
      close() {
        undo();
        sockets--;
        for (const listener of listeners.close) listener({});
      },
    });
  };

  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: options.port,
    maxFrameBytes: MAX_FRAME_BYTES,
    request,
    upgrade: (incoming) =>
      incoming.url === '/rpc' && sockets < MAX_SOCKETS && access.refuses(incoming, true) === null,
    socket,
  });
  port = server.port;
  return { url: `http://127.0.0.1:${port}/#t=${access.token}`, port, close: () => server.close() };
}

function isRightFirstFrame(data: string | Uint8Array, isSession: (session: unknown) => boolean): boolean {
  if (typeof data !== 'string' || data.length > 200) return false;
  try {
    return isSession((JSON.parse(data) as { session?: unknown }).session);
  } catch {
    return false;
  }
}
