import { type Decimal, type OrderSide, VenueOrderId } from '#shared/domain/basics';
import { gte, lte, plusPercent, toStep } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { OrderRequest } from '#shared/domain/order';
import type { Answer } from '../core/answer';
import { type Fields, fieldsOf, idOf, listOf } from '../core/fields';
import type { CancelOutcome, PlaceOutcome } from '../venue';
import { isAbsentCode } from './answer';
import type { Params } from './auth';
import { type RestCall, signedPost } from './rest';
import { MARGIN_COIN, PRODUCT, toWireSymbol } from './symbols';

/** Orders that wait for a price: Bitget keeps them in families of their own, apart from plain orders. */
export const isConditional = (request: Pick<OrderRequest, 'type'>): boolean =>
  request.type === 'stop-market' || request.type === 'take-profit-market' || request.type === 'trailing-stop';

/** Trigger orders of futures that close a position: the exchange itself checks on which side of the price they are. */
export const isClosing = (request: OrderRequest): boolean => request.reduceOnly || request.closePosition;

/** The price now and the tick, for what cannot be written down without them. */
export interface Price {
  readonly last: Decimal;
  readonly tickSize: Decimal;
}

/**
 * Whether the price must be asked for first. A plain trigger order does not say whether it waits for a rise or a fall,
 * so one whose trigger has been passed would wait for the way back; and a spot market buy is sized in quote.
 */
export const needsPrice = (request: OrderRequest, market: MarketKind): boolean =>
  market === 'spot'
    ? isConditional(request) || isSpotMarketBuy(request)
    : isConditional(request) && !isClosing(request) && request.type !== 'trailing-stop';

const isSpotMarketBuy = (request: OrderRequest): boolean =>
  request.type === 'market' && request.side === 'buy';

/** The one request that places this order, or in words why it cannot be written down for Bitget. */
export function placeCall(request: OrderRequest, market: MarketKind, price: Price | null): RestCall | string {
  const problem = problemOf(request, market, price);
  if (problem !== null) return problem;
  if (market === 'spot')
    return isConditional(request)
      ? signedPost('v2/spot/trade/place-plan-order', spotPlanParams(request))
      : signedPost('v2/spot/trade/place-order', spotParams(request, price));
  if (!isConditional(request)) return signedPost('v2/mix/order/place-order', futureParams(request));
  return usesTpsl(request)
    ? signedPost('v2/mix/order/place-tpsl-order', tpslParams(request))
    : signedPost('v2/mix/order/place-plan-order', planParams(request));
}

const usesTpsl = (request: OrderRequest): boolean => isClosing(request) && request.type !== 'trailing-stop';

function problemOf(request: OrderRequest, market: MarketKind, price: Price | null): string | null {
  const conditional = isConditional(request);
  if (request.closePosition && (market === 'spot' || !conditional))
    return 'only a conditional futures order can close a whole position';
  if (request.amount === null && !request.closePosition) return 'the order has no amount';
  if (request.type === 'limit' && request.price === null) return 'a limit order needs a price';
  if (request.type === 'trailing-stop') return trailingProblem(request, market);
  if (conditional && request.triggerPrice === null) return 'a stop needs a trigger price';
  if (!needsPrice(request, market)) return null;
  if (price === null) return 'the price now is not known, and Bitget takes this order only with it';
  return conditional ? passedProblem(request, price.last) : null;
}

function trailingProblem(request: OrderRequest, market: MarketKind): string | null {
  if (market === 'spot') return 'Bitget has no trailing stop on spot';
  if (request.closePosition) return 'a trailing stop on Bitget needs an amount';
  if (request.callbackPercent === undefined) return 'a trailing stop needs its distance in percent';
  return request.triggerPrice === null
    ? 'a trailing stop on Bitget needs the price at which it starts'
    : null;
}

