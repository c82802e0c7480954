import { type Decimal, type UnixMs, unixMs } from '#shared/domain/basics';
import { fromText, toNumber } from '#shared/domain/decimal';
import { ProtocolError } from '../venue';

export type Fields = Readonly<Record<string, unknown>>;

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const LONG = 15;

/**
 * Reads one JSON document without losing digits: bare numbers of 15 or more characters become text, because
 * Binance's order and algo ids pass 2^53 (an official sample has algoId 2000000000002162519).
 * @throws ProtocolError when the text is not exactly one JSON document.
 */
export function parseJson(data: string | Uint8Array): unknown {
  const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
  const safe = hasLongNumber(text)
    ? text.replace(TOKEN, (token) => (token[0] !== '"' && token.length >= LONG ? `"${token}"` : token))
    : text;
  try {
    return JSON.parse(safe) as unknown;
  } catch {
    throw bad('not one JSON document', text);
  }
}

/** A scan by hand: every frame passes here, and a regular expression takes ten times as long as JSON.parse. */
function hasLongNumber(text: string): boolean {
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfText(text, at);
      run = 0;
    } else if (
      (code >= 48 && code <= 57) ||
      code === 46 ||
      code === 45 ||
      code === 43 ||
      code === 69 ||
      code === 101
    ) {
      if (++run >= LONG) return true;
    } else run = 0;
  }
  return false;
}

/** Place of the quote that closes the one at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at > 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

/** A ProtocolError with a short excerpt of what could not be read. */
export function bad(problem: string, value: unknown): ProtocolError {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return new ProtocolError(problem, text.slice(0, 100));
}

/** The value as an object. @throws ProtocolError */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(`${what} is not an object`, value);
  return value as Fields;
}

/** The value as a list. @throws ProtocolError */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(`${what} is not a list`, value);
  return value;
}

/** A field that must be non-empty text. @throws ProtocolError */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw bad(`field ${name} is not text`, fields);
  return value;
}

/** An id as text, whether the venue printed it bare or quoted. @throws ProtocolError */
export function idOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'string' && /^-?\d{1,40}$/.test(value)) return value;
  throw bad(`field ${name} is not an id`, fields);
}

/** A whole number below 2^53. @throws ProtocolError */
export function integerOf(fields: Fields, name: string): number {
  const value = fields[name];
  const number = typeof value === 'string' && /^-?\d{1,17}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw bad(`field ${name} is not a whole number`, fields);
  return number;
}

/** A venue time in ms. @throws ProtocolError when it is no time after the year 2001. */
export function timeOf(fields: Fields, name: string): UnixMs {
  const value = integerOf(fields, name);
  if (value < 1e12 || value > 1e14) throw bad(`field ${name} is not a time in ms`, fields);
  return unixMs(value);
}

/** A decimal field, printed as text or bare. @throws ProtocolError */
export const decimalOf = (fields: Fields, name: string): Decimal => toDecimal(fields[name], name);

/** A decimal that may be missing, empty or null, which all mean unknown. @throws ProtocolError */
export function optionalDecimal(fields: Fields, name: string): Decimal | null {
  const value = fields[name];
  return value === undefined || value === null || value === '' ? null : toDecimal(value, name);
}

/** Same, where the venue also writes 0 for "none" (prices). @throws ProtocolError */
export function positiveOrNull(fields: Fields, name: string): Decimal | null {
  const value = optionalDecimal(fields, name);
  return value === null || /^-?[0.]+$/.test(value) ? null : value;
}

/** A value to paint or to compute indicators on, never money. @throws ProtocolError */
export const numberOf = (fields: Fields, name: string): number => toNumber(decimalOf(fields, name));

/** Canonical decimal of a wire value. Plain digits take a short way without regular expressions or Big. */
export function toDecimal(value: unknown, what: string): Decimal {
  if (typeof value === 'string') {
    const plain = canonical(value);
    if (plain !== null) return plain;
  }
  try {
    if (typeof value === 'string') return fromText(value);
    if (typeof value === 'number') return fromText(String(value));
  } catch {
    // Said below, with the field's name.
  }
  throw bad(`field ${what} is not a decimal number`, value);
}

/** The text itself without trailing zeros when it is a plain unsigned decimal, else null. */
function canonical(text: string): Decimal | null {
  const length = text.length;
  if (length === 0 || length > 40) return null;
  let dot = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (dot >= 0 || i === 0 || i === length - 1) return null;
      dot = i;
    } else if (code < 48 || code > 57) return null;
  }
  if (length > 1 && text.charCodeAt(0) === 48 && dot !== 1) return null;
  if (dot < 0) return text as Decimal;
  let end = length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (end - 1 === dot) end--;
  return (end === length ? text : text.slice(0, end)) as Decimal;
}
