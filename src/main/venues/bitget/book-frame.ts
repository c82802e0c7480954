import { bad, type Fields } from '../core/fields';
import { updateId } from './book-sync';

/** Digits of an update id, whether the exchange printed it bare or quoted; null when it is not there. */
export function sequenceText(row: Fields, name: 'seq' | 'pseq'): string | null {
  const value = row[name];
  if (value === undefined || value === null) return null;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text))
    throw bad(`field ${name} is not an update id`, row);
  return text;
}

/** The update a book message brings and the one before it, as {@link updateId}s. @throws ProtocolError */
export function sequenceOf(row: Fields): { readonly last: number; readonly previousLast: number | null } {
  const seq = sequenceText(row, 'seq');
  if (seq === null) throw bad('a book without an update id', row);
  const pseq = sequenceText(row, 'pseq');
  return { last: updateId(seq), previousLast: pseq === null ? null : updateId(pseq) };
}

/**
 * The frame with its bare update ids in quotes, so that reading it costs no search for other long numbers: on these
 * sockets everything else of length is text already.
 */
export const quoteUpdateIds = (text: string): string =>
  text.includes('"seq":') ? text.replace(/"(p?seq)":(\d+)(?=[,}\s])/g, '"$1":"$2"') : text;
