import type { UnixMs } from '#shared/domain/basics';
import { add, isNegative, isZero, neg, sub, sum, ZERO } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { readAnswer } from '../core/answer';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { toSide } from './decode';
import { CATEGORY } from './endpoints';
import { decodeFill, isFill } from './fill-rows';
import { askMarketEnd } from './klines';
import type { Rest } from './rest';
import { toWireSymbol } from './symbols';

export interface AccountParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  /** The instrument of a wire symbol, the list loaded; null for what we do not trade. @throws VenueError */
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
  now(): UnixMs;
}

const DAY_MS = 86_400_000;
/** Longest stretch of time one question may cover, a little inside the documented 7 days. */
const WINDOW_MS = 7 * DAY_MS - 1;
/** Bybit answers for two years. */
const OLDEST_MS = 2 * 365 * DAY_MS - DAY_MS;

/**
 * Fills at or after `since` (venue time), oldest first, all pages: windows of time, each read by cursor.
 * @throws VenueError
 */
export async function fillsSince(
  parts: AccountParts,
  symbol: Symbol,
  since: UnixMs,
): Promise<readonly Fill[]> {
  const { market, rest } = parts;
  const wire = toWireSymbol(symbol);
  const instrument = await parts.instrumentOf(wire);
  if (instrument === null) throw new VenueError('unknown-symbol', `Bybit lists no ${symbol}`);
  const marketEnd = await askMarketEnd(rest, market, symbol);
  if (marketEnd === null) return [];
  const rows: Row[] = [];
  for (let start = Math.max(since, marketEnd - OLDEST_MS); start <= marketEnd; start += WINDOW_MS + 1) {
    const params = {
      category: CATEGORY[market],
      symbol: wire,
      startTime: start,
      endTime: start + WINDOW_MS,
      limit: 100,
    };
    for (const row of await rest.pages({ access: 'signed', method: 'GET', path: 'execution/list', params }))
      if (isFill(row))
        rows.push(readAnswer(row, 'GET execution/list', (fields) => toRow(fields, parts, instrument, wire)));
  }
  rows.sort((a, b) => a.fill.venueTime - b.fill.venueTime || compare(a.sequence, b.sequence));
  return rows.map(({ fill }) => fill).filter((fill) => fill.venueTime >= since);
}

interface Row {
  readonly fill: Fill;
  /** Equal for the fills of one match. */
  readonly sequence: bigint;
}
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

function toRow(row: Fields, parts: AccountParts, instrument: Instrument, wire: string): Row {
  if (textOf(row, 'symbol') !== wire) throw bad(`a fill of another symbol than ${wire}`, row);
  const named = parts.names.get(instrument.symbol, textOf(row, 'orderId')) ?? null;
  const sequence = /^-?\d+$/.test(String(row.seq)) ? BigInt(String(row.seq)) : 0n;
  return { fill: decodeFill(row, instrument, named, parts.now()), sequence };
}

/**
 * Free and locked amounts, zero ones left out. One wallet serves spot and contracts: what orders of either kind and
 * positions hold is locked.
 * @throws VenueError
 */
export async function balances(parts: AccountParts): Promise<readonly Balance[]> {
  const params = { accountType: 'UNIFIED' };
  const data = await parts.rest.ask({
    access: 'signed',
    method: 'GET',
    path: 'account/wallet-balance',
    params,
  });
  return readAnswer(data, 'GET account/wallet-balance', (fields) => {
    const account = fieldsOf(listOf(fields.list, 'list')[0], 'account');
    const coins = listOf(account.coin, 'coin').map((coin) => decodeCoin(fieldsOf(coin, 'coin')));
    return coins.filter((coin) => !isZero(coin.free) || !isZero(coin.locked));
  });
}

// {"coin":"USDT","equity":"9713.92","walletBalance":"9684.46","locked":"0","totalOrderIM":"0","totalPositionIM":"1950",…}
export function decodeCoin(row: Fields): Balance {
  const total = decimalOf(row, 'walletBalance');
  // Portfolio margin counts by account and leaves the coin's own figures empty.
  const held = sum(
    ['locked', 'totalOrderIM', 'totalPositionIM'].map((name) => optionalDecimal(row, name) ?? ZERO),
  );
  const free = sub(total, held);
  return isNegative(free)
    ? { asset: textOf(row, 'coin'), free: ZERO, locked: add(free, held) }
    : { asset: textOf(row, 'coin'), free, locked: held };
}

/** Positions in linear contracts, flat ones left out. @throws VenueError also for an account in hedge mode */
export async function positions(parts: AccountParts): Promise<readonly VenuePosition[]> {
  const ask = (settleCoin: string): Promise<readonly Fields[]> =>
    parts.rest.pages({
      access: 'signed',
      method: 'GET',
      path: 'position/list',
      params: { category: CATEGORY.future, settleCoin, limit: 200 },
    });
  const rows = (await Promise.all(['USDT', 'USDC'].map(ask))).flat();
  const held: VenuePosition[] = [];
  for (const row of rows) {
    const position = readAnswer(row, 'GET position/list', decodePosition);
    if (position === null) continue;
    const instrument = await parts.instrumentOf(position.wire);
    const { amount, entryPrice, liquidationPrice } = position;
    if (instrument !== null) held.push({ symbol: instrument.symbol, amount, entryPrice, liquidationPrice });
  }
  return held;
}

/**
 * {"positionIdx":0,"symbol":"BTCUSDT","side":"Buy","size":"0.3","avgPrice":"65000","liqPrice":"",…}; the socket says
 * entryPrice instead of avgPrice. Null for a flat one, whose side is "".
 * @throws VenueError for an account in hedge mode
 */
export function decodePosition(row: Fields) {
  const size = decimalOf(row, 'size');
  if (isZero(size)) return null;
  if (row.positionIdx !== 0)
    throw new VenueError('refused', 'the account is in hedge mode; switch it to one-way mode on Bybit');
  return {
    wire: textOf(row, 'symbol'),
    amount: toSide(row.side) === 'buy' ? size : neg(size),
    entryPrice: positiveOrNull(row, 'avgPrice') ?? positiveOrNull(row, 'entryPrice'),
    liquidationPrice: positiveOrNull(row, 'liqPrice'),
  };
}
