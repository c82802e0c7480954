import type { Decimal, UnixMs, VenueOrderId } from '#shared/domain/basics';
import { isNegative, isZero, sub } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { bad, decimalOf, type Fields, idOf, listOf, positiveOrNull, textOf, timeOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { isAbsence } from './answer';
import type { Params, SignedFamily } from './auth';
import { askMarketEnd } from './klines';
import { toClientId, toSide, toVenueId } from './order-rows';
import type { Rest } from './rest';
import { toWireSymbol } from './symbols';

export interface AccountParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  symbolOf(wireSymbol: string): Promise<Symbol | null>;
  now(): UnixMs;
}

const DAY_MS = 86_400_000;
/** Longest stretch of time one question may cover, a little inside the documented 24 h and 7 days. */
const WINDOW_MS: Record<MarketKind, number> = { spot: DAY_MS - 1, future: 7 * DAY_MS - 1 };
/** Futures answer for the last three months only. Further back on spot, paging by id from the first is cheaper. */
const WINDOWED_MS: Record<MarketKind, number> = { spot: 14 * DAY_MS, future: 89 * DAY_MS };
const PAGE = 1_000;

const TRADES: Record<MarketKind, { family: SignedFamily; path: string }> = {
  spot: { family: 'private', path: 'myTrades' },
  future: { family: 'fapiPrivate', path: 'userTrades' },
};

/**
 * Fills at or after `since` (venue time), oldest first, all pages: windows of time up to the first fill, then by
 * trade id, which has no window.
 * @throws VenueError
 */
export async function fillsSince(
  parts: AccountParts,
  symbol: Symbol,
  since: UnixMs,
): Promise<readonly Fill[]> {
  const marketEnd = await askMarketEnd(parts.rest, symbol);
  if (marketEnd === null) return [];
  const oldest = marketEnd - WINDOWED_MS[parts.market];
  let fills: Fill[] = [];
  let complete = false;
  if (parts.market === 'spot' && since < oldest) fills = await trades(parts, symbol, { fromId: '0' });
  else {
    let start = Math.max(since, oldest);
    while (fills.length === 0 && start <= marketEnd) {
      const end = start + WINDOW_MS[parts.market];
      fills = await trades(parts, symbol, { startTime: String(start), endTime: String(end) });
      start = end + 1;
    }
    complete = start > marketEnd && fills.length < PAGE;
  }
  while (!complete && fills.length > 0) {
    const fromId = String(BigInt(fills.at(-1)!.tradeId) + 1n);
    const page = await trades(parts, symbol, { fromId });
    fills = [...fills, ...page];
    complete = page.length < PAGE;
  }
  const wanted = fills.filter((fill) => fill.venueTime >= since);
  return nameOrders(parts, symbol, wanted);
}

async function trades(parts: AccountParts, symbol: Symbol, range: Params): Promise<Fill[]> {
  const { family, path } = TRADES[parts.market];
  const wire = toWireSymbol(symbol);
  const params = { symbol: wire, limit: String(PAGE), ...range };
  const data = await parts.rest.ask({ family, method: 'GET', path, params });
  const rows = readList(data, `GET ${path}`, (row) => {
    if (textOf(row, 'symbol') !== wire) throw bad(`a trade of another symbol than ${wire}`, row);
    return decodeTradeRow(row, parts.market, symbol, parts.now());
  });
  return rows.sort((a, b) => (BigInt(a.tradeId) < BigInt(b.tradeId) ? -1 : 1));
}

// {"symbol":"BNBBTC","id":28457,"orderId":100234,"price":"4.1","qty":"10","commission":"0.1","commissionAsset":"BNB",
//  "time":1499865549590,"isBuyer":true,"isMaker":false}; USD-M says side, buyer and maker instead
function decodeTradeRow(row: Fields, market: MarketKind, symbol: Symbol, seenAt: UnixMs): Fill {
  const maker = market === 'spot' ? row.isMaker : row.maker;
  if (market === 'spot' && typeof row.isBuyer !== 'boolean') throw bad('trade without a side', row);
  return {
    venue: venueKey('binance', market),
    symbol,
    tradeId: idOf(row, 'id'),
    venueOrderId: toVenueId(row, 'orderId'),
    clientOrderId: null,
    side: market === 'spot' ? (row.isBuyer === true ? 'buy' : 'sell') : toSide(row.side),
    price: decimalOf(row, 'price'),
    amount: decimalOf(row, 'qty'),
    fee: { cost: decimalOf(row, 'commission'), currency: textOf(row, 'commissionAsset') },
    maker: typeof maker === 'boolean' ? maker : null,
    venueTime: timeOf(row, 'time'),
    seenAt,
  };
}

