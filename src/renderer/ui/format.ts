import type { Decimal, UnixMs } from '#shared/domain/basics';
import { abs, isNegative, isZero, toFixed } from '#shared/domain/decimal';

/** What stands where a value is not known. Never 0. */
export const UNKNOWN = '–';
const THIN_SPACE = '\u2009';
const MINUS = '\u2212';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);

/** Groups the whole part of plain decimal text ("-61234.5" reads "−61 234.5"); the fraction stays as it is. */
export function groupThousands(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction] = (negative ? text.slice(1) : text).split('.');
  return `${negative ? MINUS : ''}${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A decimal for the screen; `places` fixes the decimals of a column, without it the value keeps its own. */
export function decimalText(value: Decimal | null | undefined, places?: number): string {
  if (value === null || value === undefined) return UNKNOWN;
  return groupThousands(places === undefined ? value : withoutNegativeZero(toFixed(value, places)));
}

/** As `decimalText`, with a plus on gains: "+12.30", "−4.00", "0.00". */
export function signedText(value: Decimal | null | undefined, places: number): string {
  if (value === null || value === undefined) return UNKNOWN;
  const size = toFixed(abs(value), places);
  if (isZero(size as Decimal)) return groupThousands(size);
  return `${isNegative(value) ? MINUS : '+'}${groupThousands(size)}`;
}

/** A float that is only painted (percent, rates), fixed places, unknown for null, NaN and infinities. */
export function numberText(value: number | null | undefined, places: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  return groupThousands(withoutNegativeZero(value.toFixed(places)));
}

/** As `numberText`, with a plus on gains. */
export function signedNumberText(value: number | null | undefined, places: number): string {
  const text = numberText(value, places);
  return text === UNKNOWN || text.startsWith(MINUS) || !/[1-9]/.test(text) ? text : `+${text}`;
}

/** Colour class of a signed text: the colour follows what is shown, so "0.00" has none. */
export const directionOf = (signed: string): 'up' | 'down' | 'flat' =>
  signed.startsWith('+') ? 'up' : signed.startsWith(MINUS) ? 'down' : 'flat';

const withoutNegativeZero = (text: string): string => (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text);

/** Length of time in words, two units at most: "4 s", "27 min", "2 h 05 min", "3 d 4 h". */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${two(minutes % 60)} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Countdown "03:12", or "1:03:12" above an hour; never negative. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`;
}

export type Zone = 'local' | 'utc';
const formats = new Map<string, Intl.DateTimeFormat>();
function formatter(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, ...(zone === 'utc' ? { timeZone: 'UTC' } : {}) });
    formats.set(key, found);
  }
  return found;
}

/** "15:15:04" */
export const timeText = (at: UnixMs | number | null, zone: Zone): string =>
  at === null
    ? UNKNOWN
    : formatter(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);
/** "15:15" */
export const minuteText = (at: UnixMs | number | null, zone: Zone): string =>
  at === null ? UNKNOWN : formatter(zone, { hour: '2-digit', minute: '2-digit' }).format(at);
/** "21 Nov 15:15:04" */
export const momentText = (at: UnixMs | number | null, zone: Zone): string =>
  at === null ? UNKNOWN : `${dayText(at, zone)} ${timeText(at, zone)}`;
/** "21 Nov" */
export const dayText = (at: UnixMs | number, zone: Zone): string =>
  formatter(zone, { day: '2-digit', month: 'short' }).format(at);
/** "2026-11-21 15:15:04 UTC", for tooltips. */
export const utcText = (at: UnixMs | number | null): string =>
  at === null ? UNKNOWN : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const two = (value: number): string => String(value).padStart(2, '0');

/** "12.3 MB" in decimal units. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${numberText(bytes / 1e3, 1)} kB`;
  return bytes < 1e9 ? `${numberText(bytes / 1e6, 1)} MB` : `${numberText(bytes / 1e9, 2)} GB`;
}
