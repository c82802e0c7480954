import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSimulatedSeams } from '#main/seams/index';
import { createWaveLoop, expectedWave, type WaveLoopOptions } from '#main/signals/index';
import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Signal } from '#shared/domain/signal';
import { signal, utc } from './samples';

const MINUTE = 60_000;
const clock = (time: number): string => new Date(time).toISOString().slice(11, 16);

/** A day at the market; the log has one line per thing that happened. */
function createDay(start: string, changes: Partial<WaveLoopOptions> = {}) {
  const seams = createSimulatedSeams(1, utc(`2025-10-21T${start}`));
  const log: string[] = [];
  const day = { snapshot: [] as Signal[], requests: [] as number[], errors: [] as string[] };
  const loop = createWaveLoop({
    market: {
      now: () => seams.clock.now(),
      at: (time, run) => seams.timers.after(time - seams.clock.now(), run),
    },
    checkMinutes: () => [6, 20, 35, 50],
    processed: () => false,
    requestSignals: () => day.requests.push(seams.clock.now()),
    snapshot: () => day.snapshot,
    onStarted: (wave) => log.push(`${clock(seams.clock.now())} started ${clock(wave)}`),
    onWave: (wave, signals) => {
      log.push(`${clock(seams.clock.now())} wave ${clock(wave)}: ${signals.map(({ id }) => id).join(' ')}`);
    },
    onNotFound: (wave, note) => log.push(`${clock(seams.clock.now())} not found ${clock(wave)} ${note}`),
    onError: (error, wave) =>
      day.errors.push(`${(error as Error).message} ${wave === null ? '-' : clock(wave)}`),
    ...changes,
  });
  const until = (time: string): Promise<void> => seams.advance(utc(`2025-10-21T${time}`) - seams.clock.now());
  const at = (time: string, id = 1): Signal => signal(id, utc(`2025-10-21T${time}`));
  return Object.assign(day, { seams, loop, log, until, at });
}

