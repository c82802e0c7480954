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
  /** HTTP status; some exchanges refuse with 200. */
  readonly status: number;
  /** The exchange's own code; null when the body carried none. */
  readonly code: number | string | null;
  readonly message: string;
  /** How long the exchange wants silence, ms; null when it named none. */
  readonly retryAfterMs: number | null;
}

/** One complete HTTP reply. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  header(name: string): string | null;
}

const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

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

/** A refusal with the exchange's own code kept, for callers to whom one code means more. */
export class VenueRefusal extends VenueError {
  constructor(
    code: VenueErrorCode,
    message: string,
    readonly exchangeCode: number | string | null,
    retryAfterMs: number | null = null,
  ) {
    super(code, message, retryAfterMs);
  }
}

/** The error a reading call throws for an answer that is not ok; `codeOf` is the exchange's table of codes. */
export function toVenueError(
  answer: Exclude<Answer, { kind: 'ok' }>,
  what: string,
  codeOf: (refusal: Refusal) => VenueErrorCode,
): VenueError {
  if (answer.kind !== 'refused') return new VenueError(answer.cause, `${what}: ${answer.message}`);
  const text = `${what}: ${answer.message}${answer.code === null ? '' : ` (${answer.code})`}`;
  return new VenueRefusal(codeOf(answer), text, answer.code, answer.retryAfterMs);
}

/** The body as JSON; undefined when it is none (an error page of a proxy, say). */
export function tryJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The body as an object, empty when it is another thing. */
export const fieldsOrEmpty = (body: unknown): Fields =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {};

const LONGEST_SILENCE_S = 259_200;

/**
 * Milliseconds of a Retry-After header in seconds, at most three days; null for anything else (a date, a negative
 * number, text), so that the caller takes its own figure.
 */
export function retryAfterOf(header: string | null): number | null {
  const seconds = Number(header);
  if (header === null || !Number.isFinite(seconds) || seconds <= 0) return null;
  return Math.min(seconds, LONGEST_SILENCE_S) * 1_000;
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

/** Text of the exchange, short enough for a log line. */
export const excerpt = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);

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