/** Beyond its trigger the order would wait for the price to come back. */
function passedProblem({ type, side, triggerPrice }: OrderRequest, last: Decimal): string | null {
  const waitsForFall = (type === 'stop-market') === (side === 'sell');
  const passed = waitsForFall ? lte(last, triggerPrice!) : gte(last, triggerPrice!);
  return passed ? `the price (${last}) has already passed the trigger (${triggerPrice})` : null;
}

const FORCE = { gtc: 'gtc', ioc: 'ioc', fok: 'fok', 'post-only': 'post_only' } as const;
const force = (request: OrderRequest): string => FORCE[request.timeInForce ?? 'gtc'];

const common = (request: OrderRequest): Record<string, string> => ({
  symbol: toWireSymbol(request.symbol),
  side: request.side,
  clientOid: request.clientOrderId,
});

/** How far above the last price a spot market buy may pay; within the 5 % to which Bitget bounds prices. */
const MARKET_BUY_PERCENT = '2' as Decimal;

/**
 * A market buy would be sized in quote and fill another amount than asked for. It is sent as a limit order that takes
 * at once up to 2 % above the last price and leaves nothing behind.
 */
function spotParams(request: OrderRequest, price: Price | null): Params {
  const base = { ...common(request), size: request.amount! };
  if (isSpotMarketBuy(request) && price !== null) {
    const most = toStep(plusPercent(price.last, MARKET_BUY_PERCENT), price.tickSize, 'up');
    return { ...base, orderType: 'limit', price: most, force: 'ioc' };
  }
  if (request.type === 'market') return { ...base, orderType: 'market', force: 'gtc' };
  return { ...base, orderType: 'limit', price: request.price!, force: force(request) };
}

/** `planType: amount` counts the size in base, buys too. */
const spotPlanParams = (request: OrderRequest): Params => ({
  ...common(request),
  planType: 'amount',
  orderType: 'market',
  size: request.amount!,
  triggerPrice: request.triggerPrice!,
  triggerType: 'fill_price',
});

const future = (request: OrderRequest): Record<string, string> => ({
  ...common(request),
  productType: PRODUCT.future,
  marginCoin: MARGIN_COIN,
});
const reduceOnly = (request: OrderRequest): 'YES' | 'NO' => (request.reduceOnly ? 'YES' : 'NO');

function futureParams(request: OrderRequest): Params {
  const params = {
    ...future(request),
    marginMode: 'crossed',
    size: request.amount!,
    orderType: request.type,
    reduceOnly: reduceOnly(request),
  };
  return request.type === 'limit' ? { ...params, price: request.price!, force: force(request) } : params;
}

/** The position a closing order belongs to, in one-way mode in the words of its opening side. */
const holdSide = (side: OrderSide): OrderSide => (side === 'sell' ? 'buy' : 'sell');

/**
 * Stop or take-profit of an existing position. With a size several can stand beside each other; without one it covers
 * the whole position, of which there is one only, and another replaces it.
 */
function tpslParams(request: OrderRequest): Params {
  const { side: _side, ...rest } = future(request);
  const loss = request.type === 'stop-market';
  const params = {
    ...rest,
    triggerPrice: request.triggerPrice!,
    triggerType: 'fill_price',
    holdSide: holdSide(request.side),
  };
  return request.closePosition
    ? { ...params, planType: loss ? 'pos_loss' : 'pos_profit' }
    : { ...params, planType: loss ? 'loss_plan' : 'profit_plan', size: request.amount! };
}

const planParams = (request: OrderRequest): Params => ({
  ...future(request),
  planType: request.type === 'trailing-stop' ? 'track_plan' : 'normal_plan',
  marginMode: 'crossed',
  orderType: 'market',
  size: request.amount!,
  triggerPrice: request.triggerPrice!,
  triggerType: 'fill_price',
  reduceOnly: reduceOnly(request),
  ...(request.type === 'trailing-stop' ? { callbackRatio: request.callbackPercent! } : {}),
});

