import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import type { Decimal, OrderSide } from '#shared/domain/basics';
import { places } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';

/** Spot prints every number with eight places. */
const SPOT_PLACES = 8;

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
