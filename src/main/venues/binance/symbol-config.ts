import type { Decimal } from '#shared/domain/basics';
import { isPositive } from '#shared/domain/decimal';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { readList } from '../core/answer';
import { type Fields, integerOf, optionalDecimal, textOf } from '../core/fields';
import { VenueError } from '../venue';
import type { Rest } from './rest';
import { toWireSymbol } from './symbols';

/** What a USD-M account has set for one symbol. */
interface SymbolConfig {
  readonly wire: string;
  readonly leverage: number;
  /** Largest value of a position at this leverage, in quote; null where Binance names none. */
  readonly maxNotional: Decimal | null;
}

// {"symbol":"BTCUSDT","marginType":"CROSSED","isAutoAddMargin":"false","leverage":21,"maxNotionalValue":"1000000"}
const decodeConfig = (row: Fields): SymbolConfig => ({
  wire: textOf(row, 'symbol'),
  leverage: integerOf(row, 'leverage'),
  maxNotional: capOf(row),
});

/** Binance has also written INF for "none" (positionRisk). */
function capOf(row: Fields): Decimal | null {
  if (row.maxNotionalValue === 'INF') return null;
  const cap = optionalDecimal(row, 'maxNotionalValue');
  return cap !== null && isPositive(cap) ? cap : null;
}

/** The leverage that is really set for the symbol. @throws VenueError */
export async function askLeverage(rest: Rest, symbol: Symbol): Promise<number> {
  const wire = toWireSymbol(symbol);
  const params = { symbol: wire };
  const data = await rest.ask({ family: 'fapiPrivate', method: 'GET', path: 'symbolConfig', params });
  const row = readList(data, 'GET symbolConfig', decodeConfig).find((one) => one.wire === wire);
  if (row === undefined || row.leverage < 1)
    throw new VenueError('bad-answer', `GET symbolConfig: no leverage of ${wire}`);
  return row.leverage;
}

/**
 * Adds each instrument's largest position value, which USD-M tells an account only. Asked once: where the answer
 * fails or the vault is locked, the value stays unknown and the public list is not held up.
 */
export async function withMaxNotional(
  rest: Rest,
  listing: Promise<readonly Instrument[]>,
): Promise<readonly Instrument[]> {
  const answered = rest.send({ family: 'fapiPrivate', method: 'GET', path: 'symbolConfig' });
  const [list, answer] = await Promise.all([listing, answered]);
  if (answer.kind !== 'ok') return list;
  const caps = new Map(readCaps(answer.data).map(({ wire, maxNotional }) => [wire, maxNotional]));
  return list.map((one) => ({ ...one, maxNotional: caps.get(one.wireSymbol) ?? one.maxNotional ?? null }));
}

function readCaps(data: unknown): readonly SymbolConfig[] {
  try {
    return readList(data, 'GET symbolConfig', decodeConfig);
  } catch {
    // An unreadable answer leaves the largest values unknown; the exchange itself still refuses what is too large.
    return [];
  }
}
