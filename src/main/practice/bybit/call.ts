import { Params, type ParamWords } from '../wire-kit/params';
import { badParam } from './wire-error';

/** One request after its checks: who asks, and with what. */
export interface Call {
  readonly params: Params;
  /** The account of the key; empty on public calls. */
  readonly account: string;
}

const WORDS: ParamWords = {
  missing: (name) => badParam(`The ${name} is required.`),
  invalid: (name) => badParam(`${name} invalid`),
  notDecimal: (name) => badParam(`${name} invalid`),
  notPositive: (name) => badParam(`${name} invalid`),
};
export const queryParams = (query: string): Params => Params.fromForm(WORDS, query);

/** @throws WireError for a body that is not one JSON object */
export function bodyParams(body: string): Params {
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw badParam('the body is not JSON');
  }
  return objectParams(value);
}
export function objectParams(value: unknown): Params {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badParam('the body is not an object');
  return Params.fromObject(WORDS, value as Record<string, unknown>);
}

/** Rows newest first in pages: `cursor` is how many came before. */
export function page<T>(rows: readonly T[], params: Params, fallback: number, most: number) {
  const limit = params.limit(fallback, most);
  const from = readCursor(params.text('cursor'));
  const list = rows.slice(from, from + limit);
  return { list, nextPageCursor: from + limit < rows.length ? `page%3A${from + limit}` : '' };
}
function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const at = /^page(?::|%3A)(\d{1,9})$/i.exec(cursor)?.[1];
  if (at === undefined) throw badParam('cursor invalid');
  return Number(at);
}

const WEEK_MS = 7 * 86_400_000;

/** startTime and endTime, at most seven days apart; with one of them, or none, a week. @throws WireError 10001 */
export function window(params: Params, now: number): { readonly start: number; readonly end: number } {
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  if (start !== undefined && end !== undefined && (end - start > WEEK_MS || end < start))
    throw badParam('The time range between startTime and endTime cannot exceed 7 days.');
  if (start !== undefined) return { start, end: end ?? start + WEEK_MS };
  return { start: (end ?? now) - WEEK_MS, end: end ?? Number.POSITIVE_INFINITY };
}
