import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { div, isZero, mul, toFixed } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import type { Family } from '../wire-kit/order-log';
import { hasEnded } from '../wire-kit/order-state';
import { type Digits, futureType, money, wireSide, wireStatus, wireTimeInForce } from './format';

export const NOTHING = '0' as Decimal;

/** Average fill price, cut to the places of the price filter plus what Binance adds; "0.00" before the first fill. */
export const averagePrice = (view: MatchOrderView, digits: Digits): string =>
  isZero(view.filled)
    ? pad('0', digits.price)
    : toFixed(div(view.filledQuote, view.filled), Math.max(digits.price, 5));

export const workingType = (view: MatchOrderView): string =>
  view.triggerBy === 'mark' ? 'MARK_PRICE' : 'CONTRACT_PRICE';

const shared = ({ order, parent }: Family, symbol: PracticeSymbol, digits: Digits) => ({
  orderId: order.orderId,
  symbol: symbol.wireSymbol,
  status: wireStatus(order),
  clientOrderId: order.clientOrderId,
  price: pad(order.price ?? NOTHING, digits.price),
  origQty: pad(order.amount ?? order.filled, digits.amount),
  executedQty: pad(order.filled, digits.amount),
  timeInForce: wireTimeInForce(order, 'future'),
  type: futureType(order),
  reduceOnly: order.reduceOnly,
  closePosition: order.closePosition,
  side: wireSide(order.side),
  positionSide: 'BOTH',
  stopPrice: pad(parent?.triggerPrice ?? NOTHING, digits.price),
  workingType: workingType(parent ?? order),
  priceProtect: false,
  origType: futureType(parent ?? order),
  priceMatch: 'NONE',
  selfTradePreventionMode: 'EXPIRE_MAKER',
  goodTillDate: 0,
  updateTime: order.updatedAt,
});

/** Answer to a question about an order (GET): the only reply with the average price. */
export const futureOrder = (family: Family, symbol: PracticeSymbol, digits: Digits) => ({
  ...shared(family, symbol, digits),
  avgPrice: averagePrice(family.order, digits),
  cumQuote: pad(family.order.filledQuote, digits.price),
  time: family.order.createdAt,
});

/**
 * Answer to a placement or a cancel. Since 2026-07-15 without avgPrice and cumQuote. ACK shows the order as it was
 * taken, before the book was asked.
 */
export function futureAnswer(family: Family, symbol: PracticeSymbol, digits: Digits, ack: boolean) {
  const full = { ...shared(family, symbol, digits), cumQty: pad(family.order.filled, digits.amount) };
  if (!ack) return full;
  const none = pad('0', digits.amount);
  return { ...full, status: 'NEW', executedQty: none, cumQty: none };
}

export const futureTrade = (fill: MatchFill, symbol: PracticeSymbol, digits: Digits) => ({
  symbol: symbol.wireSymbol,
  id: fill.tradeId,
  orderId: fill.orderId,
  side: wireSide(fill.side),
  price: pad(fill.price, digits.price),
  qty: pad(fill.amount, digits.amount),
  realizedPnl: money(fill.realised),
  quoteQty: pad(mul(fill.price, fill.amount), digits.price),
  commission: money(fill.fee),
  commissionAsset: fill.feeAsset,
  time: fill.at,
  positionSide: 'BOTH',
  buyer: fill.side === 'buy',
  maker: fill.maker,
});

/** NEW, then TRIGGERED while the child lives, then FINISHED; or how it ended without a child. */
export function algoStatus({ order, child }: Pick<Family, 'order' | 'child'>): string {
  switch (order.status) {
    case 'cancelled':
      return 'CANCELED';
    case 'expired':
      return 'EXPIRED';
    case 'rejected':
      return 'REJECTED';
    case 'waiting':
    case 'new':
      return 'NEW';
    default:
      return child !== null && hasEnded(child) ? 'FINISHED' : 'TRIGGERED';
  }
}

/** Answer to a placement of a conditional order. */
export const algoPlaced = (family: Family, symbol: PracticeSymbol, digits: Digits) => {
  const { order } = family;
  const trailing = order.type === 'trailing-stop';
  return {
    algoId: order.orderId,
    clientAlgoId: order.clientOrderId,
    algoType: 'CONDITIONAL',
    orderType: futureType(order),
    symbol: symbol.wireSymbol,
    side: wireSide(order.side),
    positionSide: 'BOTH',
    timeInForce: 'GTC',
    quantity: pad(order.amount ?? NOTHING, digits.amount),
    algoStatus: algoStatus(family),
    triggerPrice: pad(trailing ? NOTHING : (order.triggerPrice ?? NOTHING), digits.price),
    price: pad('0', digits.price),
    icebergQuantity: null,
    selfTradePreventionMode: 'EXPIRE_MAKER',
    workingType: workingType(order),
    priceMatch: 'NONE',
    closePosition: order.closePosition,
    priceProtect: false,
    reduceOnly: order.reduceOnly,
    activatePrice: trailing ? (order.triggerPrice ?? '') : '',
    callbackRate: trailing ? (order.callbackPercent ?? '') : '',
    createTime: order.createdAt,
    updateTime: order.updatedAt,
    triggerTime: order.status === 'triggered' ? order.updatedAt : 0,
    goodTillDate: 0,
  };
};

/** Answer to a question about a conditional order (GET). */
export const algoOrder = (family: Family, symbol: PracticeSymbol, digits: Digits) => ({
  ...algoPlaced(family, symbol, digits),
  actualOrderId: family.child === null ? '' : String(family.child.orderId),
  actualPrice: family.child === null ? pad('0', digits.price) : averagePrice(family.child, digits),
  actualQty: pad(family.child?.filled ?? NOTHING, digits.amount),
});
