import type { ClientOrderId, VenueOrderId } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import { readAnswer } from '../core/answer';
import type { OrderNames } from '../core/order-names';
import { type CancelOutcome, type OrderLookup, type Trading, VenueError, type VenueOrder } from '../venue';
import { isAbsence } from './answer';
import { RECV_WINDOW_MS } from './auth';
import { cancelPlan, findPlan, waitingOrders } from './conditional';
import { Leverages } from './leverage';
import { askPages, decodeRows, ofSymbol } from './lists';
import { decodeFutureRow, decodeSpotRow } from './order-rows';
import {
  cancelFutureCall,
  cancelSpotCall,
  isConditional,
  placeCall,
  toCancelOutcome,
  toPlaceOutcome,
} from './place';
import type { PlanNames } from './plan-names';
import type { Rest } from './rest';
import { openSpotOrders } from './spot-open-orders';
import { toWireSymbol } from './symbols';

export interface TradingParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  readonly plans: PlanNames;
  /** The answer to a placement has told, or will not tell, which order is ours. */
  learnt?(): void;
  /** Instruments loaded; null for what we do not trade. @throws VenueError */
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
}

/** Orders of one account. Placing and cancelling send one request each and never repeat it. */
export function createTrading(parts: TradingParts): Trading {
  const { market } = parts;
  return market === 'spot' ? spotTrading(parts) : futureTrading(parts);
}

function spotTrading(parts: TradingParts): Trading {
  const { rest, names } = parts;
  const traded = new Set<Symbol>();
  return {
    requestExpiryMs: RECV_WINDOW_MS.spot,
    async place(request) {
      const call = placeCall(request, 'spot', null);
      if (typeof call === 'string') return { kind: 'not-sent', message: call };
      traded.add(request.symbol);
      const outcome = toPlaceOutcome(await rest.send(call), request, 'spot');
      if (outcome.kind === 'accepted') names.set(request.symbol, outcome.venueOrderId, request.clientOrderId);
      return outcome;
    },
    async cancel(request) {
      return toCancelOutcome(await rest.send(cancelSpotCall(request)), null) ?? LEFT_OPEN;
    },
    find: (request) => findSpot(parts, request),
    openOrders: (symbol) => openSpotOrders({ ...parts, traded }, symbol),
  };
}

const LEFT_OPEN: CancelOutcome = { kind: 'unknown', message: 'the answer says nothing of the order' };

function futureTrading(parts: TradingParts): Trading {
  const { rest, names, plans } = parts;
  const leverages = new Leverages(rest);
  /** MEXC's ids of our plain orders: a cancel names the order by them. */
  const ids = new Map<ClientOrderId, VenueOrderId>();
  const remember = (request: OrderRequest, id: VenueOrderId): void => {
    if (isConditional(request)) plans.set(request.symbol, id, request.clientOrderId);
    else {
      names.set(request.symbol, id, request.clientOrderId);
      ids.set(request.clientOrderId, id);
      if (ids.size > 10_000) ids.delete(ids.keys().next().value!);
    }
  };
  const find = async (request: OrderRequest): Promise<OrderLookup> => {
    if (isConditional(request)) return findConditional(parts, request);
    const found = await findFuture(parts, request);
    if (found.kind === 'found') remember(request, found.order.venueOrderId);
    return found;
  };
  return {
    requestExpiryMs: RECV_WINDOW_MS.future,
    async place(request) {
      const terms = await termsOf(parts, leverages, request).catch((error: unknown) => wordsOf(error));
      if (typeof terms === 'string') return { kind: 'not-sent', message: terms };
      const call = placeCall(request, 'future', terms);
      if (typeof call === 'string') return { kind: 'not-sent', message: call };
      const placed = isConditional(request) ? plans.place(request.symbol) : () => {};
      const outcome = toPlaceOutcome(await rest.send(call), request, 'future');
      if (outcome.kind === 'accepted') remember(request, outcome.venueOrderId);
      placed();
      parts.learnt?.();
      return outcome;
    },
    async cancel(request) {
      if (isConditional(request)) return cancelPlan(parts, request);
      let id = ids.get(request.clientOrderId);
      if (id === undefined) {
        try {
          const found = await find(request);
          if (found.kind === 'absent') return { kind: 'not-open', message: 'MEXC has no such order' };
          id = found.order.venueOrderId;
        } catch (error) {
          return { kind: 'unknown', message: wordsOf(error) };
        }
      }
      return toCancelOutcome(await rest.send(cancelFutureCall(request, id)), id) ?? LEFT_OPEN;
    },
    find,
    openOrders: (symbol) => openFutureOrders(parts, symbol),
    setLeverage: (symbol, leverage) => leverages.set(symbol, leverage),
    leverage: (symbol) => leverages.ask(symbol),
  };
}