describe('a check', () => {
  it('M-044 finds the wave that is there at the check minute, best signals first', async () => {
    const day = createDay('02:40:00');
    day.snapshot = [day.at('02:00:00', 1)];
    day.loop.start();
    await day.until('02:49:00');
    day.snapshot = [
      { ...day.at('02:30:00', 7), scoreWeek: 60 },
      day.at('02:30:00', 8),
      day.at('02:15:00', 9),
    ];
    await day.until('02:51:00');
    expect(day.log).toEqual(['02:50 started 02:30', '02:50 wave 02:30: 8 7']);
  });
  it('M-045 marks the wave before it searches', async () => {
    const order: string[] = [];
    const day = createDay('02:49:59', {
      onStarted: () => order.push('started'),
      requestSignals: () => order.push('request'),
    });
    day.loop.start();
    order.length = 0;
    await day.until('02:50:01');
    expect(order.slice(0, 3)).toEqual(['started', 'request', 'request']);
  });
  it('M-044 asks every second for 120 s, then gives up for good', async () => {
    const day = createDay('02:49:00');
    day.loop.start();
    await day.until('02:49:59.999');
    day.requests.length = 0;
    await day.until('02:51:59.999');
    expect(day.requests).toHaveLength(120);
    expect(day.loop.state().searching).toBe(utc('2025-10-21T02:30:00'));
    expect(day.log).toEqual(['02:50 started 02:30']);
    await day.until('02:52:00');
    expect(day.log).toEqual(['02:50 started 02:30', '02:52 not found 02:30 null']);
    day.snapshot = [day.at('02:30:00')];
    await day.until('03:05:00');
    expect(day.log).toHaveLength(2);
    expect(day.loop.state().searching).toBeNull();
  });
  it('M-044 takes a wave that comes 119 s late', async () => {
    const day = createDay('02:49:00');
    day.loop.start();
    await day.until('02:51:58.500');
    day.snapshot = [day.at('02:30:00', 5)];
    await day.until('02:52:30');
    expect(day.log).toEqual(['02:50 started 02:30', '02:51 wave 02:30: 5']);
  });
  it('M-041 goes through a day, each wave once', async () => {
    const day = createDay('00:00:00');
    day.loop.start();
    for (let minute = 5; minute < 24 * 60; minute += 5) {
      const wave = expectedWave(unixMs(utc('2025-10-21T00:00:00') + (minute + 5) * MINUTE));
      day.snapshot = [signal(minute, wave)];
      await day.seams.advance(5 * MINUTE);
    }
    const waves = day.log.filter((line) => line.includes(' wave ')).map((line) => line.slice(11, 16));
    expect(new Set(waves).size).toBe(waves.length);
    expect(waves.length).toBeGreaterThanOrEqual(95);
    expect(day.log.filter((line) => line.includes('not found'))).toEqual([]);
  });
  it('does not touch a wave that has a record already', async () => {
    const day = createDay('02:49:00', { processed: (wave) => wave === utc('2025-10-21T02:30:00') });
    day.snapshot = [day.at('02:30:00'), day.at('02:45:00')];
    day.loop.start();
    await day.until('03:07:00');
    expect(day.log).toEqual(['03:06 started 02:45', '03:06 wave 02:45: 1']);
  });
  it('follows a change of the check minutes', async () => {
    let minutes = [6, 20, 35, 50];
    const day = createDay('02:40:00', { checkMinutes: () => minutes });
    day.loop.start();
    expect(day.loop.state()).toEqual({
      nextCheckAt: utc('2025-10-21T02:50:00'),
      nextWaveTime: utc('2025-10-21T02:30:00'),
      searching: null,
    });
    minutes = [48];
    await day.until('02:48:01');
    expect(day.log).toEqual(['02:48 started 02:30']);
  });
  it('does not go back to a minute that is made a check minute after it has passed', async () => {
    let minutes = [35];
    const day = createDay('02:51:00', { checkMinutes: () => minutes });
    day.loop.start();
    await day.until('02:55:00');
    minutes = [52];
    await day.until('03:30:00');
    expect(day.log).toEqual([]);
  });
  it('stops when it is stopped, in the middle of a search too', async () => {
    const day = createDay('02:49:00');
    day.loop.start();
    await day.until('02:50:10');
    day.loop.stop();
    const asked = day.requests.length;
    day.snapshot = [day.at('02:30:00')];
    await day.until('04:00:00');
    expect(day.log).toEqual(['02:50 started 02:30']);
    expect(day.requests).toHaveLength(asked);
  });
});

describe('the look at start', () => {
  it('M-047 processes the current wave at once when the first snapshot has it', async () => {
    const day = createDay('02:52:30');
    day.loop.start();
    await day.until('02:53:05');
    day.snapshot = [day.at('02:30:00', 3)];
    await day.until('02:53:10');
    expect(day.log).toEqual(['02:53 started 02:30', '02:53 wave 02:30: 3']);
    await day.until('03:05:00');
    expect(day.log).toHaveLength(2);
  });
  it('M-047 leaves a wave that is not there yet to its check minute', async () => {
    const day = createDay('02:46:30');
    day.snapshot = [day.at('02:15:00', 2)];
    day.loop.start();
    await day.until('02:49:59');
    expect(day.log).toEqual([]);
    day.snapshot = [day.at('02:30:00', 3)];
    await day.until('02:50:01');
    expect(day.log).toEqual(['02:50 started 02:30', '02:50 wave 02:30: 3']);
  });
  it('M-047 does nothing about a wave with a record, and ends 120 s after the first snapshot', async () => {
    const day = createDay('02:52:30', { processed: () => true });
    day.snapshot = [day.at('02:30:00')];
    day.loop.start();
    await day.until('02:53:00');
    expect([day.log, day.requests]).toEqual([[], []]);
    const other = createDay('02:52:30');
    other.snapshot = [other.at('02:00:00')];
    other.loop.start();
    await other.until('02:58:00');
    expect(other.requests).toHaveLength(120);
  });
});

