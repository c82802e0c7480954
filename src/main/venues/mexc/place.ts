import { VenueOrderId } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import type { Answer } from '../core/answer';
import { bad, type Fields, fieldsOf, idOf, textOf } from '../core/fields';
import type { CancelOutcome, PlaceOutcome } from '../venue';
import { isAbsentCode } from './answer';
import type { Params } from './auth';
import { fitsClientId } from './client-ids';
import { toContracts, toWireNumber } from './contracts';
import type { RestCall } from './rest';
import { toWireSymbol } from './symbols';

/** Order kinds that MEXC futures keep as trigger orders ("plan orders"), apart from the ordinary ones. */
export const isConditional = (request: Pick<OrderRequest, 'type'>): boolean =>
  request.type === 'stop-market' || request.type === 'take-profit-market' || request.type === 'trailing-stop';

/** What a futures order needs beside the request. */
export interface FutureTerms {
  readonly instrument: Instrument;
  /** Said with what opens; null with what only reduces. */
  readonly leverage: number | null;
}

/** The one request that places this order, or in words why it cannot be written down for MEXC. */
export function placeCall(
  request: OrderRequest,
  market: MarketKind,
  terms: FutureTerms | null,
): RestCall | string {
  const problem = problemOf(request, market);
  if (problem !== null) return problem;
  if (market === 'spot')
    return { family: 'spot', method: 'POST', path: 'order', params: spotParams(request) };
  const contracts = terms === null ? null : toContracts(request.amount!, terms.instrument);
  if (terms === null || contracts === null)
    return `the amount ${request.amount} is no whole number of contracts of ${request.symbol}`;
  const common = futureParams(request, terms, toWireNumber(contracts));
  return isConditional(request)
    ? { family: 'contract', method: 'POST', path: 'planorder/place', params: planParams(request, common) }
    : { family: 'contract', method: 'POST', path: 'order/create', params: plainParams(request, common) };
}

function problemOf(request: OrderRequest, market: MarketKind): string | null {
  if (!fitsClientId(request.clientOrderId)) return 'MEXC takes order ids of at most 32 characters';
  if (request.closePosition) return 'MEXC closes a position by its amount only';
  if (request.amount === null) return 'the order has no amount';
  if (market === 'spot' && isConditional(request)) return 'MEXC has no stop orders on spot';
  if (market === 'spot' && request.reduceOnly) return 'spot has no positions to reduce';
  if (request.type === 'limit' && request.price === null) return 'a limit order needs a price';
  if (request.type === 'trailing-stop')
    return 'MEXC does not document the unit of its trailing distance, so no trailing stop is sent';
  return isConditional(request) && request.triggerPrice === null ? 'a stop needs a trigger price' : null;
}

const SPOT_LIMIT = {
  gtc: 'LIMIT',
  ioc: 'IMMEDIATE_OR_CANCEL',
  fok: 'FILL_OR_KILL',
  'post-only': 'LIMIT_MAKER',
} as const;

/** A market buy names its amount in base; ccxt would turn it into a value, at a price it makes up. */
function spotParams(request: OrderRequest): Params {
  const limit = request.type === 'limit';
  return {
    symbol: toWireSymbol(request.symbol),
    side: request.side === 'buy' ? 'BUY' : 'SELL',
    type: limit ? SPOT_LIMIT[request.timeInForce ?? 'gtc'] : 'MARKET',
    quantity: request.amount!,
    newClientOrderId: request.clientOrderId,
    ...(limit ? { price: request.price! } : {}),
  };
}

const CROSS = 2;
const ONE_WAY = 2;

/**
 * A closing order says so twice, by its side and by `reduceOnly`: ccxt drops the latter. The position mode is named, so
 * that an account in hedge mode refuses rather than opens a second position.
 */
function futureParams(request: OrderRequest, { leverage }: FutureTerms, vol: number | string): Params {
  const buys = request.side === 'buy';
  return {
    symbol: toWireSymbol(request.symbol),
    vol,
    side: request.reduceOnly ? (buys ? 2 : 4) : buys ? 1 : 3,
    openType: CROSS,
    positionMode: ONE_WAY,
    ...(request.reduceOnly ? { reduceOnly: true } : {}),
    ...(leverage === null ? {} : { leverage }),
  };
}

const FUTURE_LIMIT = { gtc: 1, 'post-only': 2, ioc: 3, fok: 4 } as const;
const MARKET = 5;

/** Type 5 is a market order; 6, which ccxt sends, turns into a limit order at the present price. */
const plainParams = (request: OrderRequest, common: Params): Params => ({
  ...common,
  ...(request.type === 'limit'
    ? { type: FUTURE_LIMIT[request.timeInForce ?? 'gtc'], price: toWireNumber(request.price!) }
    : { type: MARKET }),
  externalOid: request.clientOrderId,
});

const AT_OR_ABOVE = 1;
const AT_OR_BELOW = 2;
/** The longest life MEXC documents for a trigger order. */
const SEVEN_DAYS = 2;
const LAST_PRICE = 1;

