import type { MatchOrder } from '#main/matching/types';
import type { TimeInForce } from '#shared/domain/order';
import type { PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { WireError } from './wire-error';
import { baseOf, type WireMarket } from './wire-market';

const wrongType = (): WireError => new WireError(2003, 'Order type is not supported');

/** One-way mode and cross margin are all there is. @throws WireError */
function checkModes(params: Params): void {
  if ((params.integer('openType') ?? 2) !== 2)
    throw new WireError(600, 'Parameter error: only cross margin (openType 2)');
  const mode = params.integer('positionMode') ?? 2;
  if (mode !== 2 && mode !== 0)
    throw new WireError(600, 'Parameter error: positionMode does not match the account');
}

/** Closing is said by the side, by reduceOnly, or by both. */
function direction(params: Params): Pick<MatchOrder, 'side' | 'reduceOnly'> {
  const side = params.integer('side');
  if (side === undefined || side < 1 || side > 4) throw new WireError(2001, 'Order side error');
  return {
    side: side <= 2 ? 'buy' : 'sell',
    reduceOnly: side === 2 || side === 4 || params.flag('reduceOnly'),
  };
}

function common(params: Params, symbol: PracticeSymbol, account: string) {
  checkModes(params);
  return {
    account,
    symbol: symbol.symbol,
    ...direction(params),
    amount: baseOf(params.needPositive('vol'), symbol),
    price: null,
    triggerPrice: null,
    timeInForce: null,
    closePosition: false,
  };
}

const LIMITS: Readonly<Record<number, TimeInForce>> = { 1: 'gtc', 2: 'post-only', 3: 'ioc', 4: 'fok' };

/** An order as sent to order/create; type 6 is told the present price and taken at it. @throws WireError */
export function readOrder(
  market: WireMarket,
  params: Params,
  symbol: PracticeSymbol,
  account: string,
): MatchOrder {
  const externalOid = params.text('externalOid');
  if (externalOid !== undefined && externalOid.length > 32)
    throw new WireError(2030, 'The length of externalOid exceeds the limit');
  const base = {
    ...common(params, symbol, account),
    clientOrderId: externalOid ?? market.freshClientId(),
  };
  const type = params.integer('type') ?? 0;
  if (type === 5 || type === 6) return { ...base, type: 'market' };
  const timeInForce = LIMITS[type];
  if (timeInForce === undefined) throw wrongType();
  return { ...base, type: 'limit', price: params.needPositive('price'), timeInForce };
}

/** A trigger order that becomes a market order. @throws WireError */
export function readPlan(
  market: WireMarket,
  params: Params,
  symbol: PracticeSymbol,
  account: string,
): MatchOrder {
  const base = { ...common(params, symbol, account), clientOrderId: market.freshClientId() };
  if ((params.integer('orderType') ?? 0) !== 5) throw wrongType();
  const triggerType = params.integer('triggerType');
  if (triggerType !== 1 && triggerType !== 2) throw new WireError(3001, 'Trigger price type error');
  const cycle = params.integer('executeCycle');
  if (cycle !== 1 && cycle !== 2) throw new WireError(3002, 'Execution cycle error');
  const above = triggerType === 1;
  return {
    ...base,
    type: (base.side === 'buy') === above ? 'stop-market' : 'take-profit-market',
    triggerPrice: params.needPositive('triggerPrice'),
    triggerBy: trend(params),
  };
}

/** A trailing order; its distance is a percentage. @throws WireError */
export function readTrack(
  market: WireMarket,
  params: Params,
  symbol: PracticeSymbol,
  account: string,
): MatchOrder {
  const base = { ...common(params, symbol, account), clientOrderId: market.freshClientId() };
  if (params.integer('backType') !== 1) throw new WireError(600, 'Parameter error: only backType 1');
  return {
    ...base,
    type: 'trailing-stop',
    callbackPercent: params.needPositive('backValue'),
    triggerPrice: params.text('activePrice') === undefined ? null : params.needPositive('activePrice'),
    triggerBy: trend(params),
  };
}

function trend(params: Params): 'last' | 'mark' {
  const value = params.integer('trend') ?? 1;
  if (value === 1) return 'last';
  if (value === 2) return 'mark';
  throw new WireError(3001, 'Trigger price type error');
}
