import { VenueError, type VenueErrorCode } from '../venue';
import { bad, type Fields, fieldsOf, parseJson } from './fields';

/**
 * What came back from one HTTP request. `refused`: the venue said no and did nothing. `not-sent`: no byte of the
 * request left. `lost`: it may have been acted on.
 */
export type Answer =
  | { readonly kind: 'ok'; readonly data: unknown }
  | Refusal
  | { readonly kind: 'not-sent'; readonly message: string; readonly cause: 'network' | 'auth' }
  | { readonly kind: 'lost'; readonly message: string; readonly cause: 'network' | 'bad-answer' };

export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  /** Binance's code; null when the body carried none. */
  readonly code: number | null;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** Codes after which Binance itself does not know what became of a request. */
const EXECUTION_UNKNOWN: ReadonlySet<number> = new Set([-1000, -1001, -1006, -1007]);
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Reads a complete HTTP reply. Never throws. */
export function toAnswer(status: number, retryAfter: string | null, text: string): Answer {
  const body = tryJson(text);
  if (status >= 200 && status < 300) {
    if (body === undefined) return lost(`an answer that is not JSON: ${excerpt(text)}`, 'bad-answer');
    return { kind: 'ok', data: body };
  }
  const { code, message } = errorOf(body, status);
  if (status < 400 || status >= 500 || status === 408 || (code !== null && EXECUTION_UNKNOWN.has(code)))
    return lost(`HTTP ${status}: ${message}`, 'network');
  return { kind: 'refused', status, code, message, retryAfterMs: retryAfterMs(status, retryAfter) };
}

/** Reads what `fetch` threw. Only a connection that was never made counts as not sent. */
export function toFailure(error: unknown): Answer {
  const code = codeOf(error);
  if (code !== null && NEVER_CONNECTED.has(code))
    return { kind: 'not-sent', message: `no connection (${code})`, cause: 'network' };
  // The message of a fetch error can quote the signed address, so only its code is passed on.
  return lost(`the connection broke before the answer came${code === null ? '' : ` (${code})`}`, 'network');
}

export const lost = (message: string, cause: 'network' | 'bad-answer'): Answer => ({
  kind: 'lost',
  message,
  cause,
});

/** A refusal with Binance's own code kept, for callers to whom one code means more. */
export class BinanceRefusal extends VenueError {
  constructor(
    code: VenueErrorCode,
    message: string,
    readonly exchangeCode: number | null,
    retryAfterMs: number | null = null,
  ) {
    super(code, message, retryAfterMs);
  }
}

/** -2011 on cancelling, -2013 on asking: the venue has no such order. */
export const isAbsentCode = (code: number | null): boolean => code === -2011 || code === -2013;
/** True for a question that failed only because there is no such order. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof BinanceRefusal && isAbsentCode(error.exchangeCode);

/** The error a reading call throws for an answer that is not ok. */
export function toVenueError(answer: Exclude<Answer, { kind: 'ok' }>, what: string): VenueError {
  if (answer.kind !== 'refused') return new VenueError(answer.cause, `${what}: ${answer.message}`);
  const text = `${what}: ${answer.message}${answer.code === null ? '' : ` (${answer.code})`}`;
  return new BinanceRefusal(errorCodeOf(answer), text, answer.code, answer.retryAfterMs);
}

function errorCodeOf({ status, code }: Refusal): VenueErrorCode {
  if (status === 418) return 'banned';
  if (status === 429 || code === -1003 || code === -1015) return 'rate-limited';
  if (code === -1021) return 'clock';
  if (code === -1121) return 'unknown-symbol';
  return status === 401 || code === -1022 || code === -2014 || code === -2015 ? 'auth' : 'refused';
}

function tryJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function errorOf(body: unknown, status: number): { code: number | null; message: string } {
  const fields: Fields =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {};
  const code = Number(fields.code);
  return {
    code: Number.isSafeInteger(code) && code !== 0 ? code : null,
    message: typeof fields.msg === 'string' && fields.msg !== '' ? excerpt(fields.msg) : `HTTP ${status}`,
  };
}

function retryAfterMs(status: number, header: string | null): number | null {
  if (status !== 429 && status !== 418) return null;
  const seconds = Number(header);
  if (header !== null && Number.isFinite(seconds) && seconds > 0) return Math.min(seconds, 259_200) * 1_000;
  // Binance bans from 2 minutes up when calls go on after a 429.
  return status === 418 ? 120_000 : 10_000;
}

function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code = (at as Error & { code?: unknown }).code;
    if (typeof code === 'string') return code;
    // Node words a failed connection as "connect ECONNREFUSED 127.0.0.1:1".
    const worded = /^connect (E[A-Z]+)\b/.exec(at.message)?.[1];
    if (worded !== undefined) return worded;
  }
  return null;
}

const excerpt = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);

/** The reply as an object, or a VenueError: an unexpected shape is never taken for an answer. */
export function readAnswer<T>(data: unknown, what: string, read: (fields: Fields) => T): T {
  try {
    return read(fieldsOf(data, what));
  } catch (error) {
    throw badAnswer(error, what);
  }
}

/** Same for a list; one unreadable row spoils the answer, because a gap in it could hide a stop or a fill. */
export function readList<T>(data: unknown, what: string, read: (fields: Fields) => T): T[] {
  try {
    if (!Array.isArray(data)) throw bad('not a list', data);
    return data.map((row: unknown) => read(fieldsOf(row, what)));
  } catch (error) {
    throw badAnswer(error, what);
  }
}

const badAnswer = (error: unknown, what: string): VenueError =>
  error instanceof VenueError
    ? error
    : new VenueError('bad-answer', `${what}: ${error instanceof Error ? error.message : String(error)}`);