/** Taken already by 40786, 43118 and 45034. */
const DUPLICATE: ReadonlySet<string> = new Set(['40786', '43118', '45034', '25212']);

/** What the answer to a placement proves. Anything that proves nothing is unknown. */
export function toPlaceOutcome(answer: Answer, request: OrderRequest): PlaceOutcome {
  switch (answer.kind) {
    case 'not-sent':
      return { kind: 'not-sent', message: answer.message };
    case 'lost':
      return { kind: 'unknown', message: answer.message };
    case 'refused':
      // The id is taken: an earlier copy of this very order may be the one that has it.
      if (DUPLICATE.has(String(answer.code)) || /duplicate/i.test(answer.message))
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

/** {"orderId":"1001","clientOid":"wd-19"}: taken, no more; what becomes of it the stream tells. */
function toAccepted(data: unknown, request: OrderRequest): PlaceOutcome {
  try {
    const row = fieldsOf(data, 'order');
    if (row.clientOid !== request.clientOrderId)
      return {
        kind: 'unknown',
        message: `the exchange answered about order ${String(row.clientOid).slice(0, 40)}`,
      };
    return { kind: 'accepted', venueOrderId: VenueOrderId.parse(idOf(row, 'orderId')), status: 'open' };
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

/** The one request that cancels this order. */
export function cancelCall(request: OrderRequest, market: MarketKind): RestCall {
  const symbol = toWireSymbol(request.symbol);
  const clientOid = request.clientOrderId;
  if (market === 'spot')
    return isConditional(request)
      ? signedPost('v2/spot/trade/cancel-plan-order', { clientOid })
      : signedPost('v2/spot/trade/cancel-order', { symbol, clientOid });
  const params = { symbol, productType: PRODUCT.future, marginCoin: MARGIN_COIN };
  return isConditional(request)
    ? signedPost('v2/mix/order/cancel-plan-order', {
        ...params,
        orderIdList: [{ clientOid }],
        planType: planTypeOf(request),
      })
    : signedPost('v2/mix/order/cancel-order', { ...params, clientOid });
}

/** The exact family of a futures trigger order. */
export function planTypeOf(request: OrderRequest): string {
  if (request.type === 'trailing-stop') return 'track_plan';
  if (!isClosing(request)) return 'normal_plan';
  return String(tpslParams(request).planType);
}
/** The word under which a family is listed. */
export const listedPlanType = (request: OrderRequest): 'normal_plan' | 'track_plan' | 'profit_loss' =>
  request.type === 'trailing-stop' ? 'track_plan' : isClosing(request) ? 'profit_loss' : 'normal_plan';

/** What the answer to a cancel proves. Lists answer with success although what they name failed. */
export function toCancelOutcome(answer: Answer): CancelOutcome {
  if (answer.kind === 'ok') return listedFailure(answer.data) ?? { kind: 'cancelled' };
  return answer.kind === 'refused' && isAbsentCode(answer.code)
    ? { kind: 'not-open', message: answer.message }
    : { kind: 'unknown', message: answer.message };
}

// {"successList":[],"failureList":[{"orderId":"","clientOid":"wd-2","errorCode":"43025","errorMsg":"…"}]}
function listedFailure(data: unknown): CancelOutcome | null {
  try {
    const fields: Fields = fieldsOf(data, 'cancel');
    if (fields.successList === undefined) return null;
    const [failure] = listOf(fields.failureList ?? [], 'failureList');
    const done = listOf(fields.successList ?? [], 'successList').length > 0;
    if (failure === undefined)
      return done ? null : { kind: 'not-open', message: 'the exchange has no such trigger order open' };
    const { errorCode, errorMsg } = fieldsOf(failure, 'failure');
    const message = String(errorMsg ?? 'the exchange did not say why');
    const absent = isAbsentCode(errorCode === undefined || errorCode === null ? null : String(errorCode));
    return { kind: absent || /not exist|cannot be found/i.test(message) ? 'not-open' : 'unknown', message };
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}
