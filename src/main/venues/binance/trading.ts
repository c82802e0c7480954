import type { VenueOrderId } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { type Fields, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type OrderLookup, type Trading, VenueError, type VenueOrder } from '../venue';
import { isAbsence } from './answer';
import { type Params, RECV_WINDOW_MS, type SignedFamily } from './auth';
import { type AlgoRow, decodeAlgoRow, decodeOrderRow } from './order-rows';
import { cancelCall, placeCall, toCancelOutcome, toPlaceOutcome } from './place';
import type { Rest } from './rest';
import { askLeverage } from './symbol-config';
import { toWireSymbol } from './symbols';

export interface TradingParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  /** Unified symbol of a wire one, instruments loaded; null for what we do not trade. @throws VenueError */
  symbolOf(wireSymbol: string): Promise<Symbol | null>;
}

/** Orders of one account. Placing and cancelling send one request each and never repeat it. */
export function createTrading(parts: TradingParts): Trading {
  const { market, rest, names } = parts;
  const trading: Trading = {
    requestExpiryMs: RECV_WINDOW_MS,

    async place(request) {
      const call = placeCall(request, market);
      if (typeof call === 'string') return { kind: 'not-sent', message: call };
      const outcome = toPlaceOutcome(await rest.send(call), request);
      if (outcome.kind === 'accepted') names.set(request.symbol, outcome.venueOrderId, request.clientOrderId);
      return outcome;
    },
    cancel: async (request) => toCancelOutcome(await rest.send(cancelCall(request, market))),
    find: (request) =>
      market === 'spot' ? findPlain(parts, byClientId(request)) : findFuture(parts, request),
    openOrders: (symbol) => openOrders(parts, symbol),
  };
  if (market === 'spot') return trading;
  return {
    ...trading,
    async setLeverage(symbol, leverage) {
      const params = { symbol: toWireSymbol(symbol), leverage: String(leverage) };
      const call = { family: 'fapiPrivate', method: 'POST', path: 'leverage', params } as const;
      const answer = await rest.send(call);
      if (answer.kind !== 'ok') throw rest.toError(answer, call);
    },
    leverage: (symbol) => askLeverage(rest, symbol),
  };
}

const ABSENT: OrderLookup = { kind: 'absent' };

interface OrderQuestion {
  readonly symbol: Symbol;
  readonly params: Params;
}
const byClientId = (request: OrderRequest): OrderQuestion => ({
  symbol: request.symbol,
  params: { symbol: toWireSymbol(request.symbol), origClientOrderId: request.clientOrderId },
});
const byVenueId = (symbol: Symbol, orderId: string): OrderQuestion => ({
  symbol,
  params: { symbol: toWireSymbol(symbol), orderId },
});

const plainFamily = (market: MarketKind): SignedFamily => (market === 'spot' ? 'private' : 'fapiPrivate');

/** Null when the venue says it has no such order. @throws VenueError */
async function question(parts: TradingParts, path: string, params: Params): Promise<Fields | null> {
  const call = { family: plainFamily(parts.market), method: 'GET', path, params } as const;
  try {
    return readAnswer(await parts.rest.ask(call), `GET ${path}`, (fields) => fields);
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

async function findPlain(parts: TradingParts, asked: OrderQuestion): Promise<OrderLookup> {
  const row = await question(parts, 'order', asked.params);
  if (row === null) return ABSENT;
  const order = readAnswer(row, 'GET order', (fields) =>
    decodeOrderRow(checked(fields, asked.params), asked.symbol),
  );
  return { kind: 'found', order };
}

async function findAlgo(parts: TradingParts, request: OrderRequest): Promise<AlgoRow | null> {
  const params = { symbol: toWireSymbol(request.symbol), clientAlgoId: request.clientOrderId };
  const row = await question(parts, 'algoOrder', params);
  return row === null
    ? null
    : readAnswer(row, 'GET algoOrder', (fields) => decodeAlgoRow(checked(fields, params), request.symbol));
}

/**
 * A stop lives in the algo service until its trigger, then an ordinary order with the same client id takes over.
 * Both are asked; the ordinary one, when it is there, knows best.
 */
async function findFuture(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const [plain, algo] = await Promise.all([findPlain(parts, byClientId(request)), findAlgo(parts, request)]);
  if (plain.kind === 'found') return named(parts, request, plain.order);
  if (algo === null) return ABSENT;
  if (algo.childId === null) {
    if (!algo.triggered) return { kind: 'found', order: algo.order };
    throw new VenueError('bad-answer', 'the stop has triggered, but the order it became is not visible yet');
  }
  const child = await findPlain(parts, byVenueId(request.symbol, algo.childId));
  if (child.kind === 'absent')
    throw new VenueError('bad-answer', 'the stop has triggered, but the order it became is not visible yet');
  return named(parts, request, child.order);
}

function named(parts: TradingParts, request: OrderRequest, order: VenueOrder): OrderLookup {
  parts.names.set(request.symbol, order.venueOrderId, request.clientOrderId);
  return { kind: 'found', order: { ...order, clientOrderId: request.clientOrderId } };
}

/** A row about another order than the one asked for proves nothing. */
function checked(row: Fields, asked: Params): Fields {
  const said: Record<string, unknown> = {
    symbol: row.symbol,
    orderId: row.orderId === undefined ? undefined : String(row.orderId),
    origClientOrderId: row.clientOrderId,
    clientAlgoId: row.clientAlgoId,
  };
  for (const [name, value] of Object.entries(asked))
    if (said[name] !== value) throw new VenueError('bad-answer', `the answer is about another ${name}`);
  return row;
}

async function openOrders(parts: TradingParts, symbol?: Symbol): Promise<readonly VenueOrder[]> {
  const plain = rowsOf(parts, 'openOrders', symbol, decodeOrderRow);
  if (parts.market === 'spot') return plain;
  const algo = rowsOf(parts, 'openAlgoOrders', symbol, (row, of) => decodeAlgoRow(row, of).order);
  return (await Promise.all([plain, algo])).flat();
}

async function rowsOf(
  parts: TradingParts,
  path: string,
  symbol: Symbol | undefined,
  decode: (row: Fields, symbol: Symbol) => VenueOrder,
): Promise<VenueOrder[]> {
  const params: Params = symbol === undefined ? {} : { symbol: toWireSymbol(symbol) };
  const data = await parts.rest.ask({ family: plainFamily(parts.market), method: 'GET', path, params });
  const rows = readList(data, `GET ${path}`, (row) => ({ row, wire: textOf(row, 'symbol') }));
  const orders: VenueOrder[] = [];
  for (const { row, wire } of rows) {
    const of = await parts.symbolOf(wire);
    if (of !== null) orders.push(readAnswer(row, `GET ${path}`, (fields) => decode(fields, of)));
  }
  for (const order of orders) names(parts, order);
  return orders;
}

const names = (parts: TradingParts, order: VenueOrder): void => {
  if (order.clientOrderId !== null)
    parts.names.set(order.symbol, order.venueOrderId as VenueOrderId, order.clientOrderId);
};
