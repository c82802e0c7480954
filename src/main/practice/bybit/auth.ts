import type { PracticeKey } from '../types';
import { hmac, sameText } from '../wire-kit/signature';
import { WireError } from './wire-error';

const DEFAULT_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;
/** How far a request may be ahead of the server's clock. */
const AHEAD_MS = 1_000;

export interface SignedRequest {
  readonly apiKey: string | undefined;
  readonly timestamp: string | undefined;
  readonly recvWindow: string | undefined;
  readonly signature: string | undefined;
  /** The raw query of a GET, the raw body of a POST. */
  readonly payload: string;
}

/**
 * Bybit's rule: HMAC of timestamp + key + window + payload, and server - window <= timestamp < server + 1000.
 * @throws WireError 10003, 10004, 10002
 */
export function checkRequest(keys: readonly PracticeKey[], request: SignedRequest, now: number): PracticeKey {
  const { apiKey, timestamp = '', recvWindow, signature = '' } = request;
  if (apiKey === undefined) throw new WireError(10_003, 'API key is invalid.', 401);
  const key = keys.find((one) => one.apiKey === apiKey);
  if (key === undefined) throw new WireError(10_003, 'API key is invalid.');
  const windowMs = recvWindow === undefined ? DEFAULT_WINDOW_MS : Number(recvWindow);
  if (!(windowMs >= 0 && windowMs <= MAX_WINDOW_MS))
    throw new WireError(10_002, 'invalid request, recv_window is out of range');
  const given = Number(timestamp);
  if (!/^\d{13}$/.test(timestamp) || given < now - windowMs || given >= now + AHEAD_MS)
    throw new WireError(
      10_002,
      `invalid request, please check your server timestamp or recv_window param. req_timestamp[${timestamp.slice(0, 20)}],server_timestamp[${now}],recv_window[${windowMs}]`,
    );
  const origin = `${timestamp}${apiKey}${recvWindow ?? ''}${request.payload}`;
  if (!sameText(signature.toLowerCase(), hmac('sha256', key.secret, origin)))
    throw new WireError(10_004, 'error sign! please check your signature generation algorithm.');
  return key;
}

/** Signs a socket in: [key, expires, signature of "GET/realtime" + expires]. A refusal is words. */
export function checkSocket(
  keys: readonly PracticeKey[],
  args: readonly unknown[],
  now: number,
): PracticeKey | string {
  const [apiKey, expires, signature] = args.map(String);
  // Told in these words, whatever is wrong with the time.
  if (args.length !== 3 || !(Number(expires) > now)) return 'Params Error';
  const key = keys.find((one) => one.apiKey === apiKey);
  if (key === undefined) return 'Invalid apikey';
  const expected = hmac('sha256', key.secret, `GET/realtime${expires}`);
  return sameText((signature ?? '').toLowerCase(), expected) ? key : 'error sign!';
}
