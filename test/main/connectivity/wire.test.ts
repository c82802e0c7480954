import { describe, expect, it } from 'vitest';
import { createPool, DEFAULT_LIMITS, figuresOf } from '#main/connectivity/index';
import type { SocketOptions } from '#main/seams/index';
import { createWorld } from './world';

const ignore = (): void => {};

describe('a ping of the exchange’s own', () => {
  const heartbeat = {
    pingEveryMs: 20_000,
    pongWithinMs: 10_000,
    frame: () => '{"op":"ping"}',
    isPong: (data: unknown) => data === 'pong',
  };
  async function createFeed() {
    const world = await createWorld();
    const link = world.pool.link(world.protocol('feed', { heartbeat }));
    link.want('a', ignore);
    await world.seams.advance(100);
    return { ...world, link };
  }

  it('M-266 leaves as a text frame every 20 s, and its pong gives the round trip', async () => {
    const { seams, link, log, hook } = await createFeed();
    hook.message = (socket, data) => {
      if (data === '{"op":"ping"}') socket.send('pong');
    };
    seams.network.latency(30);
    await seams.advance(60_100);
    expect(log).toEqual(['0 sub a', ...Array(3).fill('0 {"op":"ping"}')]);
    expect(link.status()).toMatchObject({ state: 'live', roundTripMs: 60, problem: null });
  });
  it('is no proof of data: a pong is no message and has no age', async () => {
    const { seams, link, hook } = await createFeed();
    hook.message = (socket) => socket.send('pong');
    const before = link.status();
    await seams.advance(60_000);
    expect(link.status()).toMatchObject({ messages: before.messages, lastMessageAt: before.lastMessageAt });
  });
  it('drops a line whose pongs stay away', async () => {
    const { seams, link, hook } = await createFeed();
    hook.message = ignore;
    await seams.advance(29_000);
    expect(link.status().state).toBe('stale');
    await seams.advance(1_500);
    expect(link.status()).toMatchObject({
      state: 'waiting',
      problem: 'no sign of life within 10 s after a ping',
    });
  });
  it('measures the round trip also where data comes before the pong', async () => {
    const { seams, link, hook } = await createFeed();
    hook.message = (socket, data) => {
      if (data !== '{"op":"ping"}') return;
      socket.send('a=1');
      seams.timers.after(200, () => socket.send('pong'));
    };
    await seams.advance(21_000);
    expect(link.status()).toMatchObject({ state: 'live', roundTripMs: 202, badFrames: 0 });
  });
});

describe('the settings of a connection', () => {
  it('M-266 are ping 30 s, pong 10 s, 10,485,760 bytes, close 5 s, connect 30 s, unless its protocol says otherwise', async () => {
    expect(DEFAULT_LIMITS).toMatchObject({
      heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
      maxFrameBytes: 10_485_760,
      closeWithinMs: 5_000,
      readyWithinMs: 30_000,
      backoffMs: [5_000, 10_000, 20_000, 40_000, 60_000],
    });
    const { seams, protocol } = await createWorld();
    const asked: SocketOptions[] = [];
    const connect: typeof seams.network.connect = (url, handlers, options) => {
      asked.push(options);
      return seams.network.connect(url, handlers, options);
    };
    const pool = createPool({ seams: { ...seams, network: { ...seams.network, connect } } });
    pool.link(protocol('a')).want('x', ignore);
    pool.link(protocol('b', { maxFrameBytes: 1_000 })).want('x', ignore);
    await seams.advance(100);
    expect(asked).toEqual([
      { maxFrameBytes: 10_485_760, handshakeTimeoutMs: 30_000, closeTimeoutMs: 5_000, compression: true },
      { maxFrameBytes: 1_000, handshakeTimeoutMs: 30_000, closeTimeoutMs: 5_000, compression: true },
    ]);
  });
  it('M-266 end a connection 5 s after a goodbye that the other side does not answer, unless nobody needs it any more', async () => {
    const { seams, server } = await createWorld();
    const ends: number[] = [];
    const options = { maxFrameBytes: 1_000, handshakeTimeoutMs: 1_000, closeTimeoutMs: 5_000 };
    const socket = seams.network.connect(
      `ws://127.0.0.1:${server.port}`,
      { open: ignore, message: ignore, pong: ignore, close: () => ends.push(seams.clock.monotonic()) },
      options,
    );
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    const began = seams.clock.monotonic();
    socket.close();
    await seams.advance(10_000);
    expect(ends.map((at) => at - began)).toEqual([5_000]);
  });
});

