import type { MatchOrder } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { div, gt, lt, places } from '#shared/domain/decimal';
import type { TimeInForce } from '#shared/domain/order';
import type { PracticeSymbol } from '../types';
import type { Params } from './params';
import { unneeded, unsupported, WireError } from './wire-error';

const badSide = (): WireError => new WireError(-1117, 'Invalid side.');
const badType = (): WireError => new WireError(-1116, 'Invalid orderType.');
const badTif = (): WireError => new WireError(-1115, 'Invalid timeInForce.');

const side = (params: Params): MatchOrder['side'] =>
  params.oneOf('side', ['BUY', 'SELL'], badSide()) === 'BUY' ? 'buy' : 'sell';

const TIF: Readonly<Record<string, TimeInForce>> = { GTC: 'gtc', IOC: 'ioc', FOK: 'fok', GTX: 'post-only' };

function clientId(params: Params, name: string, fresh: () => string): string {
  const value = params.text(name);
  if (value === undefined) return fresh();
  if (!/^[.A-Z:/a-z0-9_-]{1,36}$/.test(value))
    throw new WireError(
      -1100,
      `Illegal characters found in parameter '${name}'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.`,
    );
  return value;
}

/** @throws WireError -1106 for the first of `names` that was sent */
function refuseExtra(params: Params, names: readonly string[]): void {
  for (const name of names) if (params.text(name) !== undefined) throw unneeded(name);
}

/** Too many places is an error of its own, before the filters. @throws WireError -1111 */
function checkPlaces(value: Decimal | null, step: Decimal): void {
  if (value !== null && places(value) > places(step))
    throw new WireError(-1111, 'Precision is over the maximum defined for this asset.');
}

const PLAIN = {
  amount: null,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
} as const;

/** A spot order as sent to `POST /api/v3/order`. @throws WireError */
export function readSpotOrder(
  params: Params,
  symbol: PracticeSymbol,
  account: string,
  fresh: () => string,
): MatchOrder {
  const types = ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'TAKE_PROFIT'] as const;
  const base = {
    ...PLAIN,
    account,
    symbol: symbol.symbol,
    side: side(params),
    clientOrderId: clientId(params, 'newClientOrderId', fresh),
  };
  const type = params.oneOf('type', types, badType());
  switch (type) {
    case 'MARKET': {
      refuseExtra(params, ['price', 'timeInForce', 'stopPrice']);
      if (params.text('quoteOrderQty') === undefined)
        return { ...base, type: 'market', amount: params.needPositive('quantity') };
      refuseExtra(params, ['quantity']);
      return { ...base, type: 'market', quoteAmount: params.needPositive('quoteOrderQty') };
    }
    case 'LIMIT': {
      const timeInForce = TIF[params.oneOf('timeInForce', ['GTC', 'IOC', 'FOK'], badTif())] ?? null;
      const amount = params.needPositive('quantity');
      return { ...base, type: 'limit', amount, price: params.needPositive('price'), timeInForce };
    }
    case 'LIMIT_MAKER': {
      refuseExtra(params, ['timeInForce', 'stopPrice']);
      const amount = params.needPositive('quantity');
      return {
        ...base,
        type: 'limit',
        amount,
        price: params.needPositive('price'),
        timeInForce: 'post-only',
      };
    }
    default:
      return { ...base, ...spotTrigger(params, type) };
  }
}

type Trigger = Pick<MatchOrder, 'type' | 'amount' | 'triggerPrice'> &
  Partial<Pick<MatchOrder, 'callbackPercent' | 'triggerBy'>>;

function spotTrigger(params: Params, type: 'STOP_LOSS' | 'TAKE_PROFIT'): Trigger {
  refuseExtra(params, ['price', 'timeInForce', 'quoteOrderQty']);
  const amount = params.needPositive('quantity');
  const delta = params.integer('trailingDelta');
  if (delta === undefined) {
    const kind = type === 'STOP_LOSS' ? 'stop-market' : 'take-profit-market';
    return { type: kind, amount, triggerPrice: params.needPositive('stopPrice') };
  }
  // A trailing take-profit waits for a turn in the other direction, which the engine does not offer.
  if (type === 'TAKE_PROFIT') throw unsupported();
  if (delta < 10 || delta > 2000) throw new WireError(-1013, 'Filter failure: TRAILING_DELTA');
  const triggerPrice = params.text('stopPrice') === undefined ? null : params.needPositive('stopPrice');
  const callbackPercent = div(String(delta) as Decimal, '100' as Decimal);
  return { type: 'trailing-stop', amount, triggerPrice, callbackPercent };
}

