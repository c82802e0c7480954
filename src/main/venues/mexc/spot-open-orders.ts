import { add, isPositive, mul, sub, ZERO } from '#shared/domain/decimal';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { readAnswer, readList } from '../core/answer';
import { decimalOf, type Fields, listOf, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { VenueError, type VenueOrder } from '../venue';
import { ofSymbol } from './lists';
import { decodeSpotRow } from './order-rows';
import type { Rest } from './rest';
import { toWireSymbol } from './symbols';

export interface SpotOrderParts {
  readonly rest: Rest;
  readonly names: OrderNames;
  /** Symbols an order was sent for since the start. */
  readonly traded: ReadonlySet<Symbol>;
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
}

/** @throws VenueError */
export async function openSpotOrders(parts: SpotOrderParts, symbol?: Symbol): Promise<readonly VenueOrder[]> {
  return symbol === undefined
    ? all(parts)
    : (await ofOne(parts, toWireSymbol(symbol))).map(({ order }) => order);
}

interface Open {
  readonly order: VenueOrder;
  readonly row: Fields;
}

async function ofOne(parts: SpotOrderParts, wire: string): Promise<Open[]> {
  const instrument = await parts.instrumentOf(wire);
  if (instrument === null) throw new VenueError('unknown-symbol', `MEXC lists no ${wire}`);
  const data = await parts.rest.ask({
    family: 'spot',
    method: 'GET',
    path: 'openOrders',
    params: { symbol: wire },
  });
  return readList(data, 'GET openOrders', (row) => {
    const order = decodeSpotRow(ofSymbol(row, wire), instrument);
    if (order.clientOrderId !== null) parts.names.set(order.symbol, order.venueOrderId, order.clientOrderId);
    return { order, row };
  });
}

/**
 * MEXC tells open orders one symbol at a time. What is locked says which ones to ask: a locked coin is in sell orders of
 * that coin, locked money in buy orders of the symbols traded here. Money locked that these do not explain means orders
 * elsewhere, and no list is better than half of one.
 * @throws VenueError
 */
async function all(parts: SpotOrderParts): Promise<readonly VenueOrder[]> {
  const account = await parts.rest.ask({ family: 'spot', method: 'GET', path: 'account' });
  const rows = readAnswer(account, 'GET account', (fields) => listOf(fields.balances, 'balances'));
  const locked = readList(rows, 'GET account', (row) => ({
    asset: textOf(row, 'asset'),
    amount: decimalOf(row, 'locked'),
  })).filter(({ amount }) => isPositive(amount));
  if (locked.length === 0) return [];
  const candidates = new Set([...parts.traded].map(toWireSymbol));
  for (const { asset } of locked)
    for (const quote of ['USDT', 'USDC'])
      if (asset !== quote && (await parts.instrumentOf(`${asset}${quote}`)) !== null)
        candidates.add(`${asset}${quote}`);
  const found = (await Promise.all([...candidates].map((wire) => ofOne(parts, wire)))).flat();
  for (const { asset, amount } of locked) {
    const explained = found.map(({ order, row }) => lockedBy(order, row, asset)).reduce(add, ZERO);
    // A fee may be locked beside the value, a tenth of a percent or so.
    if (isPositive(sub(mul(amount, '0.99' as typeof amount), explained)))
      throw new VenueError(
        'refused',
        `MEXC tells open orders one symbol at a time, and ${amount} ${asset} are locked in orders on symbols not traded here`,
      );
  }
  return found.map(({ order }) => order);
}

function lockedBy(order: VenueOrder, row: Fields, asset: string) {
  const [base, quote] = order.symbol.split('/');
  const left = order.amount === null ? ZERO : sub(order.amount, order.filled);
  if (order.side === 'sell') return base === asset ? left : ZERO;
  return quote === asset ? mul(left, decimalOf(row, 'price')) : ZERO;
}
