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

/** Codes after which Binance itself does not know what became of a request. */
const EXECUTION_UNKNOWN: ReadonlySet<number> = new Set([-1000, -1001, -1006, -1007]);

/** Reads a complete HTTP reply. Never throws. */
export function toAnswer(reply: Reply): Answer {
  const { status, text } = reply;
  const body = tryJson(text);
  if (status >= 200 && status < 300) {
    if (body === undefined) return lost(`an answer that is not JSON: ${excerpt(text)}`, 'bad-answer');
    return { kind: 'ok', data: body };
  }
  const { code, message } = errorOf(body, status);
  if (status < 400 || status >= 500 || status === 408 || (code !== null && EXECUTION_UNKNOWN.has(code)))
    return lost(`HTTP ${status}: ${message}`, 'network');
  return {
    kind: 'refused',
    status,
    code,
    message,
    retryAfterMs: silenceMs(status, reply.header('retry-after')),
  };
}

/** -2011 on cancelling, -2013 on asking: the venue has no such order. */
export const isAbsentCode = (code: Refusal['code']): boolean => code === -2011 || code === -2013;
/** True for a question that failed only because there is no such order. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof VenueRefusal && isAbsentCode(error.exchangeCode);

export function errorCodeOf({ status, code }: Refusal): VenueErrorCode {
  if (status === 418) return 'banned';
  if (status === 429 || code === -1003 || code === -1015) return 'rate-limited';
  if (code === -1021) return 'clock';
  if (code === -1121) return 'unknown-symbol';
  return status === 401 || code === -1022 || code === -2014 || code === -2015 ? 'auth' : 'refused';
}

function errorOf(body: unknown, status: number): { code: number | null; message: string } {
  const fields = fieldsOrEmpty(body);
  const code = Number(fields.code);
  return {
    code: Number.isSafeInteger(code) && code !== 0 ? code : null,
    message: typeof fields.msg === 'string' && fields.msg !== '' ? excerpt(fields.msg) : `HTTP ${status}`,
  };
}

function silenceMs(status: number, header: string | null): number | null {
  if (status !== 429 && status !== 418) return null;
  // Binance bans from 2 minutes up when calls go on after a 429.
  return retryAfterOf(header) ?? (status === 418 ? 120_000 : 10_000);
}
