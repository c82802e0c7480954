import { type Decimal, VenueOrderId } from '#shared/domain/basics';
import { mul, toStep } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { OrderRequest } from '#shared/domain/order';
import type { Answer } from '../core/answer';
import { type Fields, fieldsOf } from '../core/fields';
import type { CancelOutcome, PlaceOutcome } from '../venue';
import { isAbsentCode } from './answer';
import type { Params } from './auth';
import { toStatus, toVenueId } from './order-rows';
import type { RestCall } from './rest';
import { toWireSymbol } from './symbols';

/** Order kinds that USD-M keeps in its algo service since 2025-12-09; at /order they are refused with -4120. */
export const isConditional = (request: Pick<OrderRequest, 'type'>): boolean =>
  request.type === 'stop-market' || request.type === 'take-profit-market' || request.type === 'trailing-stop';

/** The one request that places this order, or in words why it cannot be written down for Binance. */
export function placeCall(request: OrderRequest, market: MarketKind): RestCall | string {
  const problem = problemOf(request, market);
  if (problem !== null) return problem;
  if (market === 'spot')
    return { family: 'private', method: 'POST', path: 'order', params: spotParams(request) };
  return isConditional(request)
    ? { family: 'fapiPrivate', method: 'POST', path: 'algoOrder', params: algoParams(request) }
    : { family: 'fapiPrivate', method: 'POST', path: 'order', params: futureParams(request) };
}

function problemOf(request: OrderRequest, market: MarketKind): string | null {
  const conditional = isConditional(request);
  if (request.closePosition && (market === 'spot' || !conditional))
    return 'only a conditional futures order can close a whole position';
  if (request.amount === null && !request.closePosition) return 'the order has no amount';
  if (request.type === 'limit' && request.price === null) return 'a limit order needs a price';
  if (request.type === 'trailing-stop')
    return request.callbackPercent === undefined ? 'a trailing stop needs its distance in percent' : null;
  return conditional && request.triggerPrice === null ? 'a stop needs a trigger price' : null;
}

const common = (request: OrderRequest): Record<string, string> => ({
  symbol: toWireSymbol(request.symbol),
  side: request.side === 'buy' ? 'BUY' : 'SELL',
});

const TIME_IN_FORCE = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'GTX' } as const;

/** Spot has no reduce-only: what is sold must be there, so the venue itself cannot overshoot. */
function spotParams(request: OrderRequest): Params {
  const params: Record<string, string> = {
    ...common(request),
    type: SPOT_TYPE[request.type],
    quantity: request.amount!,
    newClientOrderId: request.clientOrderId,
    // Stops are answered with a bare ACK otherwise, which has no status.
    newOrderRespType: 'RESULT',
  };
  if (request.type === 'limit') {
    params.price = request.price!;
    if (request.timeInForce === 'post-only') params.type = 'LIMIT_MAKER';
    else params.timeInForce = TIME_IN_FORCE[request.timeInForce ?? 'gtc'];
  }
  if (isConditional(request) && request.triggerPrice !== null) params.stopPrice = request.triggerPrice;
  // trailingDelta counts basis points: 0.5 % is 50.
  if (request.type === 'trailing-stop')
    params.trailingDelta = toStep(
      mul(request.callbackPercent! as string as Decimal, '100' as Decimal),
      '1' as Decimal,
      'half-up',
    );
  return params;
}
const SPOT_TYPE: Record<OrderRequest['type'], string> = {
  market: 'MARKET',
  limit: 'LIMIT',
  'stop-market': 'STOP_LOSS',
  'take-profit-market': 'TAKE_PROFIT',
  'trailing-stop': 'STOP_LOSS',
};

function futureParams(request: OrderRequest): Params {
  const params: Record<string, string> = {
    ...common(request),
    type: request.type === 'limit' ? 'LIMIT' : 'MARKET',
    quantity: request.amount!,
    newClientOrderId: request.clientOrderId,
    newOrderRespType: 'RESULT',
  };
  if (request.type === 'limit') {
    params.price = request.price!;
    params.timeInForce = TIME_IN_FORCE[request.timeInForce ?? 'gtc'];
  }
  if (request.reduceOnly) params.reduceOnly = 'true';
  return params;
}

