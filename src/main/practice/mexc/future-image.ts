import type { AccountView, MatchFill, MatchOrder, MatchOrderView } from '#main/matching/types';
import { abs, add, isNegative, isZero, max, sub, sum, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import { averageOf } from './future-public';
import { contractsOf, futureDealId, futureId, type WireMarket } from './wire-market';

/** What the matching engine gives a symbol nobody has set a leverage for. */
const DEFAULT_LEVERAGE = 20;
export const leverageOf = (view: AccountView, symbol: PracticeSymbol): number =>
  view.positions.find((one) => one.symbol === symbol.symbol)?.leverage ??
  Math.min(DEFAULT_LEVERAGE, symbol.maxLeverage);

/** 1 open long, 2 close short, 3 open short, 4 close long. */
const sideOf = (order: Pick<MatchOrder, 'side' | 'reduceOnly'>): number =>
  order.side === 'buy' ? (order.reduceOnly ? 2 : 1) : order.reduceOnly ? 4 : 3;

const typeOf = (order: MatchOrder): number => {
  if (order.type === 'market') return 5;
  return { gtc: 1, 'post-only': 2, ioc: 3, fok: 4 }[order.timeInForce ?? 'gtc'];
};

/** 2 open (also partly filled), 3 filled, 4 cancelled. */
const stateOf = (order: MatchOrderView): number => (order.status === 'filled' ? 3 : hasEnded(order) ? 4 : 2);

const ERROR: Readonly<Record<string, number>> = {
  'nothing-to-reduce': 10,
  liquidation: 13,
  'ioc-not-filled': 18,
  'fok-not-filled': 19,
  'no-liquidity': 21,
  'insufficient-margin': 2,
  'reduce-only-rejected': 3,
};
const errorOf = (order: MatchOrderView): number =>
  order.expireReason === null ? 0 : (ERROR[order.expireReason] ?? 8);

/** 1 normal, 2 liquidation custody. */
const categoryOf = (order: Pick<MatchOrder, 'clientOrderId'>): number =>
  order.clientOrderId.startsWith('autoclose-') ? 2 : 1;

/** An ordinary order, as the stream and every question tell it. */
export function orderRow(market: WireMarket, order: MatchOrderView, symbol: PracticeSymbol) {
  const vol = contractsOf(order.amount ?? order.filled, symbol);
  const dealVol = contractsOf(order.filled, symbol);
  return {
    orderId: futureId(order.orderId),
    symbol: market.nameOf(symbol),
    positionId: positionIdOf(market, symbol),
    price: Number(order.price ?? ZERO),
    priceStr: order.price ?? '0',
    vol,
    leverage: leverageOf(market.core.matching.account(order.account), symbol),
    side: sideOf(order),
    category: categoryOf(order),
    orderType: typeOf(order),
    dealAvgPrice: isZero(order.filled) ? 0 : averageOf(order.filledQuote, order.filled),
    dealVol,
    orderMargin: 0,
    usedMargin: 0,
    takerFee: 0,
    makerFee: 0,
    profit: 0,
    feeCurrency: symbol.quote,
    openType: 2,
    state: stateOf(order),
    errorCode: errorOf(order),
    externalOid: order.clientOrderId,
    createTime: order.createdAt,
    updateTime: order.updatedAt,
    remainVol: vol - dealVol,
    positionMode: 2,
    reduceOnly: order.reduceOnly,
    bboTypeNum: 0,
  };
}

/** A fill; the stream says `isTaker`, REST `taker`. */
export function dealOf(
  market: WireMarket,
  fill: MatchFill,
  reduceOnly: boolean,
  symbol: PracticeSymbol,
  takerName: 'isTaker' | 'taker',
) {
  return {
    id: futureDealId(fill.tradeId),
    symbol: market.nameOf(symbol),
    side: sideOf({ side: fill.side, reduceOnly }),
    vol: contractsOf(fill.amount, symbol),
    price: Number(fill.price),
    feeCurrency: fill.feeAsset,
    fee: Number(fill.fee),
    timestamp: fill.at,
    profit: Number(fill.realised),
    [takerName]: !fill.maker,
    category: categoryOf(fill),
    orderId: futureId(fill.orderId),
    isSelf: false,
    positionMode: 2,
    reduceOnly,
    ...(takerName === 'isTaker' ? { externalOid: fill.clientOrderId } : {}),
  };
}

/** 1 waiting, 2 cancelled, 3 fired, 4 expired, 5 refused when it fired. */
function planState(order: MatchOrderView): number {
  if (order.status === 'waiting' || order.status === 'new') return 1;
  if (order.status === 'cancelled') return 2;
  return order.childOrderId === null ? (order.status === 'rejected' ? 5 : 4) : 3;
}

const conditional = (market: WireMarket, order: MatchOrderView, symbol: PracticeSymbol) => ({
  id: futureId(order.orderId),
  symbol: market.nameOf(symbol),
  leverage: leverageOf(market.core.matching.account(order.account), symbol),
  side: sideOf(order),
  vol: contractsOf(order.amount ?? ZERO, symbol),
  openType: 2,
  trend: order.triggerBy === 'mark' ? 2 : 1,
  errorCode: errorOf(order),
  orderId: order.childOrderId === null ? 0 : futureId(order.childOrderId),
  positionMode: 2,
  reduceOnly: order.reduceOnly,
  createTime: order.createdAt,
  updateTime: order.updatedAt,
});

/** 1 fires at or above, 2 at or below. */
const triggerTypeOf = (order: MatchOrder): number =>
  (order.side === 'buy') === (order.type === 'stop-market') ? 1 : 2;

export const planRow = (market: WireMarket, order: MatchOrderView, symbol: PracticeSymbol) => ({
  ...conditional(market, order, symbol),
  triggerPrice: Number(order.triggerPrice ?? ZERO),
  price: 0,
  triggerType: triggerTypeOf(order),
  state: planState(order),
  executeCycle: 168,
  orderType: 5,
  marketOrderLevel: 0,
});

/** 0 not active, 1 active, 2 fired, 3 failed, 4 cancelled. The distance is a percentage. */
export function trackRow(market: WireMarket, order: MatchOrderView, symbol: PracticeSymbol) {
  const state = { 1: order.triggerPrice === null ? 1 : 0, 2: 4, 3: 2, 4: 3, 5: 3 }[planState(order)] ?? 0;
  return {
    ...conditional(market, order, symbol),
    activePrice: Number(order.triggerPrice ?? ZERO),
    markPrice: 0,
    backType: 1,
    backValue: Number(order.callbackPercent ?? 0),
    triggerPrice: 0,
    triggerType: order.side === 'buy' ? 1 : 2,
    state,
  };
}

export const isTracking = (order: MatchOrder): boolean => order.type === 'trailing-stop';
export const isPlan = (order: MatchOrder): boolean => isConditional(order) && !isTracking(order);

/** One position a contract: its id is the contract's. */
export const positionIdOf = (market: WireMarket, symbol: PracticeSymbol): number =>
  1_109_973_000 + market.core.symbols.indexOf(symbol);

export function positionRow(market: WireMarket, account: string, symbol: PracticeSymbol) {
  const view = market.core.matching.account(account);
  const position = view.positions.find((one) => one.symbol === symbol.symbol);
  if (position === undefined) return null;
  const now = market.core.clock.now();
  const entry = Number(position.entryPrice);
  const margin = Number(position.margin);
  return {
    positionId: positionIdOf(market, symbol),
    symbol: market.nameOf(symbol),
    holdVol: contractsOf(abs(position.amount), symbol),
    positionType: isNegative(position.amount) ? 2 : 1,
    openType: 2,
    state: isZero(position.amount) ? 3 : 1,
    frozenVol: 0,
    closeVol: 0,
    holdAvgPrice: entry,
    openAvgPrice: entry,
    closeAvgPrice: 0,
    liquidatePrice: Number(position.liquidationPrice ?? ZERO),
    oim: margin,
    im: margin,
    holdFee: 0,
    realised: Number(position.realised),
    leverage: position.leverage,
    autoAddIm: false,
    pnl: Number(position.unrealised),
    marginRatio: 0,
    closeProfitLoss: Number(position.realised),
    fee: 0,
    version: 1,
    createTime: now,
    updateTime: now,
  };
}

/** The money of one asset: what is free, what positions hold and what orders hold. */
export function assetRow(market: WireMarket, account: string, asset: string) {
  const view = market.core.matching.account(account);
  const { free, locked } = view.balances[asset] ?? { free: ZERO, locked: ZERO };
  const mine = view.positions.filter((one) => market.byInner(one.symbol)?.quote === asset);
  const margin = sum(mine.map((one) => one.margin));
  const unrealised = sum(mine.map((one) => one.unrealised));
  const wallet = add(free, locked);
  return {
    currency: asset,
    positionMargin: Number(margin),
    availableBalance: Number(max(ZERO, free)),
    cashBalance: Number(wallet),
    frozenBalance: Number(max(ZERO, sub(locked, margin))),
    equity: Number(add(wallet, unrealised)),
    unrealized: Number(unrealised),
    bonus: 0,
    availableCash: Number(max(ZERO, free)),
    availableOpen: Number(max(ZERO, add(free, unrealised))),
  };
}
