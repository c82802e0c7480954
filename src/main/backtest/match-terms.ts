import type { ClientOrderId, Decimal, UnixMs, VenueOrderId } from '#shared/domain/basics';
import { places, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill, OrderRequest, OrderStatus } from '#shared/domain/order';
import type { VenuePort } from '../engine/index';
import type { MatchFill, MatchOrder, MatchOrderView, MatchStatus, MatchSymbol } from '../matching/index';

export type Trading = NonNullable<VenuePort['trading']>;
export type VenueOrder = Awaited<ReturnType<Trading['openOrders']>>[number];

/** What the matching engine counts in. */
const MOST_PLACES = 12;
/** Margin tiers are not told by candles: what is asked of a small position. */
const MAINTENANCE_RATE = '0.01' as Decimal;
const MAX_LEVERAGE = 125;
/** Where an exchange sets no bound. */
const NO_MOST = '1000000000000' as Decimal;

/** The rules of a perpetual as the matching engine takes them; null when it cannot hold them. */
export function toSpec(instrument: Instrument, takerFee: Decimal): MatchSymbol | null {
  const { symbol, base, quote, tickSize, stepSize, minAmount, maxAmount, minNotional } = instrument;
  if (Math.max(places(tickSize), places(stepSize), places(minAmount)) > MOST_PLACES) return null;
  return {
    symbol,
    base,
    quote,
    market: 'future',
    tickSize,
    stepSize,
    minAmount,
    maxAmount: maxAmount ?? NO_MOST,
    minNotional: minNotional ?? ZERO,
    makerFee: takerFee,
    takerFee,
    maintenanceRate: MAINTENANCE_RATE,
    maxLeverage: MAX_LEVERAGE,
  };
}

export const toMatchOrder = (account: string, request: OrderRequest): MatchOrder => ({
  account,
  clientOrderId: request.clientOrderId,
  symbol: request.symbol,
  side: request.side,
  type: request.type,
  amount: request.amount,
  price: request.price,
  triggerPrice: request.triggerPrice,
  ...(request.callbackPercent === undefined
    ? {}
    : { callbackPercent: request.callbackPercent as string as Decimal }),
  timeInForce: request.timeInForce,
  reduceOnly: request.reduceOnly,
  closePosition: request.closePosition,
});

const STATUS: Readonly<Record<MatchStatus, OrderStatus>> = {
  new: 'open',
  waiting: 'open',
  triggered: 'open',
  'partially-filled': 'partially_filled',
  filled: 'filled',
  cancelled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};

export const toVenueOrder = (view: MatchOrderView): VenueOrder => ({
  venueOrderId: String(view.orderId) as VenueOrderId,
  clientOrderId: view.clientOrderId as ClientOrderId,
  symbol: view.symbol as Symbol,
  status: STATUS[view.status],
  filled: view.filled,
  amount: view.amount,
  triggerPrice: view.triggerPrice,
  reduceOnly: view.reduceOnly,
  side: view.side,
  updatedAt: view.updatedAt,
});

export const toFill = (venue: VenueKey, fill: MatchFill, seenAt: UnixMs): Fill => ({
  venue,
  symbol: fill.symbol as Symbol,
  tradeId: String(fill.tradeId),
  venueOrderId: String(fill.orderId) as VenueOrderId,
  clientOrderId: fill.clientOrderId as ClientOrderId,
  side: fill.side,
  price: fill.price,
  amount: fill.amount,
  fee: { cost: fill.fee, currency: fill.feeAsset },
  maker: fill.maker,
  venueTime: fill.at,
  seenAt,
});
