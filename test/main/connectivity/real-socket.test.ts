import { describe, expect, it } from 'vitest';
import { createPool } from '#main/connectivity/index';
import { createRealSeams, type ServerSocket } from '#main/seams/index';

describe('a pool on real sockets', () => {
  it('M-267 survives a real frame above 10,485,760 bytes and takes one of exactly that size', async () => {
    const seams = createRealSeams();
    const sockets: ServerSocket[] = [];
    const server = await seams.network.serve({
      host: '127.0.0.1',
      port: 0,
      maxFrameBytes: 1000,
      request: (_, response) => response.end(),
      socket: (socket) => {
        sockets.push(socket);
        socket.listen({ message: () => {}, pong: () => {}, close: () => {} });
        const size = 10_485_760 + (sockets.length === 1 ? 1 : 0);
        socket.send(new Uint8Array(size));
      },
    });
    const pool = createPool({ seams, limits: { backoffMs: [10], staggerMs: 0 } });
    const link = pool.link({
      key: 'feed',
      url: () => `ws://127.0.0.1:${server.port}`,
      subscribe: () => [],
      unsubscribe: () => [],
      receive: (data, deliver) => deliver('size', data.length),
    });
    const size = await new Promise((resolve) => void link.want('size', resolve));
    expect(size).toBe(10_485_760);
    expect(link.status()).toMatchObject({ state: 'live', reconnects: 1, badFrames: 1 });
    await pool.close();
    await server.close();
  });
});
