import type { MatchFill, MatchOrder, MatchOrderView } from '#main/matching/types';
import { div, isZero, mul, sub, toFixed, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { spotDealId, spotId } from './wire-market';

export const spotType = (order: MatchOrder): string => {
  if (order.type === 'market') return 'MARKET';
  if (order.timeInForce === 'post-only') return 'LIMIT_MAKER';
  if (order.timeInForce === 'ioc') return 'IMMEDIATE_OR_CANCEL';
  return order.timeInForce === 'fok' ? 'FILL_OR_KILL' : 'LIMIT';
};

/** The stream's numbers of the same kinds. */
export const spotTypeNumber = (order: MatchOrder): number =>
  ({ LIMIT: 1, LIMIT_MAKER: 2, IMMEDIATE_OR_CANCEL: 3, FILL_OR_KILL: 4, MARKET: 5 })[spotType(order)] ?? 1;

/** What ended for any other reason than being filled was cancelled. */
export function spotStatus(order: MatchOrderView): string {
  if (order.status === 'filled') return 'FILLED';
  if (order.status === 'new' || order.status === 'partially-filled')
    return isZero(order.filled) ? 'NEW' : 'PARTIALLY_FILLED';
  return isZero(order.filled) ? 'CANCELED' : 'PARTIALLY_CANCELED';
}
export const spotStatusNumber = (order: MatchOrderView): number =>
  ({ NEW: 1, FILLED: 2, PARTIALLY_FILLED: 3, CANCELED: 4, PARTIALLY_CANCELED: 5 })[spotStatus(order)] ?? 1;

/** Answer to a placement: it has no status. */
export const spotPlaced = (order: MatchOrderView, symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  orderId: spotId(order.orderId),
  orderListId: -1,
  price: order.price ?? '0',
  origQty: order.amount ?? '0',
  type: spotType(order),
  side: order.side === 'buy' ? 'BUY' : 'SELL',
  stpMode: '',
  transactTime: order.createdAt,
});

/** Answer to a question about an order, and to a cancel. */
export const spotOrder = (order: MatchOrderView, symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  orderId: spotId(order.orderId),
  orderListId: -1,
  clientOrderId: order.clientOrderId,
  price: order.price ?? '0',
  origQty: order.amount ?? order.filled,
  executedQty: order.filled,
  cummulativeQuoteQty: order.filledQuote,
  status: spotStatus(order),
  timeInForce: null,
  type: spotType(order),
  side: order.side === 'buy' ? 'BUY' : 'SELL',
  stopPrice: null,
  icebergQty: null,
  time: order.createdAt,
  updateTime: order.updatedAt,
  isWorking: true,
  stpMode: '',
  cancelReason: null,
  origQuoteOrderQty: order.quoteAmount ?? '0',
});

export const spotTrade = (fill: MatchFill, symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  id: spotDealId(fill.tradeId),
  orderId: spotId(fill.orderId),
  orderListId: -1,
  price: fill.price,
  qty: fill.amount,
  quoteQty: mul(fill.price, fill.amount),
  commission: fill.fee,
  commissionAsset: fill.feeAsset,
  time: fill.at,
  isBuyer: fill.side === 'buy',
  isMaker: fill.maker,
  isBestMatch: true,
  isSelfTrade: false,
  clientOrderId: fill.clientOrderId,
});

/** The body of a private.orders frame. */
export function orderFrame(order: MatchOrderView, lastDeal: MatchFill | null) {
  const amount = order.amount ?? order.filled;
  const value = order.quoteAmount ?? mul(order.price ?? ZERO, amount);
  return {
    id: spotId(order.orderId),
    clientId: order.clientOrderId,
    price: order.price ?? '0',
    quantity: amount,
    amount: value,
    avgPrice: isZero(order.filled) ? '0' : toFixed(div(order.filledQuote, order.filled), 8),
    orderType: spotTypeNumber(order),
    tradeType: order.side === 'buy' ? 1 : 2,
    isMaker: lastDeal?.maker ?? false,
    remainAmount: sub(value, order.filledQuote),
    remainQuantity: sub(amount, order.filled),
    lastDealQuantity: lastDeal?.amount ?? '',
    cumulativeQuantity: order.filled,
    cumulativeAmount: order.filledQuote,
    status: spotStatusNumber(order),
    createTime: order.createdAt,
  };
}

/** The body of a private.deals frame. */
export const dealFrame = (fill: MatchFill) => ({
  price: fill.price,
  quantity: fill.amount,
  amount: mul(fill.price, fill.amount),
  tradeType: fill.side === 'buy' ? 1 : 2,
  isMaker: fill.maker,
  isSelfTrade: false,
  tradeId: spotDealId(fill.tradeId),
  clientOrderId: fill.clientOrderId,
  orderId: spotId(fill.orderId),
  feeAmount: fill.fee,
  feeCurrency: fill.feeAsset,
  time: fill.at,
});
