import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Network, Server, ServerOptions, ServerSocket, Socket, SocketHandlers } from './seams';

/** How long a clean close waits for the other side before the connection is dropped. */
const CLOSE_WAIT_MS = 2_000;
// Known to ws 8.19 and later, not yet to its types.
const closing = (waitMs = CLOSE_WAIT_MS) => ({ closeTimeout: waitMs });
const NOT_CONNECTED = 1006;

// ws reports these as 1006 with an error; the code it sent to the other side says more.
const CODE_OF_ERROR: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
};

function bind(ws: WebSocket, handlers: Omit<SocketHandlers, 'open'>, closeWaitMs = CLOSE_WAIT_MS): void {
  let problem: (Error & { code?: string }) | null = null;
  let drop: NodeJS.Timeout | undefined;
  ws.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    handlers.message(isBinary ? bytes : bytes.toString('utf8'));
  });
  ws.on('pong', () => handlers.pong());
  ws.on('error', (error) => {
    problem = error;
    // After a protocol error ws waits for the other side's goodbye, which may never come.
    drop = setTimeout(() => ws.terminate(), closeWaitMs);
  });
  ws.on('close', (code, reason) => {
    clearTimeout(drop);
    const known = problem?.code === undefined ? undefined : CODE_OF_ERROR[problem.code];
    handlers.close(known ?? code, reason.toString('utf8') || (problem?.message ?? ''));
  });
}

const toSocket = (ws: WebSocket): Socket => ({
  send: (data) => {
    if (ws.readyState === WebSocket.OPEN) ws.send(data, () => {});
  },
  ping: () => {
    if (ws.readyState === WebSocket.OPEN) ws.ping();
  },
  close: (code = 1000) => {
    ws.resume();
    ws.close(code);
  },
  terminate: () => ws.terminate(),
  get bufferedBytes() {
    return ws.bufferedAmount;
  },
});

/** A socket for an address that can never be dialled; `close` follows like for any other failure. */
function neverConnected(handlers: SocketHandlers, reason: string): Socket {
  setImmediate(() => handlers.close(NOT_CONNECTED, reason));
  return { send: () => {}, ping: () => {}, close: () => {}, terminate: () => {}, bufferedBytes: 0 };
}

const connect: Network['connect'] = (url, handlers, options) => {
  let ws: WebSocket;
  try {
    ws = new WebSocket(url, {
      maxPayload: options.maxFrameBytes,
      handshakeTimeout: options.handshakeTimeoutMs,
      // No memory of earlier messages on either side: it would hold 32 kB a direction and socket for ever.
      perMessageDeflate: options.compression === true && {
        clientNoContextTakeover: true,
        serverNoContextTakeover: true,
      },
      ...closing(options.closeTimeoutMs),
    });
  } catch (error) {
    return neverConnected(handlers, error instanceof Error ? error.message : String(error));
  }
  ws.on('open', () => handlers.open());
  bind(ws, handlers, options.closeTimeoutMs);
  return toSocket(ws);
};

/** Why a port could not be had, in words, with what to do about it. */
function listenProblem(port: number, cause: NodeJS.ErrnoException): Error {
  const advice = 'choose another with --port, or --port 0 for a free one';
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is already in use; ${advice}`,
    EACCES: `port ${port} needs rights that this account does not have; ${advice}`,
    EADDRNOTAVAIL: `this machine has no loopback address for port ${port}: ${cause.message}`,
  };
  const text = words[cause.code ?? ''] ?? `cannot listen on port ${port}: ${cause.message}`;
  return Object.assign(new Error(text, { cause }), { code: cause.code });
}

function refuse(socket: Duplex): void {
  socket.on('error', () => {});
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

async function serve(options: ServerOptions): Promise<Server> {
  const { host, port } = options;
  if (host !== '127.0.0.1' && host !== '::1')
    throw new Error(`only loopback addresses are served, not ${host}`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`a port is a whole number from 0 to 65535, not ${port}`);

  const http = createServer((request, response) => options.request(request, response));
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxFrameBytes,
    perMessageDeflate: options.compression === true,
    ...closing(),
  });
  http.on('upgrade', (request, raw, head) => {
    if (options.upgrade?.(request) === false) return refuse(raw);
    wss.handleUpgrade(request, raw, head, (ws) => {
      // Frames that come before anybody listens wait in the kernel, none is lost.
      ws.pause();
      const accepted: ServerSocket = Object.defineProperties(
        {
          path: request.url ?? '/',
          remoteAddress: request.socket.remoteAddress ?? '',
          listen: (handlers: Omit<SocketHandlers, 'open'>) => {
            ws.removeAllListeners('error');
            bind(ws, handlers);
            ws.resume();
          },
        },
        Object.getOwnPropertyDescriptors(toSocket(ws)),
      ) as ServerSocket;
      ws.on('error', () => {});
      options.socket(accepted, request);
    });
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(listenProblem(port, error)));
    http.listen(port, host, () => {
      http.removeAllListeners('error');
      http.on('error', () => {});
      resolve();
    });
  });
  const address = http.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return { port: actualPort, close: () => closeServer(http, wss) };
}

function closeServer(http: ReturnType<typeof createServer>, wss: WebSocketServer): Promise<void> {
  for (const client of wss.clients) {
    client.resume();
    client.close(1001);
  }
  const drop = setTimeout(() => {
    for (const client of wss.clients) client.terminate();
    http.closeAllConnections();
  }, 500);
  return new Promise((resolve) => {
    http.close(() => {
      clearTimeout(drop);
      resolve();
    });
  });
}

/** Sockets and HTTP of this machine. Serves loopback only. */
export const createRealNetwork = (): Network => ({
  connect,
  fetch: (url, init) => fetch(url, init),
  serve,
});
