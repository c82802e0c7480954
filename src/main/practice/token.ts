import type { Random } from '../seams/seams';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits from secure bytes, each equally likely. */
export function token(random: Random, length: number): string {
  let text = '';
  while (text.length < length)
    for (const byte of random.bytes(length))
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
  return text;
}
