import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPool, Refused } from '#main/connectivity/index';
import { createWorld, START } from './world';

const ignore = (): void => {};

describe('sharing', () => {
  it('M-258 opens one socket for two users who come at the same moment', async () => {
    const { seams, pool, protocol, sockets } = await createWorld();
    const got: unknown[] = [];
    pool.link(protocol()).want('a', (message) => got.push(message));
    pool.link(protocol()).want('a', (message) => got.push(message));
    await seams.advance(100);
    sockets[0]!.send('a=1');
    await seams.advance(100);
    expect(sockets).toHaveLength(1);
    expect(got).toEqual(['1', '1']);
    expect(pool.statuses()[0]).toMatchObject({ state: 'live', users: 2, streams: [{ name: 'a', users: 2 }] });
  });
  it('M-260 follows the sharing example step by step', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    const one = ['x_spot', 'x_future'].map((key) => pool.link(protocol(key)).want('a', ignore));
    await seams.advance(100);
    expect(seams.network.openSockets(server.port)).toBe(2);
    const two = ['x_future', 'y_spot'].map((key) => pool.link(protocol(key)).want('a', ignore));
    await seams.advance(100);
    expect(seams.network.openSockets(server.port)).toBe(3);
    for (const undo of one) undo();
    await seams.advance(100);
    expect(seams.network.openSockets(server.port)).toBe(2);
    for (const undo of [...two, ...one]) undo();
    await seams.advance(100);
    expect(seams.network.openSockets(server.port)).toBe(0);
    expect(pool.statuses().map(({ state }) => state)).toEqual(['idle', 'idle', 'idle']);
  });
  it('gives one topic up and asks for it again, if it is subscribed, without touching another', async () => {
    const { seams, pool, protocol, log } = await createWorld();
    const link = pool.link(protocol());
    for (const topic of ['a', 'b']) link.want(topic, ignore);
    link.resubscribe('a');
    await seams.advance(100);
    expect(log).toEqual(['0 sub a b']);
    link.resubscribe('a');
    link.resubscribe('stranger');
    await seams.advance(100);
    expect(log.slice(1)).toEqual(['0 unsub a', '0 sub a']);
  });
  it('asks for many topics of one turn in one frame, and for later ones alone', async () => {
    const { seams, pool, protocol, log } = await createWorld();
    const link = pool.link(protocol());
    const undos = ['a', 'b', 'c'].map((topic) => link.want(topic, ignore));
    await seams.advance(100);
    link.want('d', ignore);
    undos[0]!();
    await seams.advance(100);
    expect(log).toEqual(['0 sub a b c', '0 unsub a', '0 sub d']);
  });
  it('sends nothing when a topic is left and wanted again in one turn', async () => {
    const { seams, pool, protocol, log } = await createWorld();
    const link = pool.link(protocol());
    const undo = link.want('a', ignore);
    await seams.advance(100);
    undo();
    link.want('a', ignore);
    await seams.advance(100);
    expect(log).toEqual(['0 sub a']);
  });
  it('does not let one failing listener hurt the others or the socket', async () => {
    const { seams, pool, protocol, sockets, failures } = await createWorld();
    const got: unknown[] = [];
    const link = pool.link(protocol());
    link.want('a', () => {
      throw new Error('mine');
    });
    link.want('a', (message) => got.push(message));
    await seams.advance(100);
    sockets[0]!.send('a=1');
    await seams.advance(500);
    expect(got).toEqual(['1']);
    expect(failures).toHaveLength(1);
    expect(link.status()).toMatchObject({
      state: 'live',
      badFrames: 0,
      problem: 'a listener of a failed: mine',
    });
  });
});

