import { type UnixMs, unixMs, type VenueOrderId } from '#shared/domain/basics';
import { add, isZero, neg } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import {
  bad,
  decimalOf,
  type Fields,
  integerOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { isAbsence } from './answer';
import { planRows } from './conditional';
import { toBase } from './contracts';
import { decodeFutureFill, decodeSpotFill } from './fills';
import { askMarketEnd } from './klines';
import { askPages, ofSymbol } from './lists';
import { toClientId } from './order-rows';
import type { PlanNames } from './plan-names';
import type { Rest } from './rest';
import { toWireSymbol } from './symbols';

export interface AccountParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  readonly plans: PlanNames;
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
  now(): UnixMs;
}

const DAY_MS = 86_400_000;
/** Spot answers for the last month only, futures for 90 days. */
const OLDEST_MS: Record<MarketKind, number> = { spot: 30 * DAY_MS, future: 89 * DAY_MS };
const WINDOW_MS = 7 * DAY_MS - 1;
const SPOT_PAGE = 100;
const FUTURE_PAGE = 1_000;

/** Fills at or after `since` (venue time), oldest first, all pages. @throws VenueError */
export async function fillsSince(
  parts: AccountParts,
  symbol: Symbol,
  since: UnixMs,
): Promise<readonly Fill[]> {
  const instrument = await parts.instrumentOf(toWireSymbol(symbol));
  if (instrument === null) throw new VenueError('unknown-symbol', `MEXC lists no ${symbol}`);
  const { market, rest } = parts;
  const marketEnd = await askMarketEnd({ market, rest, instrument });
  if (marketEnd === null) return [];
  const ask = market === 'spot' ? spotFills : futureFills;
  const fills = new Map<string, Fill>();
  for (
    let start = Math.max(since, marketEnd - OLDEST_MS[market]);
    start <= marketEnd;
    start += WINDOW_MS + 1
  ) {
    const end = Math.min(start + WINDOW_MS, marketEnd);
    for (const fill of await ask(parts, instrument, start, end)) fills.set(fill.tradeId, fill);
  }
  const inOrder = [...fills.values()]
    .filter((fill) => fill.venueTime >= since)
    .sort((a, b) => a.venueTime - b.venueTime || compareIds(a.tradeId, b.tradeId));
  return nameOrders(parts, instrument, inOrder);
}

const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/** There is no paging by id: a window that comes back full is asked again in halves. */
async function spotFills(
  parts: AccountParts,
  instrument: Instrument,
  start: number,
  end: number,
): Promise<readonly Fill[]> {
  const params = { symbol: instrument.wireSymbol, startTime: start, endTime: end, limit: SPOT_PAGE };
  const data = await parts.rest.ask({ family: 'spot', method: 'GET', path: 'myTrades', params });
  const fills = readList(data, 'GET myTrades', (row) =>
    decodeSpotFill(ofSymbol(row, instrument.wireSymbol), instrument, unixMs(parts.now())),
  );
  if (fills.length < SPOT_PAGE) return fills;
  if (start >= end) throw new VenueError('bad-answer', 'more fills within a millisecond than MEXC tells of');
  const middle = Math.floor((start + end) / 2);
  const earlier = await spotFills(parts, instrument, start, middle);
  return [...earlier, ...(await spotFills(parts, instrument, middle + 1, end))];
}

async function futureFills(
  parts: AccountParts,
  instrument: Instrument,
  start: number,
  end: number,
): Promise<readonly Fill[]> {
  const params = { symbol: instrument.wireSymbol, start_time: start, end_time: end };
  const rows = await askPages(parts.rest, 'order/list/order_deals/v3', params, FUTURE_PAGE);
  return readList(rows, 'GET order_deals', (row) =>
    decodeFutureFill(ofSymbol(row, instrument.wireSymbol), instrument, parts.now()),
  );
}

/** Adds our client ids, asking for each order that is not known yet; fired stops are known by their trigger order. */
async function nameOrders(
  parts: AccountParts,
  instrument: Instrument,
  fills: readonly Fill[],
): Promise<readonly Fill[]> {
  const { names } = parts;
  const { symbol } = instrument;
  const unnamed = new Set<VenueOrderId>();
  for (const { venueOrderId, clientOrderId } of fills)
    if (clientOrderId !== null) names.set(symbol, venueOrderId, clientOrderId);
    else if (names.get(symbol, venueOrderId) === undefined) unnamed.add(venueOrderId);
  const strangers: VenueOrderId[] = [];
  for (const orderId of unnamed) if (!(await askName(parts, instrument, orderId))) strangers.push(orderId);
  if (strangers.length > 0 && parts.market === 'future') await nameChildren(parts, symbol);
  return fills.map((fill) => ({
    ...fill,
    clientOrderId: fill.clientOrderId ?? names.get(symbol, fill.venueOrderId) ?? null,
  }));
}

