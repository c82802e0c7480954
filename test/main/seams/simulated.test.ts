import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSeededRandom,
  createSimulatedSeams,
  pause,
  type ServerSocket,
  type SimulatedSeams,
} from '#main/seams/index';
import { unixMs } from '#shared/domain/basics';

const START = Date.UTC(2026, 0, 1);

describe('virtual time', () => {
  it('runs timers in the order of their times, equal ones in the order asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 60 }), async (delays) => {
        const { timers, clock, advance } = createSimulatedSeams(1, START);
        const ran: [number, number][] = [];
        for (const [index, delay] of delays.entries())
          timers.after(delay, () => ran.push([clock.monotonic(), index]));
        await advance(50);
        const expected = delays
          .map((delay, index): [number, number] => [delay, index])
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(ran).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
  it('lets promises settle between two timers', async () => {
    const { timers, advance } = createSimulatedSeams(1, START);
    const log: string[] = [];
    void pause(timers, 10)
      .then(() => pause(timers, 0))
      .then(() => log.push('chain'));
    timers.after(11, () => log.push('later timer'));
    await advance(20);
    expect(log).toEqual(['chain', 'later timer']);
  });
  it('repeats, and stops when undone, also from inside', async () => {
    const { timers, advance } = createSimulatedSeams(1, START);
    let ticks = 0;
    const undo = timers.every(10, () => {
      if (++ticks === 3) undo();
    });
    await advance(100);
    expect(ticks).toBe(3);
  });
  it('fires what was due during a sleep late and once', async () => {
    const { timers, clock, advance, sleep } = createSimulatedSeams(1, START);
    const at: number[] = [];
    timers.every(1000, () => at.push(clock.now() - START));
    sleep(60_000);
    await advance(1000);
    expect(at).toEqual([60_000, 61_000]);
  });
  it('moves the wall clock without touching durations', async () => {
    const { clock, setClock, advance } = createSimulatedSeams(1, START);
    await advance(500);
    setClock(unixMs(START - 3_600_000));
    await advance(1);
    expect(clock.monotonic()).toBe(501);
    expect(clock.now()).toBe(START - 3_600_000 + 1);
  });
  it('says so when a condition never holds', async () => {
    const { runUntil, timers } = createSimulatedSeams(1, START);
    timers.every(10, () => {});
    await expect(runUntil(() => false, 1000)).rejects.toThrow('1000 ms');
  });
});

describe('seeded random', () => {
  it('repeats itself for one seed and differs for another', () => {
    const take = (seed: number) => {
      const random = createSeededRandom(seed);
      return [random.next(), random.next(), ...random.bytes(4)];
    };
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
  });
  it('stays in [0, 1) and is spread evenly', () => {
    const random = createSeededRandom(42);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) buckets[Math.floor(random.next() * 10)]!++;
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

async function echoServer(world: SimulatedSeams, maxFrameBytes = 1000) {
  const log: string[] = [];
  const sockets: ServerSocket[] = [];
  const server = await world.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes,
    upgrade: (request) => request.url !== '/no',
    request: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        log.push(`${request.method} ${request.url}`);
        response.setHeader('x-one', '1');
        response.writeHead(201, { 'content-type': 'text/plain' });
        response.end(`${request.headers['x-key'] ?? ''}:${Buffer.concat(chunks).toString()}`);
      });
    },
    socket: (socket) => {
      sockets.push(socket);
      socket.listen({
        message: (data) => {
          log.push(String(data));
          socket.send(`echo ${data}`);
        },
        pong: () => log.push('pong'),
        close: (code) => log.push(`closed ${code}`),
      });
    },
  });
  return { server, log, sockets };
}
function client(world: SimulatedSeams, port: number, path = '/', maxFrameBytes = 1000) {
  const log: string[] = [];
  const socket = world.network.connect(
    `ws://127.0.0.1:${port}${path}`,
    {
      open: () => log.push('open'),
      message: (data) => log.push(String(data)),
      pong: () => log.push('pong'),
      close: (code, reason) => log.push(`closed ${code} ${reason}`.trim()),
    },
    { maxFrameBytes, handshakeTimeoutMs: 5000 },
  );
  return { log, socket };
}

