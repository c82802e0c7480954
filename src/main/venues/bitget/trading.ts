import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { decimalOf, type Fields, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type OrderLookup, type Trading, VenueError, type VenueOrder } from '../venue';
import { TIMESTAMP_WINDOW_MS } from './auth';
import { askLeverage, setLeverage } from './leverage';
import { readPlan } from './naming';
import { decodeOrderRow, type PlanRow } from './order-rows';
import {
  cancelCall,
  isConditional,
  listedPlanType,
  needsPrice,
  type Price,
  placeCall,
  toCancelOutcome,
  toPlaceOutcome,
} from './place';
import { allPages, askOrder, pastPlans, searchSpotOrder, spotChildOf, waitingPlans } from './plans';
import { publicGet, type Rest } from './rest';
import { PRODUCT, toWireSymbol } from './symbols';

export interface TradingParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  /** The instrument of a wire symbol, instruments loaded; null for what we do not trade. @throws VenueError */
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
}

/** Orders of one account. Placing and cancelling send one request each and never repeat it. */
export function createTrading(parts: TradingParts): Trading {
  const { market, rest, names } = parts;
  const trading: Trading = {
    requestExpiryMs: TIMESTAMP_WINDOW_MS,

    async place(request) {
      const price = needsPrice(request, market) ? await askPrice(parts, request.symbol) : null;
      const call = placeCall(request, market, price);
      if (typeof call === 'string') return { kind: 'not-sent', message: call };
      const outcome = toPlaceOutcome(await rest.send(call), request);
      if (outcome.kind === 'accepted' && !isConditional(request))
        names.set(request.symbol, outcome.venueOrderId, request.clientOrderId);
      return outcome;
    },
    cancel: async (request) => toCancelOutcome(await rest.send(cancelCall(request, market))),
    find: (request) => (isConditional(request) ? findPlan(parts, request) : findPlain(parts, request)),
    openOrders: (symbol) => openOrders(parts, symbol),
  };
  if (market === 'spot') return trading;
  return {
    ...trading,
    setLeverage: (symbol, leverage) => setLeverage(rest, symbol, leverage),
    leverage: (symbol) => askLeverage(rest, symbol),
  };
}

/** Null when it cannot be had: then the order that needs it is not sent. */
async function askPrice({ rest, market, instrumentOf }: TradingParts, symbol: Symbol): Promise<Price | null> {
  const wire = toWireSymbol(symbol);
  const path = 'v3/market/tickers';
  try {
    const instrument = await instrumentOf(wire);
    const data = await rest.ask(publicGet(path, { category: PRODUCT[market], symbol: wire }));
    const rows = readList(data, `GET ${path}`, (row) => ({
      symbol: textOf(row, 'symbol').toUpperCase(),
      last: decimalOf(row, 'lastPrice'),
    }));
    const row = rows.find((one) => one.symbol === wire);
    return row === undefined || instrument === null
      ? null
      : { last: row.last, tickSize: instrument.tickSize };
  } catch {
    return null;
  }
}

const ABSENT: OrderLookup = { kind: 'absent' };

/** A row about another order than the one asked for proves nothing. */
function checked(row: Fields, symbol: Symbol, name: 'clientOid' | 'orderId', value: string): Fields {
  if (String(row[name]) !== value) throw new VenueError('bad-answer', `the answer is about another ${name}`);
  if (textOf(row, 'symbol').toUpperCase() !== toWireSymbol(symbol))
    throw new VenueError('bad-answer', 'the answer is about another symbol');
  return row;
}

function read(parts: TradingParts, row: Fields, symbol: Symbol): VenueOrder {
  return readAnswer(row, 'order', (fields) => decodeOrderRow(fields, symbol, parts.market));
}

function named(parts: TradingParts, request: OrderRequest, order: VenueOrder): OrderLookup {
  parts.names.set(request.symbol, order.venueOrderId, request.clientOrderId);
  return { kind: 'found', order: { ...order, clientOrderId: request.clientOrderId } };
}

async function findPlain(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const { symbol, clientOrderId } = request;
  const row =
    (await askOrder(parts, symbol, { clientOid: clientOrderId })) ??
    (parts.market === 'spot' ? await searchSpotOrder(parts.rest, symbol, clientOrderId) : null);
  if (row === null) return ABSENT;
  const order = readAnswer(row, 'order', (fields) => checked(fields, symbol, 'clientOid', clientOrderId));
  return named(parts, request, read(parts, order, symbol));
}

/**
 * A trigger order lives in its family until its trigger; then the plain order it became decides, which is found by the
 * id the family tells. Both the waiting and the past ones are asked, the waiting ones once more when it is in neither:
 * it may have moved between the two questions.
 */
async function findPlan(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const types = [listedPlanType(request)];
  const { symbol, clientOrderId } = request;
  const among = (rows: readonly Fields[]): PlanRow | null => {
    const row = rows.find((one) => one.clientOid === clientOrderId);
    return row === undefined ? null : readPlan(row, symbol);
  };
  const waiting = among(await waitingPlans(parts, symbol, types, clientOrderId));
  if (waiting !== null && !waiting.triggered) return { kind: 'found', order: waiting.order };
  const past = among(await pastPlans(parts, symbol, types, clientOrderId)) ?? waiting;
  if (past === null) return ABSENT;
  if (!past.triggered) return { kind: 'found', order: past.order };
  const child =
    parts.market === 'spot' ? await spotChildOf(parts.rest, past.order.venueOrderId) : past.childId;
  const row = child === null ? null : await askOrder(parts, symbol, { orderId: child });
  if (row === null || child === null)
    throw new VenueError('bad-answer', 'the stop has triggered, but the order it became is not visible yet');
  const order = readAnswer(row, 'order', (fields) => checked(fields, symbol, 'orderId', child));
  return named(parts, request, read(parts, order, symbol));
}

async function openOrders(parts: TradingParts, symbol?: Symbol): Promise<readonly VenueOrder[]> {
  const { rest, market } = parts;
  const one = symbol === undefined ? {} : { symbol: toWireSymbol(symbol) };
  const plain =
    market === 'spot'
      ? allPages(rest, 'v2/spot/trade/unfilled-orders', one, null)
      : allPages(
          rest,
          'v2/mix/order/orders-pending',
          { ...one, productType: PRODUCT.future },
          'entrustedList',
        );
  const [plainRows, planRows] = await Promise.all([plain, waitingPlans(parts, symbol)]);
  const orders = await decodeAll(parts, plainRows, (row, of) => read(parts, row, of));
  for (const order of orders)
    if (order.clientOrderId !== null) parts.names.set(order.symbol, order.venueOrderId, order.clientOrderId);
  const plans = await decodeAll(parts, planRows, (row, of) => readPlan(row, of).order);
  return [...orders, ...plans];
}

/** Orders of symbols we do not trade are left out. */
async function decodeAll(
  parts: TradingParts,
  rows: readonly Fields[],
  decode: (row: Fields, symbol: Symbol) => VenueOrder,
): Promise<VenueOrder[]> {
  const orders: VenueOrder[] = [];
  for (const row of rows) {
    const wire = readAnswer(row, 'open orders', (fields) => textOf(fields, 'symbol').toUpperCase());
    const instrument = await parts.instrumentOf(wire);
    if (instrument !== null) orders.push(decode(row, instrument.symbol));
  }
  return orders;
}
