import type { MatchOrder } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, gt, isNegative, isZero, places, toStep } from '#shared/domain/decimal';
import type { TimeInForce } from '#shared/domain/order';
import type { PracticeSymbol } from '../types';
import { Params } from '../wire-kit/params';
import { badParam, PARAM_WORDS, WireError } from './wire-error';
import { type GateMarket, toBase } from './wire-market';

const PLAIN = { triggerPrice: null, reduceOnly: false, closePosition: false } as const;
const TIF: Readonly<Record<string, TimeInForce>> = { gtc: 'gtc', ioc: 'ioc', fok: 'fok', poc: 'post-only' };

function tifOf(params: Params, name: string): TimeInForce {
  const word = params.text(name) ?? 'gtc';
  const tif = Object.hasOwn(TIF, word) ? TIF[word] : undefined;
  if (tif === undefined) throw badParam(`Invalid ${name}`);
  return tif;
}

/** "t-" and at most 28 of the allowed characters. @throws WireError */
function textOf(market: GateMarket, text: string | undefined): string {
  if (text === undefined || text === 'api' || text === 'web' || text === 'app') return market.freshText();
  if (!/^t-[0-9A-Za-z_.-]{1,28}$/.test(text))
    throw badParam('Invalid text: it must start with t- and be at most 28 bytes long behind it');
  return text;
}

const sideOf = (params: Params): 'buy' | 'sell' =>
  params.oneOf('side', ['buy', 'sell'], badParam('Invalid side'));

/** Too many places is an error of its own. @throws WireError */
function checkPlaces(value: Decimal, step: Decimal, what: string): Decimal {
  if (places(value) > places(step))
    throw new WireError('INVALID_PRECISION', `${what} precision is too large`);
  return value;
}

/** A nested object of the body. @throws WireError */
export function inner(params: Params, name: string): Params {
  const text = params.need(name);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badParam(`Invalid ${name}`);
  return Params.fromObject(PARAM_WORDS, value as Record<string, unknown>);
}

/** A spot order as sent to POST /spot/orders. @throws WireError */
export function readSpotOrder(
  market: GateMarket,
  params: Params,
  symbol: PracticeSymbol,
  account: string,
): MatchOrder {
  const kind = params.text('account') ?? 'spot';
  if (kind !== 'spot' && kind !== 'unified')
    throw badParam('Invalid account: the practice exchange has spot alone');
  const base = {
    ...PLAIN,
    account,
    symbol: symbol.symbol,
    side: sideOf(params),
    clientOrderId: textOf(market, params.text('text')),
  };
  const type = params.text('type') ?? 'limit';
  const amount = params.needPositive('amount');
  if (type === 'limit') {
    checkPlaces(amount, symbol.stepSize, 'Amount');
    const price = checkPlaces(params.needPositive('price'), symbol.tickSize, 'Price');
    return { ...base, type: 'limit', amount, price, timeInForce: tifOf(params, 'time_in_force') };
  }
  if (type !== 'market') throw badParam('Invalid type');
  const tif = tifOf(params, 'time_in_force');
  if (tif !== 'ioc' && tif !== 'fok')
    throw badParam('Invalid time_in_force: a market order takes ioc or fok');
  // The amount of a market buy counts quote.
  if (base.side === 'buy')
    return { ...base, type: 'market', amount: null, quoteAmount: amount, price: null, timeInForce: null };
  checkPlaces(amount, symbol.stepSize, 'Amount');
  return { ...base, type: 'market', amount, price: null, timeInForce: null };
}

/** A futures size: whole contracts with a sign, as a number or as text. @throws WireError */
function sizeOf(params: Params): Decimal {
  const text = params.need('size');
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) throw badParam('Invalid size');
  return toStep(text as Decimal, '0.000000000000001' as Decimal, 'half-up');
}

/** A futures order as sent to POST /futures/usdt/orders. @throws WireError */
export function readFutureOrder(
  market: GateMarket,
  params: Params,
  symbol: PracticeSymbol,
  account: string,
): MatchOrder {
  const size = sizeOf(params);
  const common = { account, symbol: symbol.symbol, clientOrderId: textOf(market, params.text('text')) };
  const price = params.decimal('price') ?? ('0' as Decimal);
  const reduceOnly = params.flag('reduce_only') || params.flag('close');
  if (isZero(size)) {
    if (!params.flag('close')) throw badParam('Invalid size: 0 closes a position, with close: true');
    return closing(market, symbol, common);
  }
  const side = isNegative(size) ? 'sell' : 'buy';
  const amount = toBase(market, symbol, abs(size));
  const base = { ...PLAIN, ...common, side, amount, reduceOnly } as const;
  const tif = tifOf(params, 'tif');
  if (!isZero(price))
    return {
      ...base,
      type: 'limit',
      price: checkPlaces(price, symbol.tickSize, 'Price'),
      timeInForce: tif,
    };
  if (tif !== 'ioc' && tif !== 'fok') throw badParam('Invalid tif: price 0 takes ioc or fok');
  return { ...base, type: 'market', price: null, timeInForce: null };
}