/** @throws VenueError, before anything was sent */
async function termsOf(parts: TradingParts, leverages: Leverages, request: OrderRequest) {
  const instrument = await parts.instrumentOf(toWireSymbol(request.symbol));
  if (instrument === null) throw new VenueError('unknown-symbol', `MEXC lists no contract ${request.symbol}`);
  return { instrument, leverage: request.reduceOnly ? null : await leverages.known(request.symbol) };
}

const ABSENT: OrderLookup = { kind: 'absent' };

async function findSpot(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const wire = toWireSymbol(request.symbol);
  const instrument = await parts.instrumentOf(wire);
  if (instrument === null) throw new VenueError('unknown-symbol', `MEXC lists no ${request.symbol}`);
  const params = { symbol: wire, origClientOrderId: request.clientOrderId };
  try {
    const row = await parts.rest.ask({ family: 'spot', method: 'GET', path: 'order', params });
    const order = readAnswer(row, 'GET order', (fields) => decodeSpotRow(ofSymbol(fields, wire), instrument));
    return named(parts, request, order);
  } catch (error) {
    if (isAbsence(error)) return ABSENT;
    throw error;
  }
}

/** An order nobody knows is answered with success and no data, or with code 2040. */
async function findFuture(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const wire = toWireSymbol(request.symbol);
  return ask(parts, request, `order/external/${wire}/${request.clientOrderId}`);
}

async function ask(parts: TradingParts, request: OrderRequest, path: string): Promise<OrderLookup> {
  const wire = toWireSymbol(request.symbol);
  const instrument = await parts.instrumentOf(wire);
  if (instrument === null) throw new VenueError('unknown-symbol', `MEXC lists no contract ${request.symbol}`);
  try {
    const row = await parts.rest.ask({ family: 'contract', method: 'GET', path });
    if (row === null) return ABSENT;
    const order = readAnswer(row, `GET ${path}`, (fields) =>
      decodeFutureRow(ofSymbol(fields, wire), instrument),
    );
    return named(parts, request, order);
  } catch (error) {
    if (isAbsence(error)) return ABSENT;
    throw error;
  }
}

/** A row about another order than the one asked for proves nothing; a fired trigger order has no id of ours. */
function named(parts: TradingParts, request: OrderRequest, order: VenueOrder): OrderLookup {
  if (order.clientOrderId !== null && order.clientOrderId !== request.clientOrderId)
    throw new VenueError('bad-answer', 'the answer is about another order');
  parts.names.set(request.symbol, order.venueOrderId, request.clientOrderId);
  return { kind: 'found', order: { ...order, clientOrderId: request.clientOrderId } };
}

/** A stop lives as a trigger order until it fires; then the ordinary order it became knows best. */
async function findConditional(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const plan = await findPlan(parts, request);
  if (plan === null) return ABSENT;
  if (!plan.triggered)
    return { kind: 'found', order: { ...plan.order, clientOrderId: request.clientOrderId } };
  const child = plan.childId === null ? ABSENT : await ask(parts, request, `order/get/${plan.childId}`);
  if (child.kind === 'absent')
    throw new VenueError('bad-answer', 'the stop has triggered, but the order it became is not visible yet');
  return { ...child, order: { ...child.order, triggerPrice: plan.order.triggerPrice } };
}

/** All families, so that "is there a stop" is asked of each. The list of plain orders knows no symbol. */
async function openFutureOrders(parts: TradingParts, symbol?: Symbol): Promise<readonly VenueOrder[]> {
  const [rows, waiting] = await Promise.all([
    askPages(parts.rest, 'order/list/open_orders', {}, 100),
    waitingOrders(parts, symbol),
  ]);
  const plain = await decodeRows(parts, 'GET open_orders', rows, decodeFutureRow);
  for (const { symbol: of, venueOrderId, clientOrderId } of plain)
    if (clientOrderId !== null) parts.names.set(of, venueOrderId, clientOrderId);
  const mine = plain.map((order) => ({
    ...order,
    clientOrderId: order.clientOrderId ?? parts.names.get(order.symbol, order.venueOrderId) ?? null,
  }));
  return [...mine.filter((order) => symbol === undefined || order.symbol === symbol), ...waiting];
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
