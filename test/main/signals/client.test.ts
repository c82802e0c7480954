import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPool, Refused } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import { createSignalClient, decodeSignalFrame } from '#main/signals/index';
import type { BadSignal, Signal } from '#shared/domain/signal';
import { RAW } from './samples';

const TOKEN = 'correct-horse-battery-staple-0123456789';
const START = Date.UTC(2025, 9, 21, 2, 40);

/** A signal server with the protocol of domain section 2, whose manners a test can spoil. */
async function createWorld(token = TOKEN) {
  const seams = createSimulatedSeams(1, START);
  const manners = {
    greeting: JSON.stringify({ type: 'auth_required', message: 'Please authenticate' }) as string | null,
    welcome: JSON.stringify({ type: 'auth_success', message: 'ok', query_interval: 30, signal_window: 32 }),
    answers: true,
    data: [RAW] as unknown[],
  };
  const got: string[] = [];
  const sockets: ServerSocket[] = [];
  const snapshot = (): string =>
    JSON.stringify({
      type: 'signals',
      timestamp: 'now',
      count: manners.data.length,
      data: manners.data,
      v: 1,
      seq: 9,
    });
  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: 100_000,
    request: (_, response) => response.end(),
    socket: (socket) => {
      sockets.push(socket);
      if (manners.greeting !== null) socket.send(manners.greeting);
      socket.listen({
        message: (text) => {
          const frame = JSON.parse(String(text)) as { type: string; token?: string };
          got.push(frame.type);
          if (frame.type === 'get_signals' && manners.answers) socket.send(snapshot());
          if (frame.type !== 'auth') return;
          if (frame.token === TOKEN) socket.send(manners.welcome);
          else {
            socket.send(JSON.stringify({ type: 'auth_failed', message: `bad token ${frame.token}` }));
            socket.close(1008);
          }
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const pool = createPool({ seams });
  const snapshots: (readonly Signal[])[] = [];
  const bad: BadSignal[] = [];
  const warnings: string[] = [];
  const ignored: string[] = [];
  const connect = (secret: string) =>
    createSignalClient({
      link: (protocol) => pool.link(protocol),
      url: `ws://127.0.0.1:${server.port}`,
      token: () => secret,
      market: 'future',
      now: () => seams.clock.now(),
      onSnapshot: (signals, refused) => {
        snapshots.push(signals);
        bad.push(...refused);
      },
      warn: (text) => warnings.push(text),
      debug: (text) => ignored.push(text),
    });
  const client = connect(token);
  return {
    seams,
    server,
    manners,
    got,
    sockets,
    pool,
    snapshots,
    bad,
    warnings,
    ignored,
    client,
    connect,
    snapshot,
  };
}

describe('the signal client', () => {
  it('M-014 shakes hands, asks, and has the snapshot with the session', async () => {
    const { seams, client, got, snapshots } = await createWorld();
    expect(client.stats()).toMatchObject({ state: 'disconnected', connectedAt: null, session: null });
    await seams.advance(100);
    expect(got).toEqual(['auth', 'get_signals']);
    expect(client.signals().map(({ id, symbol }) => [id, symbol])).toEqual([[5247877, 'ZKC/USDT:USDT']]);
    expect(snapshots).toHaveLength(1);
    const { totalBytesReceived, ...stats } = client.stats();
    expect(totalBytesReceived).toBeGreaterThan(300);
    expect(stats).toEqual({
      state: 'authenticated',
      connectedAt: START + 4,
      lastSignalTime: START + 6,
      signalsReceived: 1,
      badSignals: 0,
      reconnections: 0,
      bufferedSignals: 1,
      session: { queryInterval: 30, signalWindow: 32 },
      bad: {},
      missedFrames: 0,
    });
  });
  it('M-017 takes each snapshot for the whole, an empty one too', async () => {
    const { seams, client, manners, sockets, snapshot } = await createWorld();
    await seams.advance(100);
    manners.data = [
      { ...RAW, id: 1 },
      { ...RAW, id: 2 },
    ];
    sockets[0]!.send(snapshot());
    await seams.advance(10);
    expect(client.signals().map(({ id }) => id)).toEqual([1, 2]);
    manners.data = [];
    sockets[0]!.send(snapshot());
    await seams.advance(10);
    expect(client.signals()).toEqual([]);
    expect(client.stats()).toMatchObject({ signalsReceived: 3, bufferedSignals: 0 });
  });
  it('M-016 stops at a wrong token, tells it without the token, and connects with the right one', async () => {
    const wrong = 'wrong token';
    const { seams, client, pool, sockets, connect } = await createWorld(wrong);
    await seams.advance(3_600_000);
    expect(sockets).toHaveLength(1);
    const status = pool.statuses()[0]!;
    expect([client.stats().state, status.state]).toEqual(['refused', 'refused']);
    expect(status.problem).toBe('the signal server refused the token: bad token …');
    expect(JSON.stringify(pool.statuses())).not.toContain(wrong);
    client.close();
    const second = connect(TOKEN);
    await seams.advance(1000);
    expect(second.stats().state).toBe('authenticated');
    expect(second.signals()).toHaveLength(1);
  });
  it('M-016 does not even try without a token', async () => {
    const { seams, got, pool } = await createWorld('');
    await seams.advance(60_000);
    expect(got).toEqual([]);
    expect(pool.statuses()[0]).toMatchObject({
      state: 'refused',
      problem: 'no token for the signal server is stored',
    });
  });
  it('uses the refusal it is given', async () => {
    const { seams, server } = await createWorld();
    const other = createPool({ seams });
    const made: string[] = [];
    createSignalClient({
      link: (protocol) => other.link(protocol),
      url: `ws://127.0.0.1:${server.port}`,
      token: () => 'wrong',
      market: 'spot',
      now: () => seams.clock.now(),
      onSnapshot: () => {},
      refuse: (message) => {
        made.push(message);
        return new Refused(message);
      },
    });
    await seams.advance(1000);
    expect(made).toHaveLength(1);
    expect(other.statuses()[0]!.state).toBe('refused');
  });
  it.each([
    ['says nothing', null, 'no answer to the handshake within 5 s'],
    [
      'begins with something else',
      '{"type":"signals","data":[]}',
      'the signal server began with signals, not with auth_required',
    ],
    [
      'begins with a type of its own',
      '{"type":"hi"}',
      'the signal server began with hi, not with auth_required',
    ],
    ['begins with garbage', '<html>', 'not JSON'],
  ])('M-014 backs off from a server that %s', async (_, greeting, problem) => {
    const { seams, client, manners, pool, sockets } = await createWorld();
    manners.greeting = greeting;
    await seams.advance(5010);
    expect(pool.statuses()[0]).toMatchObject({ state: 'waiting', problem });
    expect(client.stats().state).toBe('reconnecting');
    manners.greeting = '{"type":"auth_required"}';
    await seams.advance(11_000);
    expect(sockets.length).toBeGreaterThan(1);
    expect(client.stats().state).toBe('authenticated');
  });
  it.each(['{"type":"pong"}', '{"type":"auth_success"'])(
    'M-014 backs off when the token is answered with %s',
    async (welcome) => {
      const { seams, manners, pool } = await createWorld();
      manners.welcome = welcome;
      await seams.advance(1000);
      expect(pool.statuses()[0]!.state).toBe('waiting');
    },
  );
  it('M-025 comes back after a break, asks again, and keeps its buffer meanwhile', async () => {
    const { seams, server, client, got } = await createWorld();
    await seams.advance(100);
    seams.network.weather(server.port, 'cut');
    await seams.advance(16_000);
    expect(client.stats()).toMatchObject({ state: 'reconnecting', connectedAt: null, bufferedSignals: 1 });
    expect(client.request()).toBe(false);
    seams.network.weather(server.port, 'fine');
    await seams.advance(20_000);
    expect(client.stats()).toMatchObject({ state: 'authenticated', reconnections: 3, signalsReceived: 1 });
    expect(got).toEqual(['auth', 'get_signals', 'auth', 'get_signals']);
  });
  it('M-023 counts garbage, ignores unknown types with a line for the log, and stays connected', async () => {
    const { seams, sockets, pool, client, warnings, ignored } = await createWorld();
    await seams.advance(100);
    const frames = [
      '{broken',
      '[]',
      'null',
      '{"type":7}',
      '{"type":"signals"}',
      '{"type":"signals","data":{}}',
      '{"type":"news","text":"hello"}',
      '{"type":"pong"}',
      '{"type":"stats","uptime_seconds":1}',
      '{"type":"error","message":"query failed"}',
    ];
    for (const frame of frames) sockets[0]!.send(frame);
    sockets[0]!.send(new Uint8Array([1, 2]));
    await seams.advance(500);
    expect(sockets).toHaveLength(1);
    expect(pool.statuses()[0]).toMatchObject({ state: 'live', badFrames: 7 });
    expect(client.signals()).toHaveLength(1);
    expect(warnings).toEqual(['the signal server reports an error: query failed']);
    expect(ignored).toEqual(['a frame of type "news" was ignored']);
  });
  it('M-267 survives a frame above 10,485,760 bytes', async () => {
    const { seams, sockets, client, pool } = await createWorld();
    await seams.advance(100);
    sockets[0]!.send('x'.repeat(10_485_761));
    await seams.advance(6000);
    expect(client.stats()).toMatchObject({ state: 'authenticated', reconnections: 1, bufferedSignals: 1 });
    expect(pool.statuses()[0]!.badFrames).toBe(1);
  });
  it('M-038 hands on the good signals of a snapshot with bad ones, and warns once of wrong wave values', async () => {
    const { seams, manners, sockets, snapshot, client, bad, warnings } = await createWorld();
    await seams.advance(100);
    manners.data = [
      { ...RAW, id: 1, exchange_id: 99 },
      { ...RAW, id: 2, stop_loss_filter: 'not_a_number' },
      ...Array.from({ length: 300 }, () => null),
    ];
    for (let i = 0; i < 2; i++) sockets[0]!.send(snapshot());
    await seams.advance(100);
    expect(client.signals().map(({ id, filterParams }) => [id, filterParams])).toEqual([[2, null]]);
    expect(bad.slice(0, 2).map(({ reason }) => reason)).toEqual(['unknown_exchange', 'not_an_object']);
    expect([bad.length, client.stats().badSignals]).toEqual([200, 602]);
    expect(warnings).toEqual(['signal 2: stop_loss_filter is "not_a_number": all wave values unused']);
  });
  it('does not ask again while a question is open, for at most a second', async () => {
    const { seams, client, manners, got } = await createWorld();
    await seams.advance(100);
    manners.answers = false;
    expect(client.request()).toBe(true);
    expect(client.request()).toBe(false);
    await seams.advance(999);
    expect(client.request()).toBe(false);
    manners.answers = true;
    await seams.advance(1);
    expect(client.request()).toBe(true);
    await seams.advance(10);
    expect(client.request()).toBe(true);
    await seams.advance(10);
    expect(got.filter((type) => type === 'get_signals')).toHaveLength(4);
  });
  it('leaves nothing behind when closed', async () => {
    const { seams, client, server, snapshots } = await createWorld();
    await seams.advance(100);
    client.close();
    await seams.advance(100);
    expect(seams.network.openSockets(server.port)).toBe(0);
    expect(client.request()).toBe(false);
    expect(snapshots).toHaveLength(1);
    expect(client.stats().state).toBe('disconnected');
  });
});

describe('a bad day on the network', () => {
  const step = fc.record({
    weather: fc.constantFrom(
      'fine',
      'cut',
      'silent',
      'break',
      'garbage',
      'hang-up',
      'new-data',
      'mute' as const,
    ),
    ms: fc.nat(90_000),
  });
  const run = async (steps: readonly { weather: string; ms: number }[]) => {
    const { seams, server, manners, sockets, client, pool, got } = await createWorld();
    seams.network.latency(() => 1 + Math.floor(seams.random.next() * 200));
    let id = 0;
    for (const { weather, ms } of steps) {
      if (weather === 'fine' || weather === 'cut' || weather === 'silent')
        seams.network.weather(server.port, weather);
      if (weather === 'break') seams.network.breakSockets(server.port);
      if (weather === 'garbage') sockets.at(-1)?.send('{"type":');
      if (weather === 'hang-up') sockets.at(-1)?.close(1011);
      if (weather === 'new-data') manners.data = [{ ...RAW, id: ++id }];
      if (weather === 'mute') manners.answers = !manners.answers;
      await seams.advance(ms);
    }
    seams.network.weather(server.port, 'fine');
    manners.answers = true;
    // The longest wait, a handshake that times out, and the next attempt.
    await seams.advance(200_000);
    client.request();
    await seams.advance(2000);
    const { nextAttemptAt: _, ...status } = pool.statuses()[0]!;
    return { seams, server, client, manners, outcome: JSON.stringify([status, got.length, client.stats()]) };
  };

  it('ends, after any weather, with one live socket and the snapshot of the server', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { seams, server, client, manners } = await run(steps);
        expect(client.stats().state).toBe('authenticated');
        expect(seams.network.openSockets(server.port)).toBe(1);
        expect(client.signals().map(({ id }) => id)).toEqual(
          manners.data.map((raw) => (raw as { id: number }).id),
        );
      }),
      { numRuns: 100 },
    );
  });
  it('can be lived again exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        expect((await run(steps)).outcome).toBe((await run(steps)).outcome);
      }),
      { numRuns: 20 },
    );
  });
});

