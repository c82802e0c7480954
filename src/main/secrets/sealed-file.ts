import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { z } from 'zod';
import type { Random } from '../seams/seams';
import { VaultError } from './vault-error';

/** Memory cost of scrypt, a power of two: 2^17 takes 128 MB and some tenths of a second (OWASP's choice). */
const DEFAULT_COST = 2 ** 17;
const LEAST_COST = 2 ** 15;
const MOST_COST = 2 ** 20;

const base64 = (bytes: number) =>
  z.string().refine((text) => {
    const decoded = Buffer.from(text, 'base64');
    return decoded.length === bytes && decoded.toString('base64') === text;
  }, `must be ${bytes} bytes`);

const SealedFile = z.strictObject({
  format: z.literal('wavedesk-vault'),
  version: z.literal(1),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .number()
      .int()
      .min(LEAST_COST)
      .max(MOST_COST)
      .refine((n) => (n & (n - 1)) === 0, 'must be a power of two'),
    r: z.literal(8),
    p: z.literal(1),
    salt: base64(32),
  }),
  cipher: z.literal('aes-256-gcm'),
  iv: base64(12),
  tag: base64(16),
  data: z.string(),
});
type SealedFile = z.infer<typeof SealedFile>;
type Header = Pick<SealedFile, 'format' | 'version' | 'kdf' | 'cipher'>;

/** A derived key and the header that says how it was derived; kept while the vault is open. */
export interface OpenKey {
  readonly key: Buffer;
  readonly header: Header;
}

function derive(passphrase: string, { n, r, p, salt }: Header['kdf']): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 256 * n * r };
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

// The header is authenticated with the content: nobody can weaken it unseen.
const bound = (header: Header): Buffer =>
  Buffer.from(JSON.stringify([header.format, header.version, header.kdf, header.cipher]));

/** A new key for a new file. `cost` is scrypt's N; at least 2^15. */
export async function createKey(passphrase: string, random: Random, cost = DEFAULT_COST): Promise<OpenKey> {
  const header: Header = {
    format: 'wavedesk-vault',
    version: 1,
    kdf: { name: 'scrypt', n: cost, r: 8, p: 1, salt: Buffer.from(random.bytes(32)).toString('base64') },
    cipher: 'aes-256-gcm',
  };
  return { key: await derive(passphrase, header.kdf), header };
}

/** The file's text: the content encrypted under a fresh nonce. */
export function seal(content: string, { key, header }: OpenKey, random: Random): string {
  const iv = Buffer.from(random.bytes(12));
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  cipher.setAAD(bound(header));
  const data = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]).toString('base64');
  const file: SealedFile = {
    ...header,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

function decodeFile(text: string): SealedFile {
  let file: SealedFile;
  try {
    file = SealedFile.parse(JSON.parse(text));
  } catch {
    // What the parser says could quote the file; the file is not for messages.
    throw new VaultError('unreadable', 'the vault file is cut off or damaged');
  }
  // Two texts for one content would let a changed file pass as the same.
  if (
    `${JSON.stringify(file, null, 1)}\n` !== text ||
    Buffer.from(file.data, 'base64').toString('base64') !== file.data
  ) {
    throw new VaultError('unreadable', 'the vault file is damaged or was edited');
  }
  return file;
}

/** Decrypts with the key. @throws VaultError 'unreadable' or 'wrong-passphrase'. */
export function unseal(text: string, key: Buffer): string {
  const { iv, tag, data, ...header } = decodeFile(text);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(bound(header));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(data, 'base64'), decipher.final()]).toString('utf8');
  } catch {
    throw new VaultError(
      'wrong-passphrase',
      'Wrong passphrase, or the vault file was changed. The file was left as it is; try again.',
    );
  }
}

/** The key of an existing file from its passphrase. @throws VaultError as `unseal`. */
export async function openKey(
  text: string,
  passphrase: string,
): Promise<OpenKey & { readonly content: string }> {
  const { iv: _iv, tag: _tag, data: _data, ...header } = decodeFile(text);
  const key = await derive(passphrase, header.kdf);
  return { key, header, content: unseal(text, key) };
}
