import type { PracticeKey } from '../types';
import { hmac, sameText } from '../wire-kit/signature';
import { WireError } from './wire-error';

const DEFAULT_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;
/** How far a request may be ahead of the server's clock. */
const AHEAD_MS = 1_000;

/** Takes `signature=…` out of a query or form; the rest stays byte for byte as it was sent. */
export function splitSignature(raw: string): { readonly payload: string; readonly signature: string | null } {
  const match = /(^|&)signature=([^&]*)/.exec(raw);
  if (match === null) return { payload: raw, signature: null };
  const before = raw.slice(0, match.index);
  const after = raw.slice(match.index + match[0].length);
  const rest = before === '' ? after.replace(/^&/, '') : before + after;
  // A hex signature has nothing to decode; what is not hex will not match.
  return { payload: rest, signature: match[2] ?? '' };
}

export function findKey(keys: readonly PracticeKey[], apiKey: string | undefined): PracticeKey {
  if (apiKey === undefined || !/^[A-Za-z0-9_-]{1,128}$/.test(apiKey))
    throw new WireError(-2014, 'API-key format invalid.', 401);
  const key = keys.find((one) => one.apiKey === apiKey);
  if (key === undefined) throw new WireError(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
  return key;
}

/** Checks a signature over `payload`. @throws WireError -1022 */
export function checkSignature(key: PracticeKey, payload: string, signature: string): void {
  if (!sameText(signature.toLowerCase(), hmac('sha256', key.secret, payload)))
    throw new WireError(-1022, 'Signature for this request is not valid.');
}

/** What the websocket API signs: every parameter but the signature, sorted by name, unencoded. */
export const webSocketPayload = (params: Readonly<Record<string, unknown>>): string =>
  Object.keys(params)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${String(params[name])}`)
    .join('&');

/**
 * Binance's rule: timestamp < server + 1000 and server - timestamp <= recvWindow, on the wall clock.
 * @throws WireError -1021, -1131, -1102
 */
export function checkTime(
  timestampText: string | undefined,
  windowText: string | undefined,
  now: number,
): void {
  if (timestampText === undefined || !/^\d{1,17}$/.test(timestampText))
    throw new WireError(-1102, "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.");
  const windowMs = windowText === undefined ? DEFAULT_WINDOW_MS : Number(windowText);
  if (!(windowMs >= 0 && windowMs <= MAX_WINDOW_MS))
    throw new WireError(-1131, 'recvWindow must be less than 60000.');
  const given = Number(timestampText);
  // Sixteen digits are microseconds.
  const timestamp = given >= 1e15 ? given / 1000 : given;
  if (timestamp >= now + AHEAD_MS)
    throw new WireError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (now - timestamp > windowMs)
    throw new WireError(-1021, 'Timestamp for this request is outside of the recvWindow.');
}
