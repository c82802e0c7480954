import type { Instrument } from '#shared/domain/instrument';
import type { Level } from '#shared/domain/market';
import { bad, listOf, toDecimal } from '../core/fields';
import { toBase } from './contracts';

/**
 * Rows [price, amount, …] of a book. Futures write [price, contracts, orders] (a line of the documentation has the last
 * two the other way round; samples and clients do not).
 * @throws ProtocolError
 */
export function levelsOf(value: unknown, instrument?: Instrument): Level[] {
  return listOf(value ?? [], 'levels').map((row) => {
    if (!Array.isArray(row)) throw bad('a level is not a list', row);
    const amount = toDecimal(row[1], 'amount');
    return [
      toDecimal(row[0], 'price'),
      instrument === undefined ? amount : toBase(amount, instrument),
    ] as const;
  });
}
