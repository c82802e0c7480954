import type { UnixMs, VenueOrderId } from '#shared/domain/basics';
import { isNegative, isZero, mul, sub, ZERO } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { bad, decimalOf, type Fields, fieldsOf, idOf, positiveOrNull, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { isAbsence } from './answer';
import type { Params } from './auth';
import { triggerOf } from './client-ids';
import { decodeFill, rememberTrigger } from './decode-account';
import { askMarketEnd } from './klines';
import type { Listings } from './listings';
import { clientIdOf, decodeFutureTrigger, decodeSpotTrigger, triggerName } from './order-rows';
import type { Rest } from './rest';
import type { GateInstrument } from './symbols';

export interface AccountParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  readonly listings: Listings;
  now(): UnixMs;
}

const PAGE = 1_000;
/** Spot answers for at most 30 days at once. */
const WINDOW_S = 30 * 86_400 - 1;

/** Fills at or after `since` (venue time), oldest first, all pages. @throws VenueError */
export async function fillsSince(
  parts: AccountParts,
  symbol: Symbol,
  since: UnixMs,
): Promise<readonly Fill[]> {
  await parts.listings.ready();
  const of = parts.listings.ofSymbol(symbol);
  // The endpoint counts whole seconds.
  const from = Math.floor(since / 1_000);
  const rows =
    parts.market === 'spot' ? await spotTrades(parts, of, from) : await futureTrades(parts, of, from);
  const wanted = [...rows.values()].filter(({ fill }) => fill.venueTime >= since);
  const fills = await nameOrders(parts, of, wanted);
  return [...fills].sort((a, b) => (BigInt(a.tradeId) < BigInt(b.tradeId) ? -1 : 1));
}

interface Row {
  readonly fill: Fill;
  readonly text: unknown;
}
/** By trade id: pages are counted from the newest, so one that comes meanwhile moves rows into the next page again. */
type Rows = Map<string, Row>;

async function futureTrades(parts: AccountParts, of: GateInstrument, from: number): Promise<Rows> {
  const rows: Rows = new Map();
  const path = 'usdt/my_trades_timerange';
  for (let offset = 0; ; offset += PAGE) {
    const params = { contract: of.wireSymbol, from, limit: PAGE, offset };
    if ((await take(parts, of, rows, 'futures', path, params)) < PAGE) return rows;
  }
}

async function spotTrades(parts: AccountParts, of: GateInstrument, from: number): Promise<Rows> {
  const rows: Rows = new Map();
  const { market, rest } = parts;
  const end = await askMarketEnd({ market, rest, wire: of.wireSymbol, known: of });
  if (end === null) return rows;
  for (let start = from; start * 1_000 <= end; start += WINDOW_S + 1) {
    for (let page = 1; ; page++) {
      const window = { from: start, to: start + WINDOW_S, limit: PAGE, page };
      const params = { currency_pair: of.wireSymbol, account: 'spot', ...window };
      if ((await take(parts, of, rows, 'spot', 'my_trades', params)) < PAGE) break;
    }
  }
  return rows;
}

/** Adds one page and tells how many rows it had. */
async function take(
  { rest, names, now }: AccountParts,
  of: GateInstrument,
  rows: Rows,
  section: 'spot' | 'futures',
  path: string,
  params: Params,
): Promise<number> {
  const data = await rest.ask({ access: 'private', section, method: 'GET', path, params });
  const page = readList(data, `GET ${path}`, (row) => {
    if (textOf(row, section === 'spot' ? 'currency_pair' : 'contract') !== of.wireSymbol)
      throw bad(`a trade of another symbol than ${of.wireSymbol}`, row);
    return { fill: decodeFill(row, of, names, now()), text: row.text };
  });
  for (const row of page) rows.set(row.fill.tradeId, row);
  return page.length;
}

