import { describe, expect, it } from 'vitest';
import { createMarketClock } from '#main/practice/clock';
import { createSignalServer } from '#main/practice/signal-server/index';
import { createSimulatedSeams } from '#main/seams/index';
import { unixMs } from '#shared/domain/basics';

const T0 = Date.UTC(2026, 10, 21, 10, 7);
const LIMITS = { maxFrameBytes: 10_485_760, handshakeTimeoutMs: 5_000 };
const subjects = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'ADAUSDT', 'DOTUSDT'].map((wireSymbol) => ({
  wireSymbol,
  change: () => 0.001,
}));

async function setUp(origin = T0, speed = 5) {
  const seams = createSimulatedSeams(1, T0);
  const clock = createMarketClock({ seams, origin: unixMs(origin), speed });
  const server = await createSignalServer({ seams, clock, seed: 's', token: 'secret', port: 0, subjects });
  const client = () => {
    const frames: Record<string, unknown>[] = [];
    const closes: number[] = [];
    const socket = seams.network.connect(
      server.url,
      {
        open: () => {},
        message: (data) => frames.push(JSON.parse(String(data)) as Record<string, unknown>),
        pong: () => {},
        close: (code) => closes.push(code),
      },
      LIMITS,
    );
    const send = (frame: object | string) =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    return { frames, closes, send, types: () => frames.map((frame) => frame.type) };
  };
  return { seams, clock, server, client };
}
const login = { type: 'auth', token: 'secret' };
interface Sent {
  readonly id: number;
  readonly timestamp: string;
  readonly created_at: string;
}
const signalsOf = (frame: Record<string, unknown> | undefined) => frame?.data as readonly Sent[];

describe('practice signal server', () => {
  it('asks for a token first, then welcomes and sends the whole window', async () => {
    const { seams, client } = await setUp();
    const one = client();
    await seams.advance(100);
    expect(one.types()).toEqual(['auth_required']);
    one.send({ type: 'get_signals' });
    await seams.advance(100);
    expect(one.types()).toEqual(['auth_required', 'error']);
    one.send(login);
    await seams.advance(100);
    expect(one.types().slice(2)).toEqual(['auth_success', 'signals']);
    expect(one.frames[2]).toMatchObject({ query_interval: 30, signal_window: 32 });
    const frame = one.frames[3]!;
    expect(frame).toMatchObject({ v: 1, seq: 1, count: signalsOf(frame).length });
  });

  it('refuses a wrong, missing or odd token and closes', async () => {
    const { seams, client } = await setUp();
    for (const token of ['wrong', 'secre', 'secrets', '', null, 7, undefined]) {
      const one = client();
      await seams.advance(50);
      one.send({ type: 'auth', token });
      await seams.advance(50);
      expect(one.types()).toEqual(['auth_required', 'auth_failed']);
      expect(one.closes).toEqual([1008]);
    }
  });

  it('closes a connection that does not authenticate within 30 s', async () => {
    const { seams, client } = await setUp();
    const one = client();
    await seams.advance(29_900);
    expect(one.closes).toEqual([]);
    await seams.advance(300);
    expect(one.closes).toEqual([1008]);
  });

  it('M-013 M-028 answers get_signals, get_stats and ping, and says error to the rest without closing', async () => {
    const { seams, client } = await setUp();
    const one = client();
    await seams.advance(50);
    one.send(login);
    await seams.advance(50);
    one.frames.length = 0;
    for (const frame of [
      { type: 'get_signals' },
      { type: 'ping' },
      { type: 'dance' },
      'not json',
      '[1]',
      { type: 'get_stats' },
    ])
      one.send(frame);
    await seams.advance(50);
    expect(one.types()).toEqual(['signals', 'pong', 'error', 'error', 'error', 'stats']);
    expect(one.frames[5]).toMatchObject({
      connected_clients: 1,
      authenticated_clients: 1,
      queries_executed: 1,
      signals_sent: 2,
      errors: 3,
    });
    expect(one.closes).toEqual([]);
  });

  it('has the currently expected wave in its window at start, whatever the minute', async () => {
    for (const [minute, wave] of [
      [1, '2026-11-21T09:45:00'],
      [17, '2026-11-21T10:00:00'],
      [44, '2026-11-21T10:15:00'],
      [46, '2026-11-21T10:30:00'],
    ] as const) {
      const { server } = await setUp(Date.UTC(2026, 10, 21, 10, minute));
      expect(server.window().some((signal) => signal.timestamp === wave)).toBe(true);
    }
  });

  it('publishes the next wave on market time before its check minute, to every client that is in', async () => {
    const { seams, clock, client } = await setUp(Date.UTC(2026, 10, 21, 10, 8), 5);
    const one = client();
    await seams.advance(50);
    one.send(login);
    await seams.advance(50);
    const before = one.frames.length;
    // Candle 10:00-10:15 closes, its signals come before 10:20: twelve market minutes are 144 s of wall time.
    await seams.runUntil(() => clock.now() >= Date.UTC(2026, 10, 21, 10, 20));
    const frames = one.frames.slice(before).filter((frame) => frame.type === 'signals');
    expect(frames).toHaveLength(1);
    const fresh = signalsOf(frames[0]).filter((signal) => signal.timestamp === '2026-11-21T10:00:00');
    expect(fresh.length).toBeGreaterThanOrEqual(6);
    for (const signal of fresh) expect(signal.created_at > '2026-11-21T10:19:00').toBe(true);
  });

  it('forgets signals after about 32 market minutes and never repeats an id in an hour', async () => {
    const { seams, clock, server } = await setUp(T0, 60);
    const seen = new Map<number, string>();
    for (let i = 0; i < 60; i++) {
      await seams.advance(1_000);
      for (const signal of server.window()) {
        const known = seen.get(signal.id);
        expect(known ?? signal.timestamp).toBe(signal.timestamp);
        seen.set(signal.id, signal.timestamp);
        expect(clock.now() - Date.parse(`${signal.timestamp}Z`)).toBeLessThan(70 * 60_000);
      }
    }
    expect(new Set(seen.values()).size).toBeGreaterThanOrEqual(4);
  });

  it('does not give a wave other ids after a restart', async () => {
    const first = (await setUp()).server.window();
    const second = (await setUp(T0 + 30_000)).server.window();
    const ids = (window: typeof first) => window.map(({ id, pair_symbol }) => `${id} ${pair_symbol}`);
    expect(ids(second)).toEqual(ids(first));
  });

  it('closes with its clients', async () => {
    const { seams, server, client } = await setUp();
    const one = client();
    await seams.advance(50);
    await server.close();
    await seams.advance(50);
    expect(one.closes).toEqual([1001]);
  });
});
