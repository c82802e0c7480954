import type { MatchOrder } from '#main/matching/types';
import type { Decimal, OrderSide } from '#shared/domain/basics';
import { cmp, gt, isZero } from '#shared/domain/decimal';
import type { TimeInForce } from '#shared/domain/order';
import type { PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { badParam, passedTrigger, unsupported } from './wire-error';
import type { WireMarket } from './wire-market';

const TIF: Readonly<Record<string, TimeInForce>> = {
  GTC: 'gtc',
  IOC: 'ioc',
  FOK: 'fok',
  PostOnly: 'post-only',
};
/** Which of spot's families an order is of; contracts have waiting orders without a word for it. */
export type OrderFilter = 'Order' | 'tpslOrder' | 'StopOrder';
const FILTERS: readonly OrderFilter[] = ['Order', 'tpslOrder', 'StopOrder'];

/** An order as sent to `POST /v5/order/create`, with the family it is of. @throws WireError */
export function readOrder(market: WireMarket, params: Params, account: string) {
  const symbol = market.symbolOf(params);
  const filter = readFilter(params);
  for (const name of ['takeProfit', 'stopLoss', 'orderIv', 'slippageTolerance'])
    if (params.text(name) !== undefined && params.text(name) !== '0') throw unsupported(name);
  if ((params.integer('positionIdx') ?? 0) !== 0) throw badParam('position idx not match position mode');
  const base = {
    account,
    symbol: symbol.symbol,
    side: readSide(params),
    clientOrderId: clientId(market, params),
    price: null,
    triggerPrice: null,
    timeInForce: null,
    reduceOnly: market.kind === 'future' && params.flag('reduceOnly'),
    closePosition: false,
  } as const;
  const type = params.oneOf('orderType', ['Market', 'Limit'], badParam('orderType invalid'));
  if (params.text('triggerPrice') !== undefined) {
    if (type === 'Limit') throw unsupported('a conditional limit order');
    return { filter: waiting(filter, market), order: readTrigger(market, symbol, params, base) };
  }
  if (filter !== null && filter !== 'Order') throw badParam('triggerPrice is required.');
  return {
    filter: 'Order' as const,
    order: type === 'Limit' ? readLimit(params, base) : readMarket(market, symbol, params, base),
  };
}

type Base = Omit<MatchOrder, 'type' | 'amount'>;

export function readFilter(params: Params): OrderFilter | null {
  const text = params.text('orderFilter');
  if (text === undefined) return null;
  const filter = FILTERS.find((one) => one === text);
  if (filter === undefined) throw badParam('orderFilter invalid');
  return filter;
}
/** A trigger price makes a plain spot order a conditional one; contracts have one family. */
const waiting = (filter: OrderFilter | null, market: WireMarket): OrderFilter =>
  market.kind === 'future' || filter === null || filter === 'Order' ? 'StopOrder' : filter;

const readSide = (params: Params): OrderSide =>
  params.oneOf('side', ['Buy', 'Sell'], badParam('Side invalid')) === 'Buy' ? 'buy' : 'sell';

function clientId(market: WireMarket, params: Params): string {
  const value = params.text('orderLinkId');
  if (value === undefined) return market.freshClientId();
  if (!/^[A-Za-z0-9_-]{1,36}$/.test(value)) throw badParam('OrderLinkedID invalid');
  return value;
}

const readLimit = (params: Params, base: Base): MatchOrder => {
  const word = params.text('timeInForce') ?? 'GTC';
  const timeInForce = TIF[word];
  if (timeInForce === undefined) throw badParam('timeInForce invalid');
  return {
    ...base,
    type: 'limit',
    amount: params.needPositive('qty'),
    price: params.needPositive('price'),
    timeInForce,
  };
};

/** A spot market buy counts money unless it says `marketUnit=baseCoin`. */
function readMarket(market: WireMarket, symbol: PracticeSymbol, params: Params, base: Base): MatchOrder {
  if (market.kind === 'future') return { ...base, type: 'market', ...futureAmount(params) };
  const unit = params.text('marketUnit') ?? (base.side === 'buy' ? 'quoteCoin' : 'baseCoin');
  if (unit !== 'baseCoin' && unit !== 'quoteCoin') throw badParam('marketUnit invalid');
  const qty = params.needPositive('qty');
  if (unit === 'baseCoin') return { ...base, type: 'market', amount: qty };
  if (base.side === 'sell') throw unsupported(`selling ${symbol.wireSymbol} by value`);
  return { ...base, type: 'market', amount: null, quoteAmount: qty };
}

/** A quantity of 0 with reduce-only and close-on-trigger means the whole position. */
function futureAmount(params: Params): Pick<MatchOrder, 'amount' | 'reduceOnly' | 'closePosition'> {
  const qty = params.decimal('qty');
  if (qty === undefined) throw badParam('The qty is required.');
  const closes = params.flag('closeOnTrigger') && params.flag('reduceOnly');
  if (isZero(qty) && closes) return { amount: null, reduceOnly: false, closePosition: true };
  return { amount: params.needPositive('qty'), reduceOnly: params.flag('reduceOnly'), closePosition: false };
}

/** A sale waits for a fall to stop a loss and for a rise to take a profit; a purchase the other way round. */
export const kindOf = (side: OrderSide, rises: boolean): 'stop-market' | 'take-profit-market' =>
  (side === 'buy') === rises ? 'stop-market' : 'take-profit-market';

function readTrigger(market: WireMarket, symbol: PracticeSymbol, params: Params, base: Base): MatchOrder {
  const triggerPrice = params.needPositive('triggerPrice');
  const last = market.core.ticker24h(symbol.symbol).last;
  if (market.kind === 'spot') {
    if (base.side === 'buy' && params.text('marketUnit') !== 'baseCoin')
      throw unsupported('a conditional buy by value');
    // Spot knows no direction: it is where the trigger lies from the last price.
    const rises = cmp(triggerPrice, last) > 0;
    return { ...base, type: kindOf(base.side, rises), amount: params.needPositive('qty'), triggerPrice };
  }
  const direction = params.integer('triggerDirection');
  if (direction !== 1 && direction !== 2) throw badParam('triggerDirection invalid');
  const rises = direction === 1;
  const current = params.text('triggerBy') === 'MarkPrice' ? market.core.mark(symbol.symbol).mark : last;
  if (rises ? !gt(triggerPrice, current) : !gt(current, triggerPrice)) throw passedTrigger(rises);
  return {
    ...base,
    ...futureAmount(params),
    type: kindOf(base.side, rises),
    triggerPrice,
    triggerBy: params.text('triggerBy') === 'MarkPrice' ? 'mark' : 'last',
  };
}

/** Decimal of a field where "0" and "" mean none. */
export function optionalPrice(params: Params, name: string): Decimal | null {
  const value = params.decimal(name);
  return value === undefined || isZero(value) ? null : value;
}