/** Learns which ordinary orders came of our trigger orders. @throws VenueError */
export async function nameChildren(parts: AccountParts, symbol: Symbol): Promise<void> {
  for (const { order, childId } of await planRows(parts, '3', symbol))
    if (childId !== null && order.clientOrderId !== null) {
      parts.names.set(symbol, childId, order.clientOrderId);
      parts.plans.ended(symbol, order.venueOrderId);
    }
}

/** Orders vanish from the venue after a while; their fills stay, without a name. */
async function askName(parts: AccountParts, instrument: Instrument, orderId: VenueOrderId): Promise<boolean> {
  const { market, rest, names } = parts;
  const call =
    market === 'spot'
      ? ({
          family: 'spot',
          method: 'GET',
          path: 'order',
          params: { symbol: instrument.wireSymbol, orderId },
        } as const)
      : ({ family: 'contract', method: 'GET', path: `order/get/${orderId}` } as const);
  try {
    const data = await rest.ask(call);
    if (data === null) return false;
    const name = readAnswer(data, 'GET order', (row) =>
      toClientId(market === 'spot' ? row.clientOrderId : row.externalOid),
    );
    if (name === null) return false;
    names.set(instrument.symbol, orderId, name);
    return true;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return false;
  }
}

/** Free and locked amounts, zero ones left out. @throws VenueError */
export async function balances(parts: AccountParts): Promise<readonly Balance[]> {
  if (parts.market === 'spot') {
    const data = await parts.rest.ask({ family: 'spot', method: 'GET', path: 'account' });
    const rows = readAnswer(data, 'GET account', (fields) => listOf(fields.balances, 'balances'));
    return nonZero(
      readList(rows, 'GET account', (row) => ({
        asset: textOf(row, 'asset'),
        free: decimalOf(row, 'free'),
        locked: decimalOf(row, 'locked'),
      })),
    );
  }
  const data = await parts.rest.ask({ family: 'contract', method: 'GET', path: 'account/assets' });
  return nonZero(readList(data, 'GET assets', decodeAsset));
}

// {"currency":"USDT","positionMargin":0.5,"availableBalance":9,"cashBalance":10,"frozenBalance":0.5,"equity":10}
const decodeAsset = (row: Fields): Balance => ({
  asset: textOf(row, 'currency'),
  free: decimalOf(row, 'availableBalance'),
  locked: add(
    decimalOf(row, 'frozenBalance'),
    optionalDecimal(row, 'positionMargin') ?? ('0' as Balance['free']),
  ),
});

const nonZero = (rows: readonly Balance[]): Balance[] =>
  rows.filter((row) => !isZero(row.free) || !isZero(row.locked));

/** Positions of a futures account, flat ones left out. @throws VenueError also for an account in hedge mode */
export async function positions(parts: AccountParts): Promise<readonly VenuePosition[]> {
  const data = await parts.rest.ask({ family: 'contract', method: 'GET', path: 'position/open_positions' });
  const rows = readList(data ?? [], 'GET open_positions', (row) => ({ row, wire: textOf(row, 'symbol') }));
  const held: VenuePosition[] = [];
  for (const { row, wire } of rows) {
    const instrument = await parts.instrumentOf(wire);
    if (instrument === null) continue;
    const position = readAnswer(row, 'GET open_positions', (fields) => decodePosition(fields, instrument));
    if (isZero(position.amount)) continue;
    if (held.some(({ symbol }) => symbol === position.symbol))
      throw new VenueError('refused', 'the account is in hedge mode; switch it to one-way mode on MEXC');
    held.push(position);
  }
  return held;
}

// {"positionId":1109973831,"symbol":"BTC_USDT","holdVol":2,"positionType":1,"state":1,"holdAvgPrice":50000,"liquidatePrice":47700}
export function decodePosition(row: Fields, instrument: Instrument): VenuePosition {
  const type = integerOf(row, 'positionType');
  if (type !== 1 && type !== 2) throw bad('unknown position type', row);
  const amount = toBase(decimalOf(row, 'holdVol'), instrument);
  return {
    symbol: instrument.symbol,
    amount: type === 1 ? amount : neg(amount),
    entryPrice: positiveOrNull(row, 'holdAvgPrice'),
    liquidationPrice: positiveOrNull(row, 'liquidatePrice'),
  };
}