/** Adds our client ids, asking for each order that is not known yet. */
async function nameOrders(
  parts: AccountParts,
  symbol: Symbol,
  fills: readonly Fill[],
): Promise<readonly Fill[]> {
  const unnamed = new Set<VenueOrderId>();
  for (const fill of fills)
    if (parts.names.get(symbol, fill.venueOrderId) === undefined) unnamed.add(fill.venueOrderId);
  for (const orderId of unnamed) await askName(parts, symbol, orderId);
  return fills.map((fill) => ({
    ...fill,
    clientOrderId: parts.names.get(symbol, fill.venueOrderId) ?? null,
  }));
}

/** Orders vanish from the venue after some days; their fills stay, without a name. */
async function askName(parts: AccountParts, symbol: Symbol, orderId: VenueOrderId): Promise<void> {
  const family = parts.market === 'spot' ? 'private' : 'fapiPrivate';
  const params = { symbol: toWireSymbol(symbol), orderId };
  try {
    const data = await parts.rest.ask({ family, method: 'GET', path: 'order', params });
    const name = readAnswer(data, 'GET order', (row) => toClientId(row.clientOrderId));
    if (name !== null) parts.names.set(symbol, orderId, name);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/** Free and locked amounts, zero ones left out. @throws VenueError */
export async function balances(parts: AccountParts): Promise<readonly Balance[]> {
  if (parts.market === 'spot') {
    const call = {
      family: 'private',
      method: 'GET',
      path: 'account',
      params: { omitZeroBalances: 'true' },
    } as const;
    const data = await parts.rest.ask(call);
    const rows = readAnswer(data, 'GET account', (fields) => listOf(fields.balances, 'balances'));
    return nonZero(
      readList(rows, 'GET account', (row) => ({
        asset: textOf(row, 'asset'),
        free: decimalOf(row, 'free'),
        locked: decimalOf(row, 'locked'),
      })),
    );
  }
  const data = await parts.rest.ask({ family: 'fapiPrivateV3', method: 'GET', path: 'balance' });
  return nonZero(readList(data, 'GET balance', decodeFutureBalance));
}

// {"asset":"USDT","balance":"1127.95","availableBalance":"900.10",…}
function decodeFutureBalance(row: Fields): Balance {
  const free = decimalOf(row, 'availableBalance');
  const locked = sub(decimalOf(row, 'balance'), free);
  // Unrealised profit can make more available than the wallet holds; nothing is locked then.
  return { asset: textOf(row, 'asset'), free, locked: isNegative(locked) ? ('0' as Decimal) : locked };
}

const nonZero = (rows: readonly Balance[]): Balance[] =>
  rows.filter((row) => !isZero(row.free) || !isZero(row.locked));

/** Positions of a USD-M account, flat ones left out. @throws VenueError also for an account in hedge mode */
export async function positions(parts: AccountParts): Promise<readonly VenuePosition[]> {
  const data = await parts.rest.ask({ family: 'fapiPrivateV3', method: 'GET', path: 'positionRisk' });
  const rows = readList(data, 'GET positionRisk', (row) => ({
    wire: textOf(row, 'symbol'),
    side: textOf(row, 'positionSide'),
    amount: decimalOf(row, 'positionAmt'),
    entryPrice: positiveOrNull(row, 'entryPrice'),
    liquidationPrice: positiveOrNull(row, 'liquidationPrice'),
  }));
  const held: VenuePosition[] = [];
  for (const { wire, side, amount, entryPrice, liquidationPrice } of rows) {
    if (isZero(amount)) continue;
    if (side !== 'BOTH')
      throw new VenueError('refused', 'the account is in hedge mode; switch it to one-way mode on Binance');
    const symbol = await parts.symbolOf(wire);
    if (symbol !== null) held.push({ symbol, amount, entryPrice, liquidationPrice });
  }
  return held;
}
