import type { MatchOrder } from '#main/matching/types';
import type { Decimal, OrderSide } from '#shared/domain/basics';
import { gt, isZero, lt, places } from '#shared/domain/decimal';
import type { TimeInForce } from '#shared/domain/order';
import type { PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { invalid, unsupported, WireError } from './wire-error';
import type { PlanType, WireMarket } from './wire-market';

const PLAIN = {
  amount: null,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
} as const;

const low = (params: Params, name: string): string | undefined => params.text(name)?.toLowerCase();

export function sideOf(params: Params): OrderSide {
  const side = params.need('side').toLowerCase();
  if (side !== 'buy' && side !== 'sell') throw invalid('side');
  return side;
}

function clientOid(params: Params, fresh: () => string): string {
  const value = params.text('clientOid');
  if (value === undefined) return fresh();
  if (!/^[0-9a-zA-Z\-+_#]{1,49}$/.test(value)) throw invalid('clientOid');
  return value;
}

const FORCE: Readonly<Record<string, TimeInForce>> = {
  gtc: 'gtc',
  ioc: 'ioc',
  fok: 'fok',
  post_only: 'post-only',
};

function force(params: Params): TimeInForce {
  const value = FORCE[low(params, 'force') ?? 'gtc'];
  if (value === undefined) throw invalid('force');
  return value;
}

function orderType(params: Params): 'limit' | 'market' {
  const type = params.need('orderType').toLowerCase();
  if (type !== 'limit' && type !== 'market') throw invalid('orderType');
  return type;
}

/** Too many places are an error of their own, before the filters. @throws WireError 40808, 41103 */
function checkPlaces(value: Decimal | null, step: Decimal, code: '40808' | '41103'): void {
  if (value === null || places(value) <= places(step)) return;
  if (code === '41103') throw new WireError(code, 'param price scale error error');
  throw new WireError(
    code,
    `Parameter verification exception size checkBDScale error value=${value} checkScale=${places(step)}`,
  );
}

interface Reading {
  readonly params: Params;
  readonly symbol: PracticeSymbol;
  readonly account: string;
  fresh(): string;
}

const base = ({ params, symbol, account, fresh }: Reading) => ({
  ...PLAIN,
  account,
  symbol: symbol.symbol,
  clientOrderId: clientOid(params, fresh),
});

function limitParts({ params, symbol }: Reading) {
  const price = params.needPositive('price');
  checkPlaces(price, symbol.tickSize, '41103');
  return { type: 'limit' as const, price, timeInForce: force(params) };
}

/** A spot order; the size of a market buy counts quote. @throws WireError */
export function readSpotOrder(reading: Reading): MatchOrder {
  const { params, symbol } = reading;
  const side = sideOf(params);
  const size = params.needPositive('size');
  const common = { ...base(reading), side };
  if (orderType(params) === 'limit') {
    checkPlaces(size, symbol.stepSize, '40808');
    return { ...common, ...limitParts(reading), amount: size };
  }
  if (side === 'buy') return { ...common, type: 'market', quoteAmount: size };
  checkPlaces(size, symbol.stepSize, '40808');
  return { ...common, type: 'market', amount: size };
}

/** @throws WireError for another product, margin or mode than this exchange has */
function checkAccount(params: Params): void {
  if (params.need('productType').toUpperCase() !== 'USDT-FUTURES') throw unsupported('productType');
  if ((params.text('marginCoin') ?? 'USDT').toUpperCase() !== 'USDT') throw invalid('marginCoin');
  const mode = low(params, 'marginMode') ?? 'crossed';
  if (mode !== 'crossed') throw unsupported('marginMode');
  // One-way mode only: a trade side belongs to hedge mode.
  if (params.text('tradeSide') !== undefined)
    throw new WireError(
      '40774',
      'The order type for unilateral position must also be the unilateral position type.',
    );
}

const reduceOnly = (params: Params): boolean => low(params, 'reduceOnly') === 'yes';

function futureSize({ params, symbol }: Reading): Decimal {
  const size = params.needPositive('size');
  checkPlaces(size, symbol.stepSize, '40808');
  return size;
}

/** A futures order. @throws WireError */
export function readFutureOrder(reading: Reading): MatchOrder {
  const { params } = reading;
  checkAccount(params);
  const common = {
    ...base(reading),
    side: sideOf(params),
    amount: futureSize(reading),
    reduceOnly: reduceOnly(params),
  };
  return orderType(params) === 'market'
    ? { ...common, type: 'market' }
    : { ...common, ...limitParts(reading) };
}

const triggerBy = (params: Params): 'last' | 'mark' =>
  low(params, 'triggerType') === 'mark_price' ? 'mark' : 'last';

function triggerPrice({ params, symbol }: Reading): Decimal {
  const price = params.needPositive('triggerPrice');
  checkPlaces(price, symbol.tickSize, '41103');
  return price;
}

/** A plain trigger order fires from either side: which of the engine's kinds it is, the price now decides. */
function eitherWay(market: WireMarket, { symbol }: Reading, side: OrderSide, trigger: Decimal) {
  const { last } = market.core.ticker24h(symbol.symbol);
  const waitsForFall = lt(trigger, last);
  return waitsForFall === (side === 'sell') ? ('stop-market' as const) : ('take-profit-market' as const);
}

/** Only those that become market orders are offered. */
function checkMarket(params: Params, names: readonly string[]): void {
  for (const name of names) {
    const price = params.decimal(name);
    if (price !== undefined && !isZero(price)) throw unsupported(name);
  }
}

export interface PlanOrder {
  readonly planType: PlanType;
  readonly order: MatchOrder;
}

/** A spot trigger order: `planType` amount counts base, total quote. @throws WireError */
export function readSpotPlan(market: WireMarket, reading: Reading): PlanOrder {
  const { params, symbol } = reading;
  checkMarket(params, ['executePrice']);
  if (orderType(params) !== 'market') throw unsupported('orderType');
  const side = sideOf(params);
  if ((low(params, 'planType') ?? 'amount') === 'total' && side === 'buy') throw unsupported('planType');
  const amount = params.needPositive('size');
  checkPlaces(amount, symbol.stepSize, '40808');
  const trigger = triggerPrice(reading);
  const type = eitherWay(market, reading, side, trigger);
  // Spot has no mark price: both words of `triggerType` mean the last one.
  const order: MatchOrder = { ...base(reading), side, amount, type, triggerPrice: trigger };
  return { planType: 'normal_plan', order };
}

/** place-plan-order of futures: normal_plan or track_plan. @throws WireError */
export function readFuturePlan(market: WireMarket, reading: Reading): PlanOrder {
  const { params } = reading;
  checkAccount(params);
  if (orderType(params) !== 'market') throw unsupported('orderType');
  checkMarket(params, ['executePrice', 'price', 'stopSurplusTriggerPrice', 'stopLossTriggerPrice']);
  const side = sideOf(params);
  const trigger = triggerPrice(reading);
  const common = {
    ...base(reading),
    side,
    amount: futureSize(reading),
    triggerPrice: trigger,
    triggerBy: triggerBy(params),
    reduceOnly: reduceOnly(params),
  };
  switch (params.need('planType')) {
    case 'normal_plan':
      return {
        planType: 'normal_plan',
        order: { ...common, type: eitherWay(market, reading, side, trigger) },
      };
    case 'track_plan': {
      const callbackPercent = params.needPositive('callbackRatio');
      if (lt(callbackPercent, '0.1' as Decimal) || gt(callbackPercent, '10' as Decimal))
        throw invalid('callbackRatio');
      return { planType: 'track_plan', order: { ...common, type: 'trailing-stop', callbackPercent } };
    }
    default:
      throw invalid('planType');
  }
}

const TPSL: Readonly<Record<string, PlanType>> = {
  loss_plan: 'loss_plan',
  profit_plan: 'profit_plan',
  pos_loss: 'pos_loss',
  pos_profit: 'pos_profit',
};

/**
 * place-tpsl-order: closes a position, whose direction `holdSide` names, in one-way mode by its opening side.
 * @throws WireError 43023 without such a position
 */
export function readTpsl(market: WireMarket, reading: Reading): PlanOrder {
  const { params, account, symbol } = reading;
  checkAccount(params);
  const planType = TPSL[params.need('planType')];
  if (planType === undefined) throw unsupported('planType');
  checkMarket(params, ['executePrice']);
  const hold = params.need('holdSide').toLowerCase();
  if (!['buy', 'sell', 'long', 'short'].includes(hold)) throw invalid('holdSide');
  const long = hold === 'buy' || hold === 'long';
  const held =
    market.core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol)?.amount ??
    '0';
  if (isZero(held as Decimal) || held.startsWith('-') === long)
    throw new WireError('43023', 'Insufficient position, can not set profit or stop loss');
  const sized = params.text('size') !== undefined;
  if (!sized && !planType.startsWith('pos_')) throw new WireError('40019', 'Parameter size cannot be empty');
  const order: MatchOrder = {
    ...base(reading),
    side: long ? 'sell' : 'buy',
    type: planType.endsWith('loss') || planType === 'loss_plan' ? 'stop-market' : 'take-profit-market',
    amount: sized ? futureSize(reading) : null,
    triggerPrice: triggerPrice(reading),
    triggerBy: triggerBy(params),
    reduceOnly: sized,
    closePosition: !sized,
  };
  return { planType, order };
}
