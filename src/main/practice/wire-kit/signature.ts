import { createHmac, timingSafeEqual } from 'node:crypto';

export const hmac = (
  algorithm: 'sha256' | 'sha512',
  secret: string,
  payload: string,
  encoding: 'hex' | 'base64' = 'hex',
): string => createHmac(algorithm, secret).update(payload).digest(encoding);

/** Compares two texts in constant time. */
export function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
