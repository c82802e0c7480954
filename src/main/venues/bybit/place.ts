import type { MarketKind } from '#shared/domain/exchange';
import type { OrderRequest } from '#shared/domain/order';
import type { Answer } from '../core/answer';
import { fieldsOf } from '../core/fields';
import type { CancelOutcome, PlaceOutcome } from '../venue';
import { isAbsentCode } from './answer';
import type { Params } from './auth';
import { CATEGORY } from './endpoints';
import { toVenueId } from './order-rows';
import type { RestCall } from './rest';
import { toWireSymbol } from './symbols';

/** Order kinds that wait for a price. */
export const isConditional = (request: Pick<OrderRequest, 'type'>): boolean =>
  request.type === 'stop-market' || request.type === 'take-profit-market';

/** The one request that places this order, or in words why it cannot be written down for Bybit. */
export function placeCall(request: OrderRequest, market: MarketKind): RestCall | string {
  const problem = problemOf(request, market);
  if (problem !== null) return problem;
  const params: Params = {
    category: CATEGORY[market],
    symbol: toWireSymbol(request.symbol),
    side: request.side === 'buy' ? 'Buy' : 'Sell',
    orderLinkId: request.clientOrderId,
    ...(request.type === 'limit' ? limitParams(request) : { orderType: 'Market' }),
    ...(market === 'spot' ? spotParams(request) : futureParams(request)),
  };
  return { access: 'signed', method: 'POST', path: 'order/create', params };
}

function problemOf(request: OrderRequest, market: MarketKind): string | null {
  if (request.type === 'trailing-stop')
    return 'Bybit keeps a trailing stop with the position, without an id of ours; move a stop instead';
  if (!/^[A-Za-z0-9_-]{1,36}$/.test(request.clientOrderId))
    return `Bybit takes order ids of 1 to 36 letters, digits, _ and -, not "${request.clientOrderId}"`;
  if (request.closePosition && (market === 'spot' || !isConditional(request)))
    return 'only a conditional futures order can close a whole position';
  if (request.amount === null && !request.closePosition) return 'the order has no amount';
  if (request.type === 'limit' && request.price === null) return 'a limit order needs a price';
  return isConditional(request) && request.triggerPrice === null ? 'a stop needs a trigger price' : null;
}

const TIME_IN_FORCE = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'PostOnly' } as const;

const limitParams = (request: OrderRequest): Params => ({
  orderType: 'Limit',
  price: request.price!,
  timeInForce: TIME_IN_FORCE[request.timeInForce ?? 'gtc'],
});

/** Spot has no reduce-only: what is sold must be there, so the venue itself cannot overshoot. */
function spotParams(request: OrderRequest): Params {
  const plain: Params = {
    qty: request.amount!,
    // Without it the quantity of a market buy would be money, not coins.
    ...(request.type === 'limit' ? {} : { marketUnit: 'baseCoin' }),
  };
  if (!isConditional(request)) return plain;
  // Of spot's two families of waiting orders this one holds the coins, so that a stop cannot fail for want of them.
  return { ...plain, orderFilter: SPOT_CONDITIONAL, triggerPrice: request.triggerPrice! };
}
const SPOT_CONDITIONAL = 'tpslOrder';

/** One-way mode; an amount of 0 with reduce-only and close-on-trigger closes the whole position. */
function futureParams(request: OrderRequest): Params {
  const params: Params = {
    qty: request.closePosition ? '0' : request.amount!,
    positionIdx: 0,
    ...(request.reduceOnly || request.closePosition ? { reduceOnly: true } : {}),
    ...(request.closePosition ? { closeOnTrigger: true } : {}),
  };
  if (!isConditional(request)) return params;
  const rises = (request.type === 'stop-market') === (request.side === 'buy');
  return {
    ...params,
    triggerPrice: request.triggerPrice!,
    triggerDirection: rises ? 1 : 2,
    triggerBy: 'LastPrice',
  };
}

/** The order id is taken, which an earlier copy of this very order may have done. */
const DUPLICATE: ReadonlySet<unknown> = new Set([110_072, 170_141]);

/** What the answer to a placement proves. Anything that proves nothing is unknown. */
export function toPlaceOutcome(answer: Answer, request: OrderRequest): PlaceOutcome {
  switch (answer.kind) {
    case 'not-sent':
      return { kind: 'not-sent', message: answer.message };
    case 'lost':
      return { kind: 'unknown', message: answer.message };
    case 'refused':
      if (DUPLICATE.has(answer.code) || /duplicate/i.test(answer.message))
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

/** {"orderId":"1321003749386327552","orderLinkId":"wd-0001"}: taken in, no more. The order topic tells the rest. */
function toAccepted(data: unknown, request: OrderRequest): PlaceOutcome {
  try {
    const row = fieldsOf(data, 'order');
    if (row.orderLinkId !== request.clientOrderId)
      return {
        kind: 'unknown',
        message: `the exchange answered about order ${String(row.orderLinkId).slice(0, 40)}`,
      };
    return { kind: 'accepted', venueOrderId: toVenueId(row, 'orderId'), status: 'open' };
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

/** The requests that may cancel this order, in the order to try them: a spot stop changes its family when it triggers. */
export function cancelCalls(request: OrderRequest, market: MarketKind): readonly RestCall[] {
  const params: Params = {
    category: CATEGORY[market],
    symbol: toWireSymbol(request.symbol),
    orderLinkId: request.clientOrderId,
  };
  const call = (more: Params): RestCall => ({
    access: 'signed',
    method: 'POST',
    path: 'order/cancel',
    params: { ...params, ...more },
  });
  if (market === 'future') return [call({})];
  const plain = call({ orderFilter: 'Order' });
  return isConditional(request) ? [call({ orderFilter: SPOT_CONDITIONAL }), plain] : [plain];
}

/** What the answer to a cancel proves; `taken`: the exchange will try. */
export function toCancelOutcome(answer: Answer): CancelOutcome | { readonly kind: 'taken' } {
  if (answer.kind === 'ok') return { kind: 'taken' };
  return answer.kind === 'refused' && isAbsentCode(answer.code)
    ? { kind: 'not-open', message: answer.message }
    : { kind: 'unknown', message: answer.message };
}
