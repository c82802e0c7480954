import {
  type Answer,
  excerpt,
  fieldsOrEmpty,
  lost,
  type Refusal,
  type Reply,
  retryAfterOf,
  tryJson,
} from '../core/answer';
import type { VenueErrorCode } from '../venue';

/**
 * Codes after which Bybit itself does not know what became of a request: server time-out, internal error, and spot's
 * time-outs of its back end, of creating and of cancelling.
 */
const EXECUTION_UNKNOWN: ReadonlySet<number> = new Set([
  10_000, 10_016, 170_001, 170_007, 170_032, 170_146, 170_147,
]);

/** Reads a complete HTTP reply: 200 carries refusals too, by `retCode`. `data` is the envelope's `result`. Never throws. */
export function toAnswer(reply: Reply): Answer {
  const { status, text } = reply;
  const body = tryJson(text);
  const fields = fieldsOrEmpty(body);
  const code = typeof fields.retCode === 'number' ? fields.retCode : null;
  if (status >= 200 && status < 300) {
    if (code === null) return lost(`an answer that is not Bybit's JSON: ${excerpt(text)}`, 'bad-answer');
    if (code === 0) return { kind: 'ok', data: fields.result };
  }
  const message =
    typeof fields.retMsg === 'string' && fields.retMsg !== '' ? excerpt(fields.retMsg) : `HTTP ${status}`;
  const isServerTrouble = (status >= 300 && status < 400) || status >= 500 || status === 408;
  if (isServerTrouble || (code !== null && EXECUTION_UNKNOWN.has(code)))
    return lost(`HTTP ${status}: ${message}${code === null ? '' : ` (${code})`}`, 'network');
  return { kind: 'refused', status, code, message, retryAfterMs: silenceMs(status, code, reply) };
}

/** 110001, 110008, 110010 and 170213, 170142, 170143: there is no such open order (any more). */
const ABSENT: ReadonlySet<Refusal['code']> = new Set([110_001, 110_008, 110_010, 170_213, 170_142, 170_143]);
export const isAbsentCode = (code: Refusal['code']): boolean => ABSENT.has(code);

const AUTH: ReadonlySet<Refusal['code']> = new Set([
  10_003, 10_004, 10_005, 10_007, 10_009, 10_010, 10_024, 10_027, 10_028, 33_004, -2015,
]);
const LIMITED: ReadonlySet<Refusal['code']> = new Set([10_006, 10_018, 10_429]);

export function errorCodeOf({ status, code, message }: Refusal): VenueErrorCode {
  // Too many requests of one address are told with 403; going on makes the ban longer.
  if (status === 403) return 'banned';
  if (status === 429 || LIMITED.has(code)) return 'rate-limited';
  if (code === 10_002) return 'clock';
  if (status === 401 || AUTH.has(code)) return 'auth';
  if (code === 170_121 || (code === 10_001 && /symbol/i.test(message))) return 'unknown-symbol';
  return 'refused';
}

const ADDRESS_BAN_MS = 600_000;
const LONGEST_RESET_MS = 60_000;

function silenceMs(status: number, code: number | null, reply: Reply): number | null {
  if (status === 403) return retryAfterOf(reply.header('retry-after')) ?? ADDRESS_BAN_MS;
  if (status === 429 || code === 10_429) return retryAfterOf(reply.header('retry-after')) ?? 10_000;
  if (code !== 10_006 && code !== 10_018) return null;
  // The account's own limits are of one second each; both times are the exchange's.
  const resetAt = Number(reply.header('x-bapi-limit-reset-timestamp'));
  const now = Number(fieldsOrEmpty(tryJson(reply.text)).time);
  const wait = resetAt - now;
  return wait > 0 && wait <= LONGEST_RESET_MS ? wait : 1_000;
}
