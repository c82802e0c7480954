import { unixMs } from '#shared/domain/basics';
import type { Seams } from '../../seams/seams';
import type { MarketClock } from '../types';
import { createSession, type Session } from './session';
import {
  CANDLE_MS,
  drawWave,
  expectedWave,
  publishedAt,
  type WaveSubject,
  type WireSignal,
  wireTime,
} from './waves';

export type { WaveSubject } from './waves';

/** How long a signal stays in the window, market ms. */
const WINDOW_MS = 32 * 60_000;
const MAX_FRAME_BYTES = 10_485_760;

export interface SignalServerOptions {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'network'>;
  readonly clock: MarketClock;
  readonly seed: string;
  readonly token: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly subjects: readonly WaveSubject[];
  /** Exchanges that the signals are spread over, by the signal server's numbers. Default Binance alone. */
  readonly exchangeIds?: readonly number[];
}

export interface SignalServer {
  readonly url: string;
  readonly token: string;
  /** The window as it is sent now. */
  window(): readonly WireSignal[];
  close(): Promise<void>;
}

/**
 * A signal server with the protocol of the real one whose waves are about the practice market, on market time.
 * @throws Error in words when the port cannot be had.
 */
export async function createSignalServer(options: SignalServerOptions): Promise<SignalServer> {
  const { seams, clock, seed, token, subjects } = options;
  const sessions = new Set<Session>();
  const startedAt = seams.clock.monotonic();
  const counts = { queries: 0, sent: 0, errors: 0 };
  let lastQuery: string | null = null;
  let seq = 0;
  // The wave a follower expects at start is there at once, even when its minute is still to come.
  const openedAt = clock.now();
  const early = expectedWave(openedAt);
  const createdAt = (wave: number): number => {
    const due = publishedAt(seed, wave);
    return wave === early ? Math.min(due, Math.max(openedAt, wave + CANDLE_MS)) : due;
  };
  const drawn = new Map<number, readonly WireSignal[]>();

  const window = (): readonly WireSignal[] => {
    const now = clock.now();
    const newest = Math.floor(now / CANDLE_MS) * CANDLE_MS;
    const signals: WireSignal[] = [];
    for (let wave = newest; wave > now - WINDOW_MS - 2 * CANDLE_MS; wave -= CANDLE_MS) {
      const created = createdAt(wave);
      const old = now - created >= WINDOW_MS && wave !== expectedWave(now);
      if (created > now || old) continue;
      let list = drawn.get(wave);
      if (!list) {
        list = drawWave(seed, wave, subjects, created, options.exchangeIds);
        drawn.set(wave, list);
        if (drawn.size > 8) drawn.delete(drawn.keys().next().value as number);
      }
      signals.push(...list);
    }
    return signals;
  };

  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: options.port,
    maxFrameBytes: MAX_FRAME_BYTES,
    request(_request, response) {
      response.writeHead(426, { 'content-type': 'text/plain' });
      response.end('This is a WebSocket server for trading signals.\n');
    },
    socket(socket) {
      const session = createSession(socket, {
        timers: seams.timers,
        accepts: (given) => sameText(given, token),
        signals() {
          const data = window();
          return {
            type: 'signals',
            v: 1,
            seq: ++seq,
            timestamp: wireTime(clock.now()),
            count: data.length,
            data,
          };
        },
        stats: () => ({
          uptime_seconds: Math.floor((seams.clock.monotonic() - startedAt) / 1000),
          connected_clients: sessions.size,
          authenticated_clients: [...sessions].filter((item) => item.authenticated).length,
          queries_executed: counts.queries,
          signals_sent: counts.sent,
          errors: counts.errors,
          last_query: lastQuery,
        }),
        note(what) {
          if (what === 'query') {
            counts.queries++;
            lastQuery = wireTime(seams.clock.now());
          } else if (what === 'signals-sent') counts.sent++;
          else if (what === 'error') counts.errors++;
        },
        closed: () => sessions.delete(session),
      });
      sessions.add(session);
    },
  });

  let cancel = () => {};
  const awaitWave = (wave: number): void => {
    cancel = clock.at(unixMs(publishedAt(seed, wave)), () => {
      for (const session of sessions) session.push();
      // At 1000x a late timer may have passed a whole wave: go on from now.
      awaitWave(nextWave());
    });
  };
  const nextWave = (): number => {
    let wave = Math.floor(clock.now() / CANDLE_MS) * CANDLE_MS - 2 * CANDLE_MS;
    while (publishedAt(seed, wave) <= clock.now()) wave += CANDLE_MS;
    return wave;
  };
  awaitWave(nextWave());

  return {
    url: `ws://127.0.0.1:${server.port}`,
    token,
    window,
    async close() {
      cancel();
      for (const session of sessions) session.end();
      await server.close();
    },
  };
}

/** Takes the same time wherever the first difference is. */
function sameText(a: string, b: string): boolean {
  let different = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) different |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return different === 0;
}