/** ccxt's defaults would be a limit order, above the price, for one day. */
const planParams = (request: OrderRequest, common: Params): Params => ({
  ...common,
  triggerPrice: toWireNumber(request.triggerPrice!),
  triggerType: triggerTypeOf(request),
  executeCycle: SEVEN_DAYS,
  trend: LAST_PRICE,
  orderType: MARKET,
});

/** A stop follows the price away from us, a take-profit waits for it to come our way. */
export const triggerTypeOf = (request: Pick<OrderRequest, 'type' | 'side'>): number =>
  (request.side === 'buy') === (request.type === 'stop-market') ? AT_OR_ABOVE : AT_OR_BELOW;

/** The id is taken, or the request was seen before: an earlier copy of this very order may be the one that has it. */
const TAKEN: ReadonlySet<unknown> = new Set([603, 2042]);

/** What the answer to a placement proves. Anything that proves nothing is unknown. */
export function toPlaceOutcome(answer: Answer, request: OrderRequest, market: MarketKind): PlaceOutcome {
  switch (answer.kind) {
    case 'not-sent':
      return { kind: 'not-sent', message: answer.message };
    case 'lost':
      return { kind: 'unknown', message: answer.message };
    case 'refused':
      if (TAKEN.has(answer.code) || /duplicate|repeat/i.test(answer.message))
        return { kind: 'unknown', message: `the exchange already has this order id: ${answer.message}` };
      return {
        kind: 'rejected',
        code: String(answer.code ?? `http-${answer.status}`),
        message: answer.message,
      };
    case 'ok':
      return accepted(answer.data, request, market);
  }
}

/** No answer says how the order stands; the stream does. */
function accepted(data: unknown, request: OrderRequest, market: MarketKind): PlaceOutcome {
  try {
    const id = market === 'spot' ? spotId(fieldsOf(data, 'order'), request) : futureId(data);
    return { kind: 'accepted', venueOrderId: VenueOrderId.parse(id), status: 'open' };
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

// {"symbol":"ETHUSDT","orderId":"C02__900002","price":"2500","origQty":"1","type":"LIMIT","side":"BUY","transactTime":…}
function spotId(row: Fields, request: OrderRequest): string {
  if (row.symbol !== toWireSymbol(request.symbol))
    throw bad('the exchange answered about another symbol', row);
  return textOf(row, 'orderId');
}

/** {"orderId":"739113577038255616","ts":1761888808839}; a bare id before 2026-04 and from planorder/place. */
function futureId(data: unknown): string {
  const bare = typeof data === 'string' || typeof data === 'number';
  return bare ? idOf({ id: data }, 'id') : idOf(fieldsOf(data, 'order'), 'orderId');
}

/** The one request that cancels an ordinary or a trigger order of futures by MEXC's id. */
export const cancelFutureCall = (request: OrderRequest, orderId: VenueOrderId): RestCall =>
  isConditional(request)
    ? {
        family: 'contract',
        method: 'POST',
        path: 'planorder/cancel',
        params: [{ symbol: toWireSymbol(request.symbol), orderId }],
      }
    : { family: 'contract', method: 'POST', path: 'order/cancel', params: [orderId] };

export const cancelSpotCall = (request: OrderRequest): RestCall => ({
  family: 'spot',
  method: 'DELETE',
  path: 'order',
  params: { symbol: toWireSymbol(request.symbol), origClientOrderId: request.clientOrderId },
});

/** What the answer to a cancel proves; null for "yes" without a word about the order, which proves nothing yet. */
export function toCancelOutcome(answer: Answer, orderId: VenueOrderId | null): CancelOutcome | null {
  // 2041: it is there, but can no longer be cancelled.
  if (answer.kind === 'refused' && (isAbsentCode(answer.code) || answer.code === 2041))
    return { kind: 'not-open', message: answer.message };
  if (answer.kind !== 'ok') return { kind: 'unknown', message: answer.message };
  if (orderId === null) return { kind: 'cancelled' };
  return Array.isArray(answer.data) && answer.data.length > 0 ? itemOutcome(answer.data, orderId) : null;
}

// [{"orderId":739113577038255617,"errorCode":2040,"errorMsg":"order not exist"}]: each order has its own answer
function itemOutcome(items: readonly unknown[], orderId: VenueOrderId): CancelOutcome {
  for (const item of items) {
    const row = typeof item === 'object' && item !== null ? (item as Fields) : {};
    if (String(row.orderId) !== orderId) continue;
    const message = String(row.errorMsg ?? `code ${String(row.errorCode)}`);
    if (row.errorCode === 0) return { kind: 'cancelled' };
    return row.errorCode === 2040 || row.errorCode === 2041
      ? { kind: 'not-open', message }
      : { kind: 'unknown', message };
  }
  return { kind: 'unknown', message: 'the answer is about another order' };
}
