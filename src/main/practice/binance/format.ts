import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import type { Decimal, OrderSide } from '#shared/domain/basics';
import { places } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';

/** Spot prints every number with eight places. */
const SPOT_PLACES = 8;

/** Adds zeros up to `digits` places; never cuts or rounds. */
export function pad(value: string, digits: number): string {
  const dot = value.indexOf('.');
  const have = dot < 0 ? 0 : value.length - dot - 1;
  if (have >= digits) return value;
  return `${value}${dot < 0 ? '.' : ''}${'0'.repeat(digits - have)}`;
}

export interface Digits {
  readonly price: number;
  readonly amount: number;
}

/** Places in which a market prints a symbol's prices and amounts. */
export const digitsOf = (market: 'spot' | 'future', symbol: PracticeSymbol): Digits =>
  market === 'spot'
    ? { price: SPOT_PLACES, amount: SPOT_PLACES }
    : { price: places(symbol.tickSize), amount: places(symbol.stepSize) };

export const money = (value: Decimal): string => pad(value, SPOT_PLACES);

export const wireSide = (side: OrderSide): 'BUY' | 'SELL' => (side === 'buy' ? 'BUY' : 'SELL');

const SPOT_TYPE = {
  market: 'MARKET',
  limit: 'LIMIT',
  'stop-market': 'STOP_LOSS',
  'take-profit-market': 'TAKE_PROFIT',
  'trailing-stop': 'STOP_LOSS',
} as const;
const FUTURE_TYPE = {
  market: 'MARKET',
  limit: 'LIMIT',
  'stop-market': 'STOP_MARKET',
  'take-profit-market': 'TAKE_PROFIT_MARKET',
  'trailing-stop': 'TRAILING_STOP_MARKET',
} as const;

export const spotType = (order: MatchOrder): string =>
  order.type === 'limit' && order.timeInForce === 'post-only' ? 'LIMIT_MAKER' : SPOT_TYPE[order.type];
export const futureType = (order: MatchOrder): string => FUTURE_TYPE[order.type];

export const isConditional = (order: MatchOrder): boolean =>
  order.type === 'stop-market' || order.type === 'take-profit-market' || order.type === 'trailing-stop';

export function wireTimeInForce(order: MatchOrder, market: 'spot' | 'future'): string {
  switch (order.timeInForce) {
    case 'ioc':
      return 'IOC';
    case 'fok':
      return 'FOK';
    case 'post-only':
      return market === 'spot' ? 'GTC' : 'GTX';
    default:
      return 'GTC';
  }
}

export function wireStatus(order: MatchOrderView): string {
  switch (order.status) {
    case 'new':
    case 'waiting':
    case 'triggered':
      return 'NEW';
    case 'partially-filled':
      return 'PARTIALLY_FILLED';
    case 'filled':
      return 'FILLED';
    case 'cancelled':
      return 'CANCELED';
    case 'expired':
      return 'EXPIRED';
    case 'rejected':
      return 'REJECTED';
  }
}

const ENDED: ReadonlySet<MatchOrderView['status']> = new Set(['filled', 'cancelled', 'expired', 'rejected']);
export const hasEnded = (order: MatchOrderView): boolean => ENDED.has(order.status);
