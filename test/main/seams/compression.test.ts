import { createServer, connect as dial } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRealSeams, type Server, type SocketOptions } from '#main/seams/index';

const { network } = createRealSeams();
const TEXT = JSON.stringify(
  Array.from({ length: 5_000 }, (_, i) => ({ symbol: 'BTCUSDT', price: 65_000 + i })),
);

describe('compression on the wire', () => {
  let server: Server;
  let wire: ReturnType<typeof createServer>;
  let wirePort = 0;
  let bytes = 0;
  beforeAll(async () => {
    server = await network.serve({
      host: '127.0.0.1',
      port: 0,
      maxFrameBytes: 1000,
      compression: true,
      request: () => {},
      socket: (socket) => {
        socket.listen({ message: () => {}, pong: () => {}, close: () => {} });
        socket.send(socket.path === '/bomb' ? 'x'.repeat(30_000_000) : TEXT);
      },
    });
    // A wire that counts what comes down to the client.
    wire = createServer((client) => {
      const up = dial(server.port, '127.0.0.1');
      client.pipe(up);
      up.on('data', (chunk) => {
        bytes += chunk.length;
        client.write(chunk);
      });
      for (const end of [client, up]) end.on('error', () => {});
      up.on('close', () => client.destroy());
      client.on('close', () => up.destroy());
    });
    await new Promise<void>((resolve) => void wire.listen(0, '127.0.0.1', resolve));
    wirePort = (wire.address() as { port: number }).port;
  });
  afterAll(async () => {
    wire.close();
    await server.close();
  });
  const read = (path: string, options: Partial<SocketOptions>) => {
    bytes = 0;
    return new Promise<{ text: string | null; code: number; bytes: number }>((resolve) => {
      let text: string | null = null;
      const socket = network.connect(
        `ws://127.0.0.1:${wirePort}${path}`,
        {
          open: () => {},
          message: (data) => {
            text = String(data);
            socket.close();
          },
          pong: () => {},
          close: (code) => resolve({ text, code, bytes }),
        },
        { maxFrameBytes: 10_000_000, handshakeTimeoutMs: 10_000, ...options },
      );
    });
  };

  it('M-307 is negotiated where both sides offer it, and left out where ours does not', async () => {
    const packed = await read('/text', { compression: true });
    const plain = await read('/text', {});
    expect([packed.text, plain.text]).toEqual([TEXT, TEXT]);
    expect(packed.bytes).toBeLessThan(TEXT.length / 4);
    expect(plain.bytes).toBeGreaterThan(TEXT.length);
  });
  it('M-267 ends a frame with 1009 that is small on the wire and too large unpacked', async () => {
    const bomb = await read('/bomb', { compression: true, maxFrameBytes: 1_000_000, closeTimeoutMs: 200 });
    expect([bomb.text, bomb.code]).toEqual([null, 1009]);
    expect(bomb.bytes).toBeLessThan(100_000);
  });
});
