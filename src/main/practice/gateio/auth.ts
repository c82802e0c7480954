import { createHash } from 'node:crypto';
import type { PracticeKey } from '../types';
import { hmac, sameText } from '../wire-kit/signature';
import { WireError } from './wire-error';

/** How far the time of a request may be off. */
const WINDOW_S = 60;

export interface Signed {
  readonly method: string;
  /** With /api/v4 in front. */
  readonly path: string;
  /** Unescaped, in the order it was sent. */
  readonly query: string;
  readonly body: string;
  readonly key: string | undefined;
  readonly time: string | undefined;
  readonly signature: string | undefined;
}

/** What REST signs: method, path, query, hash of the body and time, a line each. */
export const restPayload = ({ method, path, query, body, time }: Omit<Signed, 'key' | 'signature'>): string =>
  [method, path, query, createHash('sha512').update(body).digest('hex'), time].join('\n');

/** @throws WireError */
export function checkSigned(keys: readonly PracticeKey[], signed: Signed, nowMs: number): PracticeKey {
  const { key: apiKey, time, signature } = signed;
  for (const [name, value] of [
    ['KEY', apiKey],
    ['Timestamp', time],
    ['SIGN', signature],
  ] as const)
    if (value === undefined || value === '')
      throw new WireError('MISSING_REQUIRED_HEADER', `Missing required header: ${name}`, 401);
  const key = keys.find((one) => one.apiKey === apiKey);
  if (key === undefined) throw new WireError('INVALID_KEY', 'Invalid key provided', 401);
  checkTime(time ?? '', nowMs);
  if (!sameText(signature ?? '', hmac('sha512', key.secret, restPayload(signed))))
    throw new WireError('INVALID_SIGNATURE', 'Signature mismatch', 401);
  return key;
}

function checkTime(time: string, nowMs: number): void {
  if (/^\d{1,12}$/.test(time) && Math.abs(nowMs / 1_000 - Number(time)) <= WINDOW_S) return;
  throw new WireError(
    'REQUEST_EXPIRED',
    `gap between request Timestamp and server time exceeds ${WINDOW_S}`,
    403,
  );
}

/** One private subscription: proves channel, event and time. @throws WireError */
export function checkChannel(
  keys: readonly PracticeKey[],
  asked: { readonly channel: string; readonly event: string; readonly time: unknown; readonly auth: unknown },
  nowMs: number,
): PracticeKey {
  const auth = (typeof asked.auth === 'object' && asked.auth !== null ? asked.auth : {}) as Record<
    string,
    unknown
  >;
  const key = keys.find((one) => one.apiKey === auth.KEY);
  if (key === undefined) throw new WireError('INVALID_KEY', 'Invalid key provided', 401);
  checkTime(String(asked.time), nowMs);
  const payload = `channel=${asked.channel}&event=${asked.event}&time=${String(asked.time)}`;
  if (!sameText(String(auth.SIGN ?? ''), hmac('sha512', key.secret, payload)))
    throw new WireError('INVALID_SIGNATURE', 'Signature mismatch', 401);
  return key;
}