describe('a sleep', () => {
  it('M-048 records the waves it missed as asleep and searches only the current one', async () => {
    const day = createDay('02:40:00');
    day.loop.start();
    await day.until('02:41:00');
    day.seams.sleep(100 * MINUTE);
    day.snapshot = [day.at('02:30:00', 1), day.at('04:00:00', 4)];
    await day.until('04:22:00');
    expect(day.log).toEqual([
      '04:21 not found 02:30 asleep',
      '04:21 not found 02:45 asleep',
      '04:21 not found 03:00 asleep',
      '04:21 not found 03:15 asleep',
      '04:21 not found 03:30 asleep',
      '04:21 not found 03:45 asleep',
      '04:21 started 04:00',
      '04:21 wave 04:00: 4',
    ]);
  });
  it('M-048 in the middle of a search ends it as asleep, even when old signals are still there', async () => {
    const day = createDay('02:49:00');
    day.loop.start();
    await day.until('02:50:30');
    day.snapshot = [day.at('02:30:00')];
    day.seams.sleep(60 * MINUTE);
    await day.until('03:50:40');
    expect(day.log[1]).toBe('03:50 not found 02:30 asleep');
    expect(day.log.filter((line) => line.includes(' wave '))).toEqual([]);
  });
  it('M-048 is noticed within 30 s of waking, also where timers stand still in a sleep', async () => {
    const day = createDay('02:40:00');
    day.loop.start();
    day.snapshot = [day.at('02:00:00')];
    await day.until('02:43:00');
    day.seams.setClock(utc('2025-10-21T03:22:00'));
    await day.seams.advance(30_000);
    expect(day.log).toEqual([
      '03:22 not found 02:30 asleep',
      '03:22 not found 02:45 asleep',
      '03:22 started 03:00',
    ]);
  });
  it('goes by the corrected clock when it was hours ahead', async () => {
    const day = createDay('10:00:00');
    day.snapshot = [day.at('09:00:00')];
    day.loop.start();
    await day.seams.advance(3 * MINUTE);
    day.seams.setClock(utc('2025-10-21T02:45:30'));
    day.snapshot = [day.at('02:30:00', 3), day.at('02:00:00', 2)];
    await day.until('02:51:00');
    expect(day.log.slice(-2)).toEqual(['02:50 started 02:30', '02:50 wave 02:30: 3']);
  });
  it('records nothing twice when the clock is set back and the computer sleeps', async () => {
    const day = createDay('02:49:00');
    day.snapshot = [day.at('02:30:00')];
    day.loop.start();
    await day.until('03:10:00');
    const before = day.log.length;
    day.seams.setClock(utc('2025-10-21T02:45:00'));
    await day.seams.advance(MINUTE);
    day.seams.sleep(70 * MINUTE);
    await day.seams.advance(MINUTE);
    expect(day.log.slice(before)).toEqual([
      '03:56 not found 03:00 asleep',
      '03:56 not found 03:15 asleep',
      '03:56 started 03:30',
    ]);
  });
  it('does not come back to waves when the clock is set back', async () => {
    const day = createDay('02:49:00');
    day.snapshot = [day.at('02:30:00')];
    day.loop.start();
    await day.until('02:51:00');
    day.seams.setClock(utc('2025-10-21T02:45:00'));
    await day.until('02:52:00');
    expect(day.log.filter((line) => line.includes(' wave '))).toHaveLength(1);
  });
  it('M-046 never hands on a wave older than 2 h nor one twice, whatever sleeps and clocks do', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(20 * MINUTE) }),
      fc.record({ do: fc.constant('sleep' as const), ms: fc.nat(300 * MINUTE) }),
      fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -60 * MINUTE, max: 60 * MINUTE }) }),
      fc.record({ do: fc.constant('signals' as const), ms: fc.nat(40 * MINUTE) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const seen: [wave: UnixMs, now: number][] = [];
        const ended: UnixMs[] = [];
        const day = createDay('02:00:00', {
          onWave: (wave) => void seen.push([wave, day.seams.clock.now()]),
          onNotFound: (wave) => void ended.push(wave),
        });
        day.loop.start();
        for (const one of steps) {
          const now = day.seams.clock.now();
          if (one.do === 'pass') await day.seams.advance(one.ms);
          if (one.do === 'sleep') day.seams.sleep(one.ms);
          if (one.do === 'set') day.seams.setClock(unixMs(now + one.ms));
          if (one.do === 'signals') day.snapshot = [signal(now, now - one.ms)];
        }
        await day.seams.advance(5 * MINUTE);
        for (const [wave, now] of seen) expect(now - wave).toBeLessThanOrEqual(120 * MINUTE);
        const all = [...seen.map(([wave]) => wave), ...ended];
        expect(new Set(all).size).toBe(all.length);
        expect(day.errors).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an error', () => {
  it('M-049 in the marking makes the loop wait 10 s and try the same wave again', async () => {
    let failing = true;
    const started: string[] = [];
    const day = createDay('02:49:00', {
      onStarted: (wave) => {
        if (failing) throw new Error('disk full');
        started.push(`${clock(day.seams.clock.now())} ${clock(wave)}`);
      },
    });
    day.snapshot = [day.at('02:15:00')];
    day.loop.start();
    await day.until('02:50:25');
    expect(day.errors).toEqual(['disk full -', 'disk full -', 'disk full -']);
    failing = false;
    day.snapshot = [day.at('02:30:00', 6)];
    await day.until('02:50:31');
    expect(started).toEqual(['02:50 02:30']);
    expect(day.log).toEqual(['02:50 wave 02:30: 6']);
  });
  it('M-049 in the handing on is told with its wave, which is never handed on again', async () => {
    for (const onWave of [
      () => Promise.reject(new Error('later')),
      () => {
        throw new Error('at once');
      },
    ]) {
      let calls = 0;
      const day = createDay('02:49:00', {
        onWave: () => {
          calls++;
          return onWave();
        },
      });
      day.snapshot = [day.at('02:30:00')];
      day.loop.start();
      await day.until('02:49:30');
      expect(calls).toBe(1);
      expect(day.errors).toHaveLength(1);
      expect(day.errors[0]).toMatch(/02:30$/);
      day.snapshot = [day.at('02:30:00'), day.at('02:45:00')];
      await day.until('03:06:01');
      expect(calls).toBe(2);
    }
  });
  it('M-049 in the recording of an ending is tried again until it is recorded', async () => {
    let failures = 2;
    const day = createDay('02:49:00', {
      onNotFound: (wave, note) => {
        if (failures-- > 0) throw new Error('busy');
        day.log.push(`not found ${clock(wave)} ${note}`);
      },
    });
    day.loop.start();
    await day.until('02:52:30');
    expect(day.log).toEqual(['02:50 started 02:30', 'not found 02:30 null']);
    expect(day.errors).toEqual(['busy -', 'busy -']);
  });
});

