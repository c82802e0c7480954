import { type UnixMs, unixMs } from '#shared/domain/basics';
import { bad, type Fields } from '../core/fields';

const read = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
    ? Number(value)
    : Number.NaN;

/** Milliseconds, sometimes text with a fraction: "1782000001299.123". @throws ProtocolError */
export function msOf(fields: Fields, name: string): UnixMs {
  const value = Math.floor(read(fields[name]));
  if (!(value >= 1e12 && value <= 1e14)) throw bad(`field ${name} is not a time in ms`, fields);
  return unixMs(value);
}

/**
 * A time in seconds, with or without a fraction; trigger orders also write microseconds, and some fields milliseconds
 * under a name of seconds. The size tells them apart. @throws ProtocolError
 */
export function secondsOf(fields: Fields, name: string): UnixMs {
  const value = read(fields[name]);
  const ms = value >= 1e15 ? value / 1_000 : value >= 1e12 ? value : value * 1_000;
  // A fraction of seconds is not exact in binary: 1782000002.098 * 1000 falls just short.
  const whole = Math.round(ms);
  if (!(whole >= 1e12 && whole <= 1e14)) throw bad(`field ${name} is not a time`, fields);
  return unixMs(whole);
}

/** The first of the names that is there, each by its own unit. @throws ProtocolError when none is */
export function timeOf(fields: Fields, ...names: readonly string[]): UnixMs {
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === '' || read(value) <= 0) continue;
    return name.endsWith('_ms') ? msOf(fields, name) : secondsOf(fields, name);
  }
  throw bad(`no time in any of ${names.join(', ')}`, fields);
}
