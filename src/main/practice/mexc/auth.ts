import type { PracticeKey } from '../types';
import { type HttpRequest, headerOf } from '../wire-kit/http';
import { hmac, sameText } from '../wire-kit/signature';
import { WireError } from './wire-error';

const AHEAD_MS = 1_000;
const DEFAULT_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;
const FUTURE_WINDOW_S = 10;

/** Takes `signature=…` out of a query; the rest stays byte for byte as it was sent. */
function splitSignature(raw: string): { readonly payload: string; readonly signature: string | null } {
  const match = /(^|&)signature=([^&]*)/.exec(raw);
  if (match === null) return { payload: raw, signature: null };
  const before = raw.slice(0, match.index);
  const after = raw.slice(match.index + match[0].length);
  return { payload: before === '' ? after.replace(/^&/, '') : before + after, signature: match[2] ?? '' };
}

/** The key behind a signed spot call: HMAC over the query and the body, with nothing between. @throws WireError */
export function checkSpot(
  keys: readonly PracticeKey[],
  request: HttpRequest,
  query: string,
  body: string,
  now: number,
): PracticeKey {
  const key = keys.find((one) => one.apiKey === headerOf(request, 'x-mexc-apikey'));
  if (key === undefined) throw new WireError(10072, 'Api key info invalid');
  const inQuery = splitSignature(query);
  const inBody = splitSignature(body);
  const given = inBody.signature ?? inQuery.signature;
  if (given === null || !sameText(given, hmac('sha256', key.secret, inQuery.payload + inBody.payload)))
    throw new WireError(700002, 'Signature for this request is not valid.');
  const params = new URLSearchParams(`${inQuery.payload}&${inBody.payload}`);
  const windowMs = Number(params.get('recvWindow') ?? DEFAULT_WINDOW_MS);
  if (!(windowMs >= 0 && windowMs <= MAX_WINDOW_MS))
    throw new WireError(700005, 'recvWindow must less than 60000');
  const timestamp = Number(params.get('timestamp') ?? Number.NaN);
  if (!(timestamp < now + AHEAD_MS && now - timestamp <= windowMs))
    throw new WireError(700003, 'Timestamp for this request is outside of the recvWindow.');
  return key;
}

/** The key behind a signed futures call: HMAC over key, time and the query or body as sent. @throws WireError */
export function checkFuture(
  keys: readonly PracticeKey[],
  request: HttpRequest,
  query: string,
  body: string,
  now: number,
): PracticeKey {
  const key = keys.find((one) => one.apiKey === headerOf(request, 'apikey'));
  if (key === undefined) throw new WireError(401, 'Not logged in or login has expired');
  const time = headerOf(request, 'request-time') ?? '';
  const payload = request.method === 'POST' ? body : query;
  if (
    !sameText(
      headerOf(request, 'signature') ?? '',
      hmac('sha256', key.secret, `${key.apiKey}${time}${payload}`),
    )
  )
    throw new WireError(602, 'Signature verification failed!');
  const windowS = Math.min(
    Number(headerOf(request, 'recv-window') ?? FUTURE_WINDOW_S) || FUTURE_WINDOW_S,
    60,
  );
  if (!(Math.abs(now - Number(time)) <= windowS * 1_000)) throw new WireError(513, 'Request time error');
  return key;
}

/** The account behind the login of a futures socket, or why not. */
export function checkLogin(
  keys: readonly PracticeKey[],
  param: Readonly<Record<string, unknown>>,
  now: number,
): { readonly account: string } | { readonly problem: string } {
  const key = keys.find((one) => one.apiKey === param.apiKey);
  if (key === undefined) return { problem: 'API key does not exist' };
  const time = String(param.reqTime ?? '');
  if (!sameText(String(param.signature ?? ''), hmac('sha256', key.secret, key.apiKey + time)))
    return { problem: 'Signature verification failed!' };
  if (!(Math.abs(now - Number(time)) <= FUTURE_WINDOW_S * 1_000)) return { problem: 'Request time error' };
  return { account: key.account };
}