/** Size 0 with `close` closes what is there at market. @throws WireError POSITION_EMPTY */
function closing(
  { core }: GateMarket,
  symbol: PracticeSymbol,
  common: Pick<MatchOrder, 'account' | 'symbol' | 'clientOrderId'>,
): MatchOrder {
  const position = core.matching
    .account(common.account)
    .positions.find((one) => one.symbol === symbol.symbol);
  if (position === undefined || isZero(position.amount))
    throw new WireError('POSITION_EMPTY', 'There is no position to close');
  return {
    ...PLAIN,
    ...common,
    type: 'market',
    side: isNegative(position.amount) ? 'buy' : 'sell',
    amount: abs(position.amount),
    price: null,
    timeInForce: null,
    reduceOnly: true,
  };
}

/** On which side of the last price the trigger must lie, and what that makes of the order. @throws WireError */
function triggerType(
  market: GateMarket,
  symbol: PracticeSymbol,
  triggerPrice: Decimal,
  up: boolean,
  side: 'buy' | 'sell',
): 'stop-market' | 'take-profit-market' {
  const { last } = market.core.ticker24h(symbol.symbol);
  if (up && !gt(triggerPrice, last))
    throw new WireError('AUTO_TRIGGER_PRICE_LESS_LAST', 'The trigger price must be above the last price');
  if (!up && !gt(last, triggerPrice))
    throw new WireError('AUTO_TRIGGER_PRICE_GREATE_LAST', 'The trigger price must be below the last price');
  return up === (side === 'buy') ? 'stop-market' : 'take-profit-market';
}

/** A trigger order as sent to POST /futures/usdt/price_orders. @throws WireError */
export function readFutureTrigger(market: GateMarket, params: Params, account: string) {
  const initial = inner(params, 'initial');
  const trigger = inner(params, 'trigger');
  const symbol = market.symbolOf(initial);
  if ((trigger.text('strategy_type') ?? '0') !== '0') throw badParam('Invalid strategy_type: prices alone');
  const priceType = trigger.oneOf('price_type', ['0', '1', '2'], badParam('Invalid price_type'));
  const rule = trigger.oneOf('rule', ['1', '2'], badParam('Invalid rule: 1 is >=, 2 is <='));
  if (!isZero(initial.decimal('price') ?? ('0' as Decimal)))
    throw badParam('Invalid initial.price: the practice exchange triggers market orders alone');
  const triggerPrice = checkPlaces(trigger.needPositive('price'), symbol.tickSize, 'Price');
  const size = sizeOf(initial);
  const closePosition = isZero(size);
  if (closePosition && !initial.flag('close'))
    throw badParam('Invalid size: 0 closes a position, with close: true');
  const kind = params.text('order_type') ?? '';
  const side = closePosition ? closeSide(market, symbol, account, kind) : isNegative(size) ? 'sell' : 'buy';
  const order: MatchOrder = {
    account,
    symbol: symbol.symbol,
    clientOrderId: textOf(market, initial.text('text')),
    side,
    type: triggerType(market, symbol, triggerPrice, rule === '1', side),
    amount: closePosition ? null : toBase(market, symbol, abs(size)),
    price: null,
    triggerPrice,
    triggerBy: priceType === '0' ? 'last' : 'mark',
    timeInForce: null,
    reduceOnly: !closePosition && (initial.flag('reduce_only') || initial.flag('close')),
    closePosition,
  };
  return { symbol, order };
}

/** The side that closes: named by the kind of order, else by the position. */
function closeSide(
  market: GateMarket,
  symbol: PracticeSymbol,
  account: string,
  kind: string,
): 'buy' | 'sell' {
  if (kind.includes('long')) return 'sell';
  if (kind.includes('short')) return 'buy';
  const position = market.core.matching
    .account(account)
    .positions.find((one) => one.symbol === symbol.symbol);
  return position !== undefined && isNegative(position.amount) ? 'buy' : 'sell';
}

/** A trigger order as sent to POST /spot/price_orders. @throws WireError */
export function readSpotTrigger(market: GateMarket, params: Params, account: string) {
  const put = inner(params, 'put');
  const trigger = inner(params, 'trigger');
  const symbol = market.symbolOf(params, 'market');
  const rule = trigger.oneOf('rule', ['>=', '<='], badParam('Invalid rule'));
  const side = sideOf(put);
  const triggerPrice = checkPlaces(trigger.needPositive('price'), symbol.tickSize, 'Price');
  const amount = checkPlaces(put.needPositive('amount'), symbol.stepSize, 'Amount');
  const order: MatchOrder = {
    ...PLAIN,
    account,
    symbol: symbol.symbol,
    clientOrderId: textOf(market, put.text('text') ?? trigger.text('text')),
    side,
    type: triggerType(market, symbol, triggerPrice, rule === '>=', side),
    amount,
    price: null,
    triggerPrice,
    timeInForce: null,
  };
  return { symbol, order };
}
