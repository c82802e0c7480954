import type { Decimal } from '#shared/domain/basics';
import { div, eq, isPositive, mul, sum } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill, OrderRequest } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { bad, type Fields, fieldsOf, integerOf, listOf, textOf, timeOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type OrderLookup, type Trading, VenueError, type VenueOrder } from '../venue';
import { EXPIRES_AFTER_MS } from './auth';
import { toCloid } from './client-ids';
import { decodeBook } from './decode';
import type { Listing, Listings } from './listings';
import { decodeOrder } from './order-rows';
import { cancelCall, isMarket, placeCall, problemOf, toCancelOutcome, toPlaceOutcome } from './place';
import { ask, askMine, type Rest } from './rest';

export interface TradingParts {
  readonly rest: Rest;
  readonly names: OrderNames;
  readonly listings: Listings;
  /** Resolves when the listings are filled. @throws VenueError */
  ready(): Promise<unknown>;
  /** Fills of the account at or after a venue time. @throws VenueError */
  fillsSince(symbol: Symbol, since: VenueOrder['updatedAt']): Promise<readonly Fill[]>;
}

/** Orders on perpetuals of one account. Placing and cancelling send one action each and never repeat it. */
export function createTrading(parts: TradingParts): Trading {
  const { rest, names } = parts;
  const listed = async (symbol: Symbol): Promise<Listing> => {
    await parts.ready();
    return parts.listings.ofSymbol(symbol);
  };
  return {
    requestExpiryMs: EXPIRES_AFTER_MS,

    async place(request) {
      const problem = problemOf(request);
      if (problem !== null) return { kind: 'not-sent', message: problem };
      let call: ReturnType<typeof placeCall>;
      try {
        const listing = await listed(request.symbol);
        const touch = isMarket(request) ? await askTouch(rest, listing, request.side) : null;
        await rest.knowClock();
        call = placeCall(request, listing, touch);
      } catch (error) {
        // Only questions have been asked so far.
        return { kind: 'not-sent', message: error instanceof Error ? error.message : String(error) };
      }
      const outcome = toPlaceOutcome(await rest.send(call), request);
      if (outcome.kind === 'accepted') names.set(request.symbol, outcome.venueOrderId, request.clientOrderId);
      return outcome;
    },
    async cancel(request) {
      try {
        return toCancelOutcome(await rest.send(cancelCall(request, await listed(request.symbol))));
      } catch (error) {
        return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
      }
    },
    find: async (request) => find(parts, request, await listed(request.symbol)),
    openOrders: (symbol) => openOrders(parts, symbol),

    async setLeverage(symbol, leverage) {
      const { asset } = await listed(symbol);
      const action = { type: 'updateLeverage', asset, isCross: true, leverage };
      const call = { kind: 'action', action, expires: false } as const;
      const answer = await rest.send(call);
      if (answer.kind !== 'ok') throw rest.toError(answer, call);
    },
    async leverage(symbol) {
      const coin = (await listed(symbol)).instrument.wireSymbol;
      const data = await rest.ask(askMine('activeAssetData', { coin }));
      // {"user":"0x…","coin":"BTC","leverage":{"type":"cross","value":20},"maxTradeSzs":["…","…"],…}
      return readAnswer(data, 'info activeAssetData', (fields) => {
        if (fields.coin !== coin) throw bad(`an answer about another coin than ${coin}`, fields);
        return integerOf(fieldsOf(fields.leverage, 'leverage'), 'value');
      });
    },
  };
}

/** The best price on the other side of the book. @throws VenueError, also for an empty side */
async function askTouch(rest: Rest, { instrument }: Listing, side: OrderRequest['side']): Promise<Decimal> {
  const coin = instrument.wireSymbol;
  const data = await rest.ask(ask('l2Book', { coin }));
  const book = readAnswer(data, 'info l2Book', (fields) => {
    if (fields.coin !== coin) throw bad(`a book of another coin than ${coin}`, fields);
    return decodeBook(fields);
  });
  const best = (side === 'buy' ? book.asks : book.bids)[0];
  if (best === undefined)
    throw new VenueError('refused', `nobody ${side === 'buy' ? 'sells' : 'buys'} ${coin} now`);
  return best[0];
}

// {"status":"order","order":{"order":{…},"status":"filled","statusTimestamp":1}} or {"status":"unknownOid"}
async function find(parts: TradingParts, request: OrderRequest, listing: Listing): Promise<OrderLookup> {
  const cloid = toCloid(request.clientOrderId);
  // An id that was never sent because it does not fit cannot be there.
  if (cloid === null) return { kind: 'absent' };
  const data = await parts.rest.ask(askMine('orderStatus', { oid: cloid }));
  const order = readAnswer(data, 'info orderStatus', (fields) => {
    if (fields.status === 'unknownOid') return null;
    const found = fieldsOf(fields.order, 'order');
    const row = fieldsOf(found.order, 'order');
    if (row.coin !== listing.instrument.wireSymbol) throw bad('the answer is about another coin', row);
    if (row.cloid !== cloid) throw bad('the answer is about another client id', row);
    return decodeOrder(row, request.symbol, { status: found.status, at: timeOf(found, 'statusTimestamp') });
  });
  if (order === null) return { kind: 'absent' };
  parts.names.set(request.symbol, order.venueOrderId, request.clientOrderId);
  const since = readAnswer(data, 'info orderStatus', (fields) =>
    timeOf(fieldsOf(fieldsOf(fields.order, 'order').order, 'order'), 'timestamp'),
  );
  return { kind: 'found', order: await withFills(parts, order, since) };
}

/** The exchange tells no average price, and of a cancelled order not always how much had filled: its fills do. */
async function withFills(
  parts: TradingParts,
  order: VenueOrder,
  since: VenueOrder['updatedAt'],
): Promise<VenueOrder> {
  const untouched = order.status === 'rejected' || (order.status === 'open' && !isPositive(order.filled));
  if (untouched) return order;
  const fills = (await parts.fillsSince(order.symbol, since)).filter(
    (fill) => fill.venueOrderId === order.venueOrderId,
  );
  const filled = sum(fills.map(({ amount }) => amount));
  // Fills of long ago are gone, and the newest may come a moment after the order's state: half a sum is no average.
  const ended = order.status === 'cancelled' || order.status === 'expired';
  if (!isPositive(filled) || (!ended && !eq(filled, order.filled))) return order;
  const value = sum(fills.map(({ amount, price }) => mul(amount, price)));
  return { ...order, filled, averagePrice: div(value, filled) };
}

/** Plain orders and triggers in one list; children of a bracket stand in it twice. */
async function openOrders(parts: TradingParts, symbol?: Symbol): Promise<readonly VenueOrder[]> {
  await parts.ready();
  const data = await parts.rest.ask(askMine('frontendOpenOrders'));
  const rows = readList(data, 'info frontendOpenOrders', (row) => row);
  const orders = new Map<string, VenueOrder>();
  const take = (row: Fields): void => {
    const instrument = parts.listings.ofCoin(textOf(row, 'coin'))?.instrument;
    if (instrument !== undefined && (symbol === undefined || instrument.symbol === symbol)) {
      const order = decodeOrder(row, instrument.symbol, { status: 'open', at: null });
      orders.set(order.venueOrderId, order);
      if (order.clientOrderId !== null)
        parts.names.set(order.symbol, order.venueOrderId, order.clientOrderId);
    }
    for (const child of listOf(row.children ?? [], 'children')) take(fieldsOf(child, 'child'));
  };
  for (const row of rows)
    readAnswer(row, 'info frontendOpenOrders', (fields) => {
      take(fields);
    });
  return [...orders.values()];
}
