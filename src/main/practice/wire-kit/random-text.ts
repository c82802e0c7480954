import type { Random } from '#main/seams/seams';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Unguessable text of letters and digits, six bits each. */
export const randomText = (random: Random, length: number): string =>
  Array.from(random.bytes(length), (byte) => LETTERS[byte & 63]).join('');