describe('reconnecting', () => {
  it('M-025 M-121 waits 5, 10, 20, 40, 60, 60 s between attempts that fail', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    const at: number[] = [];
    pool
      .link(
        protocol('feed', {
          url: () => {
            at.push(seams.clock.monotonic());
            return `ws://127.0.0.1:${server.port}`;
          },
        }),
      )
      .want('a', ignore);
    seams.network.weather(server.port, 'cut');
    await seams.advance(300_000);
    const waits = at.slice(1).map((time, i) => Math.round((time - at[i]!) / 1000));
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60]);
  });
  it('M-025 does not start the waits over for a server that accepts, answers and hangs up', async () => {
    const { seams, pool, protocol, hook, opened } = await createWorld();
    hook.accepted = (socket) => {
      socket.send('ok');
      seams.timers.after(100, () => socket.close(1000));
    };
    pool.link(protocol()).want('a', ignore);
    await seams.advance(140_000);
    expect(opened.slice(1).map((time, i) => Math.round((time - opened[i]!) / 1000))).toEqual([
      5, 10, 20, 40, 60,
    ]);
  });
  it('M-025 starts the waits over after real data', async () => {
    const { seams, pool, protocol, hook, opened } = await createWorld();
    hook.accepted = (socket, index) => {
      if (index === 2) socket.send('a=1');
      seams.timers.after(100, () => socket.close(1000));
    };
    pool.link(protocol()).want('a', ignore);
    await seams.advance(40_000);
    expect(opened.slice(1).map((time, i) => Math.round((time - opened[i]!) / 1000))).toEqual([5, 10, 5, 10]);
  });
  it('M-122 asks for every topic again before the first new message is handed on', async () => {
    const { seams, pool, protocol, hook, log, server } = await createWorld();
    const link = pool.link(protocol());
    const order: string[] = [];
    hook.accepted = (socket) => socket.send('a=first');
    link.onLive((connects) => order.push(`live ${connects}, asked ${log.length}`));
    link.want('a', (message) => order.push(String(message)));
    link.want('b', ignore);
    await seams.advance(100);
    seams.network.breakSockets(server.port);
    await seams.advance(6000);
    expect(order).toEqual(['live 1, asked 0', 'first', 'live 2, asked 2', 'first']);
    expect(log).toEqual(['0 sub a b', '0 closed 1006', '1 sub a b']);
  });
  it('brings the links of one host back at least a second apart', async () => {
    const { seams, pool, protocol, server, opened } = await createWorld();
    for (const key of ['a', 'b', 'c', 'd']) pool.link(protocol(key)).want('x', ignore);
    await seams.advance(1000);
    const cutAt = seams.clock.monotonic();
    seams.network.breakSockets(server.port);
    await seams.advance(20_000);
    expect(opened.slice(4).map((time) => Math.round((time - cutAt) / 1000))).toEqual([5, 6, 7, 8]);
  });
  it('asks for the address anew before each attempt, and says why there is none', async () => {
    const { seams, pool, protocol, server, opened } = await createWorld();
    let calls = 0;
    const url = async (): Promise<string> => {
      if (++calls === 1) throw new Error('no listen key');
      return `ws://127.0.0.1:${server.port}/${calls}`;
    };
    const link = pool.link(protocol('feed', { url }));
    link.want('a', ignore);
    await seams.advance(100);
    expect(link.status()).toMatchObject({
      state: 'waiting',
      problem: 'no listen key',
      nextAttemptAt: START + 5000,
    });
    await seams.advance(6000);
    expect([calls, opened.length]).toEqual([2, 1]);
    expect(link.status()).toMatchObject({ state: 'live', reconnects: 1, nextAttemptAt: null });
  });
  it('keeps the address of a link to itself when something goes wrong', async () => {
    const { seams, pool, protocol } = await createWorld();
    const secret = 'k'.repeat(64);
    const link = pool.link(
      protocol('feed', {
        url: () => {
          throw new Error(`cannot reach wss://user:pass@venue.example/ws/${secret}?token=abc now`);
        },
      }),
    );
    link.want('a', ignore);
    await seams.advance(100);
    expect(link.status().problem).toBe('cannot reach wss://venue.example now');
  });
  it('goes on with a restart at once, without waiting', async () => {
    const { seams, pool, protocol, server, opened } = await createWorld();
    const link = pool.link(protocol());
    seams.network.weather(server.port, 'cut');
    link.want('a', ignore);
    await seams.advance(20_000);
    seams.network.weather(server.port, 'fine');
    link.restart();
    await seams.advance(100);
    expect(link.status().state).toBe('live');
    await seams.advance(200_000);
    expect(opened).toHaveLength(1);
  });
  it('ends with exactly the wanted topics subscribed, whatever users and the network did', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('want' as const), topic: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ do: fc.constant('leave' as const), which: fc.nat(20) }),
      fc.record({ do: fc.constant('break' as const) }),
      fc.record({ do: fc.constant('restart' as const) }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(12_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { seams, pool, protocol, server, subscribed } = await createWorld();
        const link = pool.link(protocol());
        const held: { topic: string; undo: () => void }[] = [];
        for (const one of steps) {
          if (one.do === 'want') held.push({ topic: one.topic, undo: link.want(one.topic, ignore) });
          if (one.do === 'leave' && held.length > 0) held.splice(one.which % held.length, 1)[0]!.undo();
          if (one.do === 'break') seams.network.breakSockets(server.port);
          if (one.do === 'restart') link.restart();
          if (one.do === 'pass') await seams.advance(one.ms);
        }
        await seams.advance(70_000);
        const wanted = new Set(held.map(({ topic }) => topic));
        expect(seams.network.openSockets(server.port)).toBe(wanted.size > 0 ? 1 : 0);
        expect(link.status().state).toBe(wanted.size > 0 ? 'live' : 'idle');
        if (wanted.size > 0) expect(subscribed.at(-1)).toEqual(wanted);
        expect(link.status().users).toBe(held.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('heartbeat', () => {
  it('M-024 drops a silent connection 10 s after the ping at 30 s, showing it stale in between', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    await seams.advance(34_000);
    expect(link.status().state).toBe('live');
    await seams.advance(2000);
    expect(link.status().state).toBe('stale');
    await seams.advance(3800);
    expect(link.status().state).toBe('stale');
    await seams.advance(300);
    expect(link.status()).toMatchObject({
      state: 'waiting',
      problem: 'no sign of life within 10 s after a ping',
    });
    seams.network.weather(server.port, 'fine');
    await seams.advance(6000);
    expect(link.status().state).toBe('live');
  });
  it('goes back to live when an answer comes late but in time', async () => {
    const { seams, pool, protocol, server, opened } = await createWorld();
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    await seams.advance(37_000);
    expect(link.status().state).toBe('stale');
    seams.network.weather(server.port, 'fine');
    await seams.advance(60_000);
    expect(link.status().state).toBe('live');
    expect(opened).toHaveLength(1);
  });
  it('takes any frame for a sign of life from a server that never sends pongs', async () => {
    const world = await createWorld();
    const { seams, protocol, sockets, opened } = world;
    const deaf: typeof seams.network.connect = (url, handlers, options) =>
      seams.network.connect(url, { ...handlers, pong: () => {} }, options);
    const pool = createPool({ seams: { ...seams, network: { ...seams.network, connect: deaf } } });
    const link = pool.link(protocol());
    link.want('a', ignore);
    seams.timers.every(8000, () => sockets[0]?.send('a=1'));
    await seams.advance(300_000);
    expect(opened).toHaveLength(1);
    expect(link.status()).toMatchObject({ state: 'live', roundTripMs: null });
  });
  it('lets a late answer save the line even when another ping was due meanwhile', async () => {
    const { seams, pool, protocol, server, opened } = await createWorld();
    const link = pool.link(protocol('feed', { heartbeat: { pingEveryMs: 5000, pongWithinMs: 12_000 } }));
    link.want('a', ignore);
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    await seams.advance(11_000);
    seams.network.weather(server.port, 'fine');
    await seams.advance(60_000);
    expect(opened).toHaveLength(1);
    expect(link.status().state).toBe('live');
  });
  it('does not let a new ping push on the limit of an unanswered one', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    const link = pool.link(protocol('feed', { heartbeat: { pingEveryMs: 5000, pongWithinMs: 12_000 } }));
    link.want('a', ignore);
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    await seams.advance(16_000);
    expect(link.status().state).toBe('stale');
    await seams.advance(1000);
    expect(link.status().state).toBe('waiting');
  });
  it('keeps a quiet connection whose pongs come, and measures the round trip', async () => {
    const { seams, pool, protocol, opened } = await createWorld();
    seams.network.latency(20);
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(3_600_000);
    expect(opened).toHaveLength(1);
    expect(link.status()).toMatchObject({ state: 'live', roundTripMs: 40, problem: null });
  });
  it('finds out within 10 s of waking that the line died in the sleep', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    seams.sleep(3_600_000);
    await seams.advance(10_100);
    expect(link.status().state).toBe('waiting');
  });
});

