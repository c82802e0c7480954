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

/** The exchange names no time; its budget is counted by the minute. */
const SILENCE_MS = 10_000;

/**
 * Reads a complete HTTP reply. Never throws. Errors are text: 422 for a body that cannot be read, 429 over the weight,
 * 500 with null for anything else; a refused action is {"status":"err","response":"…"} with 200.
 */
export function toAnswer(reply: Reply): Answer {
  const { status, text } = reply;
  if (status >= 200 && status < 300) {
    const data = tryJson(text);
    if (data === undefined) return lost(`an answer that is not JSON: ${excerpt(text)}`, 'bad-answer');
    const { status: word, response } = fieldsOrEmpty(data);
    return word === 'err' ? refusal(200, String(response), null) : { kind: 'ok', data };
  }
  const message = text === '' || text === 'null' ? `HTTP ${status}` : `HTTP ${status}: ${excerpt(text)}`;
  if (status < 400 || status >= 500 || status === 408) return lost(message, 'network');
  const waitMs = status === 429 ? (retryAfterOf(reply.header('retry-after')) ?? SILENCE_MS) : null;
  return refusal(status, message, waitMs);
}

const refusal = (status: number, message: string, retryAfterMs: number | null): Refusal => ({
  kind: 'refused',
  status,
  code: null,
  message: excerpt(message),
  retryAfterMs,
});

/** There are no codes: a refusal is known by its words. */
export function errorCodeOf({ status, message }: Refusal): VenueErrorCode {
  if (status === 429 || /^Too many cumulative requests/.test(message)) return 'rate-limited';
  // "User or API Wallet 0x… does not exist.": unknown key, or the signature is of another text.
  if (status === 401 || status === 403 || /API Wallet .* does not exist/.test(message)) return 'auth';
  return /nonce|expire/i.test(message) ? 'clock' : 'refused';
}

/** "Order was never placed, already canceled, or filled. asset=0" */
export const isAbsentText = (message: string): boolean => /never placed, already canceled/.test(message);
/** A client id that an order has already. */
export const isDuplicateText = (message: string): boolean =>
  /duplicate|already (exists|in use|used)/i.test(message);
