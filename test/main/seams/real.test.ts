import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRealSeams, type Server, type ServerSocket } from '#main/seams/index';

const seams = createRealSeams();
const { network, disk } = seams;
const OPTIONS = { maxFrameBytes: 1000, handshakeTimeoutMs: 500 };
const soon = (ms: number): Promise<void> => new Promise((resolve) => void seams.timers.after(ms, resolve));

describe('the real network', () => {
  let server: Server;
  const accepted: ServerSocket[] = [];
  beforeAll(async () => {
    server = await network.serve({
      host: '127.0.0.1',
      port: 0,
      maxFrameBytes: 1000,
      request: (request, response) => response.end(`you asked for ${request.url}`),
      upgrade: (request) => request.url !== '/forbidden',
      socket: (socket) => {
        accepted.push(socket);
        // Later than the first frame: it must not be lost.
        seams.timers.after(30, () =>
          socket.listen({
            message: (data) => socket.send(typeof data === 'string' ? `echo ${data}` : data),
            pong: () => {},
            close: () => {},
          }),
        );
      },
    });
  });
  afterAll(() => server.close());

  const open = (path: string, send: string | Uint8Array | null = null) =>
    new Promise<{ got: (string | Uint8Array)[]; close: [number, string][]; opened: boolean }>((resolve) => {
      const seen = { got: [] as (string | Uint8Array)[], close: [] as [number, string][], opened: false };
      const socket = network.connect(
        `ws://127.0.0.1:${server.port}${path}`,
        {
          open: () => {
            seen.opened = true;
            if (send !== null) socket.send(send);
          },
          message: (data) => {
            seen.got.push(data);
            socket.close();
          },
          pong: () => {},
          close: (code, reason) => {
            seen.close.push([code, reason]);
            void soon(20).then(() => resolve(seen));
          },
        },
        OPTIONS,
      );
    });

  it('carries text as strings and binary as bytes, even before the server listens', async () => {
    expect((await open('/a', 'hello')).got).toEqual(['echo hello']);
    const bytes = (await open('/a', new Uint8Array([1, 2, 255]))).got[0];
    expect([...(bytes as Uint8Array)]).toEqual([1, 2, 255]);
  });
  it('closes exactly once, with the code of a clean close', async () => {
    const { close } = await open('/a', 'hello');
    expect(close).toEqual([[1000, '']]);
  });
  it('refuses an upgrade with 403 and never calls open', async () => {
    const seen = await open('/forbidden');
    expect(seen.opened).toBe(false);
    expect(seen.close).toHaveLength(1);
    expect(seen.close[0]![1]).toContain('403');
  });
  it('M-267 closes with 1009 when a frame is above the limit', async () => {
    const pending = open('/a');
    await soon(60);
    accepted.at(-1)!.send('x'.repeat(1001));
    const seen = await pending;
    expect(seen.close[0]![0]).toBe(1009);
    expect(seen.got).toEqual([]);
  });
  it('takes a frame of exactly the limit', async () => {
    const pending = open('/a');
    await soon(60);
    accepted.at(-1)!.send('x'.repeat(1000));
    expect((await pending).got[0]).toHaveLength(1000);
  });
  it('answers http', async () => {
    const response = await network.fetch(`http://127.0.0.1:${server.port}/x`);
    expect(await response.text()).toBe('you asked for /x');
  });
  it('reports a refused connection and a bad address through close', async () => {
    const closed = (url: string) =>
      new Promise<string>((resolve) => {
        network.connect(
          url,
          { open: () => {}, message: () => {}, pong: () => {}, close: (_, reason) => resolve(reason) },
          OPTIONS,
        );
      });
    expect(await closed('ws://127.0.0.1:1')).toContain('ECONNREFUSED');
    expect(await closed('nonsense')).toContain('nvalid');
  });
  it('gives up a handshake that nobody answers', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const reason = await new Promise<string>((resolve) => {
      network.connect(
        `ws://127.0.0.1:${port}`,
        { open: () => {}, message: () => {}, pong: () => {}, close: (_, why) => resolve(why) },
        { ...OPTIONS, handshakeTimeoutMs: 80 },
      );
    });
    silent.close();
    expect(reason).toContain('timed out');
  });
  it('says in words that a port is taken, and what to do', async () => {
    const again = { host: '127.0.0.1', maxFrameBytes: 10, request: () => {}, socket: () => {} } as const;
    await expect(network.serve({ ...again, port: server.port })).rejects.toThrow(
      `port ${server.port} is already in use; choose another with --port, or --port 0 for a free one`,
    );
    await expect(network.serve({ ...again, port: 70_000 })).rejects.toThrow('0 to 65535');
    await expect(network.serve({ ...again, host: '0.0.0.0' as '127.0.0.1', port: 0 })).rejects.toThrow(
      'loopback',
    );
  });
  it('closes its sockets with 1001 when it closes', async () => {
    const other = await network.serve({
      host: '127.0.0.1',
      port: 0,
      maxFrameBytes: 10,
      request: () => {},
      socket: () => {},
    });
    const code = await new Promise<number>((resolve) => {
      network.connect(
        `ws://127.0.0.1:${other.port}`,
        { open: () => void other.close(), message: () => {}, pong: () => {}, close: resolve },
        OPTIONS,
      );
    });
    expect(code).toBe(1001);
  });
});

