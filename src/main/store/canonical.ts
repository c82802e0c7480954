import { createHash } from 'node:crypto';

/** The hash before the first row. */
export const GENESIS_HASH = '0'.repeat(64);

/**
 * JSON with sorted keys and no spaces: the same value is always the same text, so its hash is too. Keys whose
 * value is undefined are left out, as in JSON.
 * @throws TypeError for what JSON would silently turn into something else (NaN, infinities, functions, undefined
 * in a list): such a record would not say what its maker meant.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`a journal record holds the number ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`a journal record holds a ${typeof value}`);
  const object = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`);
  return `{${members.join(',')}}`;
}

/** The columns of one journal row. */
export interface RawRow {
  readonly seq: number;
  readonly at_wall: number;
  readonly at_market: number;
  readonly kind: string;
  readonly body: string;
  readonly prev_hash: string;
  readonly hash: string;
}

/** SHA-256, hex, over the row and the hash of the row before it. */
export const rowHash = (row: Omit<RawRow, 'hash'>): string =>
  createHash('sha256')
    .update(`${row.seq}|${row.at_wall}|${row.at_market}|${row.kind}|${row.body}|${row.prev_hash}`)
    .digest('hex');
