import type { UnixMs } from '#shared/domain/basics';
import { add, isNegative, isZero, max, neg, sub, ZERO } from '#shared/domain/decimal';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import {
  bad,
  decimalOf,
  type Fields,
  idOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { costOf, feeOf, makerOf } from './decode-account';
import { askMarketEnd } from './klines';
import { askName, type NamingParts } from './naming';
import { toClientId, toSide, toVenueId } from './order-rows';
import { readRows } from './plans';
import { signedGet } from './rest';
import { MARGIN_COIN, PRODUCT, toWireSymbol } from './symbols';

export interface AccountParts extends NamingParts {
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
  now(): UnixMs;
}

const DAY_MS = 86_400_000;
/** Longest stretch of time one question may cover, and how far back there are answers. */
const WINDOW_MS = 7 * DAY_MS - 1;
const REACH_MS = 89 * DAY_MS;
const PAGE = 100;

/**
 * Fills at or after `since` (venue time), oldest first, all pages: windows of time, each paged from its end backwards.
 * @throws VenueError
 */
export async function fillsSince(
  parts: AccountParts,
  symbol: Symbol,
  since: UnixMs,
): Promise<readonly Fill[]> {
  const marketEnd = await askMarketEnd(parts.rest, parts.market, symbol);
  if (marketEnd === null) return [];
  const found = new Map<string, Fill>();
  let start = Math.max(since, marketEnd - REACH_MS);
  while (start <= marketEnd) {
    const end = start + WINDOW_MS;
    await readWindow(parts, symbol, start, end, end < marketEnd, found);
    start = end + 1;
  }
  const fills = [...found.values()].filter((fill) => fill.venueTime >= since).sort(byTime);
  return nameAll(parts, symbol, fills);
}

const byTime = (a: Fill, b: Fill): number =>
  a.venueTime - b.venueTime || (BigInt(a.tradeId) < BigInt(b.tradeId) ? -1 : 1);

/**
 * Bitget documents that times go before the paging id: each next page names both, the id and the time of the oldest
 * fill so far, and what comes twice counts once.
 */
async function readWindow(
  parts: AccountParts,
  symbol: Symbol,
  start: number,
  end: number,
  past: boolean,
  found: Map<string, Fill>,
): Promise<void> {
  let range: Record<string, string> = { startTime: String(start), endTime: String(end) };
  for (;;) {
    const page = await askFills(parts, symbol, range, past);
    const fresh = page.filter((fill) => !found.has(fill.tradeId));
    for (const fill of fresh) found.set(fill.tradeId, fill);
    if (page.length < PAGE) return;
    if (fresh.length === 0) throw new VenueError('bad-answer', 'the fill history repeats the same page');
    const oldest = page.reduce((a, b) => (byTime(a, b) < 0 ? a : b));
    range = { startTime: String(start), endTime: String(oldest.venueTime), idLessThan: oldest.tradeId };
  }
}

async function askFills(
  { rest, market, now }: AccountParts,
  symbol: Symbol,
  range: Readonly<Record<string, string>>,
  past: boolean,
): Promise<Fill[]> {
  const wire = toWireSymbol(symbol);
  const spot = market === 'spot';
  const path = spot ? 'v2/spot/trade/fills' : past ? 'v2/mix/order/fill-history' : 'v2/mix/order/fills';
  const product = spot ? {} : { productType: PRODUCT.future };
  const data = await rest.ask(signedGet(path, { symbol: wire, ...product, limit: String(PAGE), ...range }));
  const rows = readRows(data, `GET ${path}`, spot ? null : 'fillList');
  return readList(rows, `GET ${path}`, (row) => {
    if (textOf(row, 'symbol').toUpperCase() !== wire) throw bad(`a fill of another symbol than ${wire}`, row);
    return decodeFillRow(row, spot, symbol, now());
  });
}

// spot {"symbol":"ETHUSDT","orderId":"…","tradeId":"…","side":"sell","priceAvg":"3400.5","size":"0.20","feeDetail":
//  {"deduction":"no","feeCoin":"USDT","totalDeductionFee":"","totalFee":"-0.6801"},"tradeScope":"taker","cTime":"…"}
// futures {"tradeId":"…","symbol":"BTCUSDT","orderId":"…","price":"68010.1","baseVolume":"0.02","feeDetail":[{…}],…}
function decodeFillRow(row: Fields, spot: boolean, symbol: Symbol, seenAt: UnixMs): Fill {
  return {
    venue: venueKey('bitget', spot ? 'spot' : 'future'),
    symbol,
    tradeId: idOf(row, 'tradeId'),
    venueOrderId: toVenueId(row),
    clientOrderId: toClientId(row.clientOid),
    side: toSide(row.side),
    price: decimalOf(row, spot ? 'priceAvg' : 'price'),
    amount: decimalOf(row, spot ? 'size' : 'baseVolume'),
    ...costOf(row, spot),
    fee: feeOf(row.feeDetail, 'negative'),
    maker: makerOf(row.tradeScope),
    venueTime: timeOf(row, 'cTime'),
    seenAt,
  };
}

/** Adds our client ids, asking once for each order that is not known yet. */
async function nameAll(
  parts: AccountParts,
  symbol: Symbol,
  fills: readonly Fill[],
): Promise<readonly Fill[]> {
  const asked = new Map<string, Fill['clientOrderId']>();
  const named: Fill[] = [];
  for (const fill of fills) {
    if (fill.clientOrderId === null && !asked.has(fill.venueOrderId)) {
      const naming = await askName(parts, symbol, fill.venueOrderId);
      asked.set(fill.venueOrderId, naming.kind === 'named' ? naming.name : null);
    }
    named.push({ ...fill, clientOrderId: fill.clientOrderId ?? asked.get(fill.venueOrderId) ?? null });
  }
  return named;
}

/** Free and locked amounts, zero ones left out. @throws VenueError */
export async function balances({ rest, market }: AccountParts): Promise<readonly Balance[]> {
  const spot = market === 'spot';
  const path = spot ? 'v2/spot/account/assets' : 'v2/mix/account/accounts';
  const data = await rest.ask(signedGet(path, spot ? {} : { productType: PRODUCT.future }));
  const rows = readList(data ?? [], `GET ${path}`, spot ? decodeSpotBalance : decodeFutureBalance);
  return rows.filter((row) => !isZero(row.free) || !isZero(row.locked));
}

// {"coin":"USDT","available":"8200.5","frozen":"1020","locked":"0","limitAvailable":"0","uTime":"…"}
const decodeSpotBalance = (row: Fields): Balance => ({
  asset: textOf(row, 'coin'),
  free: decimalOf(row, 'available'),
  locked: add(decimalOf(row, 'frozen'), optionalDecimal(row, 'locked') ?? ZERO),
});

/**
 * `available` still contains what orders have frozen; free for a new order is `crossedMaxAvailable`. The wallet is the
 * equity without unrealised profit, which can make more free than the wallet holds: nothing is locked then.
 * {"marginCoin":"USDT","locked":"0","available":"11490.16","crossedMaxAvailable":"10940.45","accountEquity":"11502.56",
 *  "unrealizedPL":"12.4",…}
 */
function decodeFutureBalance(row: Fields): Balance {
  const free = decimalOf(row, 'crossedMaxAvailable');
  const wallet = sub(decimalOf(row, 'accountEquity'), optionalDecimal(row, 'unrealizedPL') ?? ZERO);
  return { asset: textOf(row, 'marginCoin'), free, locked: max(ZERO, sub(wallet, free)) };
}

/** Positions of the futures account, flat ones left out. @throws VenueError also for an account in hedge mode */
export async function positions({ rest, instrumentOf }: AccountParts): Promise<readonly VenuePosition[]> {
  const path = 'v2/mix/position/all-position';
  const data = await rest.ask(signedGet(path, { productType: PRODUCT.future, marginCoin: MARGIN_COIN }));
  const held: VenuePosition[] = [];
  for (const { wire, ...row } of readList(data ?? [], `GET ${path}`, decodePosition)) {
    if (isZero(row.amount)) continue;
    if (row.hedge)
      throw new VenueError('refused', 'the account is in hedge mode; switch it to one-way mode on Bitget');
    const { amount, entryPrice, liquidationPrice } = row;
    const instrument = await instrumentOf(wire);
    if (instrument !== null) held.push({ symbol: instrument.symbol, amount, entryPrice, liquidationPrice });
  }
  return held;
}

// {"symbol":"BTCUSDT","holdSide":"long","total":"0.002","openPriceAvg":"37355.5","posMode":"one_way_mode",
//  "liquidationPrice":"31725.023602417","marginMode":"crossed","leverage":"20","cTime":"1700807507275",…}
function decodePosition(row: Fields) {
  const total = decimalOf(row, 'total');
  if (row.holdSide !== 'long' && row.holdSide !== 'short') throw bad('a position without a side', row);
  const liquidation = optionalDecimal(row, 'liquidationPrice');
  return {
    wire: textOf(row, 'symbol').toUpperCase(),
    hedge: row.posMode === 'hedge_mode',
    amount: row.holdSide === 'short' ? neg(total) : total,
    entryPrice: positiveOrNull(row, 'openPriceAvg'),
    liquidationPrice:
      liquidation === null || isZero(liquidation) || isNegative(liquidation) ? null : liquidation,
  };
}
export const readPosition = (row: Fields) => readAnswer(row, 'position', decodePosition);