describe('frames', () => {
  it('counts unreadable frames with an excerpt and stays connected', async () => {
    const { seams, pool, protocol, sockets } = await createWorld();
    const got: unknown[] = [];
    const link = pool.link(protocol());
    link.want('a', (message) => got.push(message));
    await seams.advance(100);
    sockets[0]!.send(`<garbage ${'x y '.repeat(100)}`);
    sockets[0]!.send(new Uint8Array([0, 255]));
    sockets[0]!.send('a=1');
    await seams.advance(200);
    expect(got).toEqual(['1']);
    expect(link.status()).toMatchObject({ state: 'live', badFrames: 2, messages: 4 });
    expect(link.status().problem).toBe('unreadable frame (not topic=value): 2 bytes: 00ff');
    expect(sockets).toHaveLength(1);
  });
  it('M-267 counts a frame above the limit, reconnects and goes on', async () => {
    const { seams, pool, protocol, sockets } = await createWorld({ maxFrameBytes: 1000 });
    const got: unknown[] = [];
    const link = pool.link(protocol());
    link.want('a', (message) => got.push(message));
    await seams.advance(100);
    sockets[0]!.send(`a=${'x'.repeat(998)}`);
    sockets[0]!.send(`a=${'x'.repeat(999)}`);
    await seams.advance(100);
    expect(link.status()).toMatchObject({
      state: 'waiting',
      badFrames: 1,
      problem: 'a frame above the limit of 1,000 bytes',
    });
    await seams.advance(6000);
    sockets[1]!.send('a=2');
    await seams.advance(100);
    expect(got).toEqual(['x'.repeat(998), '2']);
  });
  it('tells age, bytes and rate of what came, and nothing before there was anything', async () => {
    const { seams, pool, protocol, sockets } = await createWorld();
    const link = pool.link(protocol());
    link.want('a', ignore);
    link.want('b', ignore);
    expect(link.status()).toMatchObject({ lastMessageAt: null, rate: null, roundTripMs: null, bytes: 0 });
    await seams.advance(100);
    for (let i = 0; i < 100; i++) {
      sockets[0]!.send('a=é');
      await seams.advance(100);
    }
    const { rate, streams, lastMessageAt, bytes, messages } = link.status();
    expect(rate).toBeGreaterThan(9);
    expect(rate).toBeLessThan(11);
    expect([messages, bytes]).toEqual([101, 402]);
    expect(lastMessageAt).toBe(seams.clock.now() - 99);
    expect(streams.map(({ name, lastMessageAt: at }) => [name, at])).toEqual([
      ['a', seams.clock.now() - 99],
      ['b', null],
    ]);
    await seams.advance(20_000);
    expect(link.status().rate).toBe(0);
  });
});

