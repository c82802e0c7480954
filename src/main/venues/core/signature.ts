import { createHmac, createPrivateKey, sign as signBytes } from 'node:crypto';

/** HMAC-SHA256 in hex for a plain secret; base64 for an RSA or Ed25519 private key in PEM. */
export function signature(secret: string, payload: string): string {
  if (!secret.includes('PRIVATE KEY')) return createHmac('sha256', secret).update(payload).digest('hex');
  const key = createPrivateKey(secret);
  const digest = key.asymmetricKeyType === 'rsa' ? 'sha256' : null;
  return signBytes(digest, Buffer.from(payload), key).toString('base64');
}