/** Adds our client ids: a fill of a triggered order names its trigger, which is asked for once. */
async function nameOrders(
  parts: AccountParts,
  of: GateInstrument,
  rows: readonly Row[],
): Promise<readonly Fill[]> {
  const triggers = new Set<string>();
  for (const { fill, text } of rows) {
    const id = fill.clientOrderId === null ? triggerOf(text) : null;
    if (id !== null) triggers.add(id);
  }
  for (const id of triggers) await askTrigger(parts, of, id);
  const named = (orderId: VenueOrderId, text: unknown) => clientIdOf(parts.names, of, orderId, text);
  return rows.map(({ fill, text }) => ({ ...fill, clientOrderId: named(fill.venueOrderId, text) }));
}

/** Trigger orders vanish from the venue after a while; their fills stay, without a name. */
async function askTrigger(
  { rest, names, market }: AccountParts,
  of: GateInstrument,
  id: string,
): Promise<void> {
  if (names.get(of.symbol, triggerName(id)) !== undefined) return;
  const path = `${market === 'spot' ? '' : 'usdt/'}price_orders/${id}`;
  const read = market === 'spot' ? decodeSpotTrigger : decodeFutureTrigger;
  try {
    const section = market === 'spot' ? 'spot' : 'futures';
    const data = await rest.ask({ access: 'private', section, method: 'GET', path });
    rememberTrigger(
      names,
      readAnswer(data, 'GET price_orders', (row) => read(row, of, names)),
    );
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/** Free and locked amounts, zero ones left out. @throws VenueError */
export async function balances({ market, rest }: AccountParts): Promise<readonly Balance[]> {
  if (market === 'spot') {
    const data = await rest.ask({ access: 'private', section: 'spot', method: 'GET', path: 'accounts' });
    const rows = readList(data, 'GET accounts', (row) => ({
      asset: textOf(row, 'currency'),
      free: decimalOf(row, 'available'),
      locked: decimalOf(row, 'locked'),
    }));
    return rows.filter((row) => !isZero(row.free) || !isZero(row.locked));
  }
  const data = await rest.ask({
    access: 'private',
    section: 'futures',
    method: 'GET',
    path: 'usdt/accounts',
  });
  const balance = readAnswer(data, 'GET accounts', decodeFutureBalance);
  return isZero(balance.free) && isZero(balance.locked) ? [] : [balance];
}

// {"total":"9707.8","unrealised_pnl":"33.7","position_margin":"38.7","order_margin":"0","available":"9669.1","currency":"USDT"}
function decodeFutureBalance(row: Fields): Balance {
  const free = decimalOf(row, 'available');
  const locked = sub(decimalOf(row, 'total'), free);
  // Unrealised profit can make more available than the account holds; nothing is locked then.
  return { asset: textOf(row, 'currency').toUpperCase(), free, locked: isNegative(locked) ? ZERO : locked };
}

/** The number that futures channels are subscribed with. @throws VenueError also for an account never opened */
export async function askUserId(rest: Rest): Promise<string> {
  const data = await rest.ask({
    access: 'private',
    section: 'futures',
    method: 'GET',
    path: 'usdt/accounts',
  });
  return readAnswer(data, 'GET accounts', (row) => idOf(row, 'user'));
}

/** Positions of a futures account, flat ones left out. @throws VenueError also for an account in hedge mode */
export async function positions({ rest, listings }: AccountParts): Promise<readonly VenuePosition[]> {
  await listings.ready();
  const path = 'usdt/positions';
  const params = { holding: 'true' };
  const data = await rest.ask({ access: 'private', section: 'futures', method: 'GET', path, params });
  const rows = readList(data, 'GET positions', (row) => ({ row, size: decimalOf(row, 'size') }));
  const held: VenuePosition[] = [];
  for (const { row, size } of rows) {
    if (isZero(size)) continue;
    if (row.mode !== undefined && row.mode !== 'single')
      throw new VenueError('refused', 'the account is in hedge mode; switch it to one-way mode on Gate');
    const of = listings.find(textOf(fieldsOf(row, 'position'), 'contract'));
    if (of === undefined) continue;
    held.push({
      symbol: of.symbol,
      amount: mul(size, of.contractSize),
      entryPrice: positiveOrNull(row, 'entry_price'),
      liquidationPrice: positiveOrNull(row, 'liq_price'),
    });
  }
  return held;
}