describe('handshake', () => {
  const greet = {
    handshake: async (io: { send(text: string): void; next(ms: number): Promise<unknown> }) => {
      const first = await io.next(5000);
      if (first !== 'hello') throw new Error(`expected hello, got ${first}`);
      io.send('key');
      if ((await io.next(5000)) !== 'welcome') throw new Refused('wrong key');
    },
  };

  it('subscribes only when it is done, and hands on what came right behind it', async () => {
    const { seams, pool, protocol, hook, log } = await createWorld();
    const got: unknown[] = [];
    hook.accepted = (socket) => {
      for (const frame of ['hello', 'welcome', 'a=1', 'a=2']) socket.send(frame);
    };
    const link = pool.link(protocol('feed', greet));
    link.want('a', (message) => got.push(message));
    const states: string[] = [];
    link.onChange(({ state }) => states.push(state));
    await seams.advance(50);
    expect(states).toEqual(['connecting', 'authenticating', 'live']);
    expect(log).toEqual(['0 key', '0 sub a']);
    expect(got).toEqual(['1', '2']);
  });
  it('hands on frames that arrived in the same turn as the end of the handshake', async () => {
    const { seams, pool, protocol, hook, log, server } = await createWorld();
    const got: unknown[] = [];
    hook.accepted = (socket) => {
      seams.network.weather(server.port, 'silent');
      for (const frame of ['hello', 'welcome', 'a=1', 'a=2']) socket.send(frame);
    };
    pool.link(protocol('feed', greet)).want('a', (message) => got.push(message));
    await seams.advance(50);
    seams.network.weather(server.port, 'fine');
    await seams.advance(50);
    expect(log).toEqual(['0 key', '0 sub a']);
    expect(got).toEqual(['1', '2']);
  });
  it('backs off when it takes too long', async () => {
    const { seams, pool, protocol } = await createWorld();
    const link = pool.link(protocol('feed', greet));
    link.want('a', ignore);
    await seams.advance(5100);
    expect(link.status()).toMatchObject({
      state: 'waiting',
      problem: 'no answer to the handshake within 5 s',
    });
  });
  it('backs off when it goes wrong, or when it hangs by itself', async () => {
    const { seams, pool, protocol, hook } = await createWorld();
    hook.accepted = (socket) => socket.send('bonjour');
    const link = pool.link(protocol('feed', greet));
    link.want('a', ignore);
    const hanging = pool.link(protocol('other', { handshake: () => new Promise(() => {}) }));
    hanging.want('a', ignore);
    await seams.advance(100);
    expect(link.status()).toMatchObject({ state: 'waiting', problem: 'expected hello, got bonjour' });
    await seams.advance(30_000);
    expect(hanging.status()).toMatchObject({ state: 'waiting', problem: 'not ready within 30 s' });
  });
  it('M-016 M-280 stops for good when refused, until somebody restarts it', async () => {
    const { seams, pool, protocol, hook, sockets } = await createWorld();
    let answer = 'no';
    hook.accepted = (socket) => {
      socket.send('hello');
      socket.send(answer);
    };
    const link = pool.link(protocol('feed', greet));
    const undo = link.want('a', ignore);
    await seams.advance(600_000);
    expect(sockets).toHaveLength(1);
    expect(link.status()).toMatchObject({ state: 'refused', problem: 'wrong key' });
    undo();
    await seams.advance(1000);
    link.want('a', ignore);
    await seams.advance(600_000);
    expect(sockets).toHaveLength(1);
    answer = 'welcome';
    link.restart();
    await seams.advance(100);
    expect(link.status().state).toBe('live');
  });
  it('takes a new protocol, and forgets the refusal, when the last user has left', async () => {
    const { seams, pool, protocol, hook, sockets } = await createWorld();
    hook.accepted = (socket, index) => {
      socket.send('hello');
      socket.send(index === 0 ? 'no' : 'welcome');
    };
    const undo = pool.link(protocol('feed', greet)).want('a', ignore);
    await seams.advance(1000);
    pool.link(protocol('feed', greet));
    await seams.advance(60_000);
    expect([sockets.length, pool.statuses()[0]!.state]).toEqual([1, 'refused']);
    undo();
    pool
      .link(protocol('feed', { ...greet, receive: (data, deliver) => deliver('a', `new ${data}`) }))
      .want('a', ignore);
    await seams.advance(1000);
    expect([sockets.length, pool.statuses()[0]!.state]).toEqual([2, 'live']);
    expect(pool.statuses()[0]!.streams[0]!.lastMessageAt).not.toBeNull();
    expect([pool.restart('feed'), pool.restart('nobody')]).toEqual([true, false]);
    await seams.advance(1000);
    expect([sockets.length, pool.statuses()[0]!.state]).toEqual([3, 'live']);
  });
  it('forgets a handshake whose socket is gone', async () => {
    const { seams, pool, protocol, hook, server } = await createWorld();
    hook.accepted = (socket, index) => {
      if (index === 1) for (const frame of ['hello', 'welcome']) socket.send(frame);
    };
    const link = pool.link(protocol('feed', greet));
    link.want('a', ignore);
    await seams.advance(1000);
    seams.network.breakSockets(server.port);
    await seams.advance(5100);
    expect(link.status()).toMatchObject({ state: 'live', reconnects: 1 });
  });
});

