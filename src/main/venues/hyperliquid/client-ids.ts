import { ClientOrderId } from '#shared/domain/basics';

/**
 * Hyperliquid takes one kind of client id, 128 bits in hex. Ours, text of at most 24 letters of a-z, 0-9 and "-", are
 * written as a number in base 38 (digits 1 to 37, so that length counts) under the two highest bits "10", which small
 * numbers of other programs do not carry. 38^24 is below 2^126.
 */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789-';
const BASE = 38n;
const LONGEST = 24;
const MARK = 1n << 127n;
const MOST = BASE ** BigInt(LONGEST);
const CLOID = /^0x[0-9a-f]{32}$/;

/** The id as Hyperliquid takes it; null for one that does not fit its 128 bits. */
export function toCloid(id: string): string | null {
  if (CLOID.test(id)) return id;
  if (id.length === 0 || id.length > LONGEST) return null;
  let value = 0n;
  for (const letter of id) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = value * BASE + BigInt(digit + 1);
  }
  return `0x${(MARK + value).toString(16)}`;
}

/** Our id again, or the hex itself where another program chose it; null for what is no client id. */
export function fromCloid(cloid: unknown): ClientOrderId | null {
  if (typeof cloid !== 'string' || !CLOID.test(cloid)) return null;
  return ClientOrderId.parse(decode(BigInt(cloid)) ?? cloid);
}

function decode(value: bigint): string | null {
  if (value < MARK || value - MARK >= MOST) return null;
  let text = '';
  for (let rest = value - MARK; rest > 0n; rest /= BASE) {
    const digit = Number(rest % BASE);
    if (digit === 0) return null;
    text = ALPHABET[digit - 1] + text;
  }
  return text === '' ? null : text;
}
