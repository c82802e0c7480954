import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { add, div, isZero, mul, neg, sub, sum, toFixed, ZERO } from '#shared/domain/decimal';
import type { FundingRecord, PracticeSymbol } from '../types';
import { oneFace } from '../wire-kit/order-face';
import type { Family } from '../wire-kit/order-log';
import { isConditional } from '../wire-kit/order-state';
import { execIdOf, orderIdOf } from './ids';
import { isForced, isUnnamed, type WireMarket } from './wire-market';

export const wireSide = (side: 'buy' | 'sell'): 'Buy' | 'Sell' => (side === 'buy' ? 'Buy' : 'Sell');

const REASON: Readonly<Record<string, string>> = {
  'post-only-would-take': 'EC_PostOnlyWillTakeLiquidity',
  'ioc-not-filled': 'EC_NoImmediateQtyToFill',
  'fok-not-filled': 'EC_NoImmediateQtyToFill',
  'no-liquidity': 'EC_NoImmediateQtyToFill',
};

/** The word for an order's state; a waiting one that never fired is Deactivated when it ends. */
export function statusOf(market: WireMarket, { order, parent, child }: Family): string {
  const root = parent ?? order;
  const doer = parent === null ? child : order;
  if (doer === null && isConditional(root)) {
    if (root.status === 'waiting') return 'Untriggered';
    return root.status === 'triggered' ? 'Triggered' : 'Deactivated';
  }
  const face = oneFace({ order, parent, child });
  switch (face.status) {
    case 'new':
    case 'waiting':
    case 'triggered':
      return 'New';
    case 'partially-filled':
      return 'PartiallyFilled';
    case 'filled':
      return 'Filled';
    case 'rejected':
      return 'Rejected';
    case 'cancelled':
    case 'expired':
      return market.kind === 'spot' && !isZero(face.filled) ? 'PartiallyFilledCanceled' : 'Cancelled';
  }
}

const TIF = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'PostOnly' } as const;
const timeInForce = (order: MatchOrderView): string =>
  order.type === 'limit' ? TIF[order.timeInForce ?? 'gtc'] : 'IOC';

const STOP_TYPE = {
  'stop-market': 'StopLoss',
  'take-profit-market': 'TakeProfit',
  'trailing-stop': 'TrailingStop',
  market: '',
  limit: '',
} as const;
/** 1: fires when the price rises to it; 2: when it falls. */
const direction = (order: MatchOrderView): 0 | 1 | 2 => {
  if (!isConditional(order)) return 0;
  return (order.side === 'buy') === (order.type !== 'take-profit-market') ? 1 : 2;
};

const feesOf = (fills: readonly MatchFill[]): Record<string, string> => {
  const sums: Record<string, Decimal> = {};
  for (const fill of fills) sums[fill.feeAsset] = add(sums[fill.feeAsset] ?? ZERO, fill.fee);
  return sums;
};

/** An order as REST and the stream show it. Only contracts say `tpslMode` and `createType`: ccxt tells markets apart by that. */
export function orderImage(market: WireMarket, family: Family, symbol: PracticeSymbol) {
  const face = oneFace(family);
  const status = statusOf(market, family);
  const future = market.kind === 'future';
  const amount = face.amount ?? (face.quoteAmount === undefined ? ZERO : face.quoteAmount);
  const isOpen = status === 'New' || status === 'PartiallyFilled' || status === 'Untriggered';
  const leaves = isOpen && face.amount !== null ? sub(face.amount, face.filled) : ZERO;
  const doer = family.parent === null ? (family.child ?? family.order) : family.order;
  const fills = market.log.fills(face.account, face.symbol).filter((fill) => fill.orderId === doer.orderId);
  const word = face.expireReason === null ? undefined : REASON[face.expireReason];
  const marked = face.clientOrderId;
  return {
    category: market.category,
    symbol: symbol.wireSymbol,
    orderId: orderIdOf(market.kind, face.orderId),
    orderLinkId: isUnnamed(marked) ? '' : marked,
    blockTradeId: '',
    side: wireSide(face.side),
    orderType: face.type === 'limit' ? 'Limit' : 'Market',
    cancelType: face.status === 'cancelled' ? 'CancelByUser' : 'UNKNOWN',
    price: market.price(symbol, face.price ?? ZERO),
    qty: face.quoteAmount === undefined ? market.amount(symbol, amount) : amount,
    timeInForce: timeInForce(face),
    orderStatus: status,
    rejectReason: word ?? 'EC_NoError',
    leavesQty: isZero(leaves) ? '0' : market.amount(symbol, leaves),
    leavesValue: isZero(leaves) || face.price === null ? '0' : mul(leaves, face.price),
    cumExecQty: market.amount(symbol, face.filled),
    cumExecValue: face.filledQuote,
    avgPrice: isZero(face.filled) ? '' : toFixed(div(face.filledQuote, face.filled), 8),
    cumFeeDetail: feesOf(fills),
    createdTime: String(face.createdAt),
    updatedTime: String(face.updatedAt),
    stopOrderType: STOP_TYPE[face.type],
    triggerPrice: face.triggerPrice === null ? '' : market.price(symbol, face.triggerPrice),
    triggerDirection: direction(face),
    triggerBy: isConditional(face) ? (face.triggerBy === 'mark' ? 'MarkPrice' : 'LastPrice') : '',
    takeProfit: '',
    stopLoss: '',
    reduceOnly: face.reduceOnly || face.closePosition,
    smpType: 'None',
    smpGroup: 0,
    smpOrderId: '',
    feeCurrency: '',
    ...(future ? futureFields(face, fills) : spotFields(face)),
  };
}

