import type { ClientOrderId, Decimal, UnixMs, VenueOrderId } from '#shared/domain/basics';
import { div, isZero, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill, OrderRequest, OrderStatus } from '#shared/domain/order';
import type { MatchFill, MatchOrder, MatchOrderView, MatchStatus, MatchSymbol } from '../matching/types';
import type { VenueOrder } from '../venues/venue';
import type { PaperFees } from './types';

/** Public data does not tell margin tiers: what Binance asks of a small position, and its highest leverage. */
const MAINTENANCE_RATE = '0.01' as Decimal;
const MAX_LEVERAGE = 125;
/** Where an exchange sets no bound. */
const NO_MOST = '1000000000000' as Decimal;

/** The rules of a perpetual as the matching engine takes them. */
export const toSpec = (instrument: Instrument, fees: PaperFees): MatchSymbol => ({
  symbol: instrument.symbol,
  base: instrument.base,
  quote: instrument.quote,
  market: 'future',
  tickSize: instrument.tickSize,
  stepSize: instrument.stepSize,
  minAmount: instrument.minAmount,
  maxAmount: instrument.maxAmount ?? NO_MOST,
  minNotional: instrument.minNotional ?? ZERO,
  makerFee: fees.maker,
  takerFee: fees.taker,
  maintenanceRate: MAINTENANCE_RATE,
  maxLeverage: MAX_LEVERAGE,
});

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

/** `triggered` reads as open: the order it became tells the rest under the same client id. */
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
  averagePrice: isZero(view.filled) ? null : div(view.filledQuote, view.filled),
  side: view.side,
  amount: view.amount,
  triggerPrice: view.triggerPrice,
  reduceOnly: view.reduceOnly,
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
