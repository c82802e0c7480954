import type { MatchFill, MatchOrderView } from '#main/matching/types';
import { div, isZero, mul, neg, places, sum, toFixed } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import type { Family } from '../wire-kit/order-log';
import { clientOidOf, wireOrderId, wireTradeId } from './ids';
import { plainStatus, planStatus, planTypeOf } from './order-state';
import type { WireMarket } from './wire-market';

export const average = (order: MatchOrderView, symbol: PracticeSymbol): string =>
  isZero(order.filled) ? '0' : toFixed(div(order.filledQuote, order.filled), places(symbol.tickSize) + 4);

/** Size as it was sent: a spot market buy counts quote. */
export const sizeOf = (order: MatchOrderView): string => order.quoteAmount ?? order.amount ?? order.filled;
export const forceOf = (order: MatchOrderView): string =>
  order.timeInForce === 'post-only' ? 'post_only' : (order.timeInForce ?? 'gtc');
export const typeOf = (order: MatchOrderView): 'limit' | 'market' =>
  order.type === 'limit' ? 'limit' : 'market';
export const tradeSide = (side: 'buy' | 'sell'): string => `${side}_single`;

const times = (order: MatchOrderView) => ({ cTime: String(order.createdAt), uTime: String(order.updatedAt) });

/** What a trigger order became says where it comes from. */
const sourceOf = (market: WireMarket, parent: MatchOrderView | null): string => {
  if (parent === null) return 'normal';
  return market.kind === 'spot' ? 'plan_market' : `${planTypeOf(market, parent)}_market`;
};

/** A spot order. In the list of open ones `priceAvg` holds its price, and `basePrice` the average. */
export function spotOrder(
  market: WireMarket,
  { order, parent }: Family,
  symbol: PracticeSymbol,
  list: 'open' | 'any',
) {
  const price = order.price ?? '0';
  return {
    userId: '1',
    symbol: symbol.wireSymbol,
    orderId: wireOrderId('spot', order.orderId),
    clientOid: clientOidOf('spot', order, parent),
    ...(list === 'open'
      ? { priceAvg: price, basePrice: average(order, symbol) }
      : { price, priceAvg: average(order, symbol) }),
    size: sizeOf(order),
    orderType: typeOf(order),
    side: order.side,
    status: plainStatus(order),
    baseVolume: order.filled,
    quoteVolume: order.filledQuote,
    enterPointSource: 'API',
    ...(list === 'open' ? {} : { feeDetail: spotFeeText(market, order, symbol) }),
    orderSource: sourceOf(market, parent),
    force: forceOf(order),
    ...times(order),
  };
}

/** Fees of a spot order are JSON inside JSON; an order without fills has none. */
function spotFeeText(market: WireMarket, order: MatchOrderView, symbol: PracticeSymbol): string {
  const fills = market.log
    .fills(order.account, symbol.symbol)
    .filter((fill) => fill.orderId === order.orderId);
  const first = fills[0];
  if (first === undefined) return '';
  const totalFee = neg(sum(fills.map((fill) => fill.fee)));
  return JSON.stringify({
    [first.feeAsset]: { deduction: false, feeCoinCode: first.feeAsset, totalDeductionFee: 0, totalFee },
    newFees: { c: 0, d: 0, deduction: false, r: totalFee, t: totalFee, totalDeductionFee: 0 },
  });
}

/** A futures order; `state` in the answer about one, `status` in lists. */
export function futureOrder(
  market: WireMarket,
  { order, parent }: Family,
  symbol: PracticeSymbol,
  statusName: 'state' | 'status',
) {
  const fills = market.log
    .fills(order.account, symbol.symbol)
    .filter((fill) => fill.orderId === order.orderId);
  return {
    symbol: symbol.wireSymbol,
    size: sizeOf(order),
    orderId: wireOrderId('future', order.orderId),
    clientOid: clientOidOf('future', order, parent),
    baseVolume: order.filled,
    fee: neg(sum(fills.map((fill) => fill.fee))),
    price: order.price ?? '',
    priceAvg: isZero(order.filled) ? '' : average(order, symbol),
    [statusName]: plainStatus(order),
    side: order.side,
    force: forceOf(order),
    totalProfits: sum(fills.map((fill) => fill.realised)),
    posSide: 'net',
    marginCoin: 'USDT',
    presetStopSurplusPrice: '',
    presetStopLossPrice: '',
    quoteVolume: order.filledQuote,
    orderType: typeOf(order),
    leverage: String(leverageOf(market, order.account, symbol)),
    marginMode: 'crossed',
    reduceOnly: order.reduceOnly ? 'YES' : 'NO',
    enterPointSource: 'API',
    tradeSide: tradeSide(order.side),
    posMode: 'one_way_mode',
    orderSource: sourceOf(market, parent),
    ...times(order),
  };
}