describe('a fast market', () => {
  it('works when the market has passed the asked time already', async () => {
    let now = utc('2025-10-21T02:49:00') as number;
    const waiting: (() => void)[] = [];
    const log: string[] = [];
    const loop = createWaveLoop({
      market: {
        now: () => {
          now += 200;
          return unixMs(now);
        },
        at: (time, run) => {
          if (time <= now) run();
          else waiting.push(run);
          return () => {};
        },
      },
      checkMinutes: () => [6, 20, 35, 50],
      processed: () => false,
      requestSignals: () => {},
      snapshot: () => [],
      onStarted: (wave) => log.push(`started ${clock(wave)}`),
      onWave: () => {},
      onNotFound: (wave) => log.push(`not found ${clock(wave)}`),
    });
    loop.start();
    for (let i = 0; i < 400; i++) {
      now += 60_000;
      for (const run of waiting.splice(0)) run();
    }
    loop.stop();
    const started = log.filter((line) => line.startsWith('started'));
    expect(started.length).toBeGreaterThan(20);
    expect(new Set(started).size).toBe(started.length);
    expect(waiting.length).toBeLessThanOrEqual(1);
    now += 3_600_000;
    for (const run of waiting.splice(0)) run();
    expect([log.filter((line) => line.startsWith('started')), waiting]).toEqual([started, []]);
  });
});
