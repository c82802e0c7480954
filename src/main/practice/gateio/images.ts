import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { div, isZero, mul, places, sub, sum, toFixed, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import { exactSeconds, seconds } from './times';
import type { GateMarket } from './wire-market';

type Parent = MatchOrderView | null;
const TIF = { gtc: 'gtc', ioc: 'ioc', fok: 'fok', 'post-only': 'poc' } as const;
const tifOf = (order: MatchOrderView): string =>
  order.type === 'limit' ? TIF[order.timeInForce ?? 'gtc'] : 'ioc';

const SPOT_END: Readonly<Record<string, string>> = {
  'ioc-not-filled': 'ioc',
  'fok-not-filled': 'fok',
  'no-liquidity': 'depth_not_enough',
};
const FUTURE_END: Readonly<Record<string, string>> = {
  'ioc-not-filled': 'ioc',
  'fok-not-filled': 'ioc',
  'no-liquidity': 'ioc',
  'nothing-to-reduce': 'reduce_only',
  liquidation: 'liquidated',
};
function finishAs(market: GateMarket, order: MatchOrderView, live: string): string {
  if (!hasEnded(order)) return live;
  if (order.status === 'filled') return 'filled';
  const words = market.kind === 'spot' ? SPOT_END : FUTURE_END;
  return (order.expireReason === null ? undefined : words[order.expireReason]) ?? 'cancelled';
}

const averageOf = (order: MatchOrderView, symbol: PracticeSymbol): string =>
  isZero(order.filled) ? '0' : toFixed(div(order.filledQuote, order.filled), places(symbol.tickSize) + 4);

const feesOf = (market: GateMarket, order: MatchOrderView): Decimal =>
  isZero(order.filled)
    ? ZERO
    : sum(
        market.log
          .fills(order.account, order.symbol)
          .filter((fill) => fill.orderId === order.orderId)
          .map((fill) => fill.fee),
      );

/** A spot order as REST shows it; the stream adds its event. Of a market buy, amount and left count quote. */
export function spotOrder(market: GateMarket, symbol: PracticeSymbol, order: MatchOrderView, parent: Parent) {
  const byValue = order.quoteAmount !== undefined;
  const amount = order.quoteAmount ?? order.amount ?? order.filled;
  const left = byValue ? sub(amount, order.filledQuote) : sub(amount, order.filled);
  return {
    id: String(order.orderId),
    text: market.textOf(order, parent),
    amend_text: '-',
    create_time: String(seconds(order.createdAt)),
    create_time_ms: order.createdAt,
    update_time: String(seconds(order.updatedAt)),
    update_time_ms: order.updatedAt,
    currency_pair: market.nameOf(symbol),
    status: hasEnded(order) ? (order.status === 'filled' ? 'closed' : 'cancelled') : 'open',
    type: order.type === 'limit' ? 'limit' : 'market',
    account: 'spot',
    side: order.side,
    amount,
    price: order.price ?? '0',
    time_in_force: tifOf(order),
    iceberg: '0',
    left,
    filled_amount: order.filled,
    fill_price: order.filledQuote,
    filled_total: order.filledQuote,
    ...(isZero(order.filled) ? {} : { avg_deal_price: averageOf(order, symbol) }),
    fee: feesOf(market, order),
    fee_currency: order.side === 'buy' ? symbol.base : symbol.quote,
    point_fee: '0',
    gt_fee: '0',
    gt_discount: false,
    rebated_fee: '0',
    rebated_fee_currency: symbol.quote,
    stp_id: 0,
    stp_act: '-',
    finish_as: finishAs(market, order, 'open'),
  };
}

/** A futures order as REST shows it: sizes in contracts, negative sells. */
export function futureOrder(
  market: GateMarket,
  symbol: PracticeSymbol,
  order: MatchOrderView,
  parent: Parent,
) {
  const amount = order.amount ?? order.filled;
  return {
    id: order.orderId,
    id_string: String(order.orderId),
    user: market.userOf(order.account),
    create_time: exactSeconds(order.createdAt),
    ...(hasEnded(order)
      ? { finish_time: exactSeconds(order.updatedAt), finish_as: finishAs(market, order, '') }
      : {}),
    update_time: exactSeconds(order.updatedAt),
    status: hasEnded(order) ? 'finished' : 'open',
    contract: market.nameOf(symbol),
    size: Number(market.toSize(symbol, amount, order.side)),
    left: Number(market.toSize(symbol, sub(amount, order.filled), order.side)),
    price: order.type === 'limit' ? (order.price ?? '0') : '0',
    fill_price: averageOf(order, symbol),
    tif: tifOf(order),
    text: market.textOf(order, parent),
    iceberg: 0,
    is_liq: order.clientOrderId.startsWith('autoclose-'),
    is_close: order.closePosition,
    is_reduce_only: order.reduceOnly,
    tkfr: symbol.takerFee,
    mkfr: symbol.makerFee,
    refu: 0,
    refr: '0',
    stp_id: 0,
    stp_act: '-',
    amend_text: '-',
  };
}

/** The same on the stream: numbers where REST has text, and `_new`/`_update` while the order lives. */
export function futureOrderNews(
  market: GateMarket,
  symbol: PracticeSymbol,
  order: MatchOrderView,
  parent: Parent,
  live: '_new' | '_update',
) {
  const row = futureOrder(market, symbol, order, parent);
  return {
    ...row,
    user: String(row.user),
    create_time: seconds(order.createdAt),
    create_time_ms: order.createdAt,
    finish_time: hasEnded(order) ? seconds(order.updatedAt) : 0,
    finish_time_ms: hasEnded(order) ? order.updatedAt : 0,
    update_time: order.updatedAt,
    price: Number(row.price),
    fill_price: Number(row.fill_price),
    tkfr: Number(row.tkfr),
    mkfr: Number(row.mkfr),
    refr: 0,
    finish_as: finishAs(market, order, live),
    stop_loss_price: '',
    stop_profit_price: '',
  };
}

/** How a trigger order stands: waiting, done, or ended before its price came. */
function triggerEnd(order: MatchOrderView): 'open' | 'succeeded' | 'cancelled' | 'failed' {
  if (order.status === 'triggered') return 'succeeded';
  if (!hasEnded(order)) return 'open';
  return order.status === 'cancelled' ? 'cancelled' : 'failed';
}

/** Which way the last price must go: a stop fires beyond the market, a target before it. */
export const firesUp = (order: MatchOrderView): boolean =>
  (order.type === 'stop-market') === (order.side === 'buy');

export function futureTrigger(market: GateMarket, symbol: PracticeSymbol, order: MatchOrderView) {
  const end = triggerEnd(order);
  const child = order.childOrderId ?? 0;
  return {
    id: order.orderId,
    id_string: String(order.orderId),
    user: market.userOf(order.account),
    initial: {
      contract: market.nameOf(symbol),
      size: order.amount === null ? 0 : Number(market.toSize(symbol, order.amount, order.side)),
      price: '0',
      tif: 'ioc',
      text: market.textOf(order, null),
      iceberg: 0,
      is_close: order.closePosition,
      is_reduce_only: order.reduceOnly,
      auto_size: '',
    },
    trigger: {
      strategy_type: 0,
      price_type: order.triggerBy === 'mark' ? 1 : 0,
      price: order.triggerPrice ?? '0',
      rule: firesUp(order) ? 1 : 2,
      expiration: 0,
    },
    trade_id: child,
    trade_id_string: child === 0 ? '' : String(child),
    status: end === 'open' ? 'open' : 'finished',
    finish_as: end === 'open' ? '' : end,
    reason: order.expireReason ?? '',
    create_time: exactSeconds(order.createdAt),
    finish_time: end === 'open' ? 0 : exactSeconds(order.updatedAt),
    name: 'price_autoorders',
    order_type: order.closePosition ? `close-${order.side === 'sell' ? 'long' : 'short'}-position` : '',
    me_order_id: 0,
  };
}

const SPOT_TRIGGER = { open: 'open', succeeded: 'finish', cancelled: 'cancelled', failed: 'failed' } as const;

export function spotTrigger(market: GateMarket, symbol: PracticeSymbol, order: MatchOrderView) {
  const end = triggerEnd(order);
  return {
    id: order.orderId,
    user: market.userOf(order.account),
    market: market.nameOf(symbol),
    trigger: { price: order.triggerPrice ?? '0', rule: firesUp(order) ? '>=' : '<=', expiration: 0 },
    put: {
      type: 'market',
      side: order.side,
      price: '0',
      amount: order.amount ?? '0',
      account: 'normal',
      time_in_force: 'ioc',
      text: market.textOf(order, null),
    },
    status: SPOT_TRIGGER[end],
    ctime: seconds(order.createdAt),
    ftime: end === 'open' ? 0 : seconds(order.updatedAt),
    fired_order_id: order.childOrderId ?? 0,
    reason: order.expireReason ?? '',
  };
}

/** On the stream: one object, without its status and its text. */
export function spotTriggerNews(market: GateMarket, symbol: PracticeSymbol, order: MatchOrderView) {
  const row = spotTrigger(market, symbol, order);
  return {
    market: row.market,
    uid: String(row.user),
    id: String(row.id),
    currency_type: symbol.base,
    exchange_type: symbol.quote,
    reason: row.reason,
    err_msg: '',
    fired_order_id: String(row.fired_order_id),
    instant_cancel: false,
    trigger_price: row.trigger.price,
    trigger_rule: row.trigger.rule,
    trigger_expiration: '0',
    price: row.put.price,
    amount: row.put.amount,
    side: row.put.side,
    order_type: row.put.type,
    ctime: String(order.createdAt),
    // The zero time of the language it is written in stands for "not yet".
    ftime: row.ftime === 0 ? '-62135596800000' : String(order.updatedAt),
  };
}

export function spotFill(market: GateMarket, symbol: PracticeSymbol, fill: MatchFill, text: string) {
  return {
    id: String(fill.tradeId),
    create_time: String(seconds(fill.at)),
    create_time_ms: `${fill.at}.000`,
    currency_pair: market.nameOf(symbol),
    order_id: String(fill.orderId),
    side: fill.side,
    role: fill.maker ? 'maker' : 'taker',
    amount: fill.amount,
    price: fill.price,
    fee: fill.fee,
    fee_currency: fill.feeAsset,
    point_fee: '0',
    gt_fee: '0',
    sequence_id: String(fill.tradeId),
    text,
    amend_text: '-',
  };
}

export function futureFill(market: GateMarket, symbol: PracticeSymbol, fill: MatchFill, text: string) {
  return {
    trade_id: String(fill.tradeId),
    create_time: exactSeconds(fill.at),
    contract: market.nameOf(symbol),
    order_id: String(fill.orderId),
    size: Number(market.toSize(symbol, fill.amount, fill.side)),
    close_size: 0,
    price: fill.price,
    text,
    fee: fill.fee,
    point_fee: '0',
    role: fill.maker ? 'maker' : 'taker',
  };
}

type Position = ReturnType<GateMarket['core']['matching']['account']>['positions'][number];

export function positionRow(
  market: GateMarket,
  account: string,
  symbol: PracticeSymbol,
  position: Position | undefined,
) {
  const now = market.core.clock.now();
  const mark = market.core.mark(symbol.symbol).mark;
  const amount = position?.amount ?? ZERO;
  const value = mul(amount.startsWith('-') ? (amount.slice(1) as Decimal) : amount, mark);
  const leverage = String(position?.leverage ?? 1);
  const isolated = market.isolated.has(`${account}|${symbol.symbol}`);
  return {
    user: market.userOf(account),
    contract: market.nameOf(symbol),
    size: Number(div(amount, market.contractSize(symbol))),
    leverage: isolated ? leverage : '0',
    cross_leverage_limit: isolated ? '0' : leverage,
    lever: leverage,
    pos_margin_mode: isolated ? 'isolated' : 'cross',
    leverage_max: String(symbol.maxLeverage),
    risk_limit: '1000000',
    maintenance_rate: symbol.maintenanceRate,
    value,
    margin: position?.margin ?? '0',
    initial_margin: position?.margin ?? '0',
    maintenance_margin: mul(value, symbol.maintenanceRate),
    entry_price: position?.entryPrice ?? '0',
    liq_price: position?.liquidationPrice ?? '0',
    mark_price: mark,
    unrealised_pnl: position?.unrealised ?? '0',
    realised_pnl: position?.realised ?? '0',
    history_pnl: '0',
    last_close_pnl: '0',
    realised_point: '0',
    history_point: '0',
    adl_ranking: 5,
    pending_orders: market.core.matching
      .openOrders(account, symbol.symbol)
      .filter((one) => !isConditional(one)).length,
    mode: 'single',
    update_time: seconds(now),
    open_time: isZero(amount) ? 0 : seconds(now),
  };
}