describe('closing', () => {
  it('ends every socket cleanly, reconnects nothing, and resolves', async () => {
    const { seams, pool, protocol, server, log, sockets } = await createWorld();
    pool.link(protocol('a')).want('x', ignore);
    pool.link(protocol('b')).want('x', ignore);
    await seams.advance(100);
    let closed = false;
    void pool.close().then(() => {
      closed = true;
    });
    void pool.close();
    await seams.advance(100);
    expect(closed).toBe(true);
    expect(log.slice(2)).toEqual(['0 closed 1000', '1 closed 1000']);
    await seams.advance(200_000);
    expect(sockets).toHaveLength(2);
    expect(seams.network.openSockets(server.port)).toBe(0);
    expect(pool.statuses().map(({ state }) => state)).toEqual(['closed', 'closed']);
    const late = pool.link(protocol('c'));
    late.want('x', ignore);
    late.restart();
    await seams.advance(1000);
    expect(sockets).toHaveLength(2);
  });
  it('resolves within its limit when the other side does not answer', async () => {
    const { seams, pool, protocol, server } = await createWorld();
    pool.link(protocol()).want('x', ignore);
    await seams.advance(100);
    seams.network.weather(server.port, 'silent');
    let closed = false;
    void pool.close().then(() => {
      closed = true;
    });
    await seams.advance(5100);
    expect(closed).toBe(true);
  });
  it('M-026 publishes each change of state at once and small news within 500 ms', async () => {
    const { seams, pool, protocol, server, sockets } = await createWorld();
    const seen: string[] = [];
    const undo = pool.onChange(({ state, badFrames }) => seen.push(`${state} ${badFrames}`));
    pool.onChange(() => {
      throw new Error('a bad watcher');
    });
    pool.link(protocol()).want('a', ignore);
    await seams.advance(400);
    for (let i = 0; i < 50; i++) sockets[0]!.send('?');
    await seams.advance(400);
    seams.network.breakSockets(server.port);
    await seams.advance(1);
    undo();
    await seams.advance(10_000);
    expect(seen).toEqual(['connecting 0', 'live 0', 'live 0', 'live 50', 'waiting 50']);
  });
});
