import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSignalBuffer, expectedWave, floorTo15m, signalsOfWave } from '#main/signals/index';
import { checksBetween, nextCheck } from '#main/signals/waves';
import { unixMs } from '#shared/domain/basics';
import { compareSignals } from '#shared/domain/signal';
import { signal, utc } from './samples';

const MINUTE = 60_000;
const anyTime = fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2099, 0, 1) }).map(unixMs);

describe('the expected wave', () => {
  it.each([
    ['12:00:00', '11:45'],
    ['12:06:00', '11:45'],
    ['12:15:59.999', '11:45'],
    ['12:16:00', '12:00'],
    ['12:20:00', '12:00'],
    ['12:30:59.999', '12:00'],
    ['12:31:00', '12:15'],
    ['12:35:00', '12:15'],
    ['12:45:59.999', '12:15'],
    ['12:46:00', '12:30'],
    ['12:50:00', '12:30'],
    ['12:59:59.999', '12:30'],
  ])('M-041 at %s is the one of %s', (now, wave) => {
    expect(expectedWave(utc(`2025-10-21T${now}`))).toBe(utc(`2025-10-21T${wave}`));
  });
  it('M-042 is right at the border of hour, day and year', () => {
    expect(expectedWave(utc('2026-01-01T00:06:00'))).toBe(utc('2025-12-31T23:45:00'));
    expect(expectedWave(utc('2024-03-01T00:15:00'))).toBe(utc('2024-02-29T23:45:00'));
    expect(expectedWave(utc('2025-10-21T01:00:00'))).toBe(utc('2025-10-21T00:45:00'));
  });
  it('is a quarter whose candle has closed, at most 31 minutes after it opened', () => {
    fc.assert(
      fc.property(anyTime, (now) => {
        const age = now - expectedWave(now);
        expect(age).toBeGreaterThanOrEqual(15 * MINUTE);
        expect(age).toBeLessThan(32 * MINUTE);
        expect(floorTo15m(expectedWave(now))).toBe(expectedWave(now));
      }),
    );
  });
  it('never goes back as time goes on', () => {
    fc.assert(
      fc.property(anyTime, fc.nat(7_200_000), (now, later) => {
        expect(expectedWave(unixMs(now + later))).toBeGreaterThanOrEqual(expectedWave(now));
      }),
    );
  });
});

describe('check times', () => {
  it('come at the beginning of each check minute, also over the hour', () => {
    const times = checksBetween(utc('2025-12-31T23:40:00'), utc('2026-01-01T00:20:00'), [6, 20, 35, 50]);
    expect(times).toEqual([
      utc('2025-12-31T23:50:00'),
      utc('2026-01-01T00:06:00'),
      utc('2026-01-01T00:20:00'),
    ]);
    expect(nextCheck(utc('2025-12-31T23:50:00'), [6, 20, 35, 50])).toBe(utc('2026-01-01T00:06:00'));
    expect(nextCheck(utc('2025-12-31T23:50:00'), [50])).toBe(utc('2026-01-01T00:50:00'));
    expect(nextCheck(utc('2025-12-31T23:50:00'), [])).toBeNull();
  });
  it('are the same whether asked in one piece or in two', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyTime, fc.nat(9_000_000), fc.nat(9_000_000), minutes, (a, first, second, check) => {
        const b = unixMs(a + first);
        const c = unixMs(b + second);
        expect([...checksBetween(a, b, check), ...checksBetween(b, c, check)]).toEqual(
          checksBetween(a, c, check),
        );
        expect(nextCheck(a, check)).toBe(checksBetween(a, unixMs(a + 3_600_000), check)[0]);
      }),
    );
  });
});

describe('the buffer', () => {
  const scored = fc
    .uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 500 }), w: fc.nat(5), m: fc.nat(5) }), {
      minLength: 0,
      maxLength: 200,
      size: 'max',
      selector: ({ id }) => id,
    })
    .map((list) => list.map(({ id, w, m }) => signal(id, 0, { scoreWeek: w, scoreMonth: m })));

  it('M-050 puts (75, 90) before (80, 70), then the better week, then the lower id', () => {
    const buffer = createSignalBuffer();
    buffer.replace([
      signal(1, 0, { scoreWeek: 80, scoreMonth: 70 }),
      signal(4, 0, { scoreWeek: 75, scoreMonth: 90 }),
      signal(3, 0, { scoreWeek: 85, scoreMonth: 80 }),
      signal(2, 0, { scoreWeek: 75, scoreMonth: 90 }),
    ]);
    expect(buffer.signals().map(({ id }) => id)).toEqual([3, 2, 4, 1]);
  });
  it('M-022 holds the best 100, in order, of the last snapshot only', () => {
    fc.assert(
      fc.property(scored, scored, (first, second) => {
        const buffer = createSignalBuffer();
        buffer.replace(first);
        buffer.replace(second);
        const ids = buffer.signals().map(({ id }) => id);
        expect(ids).toEqual(
          [...second]
            .sort(compareSignals)
            .slice(0, 100)
            .map(({ id }) => id),
        );
      }),
      { numRuns: 50 },
    );
  });
  it('keeps when a signal was first received, and names the new ones', () => {
    const buffer = createSignalBuffer();
    buffer.replace([signal(1, 0, { receivedAt: unixMs(100) })]);
    const fresh = buffer.replace([1, 2].map((id) => signal(id, 0, { receivedAt: unixMs(200) })));
    expect(fresh.map(({ id }) => id)).toEqual([2]);
    expect(buffer.signals().map(({ id, receivedAt }) => [id, receivedAt])).toEqual([
      [1, 100],
      [2, 200],
    ]);
  });
  it('M-043 gives the signals of one wave only, best first', () => {
    const wave = utc('2025-10-21T02:15:00');
    const signals = [
      signal(1, wave + 14 * MINUTE, { scoreWeek: 10 }),
      signal(2, wave + 15 * MINUTE),
      signal(3, wave - 1),
      signal(4, wave),
    ];
    expect(signalsOfWave(signals, wave).map(({ id }) => id)).toEqual([4, 1]);
  });
});