describe('what else a connection carries', () => {
  it('passes bytes in both directions as they are', async () => {
    const { seams, pool, protocol, sockets, hook } = await createWorld();
    const got: unknown[] = [];
    const sent: unknown[] = [];
    hook.message = (_, data) => sent.push(data);
    const link = pool.link(
      protocol('feed', {
        subscribe: () => [new Uint8Array([1, 2, 3])],
        receive: (data, deliver) => deliver('a', data),
      }),
    );
    link.want('a', (message) => got.push(message));
    await seams.advance(100);
    sockets[0]!.send(new Uint8Array([0, 255]));
    await seams.advance(100);
    expect(sent).toEqual([new Uint8Array([1, 2, 3])]);
    expect(got).toEqual([new Uint8Array([0, 255])]);
  });
  it('answers a frame on its own connection, and names the connection', async () => {
    const { seams, pool, protocol, sockets, log, server } = await createWorld();
    const link = pool.link(
      protocol('feed', {
        receive: (data, _, io) => {
          if (String(data).startsWith('ping')) io.send(`pong of ${io.connection}`);
        },
      }),
    );
    link.want('a', ignore);
    await seams.advance(100);
    sockets[0]!.send('ping');
    await seams.advance(100);
    seams.network.breakSockets(server.port);
    await seams.advance(6_000);
    sockets[1]!.send('ping');
    await seams.advance(100);
    expect(log.filter((line) => line.includes('pong'))).toEqual(['0 pong of 1', '1 pong of 2']);
  });
  it('hands on what the handshake put aside, before what came behind it', async () => {
    const { seams, pool, protocol, hook } = await createWorld();
    hook.accepted = (socket) => {
      for (const frame of ['a=1', 'welcome', 'a=2']) socket.send(frame);
    };
    const got: unknown[] = [];
    pool
      .link(
        protocol('feed', {
          handshake: async (io) => {
            for (;;) {
              const frame = await io.next(5_000);
              if (frame === 'welcome') return;
              io.later(frame);
            }
          },
        }),
      )
      .want('a', (message) => got.push(message));
    await seams.advance(100);
    expect(got).toEqual(['1', '2']);
  });
  it('reports a refused topic, leaves the others alone, and forgets the refusal when it is confirmed', async () => {
    const { seams, pool, protocol, sockets, log, server } = await createWorld();
    const got: unknown[] = [];
    const link = pool.link(
      protocol('feed', {
        receive: (data, deliver, io) => {
          const [topic = '', rest] = String(data).split('=');
          if (rest === 'no') io.refused(topic, 'Invalid symbol');
          else if (rest === 'yes') io.confirmed(topic);
          else if (rest !== undefined) deliver(topic, rest);
        },
      }),
    );
    link.want('a', ignore);
    link.want('b', (message) => got.push(message));
    await seams.advance(100);
    for (const frame of ['a=no', 'b=yes', 'b=1']) sockets[0]!.send(frame);
    await seams.advance(200);
    expect(got).toEqual(['1']);
    expect(link.status()).toMatchObject({
      state: 'live',
      problem: 'a was refused: Invalid symbol',
      badFrames: 0,
    });
    seams.network.breakSockets(server.port);
    await seams.advance(6_000);
    expect(log.at(-1)).toBe('1 sub a b');
    sockets[1]!.send('a=yes');
    await seams.advance(200);
    expect(link.status().streams.map(({ refused }) => refused)).toEqual([null, null]);
  });
  it('says after 3 s that a host does not answer, and goes on until 30 s', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    seams.network.weather(server.port, 'silent');
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(3_100);
    expect(link.status()).toMatchObject({
      state: 'connecting',
      problem: `no answer from 127.0.0.1:${server.port} for 3 s`,
    });
    await seams.advance(26_800);
    expect(link.status().state).toBe('connecting');
    await seams.advance(200);
    expect(link.status().state).toBe('waiting');
  });
  it('offers compression unless the protocol does not want it', async () => {
    const { seams, protocol } = await createWorld();
    const offered: unknown[] = [];
    const connect: typeof seams.network.connect = (url, handlers, options) => {
      offered.push([options.compression, options.closeTimeoutMs]);
      return seams.network.connect(url, handlers, options);
    };
    const pool = createPool({ seams: { ...seams, network: { ...seams.network, connect } } });
    pool.link(protocol('a')).want('x', ignore);
    pool.link(protocol('b', { compression: false })).want('x', ignore);
    await seams.advance(100);
    expect(offered).toEqual([
      [true, 5_000],
      [false, 5_000],
    ]);
  });
});

