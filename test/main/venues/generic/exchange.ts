import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A small exchange on loopback: answers by path, and sends recorded frames to whoever subscribes. */
export async function serveExchange(options: {
  readonly answer: (asked: Asked) => { readonly status?: number; readonly body: unknown } | null;
  readonly frame: (frame: Record<string, unknown>, path: string) => readonly unknown[];
}) {
  const asked: Asked[] = [];
  const subscribed: Record<string, unknown>[] = [];
  const sockets = new Set<WebSocket>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (block) => {
      body += block;
    });
    request.on('end', () => {
      const question = { method: request.method ?? '', path: request.url ?? '', body };
      asked.push(question);
      const answer = options.answer(question);
      if (answer === null) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    sockets.add(socket);
    socket.on('message', (data) => {
      const text = String(data);
      if (!text.startsWith('{')) return;
      const frame = JSON.parse(text) as Record<string, unknown>;
      subscribed.push(frame);
      for (const reply of options.frame(frame, request.url ?? '')) socket.send(JSON.stringify(reply));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}`,
    asked,
    subscribed,
    push: (frame: unknown) => {
      for (const socket of sockets) socket.send(JSON.stringify(frame));
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Waits, as long as a loaded machine may need, until it is so. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
