import type { MatchEvent, MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { isZero, mul, neg, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import { isConditional } from '../wire-kit/order-state';
import type { createFutureAccount } from './future-account';
import { clientOidOf, wireOrderId, wireTradeId } from './ids';
import { average, feeDetail, forceOf, leverageOf, sizeOf, tradeSide, typeOf } from './order-image';
import { plainStatus, planStatus, planTypeOf, streamPlanType } from './order-state';
import type { WireMarket } from './wire-market';

type Account = ReturnType<typeof createFutureAccount>;

/** One row of news of a channel of an account; which sockets it goes to, the sessions decide. */
export interface PrivateNews {
  readonly channel: 'orders' | 'fill' | 'orders-algo' | 'account' | 'positions';
  readonly wireSymbol: string | null;
  readonly rows: readonly unknown[];
}

/** Turns what the engine does into rows of the classic private channels. */
export function createPrivateFeed(market: WireMarket, money: Account | null, listeners: Listeners) {
  const { core, seams, kind } = market;
  const tell = (account: string, news: PrivateNews): void =>
    listeners.tell(account, news as unknown as Readonly<Record<string, unknown>>);

  const order = (view: MatchOrderView, parent: MatchOrderView | null, fill: MatchFill | null): void => {
    const symbol = market.byInner(view.symbol);
    if (symbol === undefined) return;
    const row =
      kind === 'spot' ? spotRow(view, parent, fill, symbol) : futureRow(market, view, parent, fill, symbol);
    tell(view.account, { channel: 'orders', wireSymbol: symbol.wireSymbol, rows: [row] });
  };
  const plan = (view: MatchOrderView): void => {
    const symbol = market.byInner(view.symbol);
    if (symbol === undefined) return;
    tell(view.account, {
      channel: 'orders-algo',
      wireSymbol: symbol.wireSymbol,
      rows: [planRow(market, view, symbol)],
    });
  };
  const feed = createOrderFeed(
    {
      placed: (view, parent) => (isConditional(view) ? plan(view) : order(view, parent, null)),
      traded(fill, view, parent) {
        const symbol = market.byInner(fill.symbol);
        if (symbol === undefined) return;
        order(view, parent, fill);
        const row =
          kind === 'spot' ? spotFillRow(fill, view, symbol) : futureFillRow(fill, view, parent, symbol);
        tell(fill.account, { channel: 'fill', wireSymbol: symbol.wireSymbol, rows: [row] });
      },
      ended: (view, parent) => (isConditional(view) ? plan(view) : order(view, parent, null)),
      triggered: plan,
      finished: () => {},
    },
    true,
  );

  const balances = new Map<string, Set<string>>();
  const positions = new Set<string>();
  let flushing = false;
  const flush = (): void => {
    flushing = false;
    for (const [account, coins] of balances)
      tell(account, { channel: 'account', wireSymbol: null, rows: balanceRows(account, coins) });
    for (const account of positions)
      tell(account, { channel: 'positions', wireSymbol: null, rows: money?.positionPush(account) ?? [] });
    balances.clear();
    positions.clear();
  };
  const balanceRows = (account: string, coins: ReadonlySet<string> | null): readonly unknown[] => {
    if (money !== null) return [money.accountPush(account)];
    const held = core.matching.account(account).balances;
    return [...(coins ?? Object.keys(held))].map((coin) => ({
      coin,
      available: held[coin]?.free ?? ZERO,
      frozen: held[coin]?.locked ?? ZERO,
      locked: '0',
      limitAvailable: '0',
      uTime: String(core.clock.now()),
    }));
  };

  const onEvent = (event: MatchEvent): void => {
    feed(event);
    if (event.type !== 'balance' && event.type !== 'position') return;
    if (event.type === 'position') positions.add(event.account);
    else {
      const coins = balances.get(event.account) ?? new Set();
      balances.set(event.account, coins.add(event.asset));
    }
    // Once for all that one command did.
    if (flushing) return;
    flushing = true;
    seams.timers.soon(flush);
  };

  return {
    close: market.onEvent(onEvent),
    /** What a channel says to a new subscriber: money and positions as they are, of orders and fills nothing. */
    first(account: string, channel: string): PrivateNews | null {
      if (channel === 'account') return { channel, wireSymbol: null, rows: balanceRows(account, null) };
      if (channel === 'positions' && money !== null)
        return { channel, wireSymbol: null, rows: money.positionPush(account) };
      return null;
    },
  };
}
export type PrivateFeed = ReturnType<typeof createPrivateFeed>;

const negative = (fee: Decimal): Decimal => (isZero(fee) ? fee : neg(fee));

/** The last fill inside an order's row; without one its fields stay away. */
const lastFill = (market: 'spot' | 'future', fill: MatchFill | null) =>
  fill === null
    ? { baseVolume: '0' }
    : {
        fillPrice: fill.price,
        tradeId: wireTradeId(market, fill.tradeId),
        baseVolume: fill.amount,
        fillTime: String(fill.at),
        fillFee: negative(fill.fee),
        fillFeeCoin: fill.feeAsset,
        tradeScope: fill.maker ? 'M' : 'T',
      };

const head = (
  market: 'spot' | 'future',
  view: MatchOrderView,
  parent: MatchOrderView | null,
  symbol: PracticeSymbol,
) => ({
  instId: symbol.wireSymbol,
  orderId: wireOrderId(market, view.orderId),
  clientOid: clientOidOf(market, view, parent),
  price: view.price ?? '0',
  size: sizeOf(view),
  orderType: typeOf(view),
  force: forceOf(view),
  side: view.side,
  accBaseVolume: view.filled,
  priceAvg: average(view, symbol),
  status: plainStatus(view),
  cTime: String(view.createdAt),
  uTime: String(view.updatedAt),
  stpMode: 'none',
  enterPointSource: 'API',
});

const feeRows = (fill: MatchFill | null) =>
  fill === null ? [] : [{ feeCoin: fill.feeAsset, fee: negative(fill.fee) }];

const spotRow = (
  view: MatchOrderView,
  parent: MatchOrderView | null,
  fill: MatchFill | null,
  symbol: PracticeSymbol,
) => ({
  ...head('spot', view, parent, symbol),
  newSize: sizeOf(view),
  notional: view.quoteAmount ?? view.filledQuote,
  ...lastFill('spot', fill),
  feeDetail: feeRows(fill),
});

const futureRow = (
  market: WireMarket,
  view: MatchOrderView,
  parent: MatchOrderView | null,
  fill: MatchFill | null,
  symbol: PracticeSymbol,
) => ({
  ...head('future', view, parent, symbol),
  posSide: 'net',
  posMode: 'one_way_mode',
  tradeSide: tradeSide(view.side),
  marginMode: 'crossed',
  marginCoin: 'USDT',
  leverage: String(leverageOf(market, view.account, symbol)),
  reduceOnly: view.reduceOnly ? 'yes' : 'no',
  ...lastFill('future', fill),
  pnl: fill?.realised ?? '0',
  totalProfits: fill?.realised ?? '0',
  notionalUsd: view.filledQuote,
  fillNotionalUsd: fill === null ? '0' : mul(fill.price, fill.amount),
  cancelReason: view.expireReason ?? '',
  feeDetail: feeRows(fill),
});

/** On this channel alone a fee that was paid has no minus, and nothing names the order as its owner does. */
const spotFillRow = (fill: MatchFill, view: MatchOrderView, symbol: PracticeSymbol) => ({
  orderId: wireOrderId('spot', fill.orderId),
  tradeId: wireTradeId('spot', fill.tradeId),
  symbol: symbol.wireSymbol,
  orderType: typeOf(view),
  side: fill.side,
  priceAvg: fill.price,
  size: fill.amount,
  amount: mul(fill.price, fill.amount),
  tradeScope: fill.maker ? 'maker' : 'taker',
  feeDetail: [feeDetail(fill, 'positive')],
  cTime: String(fill.at),
  uTime: String(fill.at),
});

const futureFillRow = (
  fill: MatchFill,
  view: MatchOrderView,
  parent: MatchOrderView | null,
  symbol: PracticeSymbol,
) => ({
  orderId: wireOrderId('future', fill.orderId),
  clientOid: clientOidOf('future', view, parent),
  tradeId: wireTradeId('future', fill.tradeId),
  symbol: symbol.wireSymbol,
  side: fill.side,
  orderType: typeOf(view),
  posMode: 'one_way_mode',
  price: fill.price,
  baseVolume: fill.amount,
  quoteVolume: mul(fill.price, fill.amount),
  profit: fill.realised,
  tradeSide: tradeSide(fill.side),
  tradeScope: fill.maker ? 'maker' : 'taker',
  feeDetail: [feeDetail(fill, 'negative')],
  cTime: String(fill.at),
  uTime: String(fill.at),
});

const planRow = (market: WireMarket, view: MatchOrderView, symbol: PracticeSymbol) => ({
  instId: symbol.wireSymbol,
  orderId: wireOrderId(market.kind, view.orderId),
  clientOid: view.clientOrderId,
  triggerPrice: view.triggerPrice ?? '',
  triggerType: view.triggerBy === 'mark' ? 'mark_price' : 'fill_price',
  planType: market.kind === 'spot' ? 'amount' : streamPlanType(planTypeOf(market, view)),
  price: '',
  executePrice: '0',
  size: sizeOf(view),
  orderType: 'market',
  side: view.side,
  ...(market.kind === 'spot'
    ? {}
    : {
        tradeSide: tradeSide(view.side),
        posSide: 'net',
        marginCoin: 'USDT',
        posMode: 'one_way_mode',
        reduceOnly: view.reduceOnly || view.closePosition ? 'yes' : 'no',
      }),
  status: planStatus(view),
  enterPointSource: 'api',
  stpMode: 'none',
  cTime: String(view.createdAt),
  uTime: String(view.updatedAt),
});
