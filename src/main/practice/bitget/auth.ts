import type { PracticeKey } from '../types';
import { type HttpRequest, headerOf } from '../wire-kit/http';
import { hmac, sameText } from '../wire-kit/signature';
import { WireError } from './wire-error';

const WINDOW_MS = 30_000;

export interface Signed {
  readonly method: string;
  /** Begins with "/api". */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly body: string;
}

/** The key behind a signed request. @throws WireError in the order in which Bitget checks */
export function authenticate(
  keys: readonly PracticeKey[],
  request: HttpRequest,
  { method, path, query, body }: Signed,
  now: number,
): PracticeKey {
  const [id, sign, timestamp, passphrase] = [
    'access-key',
    'access-sign',
    'access-timestamp',
    'access-passphrase',
  ].map((name) => headerOf(request, name));
  if (!id) throw new WireError('40001', 'ACCESS_KEY cannot be empty');
  if (!sign) throw new WireError('40002', 'ACCESS_SIGN cannot be empty');
  if (!timestamp) throw new WireError('40003', 'Signature cannot be empty');
  if (!passphrase) throw new WireError('40011', 'ACCESS_PASSPHRASE cannot be empty');
  if (!/^\d{10,16}$/.test(timestamp)) throw new WireError('40005', 'Invalid ACCESS_TIMESTAMP');
  if (Math.abs(now - Number(timestamp)) > WINDOW_MS)
    throw new WireError('40008', 'Request timestamp expired');
  const key = keys.find((one) => sameText(id, one.apiKey));
  if (key === undefined) throw new WireError('40037', 'Apikey does not exist');
  if (!sameText(passphrase, key.passphrase ?? ''))
    throw new WireError('40012', 'apikey/password is incorrect');
  const queries = query === '' ? [''] : [`?${query}`, `?${decoded(query)}`];
  // Some sign the query as it travels, ccxt the decoded one; the exchange takes both.
  const fits = queries.some((text) =>
    sameText(sign, hmac('sha256', key.secret, `${timestamp}${method}${path}${text}${body}`, 'base64')),
  );
  if (!fits) throw new WireError('40009', 'sign signature error');
  return key;
}

function decoded(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch {
    return query;
  }
}

/** A refusal of a login on a socket, with the code of a websocket. */
export class LoginError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The key behind a login frame's first argument. @throws LoginError */
export function readLogin(keys: readonly PracticeKey[], args: unknown, now: number): PracticeKey {
  const [first] = Array.isArray(args) ? (args as readonly unknown[]) : [];
  const { apiKey, passphrase, timestamp, sign } = (first ?? {}) as Record<string, unknown>;
  const key = keys.find((one) => sameText(String(apiKey), one.apiKey));
  if (key === undefined) throw new LoginError(30011, 'Invalid ACCESS_KEY');
  if (!sameText(String(passphrase), key.passphrase ?? ''))
    throw new LoginError(30012, 'Invalid ACCESS_PASSPHRASE');
  const text = String(timestamp);
  // Ten digits are seconds, thirteen milliseconds: the documentation has both.
  if (!/^(\d{10}|\d{13})$/.test(text)) throw new LoginError(30013, 'Invalid ACCESS_TIMESTAMP');
  const at = text.length === 10 ? Number(text) * 1_000 : Number(text);
  if (Math.abs(now - at) > WINDOW_MS) throw new LoginError(30014, 'Request timestamp expired');
  const wanted = hmac('sha256', key.secret, `${text}GET/user/verify`, 'base64');
  if (!sameText(String(sign), wanted)) throw new LoginError(30015, 'Invalid sign');
  return key;
}
