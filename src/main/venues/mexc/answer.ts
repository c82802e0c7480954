import type { MarketKind } from '#shared/domain/exchange';
import {
  type Answer,
  excerpt,
  fieldsOrEmpty,
  lost,
  type Refusal,
  type Reply,
  retryAfterOf,
  tryJson,
  VenueRefusal,
} from '../core/answer';
import type { Fields } from '../core/fields';
import type { VenueErrorCode } from '../venue';

/** Codes after which MEXC itself does not know what became of a request: internal error, busy, time-out. */
const EXECUTION_UNKNOWN: ReadonlySet<number> = new Set([500, 501, 503, 504, 20002, 730000]);
/** Futures say "too frequent" without saying for how long; their windows are 2 s. */
const FUTURE_SILENCE_MS = 2_000;
const SILENCE_MS: Readonly<Record<number, number>> = { 429: 10_000, 418: 120_000 };

/**
 * Reads a complete HTTP reply. Futures refuse with status 200, so that the body decides; of a good one only its `data`
 * is passed on. Never throws.
 */
export function toAnswer(reply: Reply, market: MarketKind): Answer {
  const { status, text } = reply;
  const body = tryJson(text);
  const fields = fieldsOrEmpty(body);
  const code = codeOf(fields);
  const good = status >= 200 && status < 300;
  if (good && body === undefined) return lost(`an answer that is not JSON: ${excerpt(text)}`, 'bad-answer');
  if (good && isFine(fields, code, market))
    return { kind: 'ok', data: market === 'future' ? (fields.data ?? null) : body };
  const message = wordsOf(fields, status);
  const clientError = good || (status >= 400 && status < 500 && status !== 408);
  if (!clientError || (code !== null && EXECUTION_UNKNOWN.has(code)))
    return lost(`HTTP ${status}: ${message}`, 'network');
  return { kind: 'refused', status, code, message, retryAfterMs: silenceOf(reply, code) };
}

/** Spot answers with what was asked for, or with a code; futures with success, code and data. */
function isFine(fields: Fields, code: number | null, market: MarketKind): boolean {
  if (market === 'future') return fields.success === true && (code === null || code === 0);
  return code === null || code === 0 || code === 200 || fields.orderId !== undefined;
}

function codeOf(fields: Fields): number | null {
  const code = Number(fields.code ?? Number.NaN);
  return Number.isSafeInteger(code) ? code : null;
}

function wordsOf(fields: Fields, status: number): string {
  const text = fields.msg ?? fields.message;
  if (typeof text === 'string' && text !== '') return excerpt(text);
  return status === 403 ? 'the gateway in front of MEXC refused access' : `HTTP ${status}`;
}

/** How long to be silent. A 403 of the gateway counts only where it says so: it also bars single paths for good. */
function silenceOf(reply: Reply, code: number | null): number | null {
  const said = retryAfterOf(reply.header('retry-after'));
  const own = SILENCE_MS[reply.status];
  if (own !== undefined) return said ?? own;
  if (code === 510) return said ?? FUTURE_SILENCE_MS;
  return reply.status === 403 && code === null ? said : null;
}

const ABSENT: ReadonlySet<unknown> = new Set([-2011, -2013, 2040]);
/** Unknown order on spot, "order not exist" on futures. */
export const isAbsentCode = (code: Refusal['code']): boolean => ABSENT.has(code);
/** True for a question that failed only because there is no such order. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof VenueRefusal && isAbsentCode(error.exchangeCode);

const AUTH: ReadonlySet<unknown> = new Set([
  401, 402, 406, 511, 602, 701, 702, 703, 704, 1000, 10001, 10072, 700001, 700002, 700006, 700007, 700013,
]);
const UNKNOWN_SYMBOL: ReadonlySet<unknown> = new Set([1001, 1002, 10007, 30014, 30021, -1121, 730001]);

export function errorCodeOf({ status, code, retryAfterMs }: Refusal): VenueErrorCode {
  if (status === 418) return 'banned';
  if (status === 429 || code === 429 || code === 510) return 'rate-limited';
  if (status === 403 && code === null) return retryAfterMs === null ? 'refused' : 'banned';
  if (code === 700003 || code === 513 || code === 10073) return 'clock';
  if (UNKNOWN_SYMBOL.has(code)) return 'unknown-symbol';
  return status === 401 || AUTH.has(code) ? 'auth' : 'refused';
}