const futureFields = (face: MatchOrderView, fills: readonly MatchFill[]) => ({
  positionIdx: 0,
  tpslMode: '',
  createType: createType(face),
  closeOnTrigger: face.closePosition,
  closedPnl: sum(fills.map((fill) => fill.realised)),
  lastPriceOnCreated: '',
});
const spotFields = (face: MatchOrderView) =>
  face.type === 'limit' ? {} : { marketUnit: face.quoteAmount === undefined ? 'baseCoin' : 'quoteCoin' };

const createType = (face: MatchOrderView): string => {
  if (isForced(face.clientOrderId)) return 'CreateByLiq';
  if (face.type === 'trailing-stop') return 'CreateByTrailingStop';
  return isConditional(face) ? 'CreateByStopOrder' : 'CreateByUser';
};

/** One execution, as REST and the stream show it. `root` is the order a trader sees. */
export function executionImage(
  market: WireMarket,
  fill: MatchFill,
  root: MatchOrderView,
  symbol: PracticeSymbol,
) {
  const forced = isForced(fill.clientOrderId);
  const value = mul(fill.price, fill.amount);
  return {
    category: market.category,
    symbol: symbol.wireSymbol,
    orderId: orderIdOf(market.kind, root.orderId),
    orderLinkId: isUnnamed(root.clientOrderId) ? '' : root.clientOrderId,
    side: wireSide(fill.side),
    orderType: root.type === 'limit' ? 'Limit' : 'Market',
    stopOrderType: isConditional(root) ? STOP_TYPE[root.type] : 'UNKNOWN',
    orderPrice: market.price(symbol, root.price ?? fill.price),
    orderQty: market.amount(symbol, root.amount ?? fill.amount),
    leavesQty: root.amount === null ? '0' : market.amount(symbol, sub(root.amount, root.filled)),
    execId: execIdOf(market.kind, market.placeOf(symbol), fill),
    execPrice: market.price(symbol, fill.price),
    execQty: market.amount(symbol, fill.amount),
    execValue: value,
    execType: forced ? 'BustTrade' : 'Trade',
    execFee: fill.fee,
    feeRate: fill.maker ? symbol.makerFee : symbol.takerFee,
    feeCurrency: fill.feeAsset,
    extraFees: '',
    execTime: String(fill.at),
    isMaker: fill.maker,
    isLeverage: '0',
    seq: fill.tradeId,
    marketUnit: '',
    blockTradeId: '',
    ...(market.kind === 'future'
      ? {
          createType: createType(root),
          execPnl: fill.realised,
          closedSize: isZero(fill.realised) ? '0' : fill.amount,
        }
      : {}),
  };
}

/** A payment of funding stands among the executions; `execFee` is what was paid, negative what was received. */
export function fundingImage(market: WireMarket, one: FundingRecord, symbol: PracticeSymbol) {
  const at = String(one.at);
  return {
    category: market.category,
    symbol: symbol.wireSymbol,
    orderId: `funding-${symbol.wireSymbol}-${at}`,
    orderLinkId: '',
    side: one.amount.startsWith('-') ? 'Buy' : 'Sell',
    orderType: 'UNKNOWN',
    stopOrderType: 'UNKNOWN',
    execId: `f0000000-${market.placeOf(symbol).toString(16).padStart(4, '0')}-4fff-9fff-${one.at.toString(16).padStart(12, '0')}`,
    execPrice: market.price(symbol, market.core.mark(symbol.symbol).mark),
    execQty: '0',
    execValue: '0',
    execType: 'Funding',
    execFee: neg(one.amount),
    feeRate: one.rate,
    feeCurrency: symbol.quote,
    extraFees: '',
    execTime: at,
    isMaker: false,
    leavesQty: '0',
    createType: '',
    seq: 0,
  };
}