describe('counters', () => {
  it('M-125 count each reconnection once, as success or failure, and no first connection', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    const link = pool.link(protocol());
    const undo = link.want('a', ignore);
    const counts = () => {
      const { reconnects, reconnected, reconnectsFailed } = link.status();
      return [reconnects, reconnected, reconnectsFailed];
    };
    await seams.advance(100);
    expect(counts()).toEqual([0, 0, 0]);
    seams.network.weather(server.port, 'cut');
    await seams.advance(16_000);
    expect(counts()).toEqual([2, 0, 2]);
    seams.network.weather(server.port, 'fine');
    await seams.advance(20_000);
    expect(counts()).toEqual([3, 1, 2]);
    undo();
    await seams.advance(1_000);
    link.want('a', ignore);
    await seams.advance(1_000);
    expect(counts()).toEqual([3, 1, 2]);
  });
  it('M-124 fall to 0 with close(), after which nothing connects again', async () => {
    const { seams, pool, protocol, server, sockets } = await createWorld();
    pool.link(protocol()).want('a', ignore);
    await seams.advance(100);
    expect(figuresOf(pool.statuses()).websocket_connection_status).toEqual({ feed: 1 });
    seams.network.breakSockets(server.port);
    await seams.advance(100);
    expect(figuresOf(pool.statuses()).websocket_connection_status).toEqual({ feed: 0 });
    await seams.advance(6_000);
    void pool.close();
    await seams.advance(600_000);
    expect(figuresOf(pool.statuses())).toEqual({
      websocket_connection_status: { feed: 0 },
      websocket_reconnections_total: { feed: { success: 1, failure: 0 } },
    });
    expect([sockets.length, seams.network.openSockets(server.port)]).toEqual([2, 0]);
  });
  it('M-305 keep five minutes of rate and round trip for a small chart', async () => {
    const { seams, pool, protocol, sockets } = await createWorld();
    seams.network.latency(10);
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(100);
    expect(link.status().trend).toEqual({ slotMs: 5_000, rate: [], roundTripMs: [] });
    const undo = seams.timers.every(500, () => sockets[0]!.send('a=1'));
    await seams.advance(40_000);
    const { trend } = link.status();
    expect(trend.rate.slice(1)).toEqual(Array(trend.rate.length - 1).fill(2));
    expect(trend.roundTripMs.filter((ms) => ms !== null)).toEqual([20]);
    undo();
    await seams.advance(600_000);
    expect(link.status().trend.rate).toHaveLength(60);
    expect(Math.max(...link.status().trend.rate)).toBe(0);
  });
});
