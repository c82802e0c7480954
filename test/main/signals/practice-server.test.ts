import { describe, expect, it } from 'vitest';
import { createPool } from '#main/connectivity/index';
import { createMarketClock } from '#main/practice/clock';
import { createSignalServer } from '#main/practice/signal-server/index';
import { createSimulatedSeams } from '#main/seams/index';
import { createSignalClient, createWaveLoop } from '#main/signals/index';
import { unixMs } from '#shared/domain/basics';
import { utc } from './samples';

const HOURS = 6;

describe('the practice signal server', () => {
  it.each([1, 20, 300, 1000])(
    'M-028 gives the wave loop each wave of six market hours once, at %i times speed',
    async (speed) => {
      const seams = createSimulatedSeams(1, Date.UTC(2026, 0, 1));
      const clock = createMarketClock({ seams, origin: utc('2025-10-21T04:07:00'), speed });
      const subjects = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((wireSymbol) => ({
        wireSymbol,
        change: () => 0.01,
      }));
      const server = await createSignalServer({ seams, clock, seed: 's', token: 'demo', port: 0, subjects });
      const pool = createPool({ seams });
      const bad: unknown[] = [];
      const client = createSignalClient({
        link: (protocol) => pool.link(protocol),
        url: server.url,
        token: () => 'demo',
        market: 'future',
        now: () => seams.clock.now(),
        onSnapshot: (_, refused) => bad.push(...refused),
      });
      const waves: number[] = [];
      const missed: string[] = [];
      const loop = createWaveLoop({
        market: clock,
        checkMinutes: () => [6, 20, 35, 50],
        processed: () => false,
        requestSignals: () => void client.request(),
        snapshot: client.signals,
        onStarted: () => {},
        onWave: (wave, signals) => {
          expect(signals.length).toBeGreaterThan(0);
          waves.push(wave);
        },
        onNotFound: (wave, note) => missed.push(`${new Date(wave).toISOString()} ${note}`),
      });
      loop.start();
      await seams.advance((HOURS * 3_600_000) / speed);
      // 03:45 by the look at start, and every one from 04:00 to 09:45 by its check.
      const first = utc('2025-10-21T03:45:00');
      expect(missed).toEqual([]);
      expect(waves).toEqual(Array.from({ length: HOURS * 4 + 1 }, (_, i) => unixMs(first + i * 900_000)));
      expect(bad).toEqual([]);
      loop.stop();
      client.close();
      await Promise.all([pool.close(), server.close(), seams.advance(5000)]);
    },
  );
});
