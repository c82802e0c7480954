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
import type { VenueErrorCode } from '../venue';

/**
 * Codes after which Bitget itself does not know what became of a request: time-outs and its weekly releases.
 * 40010 request timed out, 40015 system is being updated, 40725 service returned an error, 45001 unknown error.
 */
const EXECUTION_UNKNOWN: ReadonlySet<string> = new Set(['40010', '40015', '40725', '45001']);
/** Key, signature, passphrase, permission, address, or a key of the other kind of account. */
const AUTH: ReadonlySet<string> = new Set([
  ...['40001', '40002', '40003', '40006', '40009', '40011', '40012', '40014', '40018', '40037'],
  ...['40084', '40085'],
]);
const CLOCK: ReadonlySet<string> = new Set(['40005', '40008']);
const UNKNOWN_SYMBOL: ReadonlySet<string> = new Set(['40034', '40102', '40309', '25100']);
/** 43001 and 40768 order, 40109 its data, 43025 trigger order, 25204 unified account: there is no such order. */
const ABSENT: ReadonlySet<string> = new Set(['43001', '40768', '40109', '43025', '25204']);

/** Reads a complete HTTP reply: {"code":"00000","msg":"success","requestTime":…,"data":…}. Never throws. */
export function toAnswer(reply: Reply): Answer {
  const { status, text } = reply;
  const body = tryJson(text);
  const { code, msg, message, data } = fieldsOrEmpty(body);
  if (status >= 200 && status < 300) {
    if (body === undefined) return lost(`an answer that is not JSON: ${excerpt(text)}`, 'bad-answer');
    if (String(code) === '00000') return { kind: 'ok', data };
    if (code === undefined || code === null)
      return lost(`an answer without a code: ${excerpt(text)}`, 'bad-answer');
  }
  const words = [msg, message].find((one): one is string => typeof one === 'string' && one !== '');
  const told = words === undefined ? `HTTP ${status}` : excerpt(words);
  const said = code === undefined || code === null || code === '' ? null : String(code);
  const clear = status < 500 && status !== 408 && (status >= 400 || said !== null);
  if (!clear || (said !== null && EXECUTION_UNKNOWN.has(said)))
    return lost(`HTTP ${status}: ${told}`, 'network');
  return {
    kind: 'refused',
    status,
    code: said,
    message: explained(said, told),
    retryAfterMs: silenceMs(reply, said),
  };
}

/** Bitget's words for a key of the other kind of account do not say what to do. */
const explained = (code: string | null, message: string): string =>
  code === '40085'
    ? `${message} - the key belongs to a unified account, and Wavedesk trades classic accounts only`
    : message;

export const isAbsentCode = (code: Refusal['code']): boolean => code !== null && ABSENT.has(String(code));
/** True for a question that failed only because there is no such order. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof VenueRefusal && isAbsentCode(error.exchangeCode);

export function errorCodeOf({ status, code }: Refusal): VenueErrorCode {
  const said = String(code);
  if (isThrottled(status, code)) return 'rate-limited';
  if (AUTH.has(said)) return 'auth';
  if (CLOCK.has(said)) return 'clock';
  if (UNKNOWN_SYMBOL.has(said)) return 'unknown-symbol';
  if (status === 403 && code === null) return 'banned';
  return status === 401 ? 'auth' : 'refused';
}

const isThrottled = (status: number, code: Refusal['code']): boolean =>
  status === 429 || String(code) === '429';

/** One call too many in a second waits a second; above 6,000 a minute the address is shut out for five minutes. */
const THROTTLE_MS = 1_000;
const BAN_MS = 300_000;
function silenceMs(reply: Reply, code: string | null): number | null {
  const throttled = isThrottled(reply.status, code);
  const banned = reply.status === 403 && code === null;
  if (!throttled && !banned) return null;
  return retryAfterOf(reply.header('retry-after')) ?? (banned ? BAN_MS : THROTTLE_MS);
}
