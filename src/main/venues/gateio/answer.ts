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

/** Labels after which Gate itself does not know what became of a request. */
const EXECUTION_UNKNOWN: ReadonlySet<string> = new Set(['INTERNAL', 'SERVER_ERROR', 'TOO_BUSY', 'TIMEOUT']);

/** Reads a complete HTTP reply; `now` is the venue's clock in ms. Never throws. */
export function toAnswer(reply: Reply, now: () => number): Answer {
  const { status, text } = reply;
  const body = tryJson(text);
  if (status >= 200 && status < 300) {
    if (body === undefined) return lost(`an answer that is not JSON: ${excerpt(text)}`, 'bad-answer');
    return { kind: 'ok', data: body };
  }
  const { label, message } = errorOf(body, status);
  if (status < 400 || status >= 500 || status === 408 || (label !== null && EXECUTION_UNKNOWN.has(label)))
    return lost(`HTTP ${status}: ${message}`, 'network');
  return { kind: 'refused', status, code: label, message, retryAfterMs: silenceMs(reply, label, now) };
}

// {"label":"INVALID_PARAM_VALUE","message":"…"}; some futures errors say `detail` instead
function errorOf(body: unknown, status: number): { label: string | null; message: string } {
  const fields = fieldsOrEmpty(body);
  const words = [fields.message, fields.detail].find((one) => typeof one === 'string' && one !== '');
  return {
    label: typeof fields.label === 'string' && fields.label !== '' ? fields.label : null,
    message: words === undefined ? `HTTP ${status}` : excerpt(String(words)),
  };
}

const TOO_MANY: ReadonlySet<unknown> = new Set(['TOO_MANY_REQUESTS', 'TOO_FAST']);
const WINDOW_MS = 10_000;

/** Limits count in windows of ten seconds; the reply says when the running one ends. */
function silenceMs(reply: Reply, label: string | null, now: () => number): number | null {
  if (reply.status === 418) return retryAfterOf(reply.header('retry-after')) ?? 120_000;
  if (reply.status !== 429 && !TOO_MANY.has(label)) return null;
  const named = retryAfterOf(reply.header('retry-after'));
  if (named !== null) return named;
  const reset = Number(reply.header('x-gate-ratelimit-reset-timestamp'));
  const waitMs = (reset > 1e12 ? reset : reset * 1_000) - now();
  return Number.isFinite(waitMs) && waitMs > 0 && waitMs < 60_000 ? Math.ceil(waitMs) : WINDOW_MS;
}

const ABSENT: ReadonlySet<unknown> = new Set([
  'ORDER_NOT_FOUND',
  'CLIENT_ID_NOT_FOUND',
  'AUTO_ORDER_NOT_FOUND',
]);
const OVER: ReadonlySet<unknown> = new Set(['ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_FINISHED']);

/** The venue has no such open order: unknown to it, or over. */
export const isNotOpenLabel = (code: Refusal['code']): boolean => ABSENT.has(code) || OVER.has(code);
/** True for a question that failed only because there is no such order. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof VenueRefusal && ABSENT.has(error.exchangeCode);

const AUTH: ReadonlySet<unknown> = new Set([
  'INVALID_KEY',
  'INVALID_SIGNATURE',
  'INVALID_CREDENTIALS',
  'MISSING_REQUIRED_HEADER',
  'IP_FORBIDDEN',
  'READ_ONLY',
  'FORBIDDEN',
  'USER_NOT_FOUND',
]);
const NO_SYMBOL: ReadonlySet<unknown> = new Set([
  'INVALID_CURRENCY_PAIR',
  'INVALID_CURRENCY',
  'CONTRACT_NOT_FOUND',
]);

export function errorCodeOf({ status, code }: Refusal): VenueErrorCode {
  if (status === 418) return 'banned';
  if (status === 429 || TOO_MANY.has(code)) return 'rate-limited';
  if (code === 'REQUEST_EXPIRED') return 'clock';
  if (NO_SYMBOL.has(code)) return 'unknown-symbol';
  return status === 401 || AUTH.has(code) ? 'auth' : 'refused';
}
