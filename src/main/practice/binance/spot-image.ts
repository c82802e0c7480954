import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { fromText, mul, toFixed } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { hasEnded } from '../wire-kit/order-state';
import { money, spotType, wireSide, wireStatus, wireTimeInForce } from './format';

const NOTHING = '0' as Decimal;

/** Trailing distance in basis points, as spot writes it. */
export const trailingDelta = (order: MatchOrderView): number | null =>
  order.callbackPercent === undefined
    ? null
    : Number(toFixed(mul(order.callbackPercent, fromText('100')), 0));

const core = (face: MatchOrderView, symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  orderId: face.orderId,
  orderListId: -1,
  clientOrderId: face.clientOrderId,
});

const amounts = (face: MatchOrderView) => ({
  price: money(face.price ?? NOTHING),
  // A market order by value has no amount of its own until it has filled.
  origQty: money(face.amount ?? face.filled),
  executedQty: money(face.filled),
  origQuoteOrderQty: money(face.quoteAmount ?? NOTHING),
  cummulativeQuoteQty: money(face.filledQuote),
  status: wireStatus(face),
  timeInForce: wireTimeInForce(face, 'spot'),
  type: spotType(face),
  side: wireSide(face.side),
});

const trigger = (face: MatchOrderView) => {
  const delta = trailingDelta(face);
  return {
    ...(face.triggerPrice === null ? {} : { stopPrice: money(face.triggerPrice) }),
    ...(delta === null ? {} : { trailingDelta: delta }),
  };
};

/** Answer to a question about an order (GET). */
export const spotOrder = (face: MatchOrderView, symbol: PracticeSymbol) => ({
  ...core(face, symbol),
  ...amounts(face),
  stopPrice: money(face.triggerPrice ?? NOTHING),
  ...trigger(face),
  icebergQty: money(NOTHING),
  time: face.createdAt,
  updateTime: face.updatedAt,
  isWorking: !hasEnded(face) ? face.status !== 'waiting' : true,
  workingTime: face.createdAt,
  selfTradePreventionMode: 'NONE',
});

/** Answer to a placement, as short or long as `newOrderRespType` asks. */
export function spotPlaced(
  face: MatchOrderView,
  symbol: PracticeSymbol,
  fills: readonly MatchFill[],
  answer: 'ACK' | 'RESULT' | 'FULL',
) {
  const acknowledged = { ...core(face, symbol), transactTime: face.updatedAt };
  if (answer === 'ACK') return acknowledged;
  const result = {
    ...acknowledged,
    ...amounts(face),
    ...trigger(face),
    workingTime: face.createdAt,
    selfTradePreventionMode: 'NONE',
  };
  if (answer === 'RESULT') return result;
  return {
    ...result,
    fills: fills.map((fill) => ({
      price: money(fill.price),
      qty: money(fill.amount),
      commission: money(fill.fee),
      commissionAsset: fill.feeAsset,
      tradeId: fill.tradeId,
    })),
  };
}

/** Answer to a cancel: `clientOrderId` is the id of the cancel itself. */
export const spotCancelled = (face: MatchOrderView, symbol: PracticeSymbol, cancelId: string) => ({
  ...core(face, symbol),
  origClientOrderId: face.clientOrderId,
  clientOrderId: cancelId,
  transactTime: face.updatedAt,
  ...amounts(face),
  ...trigger(face),
  selfTradePreventionMode: 'NONE',
});

export const spotTrade = (fill: MatchFill, orderId: number, symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  id: fill.tradeId,
  orderId,
  orderListId: -1,
  price: money(fill.price),
  qty: money(fill.amount),
  quoteQty: money(mul(fill.price, fill.amount)),
  commission: money(fill.fee),
  commissionAsset: fill.feeAsset,
  time: fill.at,
  isBuyer: fill.side === 'buy',
  isMaker: fill.maker,
  isBestMatch: true,
});