function algoParams(request: OrderRequest): Params {
  const params: Record<string, string> = {
    ...common(request),
    algoType: 'CONDITIONAL',
    type: ALGO_TYPE[request.type] ?? '',
    workingType: 'CONTRACT_PRICE',
    clientAlgoId: request.clientOrderId,
  };
  // closePosition excludes quantity and reduceOnly.
  if (request.closePosition) params.closePosition = 'true';
  else {
    params.quantity = request.amount!;
    if (request.reduceOnly) params.reduceOnly = 'true';
  }
  if (request.type !== 'trailing-stop') return { ...params, triggerPrice: request.triggerPrice! };
  params.callbackRate = request.callbackPercent!;
  // Called activationPrice before 2025-12; ccxt still sends the old name.
  if (request.triggerPrice !== null) params.activatePrice = request.triggerPrice;
  return params;
}
const ALGO_TYPE: Readonly<Partial<Record<OrderRequest['type'], string>>> = {
  'stop-market': 'STOP_MARKET',
  'take-profit-market': 'TAKE_PROFIT_MARKET',
  'trailing-stop': 'TRAILING_STOP_MARKET',
};

/** What the answer to a placement proves. Anything that proves nothing is unknown. */
export function toPlaceOutcome(answer: Answer, request: OrderRequest): PlaceOutcome {
  switch (answer.kind) {
    case 'not-sent':
      return { kind: 'not-sent', message: answer.message };
    case 'lost':
      return { kind: 'unknown', message: answer.message };
    case 'refused':
      // The id is taken: an earlier copy of this very order may be the one that has it.
      if (answer.code === -4116 || /duplicate/i.test(answer.message))
        return { kind: 'unknown', message: `the exchange already has this order id: ${answer.message}` };
      return {
        kind: 'rejected',
        code: String(answer.code ?? `http-${answer.status}`),
        message: answer.message,
      };
    case 'ok':
      return toAccepted(answer.data, request);
  }
}

function toAccepted(data: unknown, request: OrderRequest): PlaceOutcome {
  try {
    const row = fieldsOf(data, 'order');
    const said = row.clientAlgoId ?? row.clientOrderId;
    if (said !== request.clientOrderId)
      return { kind: 'unknown', message: `the exchange answered about order ${String(said).slice(0, 40)}` };
    if (row.algoId !== undefined) return acceptedAlgo(row);
    const status = toStatus(row.status);
    if (status === 'rejected')
      return { kind: 'rejected', code: 'REJECTED', message: 'the exchange rejected the order' };
    return { kind: 'accepted', venueOrderId: toVenueId(row, 'orderId'), status };
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

function acceptedAlgo(row: Fields): PlaceOutcome {
  const venueOrderId = VenueOrderId.parse(toVenueId(row, 'algoId'));
  return row.algoStatus === 'REJECTED'
    ? { kind: 'rejected', code: 'REJECTED', message: 'the exchange rejected the stop' }
    : { kind: 'accepted', venueOrderId, status: 'open' };
}

/** The one request that cancels this order. */
export function cancelCall(request: OrderRequest, market: MarketKind): RestCall {
  const symbol = toWireSymbol(request.symbol);
  if (market === 'future' && isConditional(request)) {
    const params = { symbol, clientAlgoId: request.clientOrderId };
    return { family: 'fapiPrivate', method: 'DELETE', path: 'algoOrder', params };
  }
  const family = market === 'spot' ? 'private' : 'fapiPrivate';
  const params = { symbol, origClientOrderId: request.clientOrderId };
  return { family, method: 'DELETE', path: 'order', params };
}

/** What the answer to a cancel proves. */
export function toCancelOutcome(answer: Answer): CancelOutcome {
  if (answer.kind === 'ok') return { kind: 'cancelled' };
  return answer.kind === 'refused' && isAbsentCode(answer.code)
    ? { kind: 'not-open', message: answer.message }
    : { kind: 'unknown', message: answer.message };
}