describe('the simulated network', () => {
  it('carries frames, pings and a clean close', async () => {
    const world = createSimulatedSeams(1, START);
    const { server, log } = await echoServer(world);
    const { socket, log: seen } = client(world, server.port);
    await world.advance(10);
    socket.send('a');
    socket.ping();
    await world.advance(10);
    expect(world.network.openSockets(server.port)).toBe(1);
    socket.close();
    await world.advance(10);
    expect(seen).toEqual(['open', 'echo a', 'pong', 'closed 1000']);
    expect(log).toEqual(['a', 'closed 1000']);
    expect(world.network.openSockets(server.port)).toBe(0);
  });
  it('keeps the order of frames under changing latency', async () => {
    const world = createSimulatedSeams(5, START);
    const { server } = await echoServer(world);
    const { socket, log } = client(world, server.port);
    await world.advance(10);
    world.network.latency(() => world.random.next() * 100);
    for (let i = 0; i < 20; i++) socket.send(String(i));
    await world.advance(500);
    expect(log.slice(1)).toEqual(Array.from({ length: 20 }, (_, i) => `echo ${i}`));
  });
  it('tells both ends of a cut, refuses new ones, and works again after', async () => {
    const world = createSimulatedSeams(1, START);
    const { server, log } = await echoServer(world);
    const first = client(world, server.port);
    await world.advance(10);
    world.network.weather(server.port, 'cut');
    const second = client(world, server.port);
    await world.advance(10);
    expect(first.log).toEqual(['open', 'closed 1006']);
    expect(second.log[0]).toMatch(/^closed 1006 connect ECONNREFUSED/);
    expect(log).toEqual(['closed 1006']);
    world.network.weather(server.port, 'fine');
    const third = client(world, server.port);
    await world.advance(10);
    expect(third.log).toEqual(['open']);
  });
  it('holds frames back in a silence and delivers them after it', async () => {
    const world = createSimulatedSeams(1, START);
    const { server } = await echoServer(world);
    const { socket, log } = client(world, server.port);
    await world.advance(10);
    world.network.weather(server.port, 'silent');
    socket.send('a');
    await world.advance(60_000);
    expect(log).toEqual(['open']);
    world.network.weather(server.port, 'fine');
    await world.advance(10);
    expect(log).toEqual(['open', 'echo a']);
  });
  it('gives up a handshake in a silence after its limit', async () => {
    const world = createSimulatedSeams(1, START);
    const { server } = await echoServer(world);
    world.network.weather(server.port, 'silent');
    const { log } = client(world, server.port);
    await world.advance(4999);
    expect(log).toEqual([]);
    await world.advance(1);
    expect(log).toEqual(['closed 1006 Opening handshake has timed out']);
  });
  it('ends a connection with 1009 at a frame above the limit of either side', async () => {
    const world = createSimulatedSeams(1, START);
    const { server, log, sockets } = await echoServer(world, 10);
    const a = client(world, server.port, '/', 20);
    await world.advance(10);
    sockets[0]!.send('x'.repeat(21));
    await world.advance(10);
    expect(a.log.at(-1)).toMatch(/^closed 1009/);
    const b = client(world, server.port, '/', 20);
    await world.advance(10);
    b.socket.send('x'.repeat(11));
    await world.advance(10);
    expect(b.log.at(-1)).toBe('closed 1009');
    expect(log).toEqual(['closed 1009', 'closed 1009']);
  });
  it('refuses an upgrade like the real one', async () => {
    const world = createSimulatedSeams(1, START);
    const { server } = await echoServer(world);
    const { log } = client(world, server.port, '/no');
    await world.advance(10);
    expect(log).toEqual(['closed 1006 Unexpected server response: 403']);
  });
  it('answers fetch with status, headers and body', async () => {
    const world = createSimulatedSeams(1, START);
    const { server } = await echoServer(world);
    const pending = world.network.fetch(`http://127.0.0.1:${server.port}/p?q=1`, {
      method: 'POST',
      headers: { 'X-Key': 'k' },
      body: new URLSearchParams({ a: 'b c' }),
    });
    await world.advance(10);
    const response = await pending;
    expect(response.status).toBe(201);
    expect([response.headers.get('x-one'), response.headers.get('content-type')]).toEqual([
      '1',
      'text/plain',
    ]);
    expect(await response.text()).toBe('k:a=b+c');
  });
  it('can lose a reply after the server has acted', async () => {
    const world = createSimulatedSeams(1, START);
    const { server, log } = await echoServer(world);
    world.network.weather(server.port, 'replies-lost');
    const pending = world.network.fetch(`http://127.0.0.1:${server.port}/order`, { method: 'POST' });
    const outcome = pending.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await world.advance(10);
    expect(await outcome).toBe('fetch failed');
    expect(log).toEqual(['POST /order']);
  });
  it('reports an address that is none through close, like the real network', async () => {
    const world = createSimulatedSeams(1, START);
    const reasons: string[] = [];
    world.network.connect(
      'nonsense',
      { open: () => {}, message: () => {}, pong: () => {}, close: (_, reason) => reasons.push(reason) },
      { maxFrameBytes: 10, handshakeTimeoutMs: 10 },
    );
    expect(reasons).toEqual([]);
    await world.advance(1);
    expect(reasons).toEqual(['Invalid URL: nonsense']);
  });
  it('honours an abort signal in a silence', async () => {
    const world = createSimulatedSeams(1, START);
    const { server } = await echoServer(world);
    world.network.weather(server.port, 'silent');
    const abort = new AbortController();
    const outcome = world.network
      .fetch(`http://127.0.0.1:${server.port}/`, { signal: abort.signal })
      .catch((error: Error) => error.message);
    world.timers.after(1000, () => abort.abort(new Error('too slow')));
    await world.advance(1000);
    expect(await outcome).toBe('too slow');
  });
  it('closes sockets with 1001 when the server closes, and frees the port', async () => {
    const world = createSimulatedSeams(1, START);
    const { server } = await echoServer(world);
    const { log } = client(world, server.port);
    await world.advance(10);
    await server.close();
    await world.advance(10);
    expect(log).toEqual(['open', 'closed 1001']);
    const again = client(world, server.port);
    await world.advance(10);
    expect(again.log[0]).toContain('ECONNREFUSED');
  });
});

describe('the simulated disk', () => {
  it('reads back what was written and appended, and streams gzip unpacked', async () => {
    const { disk } = createSimulatedSeams(1, START);
    disk.write('/a/b', 'one');
    disk.append('/a/b', 'two');
    expect(new TextDecoder().decode(disk.read('/a/b')!)).toBe('onetwo');
    expect(disk.exists('/a')).toBe(true);
    disk.write('/z.gz', gzipSync('packed'));
    const parts: string[] = [];
    for await (const part of disk.stream('/z.gz')) parts.push(new TextDecoder().decode(part));
    expect(parts.join('')).toBe('packed');
    disk.fail('the disk is full');
    expect(() => disk.write('/a/b', 'x')).toThrow('the disk is full');
    expect(new TextDecoder().decode(disk.read('/a/b')!)).toBe('onetwo');
  });
});