/** What the matching engine gives a symbol nobody has set a leverage for. */
const DEFAULT_LEVERAGE = 20;
export const leverageOf = ({ core }: WireMarket, account: string, symbol: PracticeSymbol): number =>
  core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol)?.leverage ??
  Math.min(DEFAULT_LEVERAGE, symbol.maxLeverage);

/** A futures trigger order; the history adds what it became. */
export function futurePlan(
  market: WireMarket,
  { order, child }: Family,
  symbol: PracticeSymbol,
  past: boolean,
) {
  return {
    planType: planTypeOf(market, order),
    symbol: symbol.wireSymbol,
    size: order.amount ?? '',
    orderId: wireOrderId('future', order.orderId),
    ...(past ? { executeOrderId: child === null ? '' : wireOrderId('future', child.orderId) } : {}),
    clientOid: order.clientOrderId,
    price: '',
    callbackRatio: order.callbackPercent ?? '',
    triggerPrice: order.triggerPrice ?? '',
    triggerType: order.triggerBy === 'mark' ? 'mark_price' : 'fill_price',
    planStatus: planStatus(order),
    side: order.side,
    posSide: 'net',
    marginCoin: 'USDT',
    marginMode: 'crossed',
    enterPointSource: 'API',
    tradeSide: tradeSide(order.side),
    posMode: 'one_way_mode',
    orderType: 'market',
    reduceOnly: order.reduceOnly || order.closePosition ? 'YES' : 'NO',
    stopSurplusTriggerPrice: '',
    stopSurplusExecutePrice: '',
    stopSurplusTriggerType: 'fill_price',
    stopLossTriggerPrice: '',
    stopLossExecutePrice: '',
    stopLossTriggerType: 'fill_price',
    ...(past
      ? { baseVolume: child?.filled ?? '0', priceAvg: child === null ? '' : average(child, symbol) }
      : {}),
    ...times(order),
  };
}

export const spotPlan = ({ order }: Family, symbol: PracticeSymbol) => ({
  orderId: wireOrderId('spot', order.orderId),
  clientOid: order.clientOrderId,
  symbol: symbol.wireSymbol,
  size: sizeOf(order),
  planType: order.quoteAmount === undefined ? 'AMOUNT' : 'TOTAL',
  executePrice: '0',
  triggerPrice: order.triggerPrice ?? '',
  status: planStatus(order),
  orderType: 'market',
  side: order.side,
  triggerType: order.triggerBy === 'mark' ? 'mark_price' : 'fill_price',
  enterPointSource: 'API',
  ...times(order),
});

/** A fee that was paid has a minus, but on one channel. */
export const feeDetail = (fill: MatchFill, paidAs: 'negative' | 'positive') => ({
  deduction: 'no',
  feeCoin: fill.feeAsset,
  totalDeductionFee: '0',
  totalFee: paidAs === 'negative' && !isZero(fill.fee) ? neg(fill.fee) : fill.fee,
});

const fillTimes = (fill: MatchFill) => ({ cTime: String(fill.at), uTime: String(fill.at) });

export const spotFill = (fill: MatchFill, symbol: PracticeSymbol, orderType: string) => ({
  userId: '1',
  symbol: symbol.wireSymbol,
  orderId: wireOrderId('spot', fill.orderId),
  tradeId: wireTradeId('spot', fill.tradeId),
  orderType,
  side: fill.side,
  priceAvg: fill.price,
  size: fill.amount,
  amount: mul(fill.price, fill.amount),
  feeDetail: feeDetail(fill, 'negative'),
  tradeScope: fill.maker ? 'maker' : 'taker',
  ...fillTimes(fill),
});

export const futureFill = (fill: MatchFill, symbol: PracticeSymbol, orderType: string) => ({
  tradeId: wireTradeId('future', fill.tradeId),
  symbol: symbol.wireSymbol,
  orderId: wireOrderId('future', fill.orderId),
  price: fill.price,
  baseVolume: fill.amount,
  feeDetail: [feeDetail(fill, 'negative')],
  side: fill.side,
  quoteVolume: mul(fill.price, fill.amount),
  profit: fill.realised,
  enterPointSource: 'api',
  tradeSide: tradeSide(fill.side),
  posMode: 'one_way_mode',
  orderType,
  tradeScope: fill.maker ? 'maker' : 'taker',
  ...fillTimes(fill),
});