describe('frames', () => {
  it.each([
    ['{"type":"auth_required","message":"hi"}', { type: 'auth_required' }],
    [
      '{"type":"auth_success","query_interval":30,"signal_window":32}',
      { type: 'auth_success', queryInterval: 30, signalWindow: 32 },
    ],
    ['{"type":"auth_failed","message":"no"}', { type: 'auth_failed', message: 'no' }],
    ['{"type":"signals","count":1,"data":[{}]}', { type: 'signals', data: [{}], seq: null }],
    ['{"type":"pong"}', { type: 'pong' }],
    ['{"type":"stats","errors":3}', { type: 'stats', stats: { type: 'stats', errors: 3 } }],
    ['{"type":"error","message":"odd"}', { type: 'error', message: 'odd' }],
    ['{"type":"dance"}', { type: 'unknown', named: 'dance' }],
  ])('M-013 are read by their type: %s', (text, frame) => {
    expect(decodeSignalFrame(text)).toEqual(frame);
  });

  it.each(['[]', '"signals"', '{}', '{"type":7}', '{"type":null}', '{"type":"signals","data":{}}'])(
    'M-013 are no frames without an object and a text type: %s',
    (text) => {
      expect(() => decodeSignalFrame(text)).toThrow();
    },
  );

  it('M-013 say what they are, and nothing more than they must', () => {
    expect(decodeSignalFrame('{"type":"auth_success"}')).toEqual({
      type: 'auth_success',
      queryInterval: null,
      signalWindow: null,
    });
    expect(decodeSignalFrame('{"type":"error"}')).toEqual({ type: 'error', message: '' });
    expect(() => decodeSignalFrame('')).toThrow('not JSON');
  });
});