describe('the real disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wavedesk-disk-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const all = async (path: string): Promise<string> => {
    const parts: Uint8Array[] = [];
    for await (const part of disk.stream(path)) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  it('writes whole files, for this account only, and leaves nothing beside them', () => {
    const path = join(folder, 'deep', 'file.json');
    disk.write(path, 'one');
    disk.write(path, 'two');
    expect(Buffer.from(disk.read(path)!).toString()).toBe('two');
    expect(readdirSync(join(folder, 'deep'))).toEqual(['file.json']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
  it('reads a missing file as null, removes it again without complaint', () => {
    expect(disk.read(join(folder, 'missing'))).toBeNull();
    disk.remove(join(folder, 'missing'));
    expect(disk.exists(join(folder, 'missing'))).toBe(false);
  });
  it('says in words why a file could not be written', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(() => disk.write(join(folder, 'plain', 'x'), 'y')).toThrow(/cannot write .*plain/);
    expect(() => disk.read(folder)).toThrow('it is a folder, not a file');
  });
  it('streams plain and gzipped files alike', async () => {
    const text = 'line of text\n'.repeat(100_000);
    writeFileSync(join(folder, 'a.csv'), text);
    writeFileSync(join(folder, 'b.bin'), gzipSync(text));
    expect(await all(join(folder, 'a.csv'))).toBe(text);
    expect(await all(join(folder, 'b.bin'))).toBe(text);
    writeFileSync(join(folder, 'empty'), '');
    expect(await all(join(folder, 'empty'))).toBe('');
  });
  it('says in words when a gzip file is cut short or missing', async () => {
    writeFileSync(join(folder, 'cut.gz'), gzipSync('line\n'.repeat(10_000)).subarray(0, 40));
    await expect(all(join(folder, 'cut.gz'))).rejects.toThrow('the gzip data ends too early');
    await expect(all(join(folder, 'nothing.gz'))).rejects.toThrow('there is no such file');
  });
});

describe('the real timers and random numbers', () => {
  it('does not fire a delay of months at once', async () => {
    let fired = false;
    const undo = seams.timers.after(3_000_000_000, () => {
      fired = true;
    });
    await soon(20);
    undo();
    expect(fired).toBe(false);
  });
  it('gives different bytes each time', () => {
    expect(seams.random.bytes(16)).toHaveLength(16);
    expect(seams.random.bytes(16)).not.toEqual(seams.random.bytes(16));
  });
});