const CONDITIONAL = ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'];

/** One-way mode is the only one: a named position side does not match it. */
function checkPositionSide(params: Params): void {
  const value = params.text('positionSide') ?? 'BOTH';
  if (value !== 'BOTH') throw new WireError(-4061, "Order's position side does not match user's setting.");
  const match = params.text('priceMatch') ?? 'NONE';
  if (match !== 'NONE') throw unsupported();
}

/** A futures order as sent to `POST /fapi/v1/order`. @throws WireError, -4120 for conditional types */
export function readFutureOrder(
  params: Params,
  symbol: PracticeSymbol,
  account: string,
  fresh: () => string,
): MatchOrder {
  if (CONDITIONAL.includes(params.need('type')))
    throw new WireError(
      -4120,
      'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
    );
  const type = params.oneOf('type', ['LIMIT', 'MARKET'], badType());
  checkPositionSide(params);
  if (params.flag('closePosition'))
    throw new WireError(-4136, `Target strategy invalid for orderType ${type},closePosition true`);
  const base = {
    ...PLAIN,
    account,
    symbol: symbol.symbol,
    side: side(params),
    clientOrderId: clientId(params, 'newClientOrderId', fresh),
    reduceOnly: params.flag('reduceOnly'),
  };
  const amount = futureAmount(params, symbol);
  if (type === 'MARKET') {
    refuseExtra(params, ['price', 'timeInForce']);
    return { ...base, type: 'market', amount };
  }
  const timeInForce = TIF[params.oneOf('timeInForce', ['GTC', 'IOC', 'FOK', 'GTX'], badTif())] ?? null;
  const price = params.needPositive('price');
  checkPlaces(price, symbol.tickSize);
  return { ...base, type: 'limit', amount, price, timeInForce };
}

function futureAmount(params: Params, symbol: PracticeSymbol): Decimal {
  const amount = params.decimal('quantity');
  if (amount === undefined) return params.needPositive('quantity');
  if (!gt(amount, '0' as Decimal)) throw new WireError(-4003, 'Quantity less than or equal to zero.');
  checkPlaces(amount, symbol.stepSize);
  return amount;
}

const ALGO_TYPES = ['STOP_MARKET', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'] as const;

/** A conditional order as sent to `POST /fapi/v1/algoOrder`. @throws WireError */
export function readAlgoOrder(
  params: Params,
  symbol: PracticeSymbol,
  account: string,
  fresh: () => string,
): MatchOrder {
  params.oneOf(
    'algoType',
    ['CONDITIONAL'],
    new WireError(-1130, "Data sent for parameter 'algoType' is not valid."),
  );
  const type = params.oneOf('type', ALGO_TYPES, badType());
  checkPositionSide(params);
  const closePosition = params.flag('closePosition');
  const reduceOnly = params.flag('reduceOnly');
  if (closePosition) {
    if (params.text('quantity') !== undefined)
      throw new WireError(-4137, 'Quantity must be zero with closePosition equals true');
    if (reduceOnly) throw unneeded('reduceonly');
  }
  const common = {
    ...PLAIN,
    account,
    symbol: symbol.symbol,
    side: side(params),
    clientOrderId: clientId(params, 'clientAlgoId', fresh),
    amount: closePosition ? null : futureAmount(params, symbol),
    triggerBy: params.text('workingType') === 'MARK_PRICE' ? 'mark' : 'last',
    reduceOnly,
    closePosition,
  } as const;
  if (type === 'TRAILING_STOP_MARKET') return { ...common, ...trailing(params, symbol) };
  const triggerPrice = params.needPositive('triggerPrice');
  checkPlaces(triggerPrice, symbol.tickSize);
  return { ...common, type: type === 'STOP_MARKET' ? 'stop-market' : 'take-profit-market', triggerPrice };
}

/** `activatePrice` is the name since 2025-12; the old `activationPrice` is ignored, as the exchange ignores it. */
function trailing(params: Params, symbol: PracticeSymbol) {
  if (params.flag('closePosition'))
    throw new WireError(
      -4136,
      'Target strategy invalid for orderType TRAILING_STOP_MARKET,closePosition true',
    );
  const callbackPercent = params.needPositive('callbackRate');
  if (lt(callbackPercent, '0.1' as Decimal) || gt(callbackPercent, '20' as Decimal))
    throw new WireError(-2007, 'Invalid callBack rate.');
  const triggerPrice =
    params.text('activatePrice') === undefined ? null : params.needPositive('activatePrice');
  checkPlaces(triggerPrice, symbol.tickSize);
  return { type: 'trailing-stop' as const, triggerPrice, callbackPercent };
}
