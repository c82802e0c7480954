import { type UnixMs, unixMs } from '#shared/domain/basics';
import { compareSignals, type Signal } from '#shared/domain/signal';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;

/** The opening time of the 15-minute candle that this moment lies in. */
export const floorTo15m = (time: UnixMs): UnixMs => unixMs(Math.floor(time / QUARTER) * QUARTER);

const minuteOf = (time: UnixMs): number => Math.floor(time / MINUTE) - Math.floor(time / HOUR) * 60;

/**
 * The wave looked for at this market time. Minutes 0-15: :45 of the previous hour; 16-30: :00; 31-45: :15;
 * 46-59: :30 (M-041, M-042). Which minutes are checked does not change the mapping.
 */
export function expectedWave(marketNow: UnixMs): UnixMs {
  const hour = Math.floor(marketNow / HOUR) * HOUR;
  const minute = minuteOf(marketNow);
  const quartersFromHour = minute <= 15 ? -1 : minute <= 30 ? 0 : minute <= 45 ? 1 : 2;
  return unixMs(hour + quartersFromHour * QUARTER);
}

/** The wave a signal belongs to; created_at minus 15 minutes stands in for a missing timestamp (M-043). */
export function waveTimeOf(timestamp: UnixMs | null, createdAt: UnixMs | null): UnixMs | null {
  if (timestamp !== null) return floorTo15m(timestamp);
  return createdAt === null ? null : floorTo15m(unixMs(createdAt - QUARTER));
}

/** The signals of one wave, best first. */
export const signalsOfWave = (signals: readonly Signal[], waveTime: UnixMs): readonly Signal[] =>
  signals.filter((signal) => signal.waveTime === waveTime).sort(compareSignals);

/** The beginning of each check minute in (after, until], ascending. */
export function checksBetween(
  after: UnixMs,
  until: UnixMs,
  checkMinutes: readonly number[],
): readonly UnixMs[] {
  const checks: UnixMs[] = [];
  for (let hour = Math.floor(after / HOUR) * HOUR; hour <= until; hour += HOUR)
    for (const minute of checkMinutes) {
      const at = hour + minute * MINUTE;
      if (at > after && at <= until) checks.push(unixMs(at));
    }
  return checks.sort((a, b) => a - b);
}

/** The next check after this market time; null when there are no check minutes. */
export const nextCheck = (after: UnixMs, checkMinutes: readonly number[]): UnixMs | null =>
  checksBetween(after, unixMs(after + HOUR), checkMinutes)[0] ?? null;
