import type { ClientOrderId, Decimal, OrderSide, Percent, PositionId, UnixMs, VenueOrderId } from './basics';
import type { VenueKey } from './exchange';
import type { Symbol } from './instrument';

export type OrderType = 'market' | 'limit' | 'stop-market' | 'take-profit-market' | 'trailing-stop';
export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'post-only';
/** Which part of a position's life an order serves. Part of its client id. */
export type OrderLeg = 'entry' | 'stop' | 'exit';

/** What we ask a venue to do; complete, so that the journal row alone explains the order. */
export interface OrderRequest {
  readonly clientOrderId: ClientOrderId;
  readonly venue: VenueKey;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: OrderType;
  /** Base units. Null only with closePosition. */
  readonly amount: Decimal | null;
  /** Limit price; null for market and stop-market. */
  readonly price: Decimal | null;
  /** Trigger of stop-market and take-profit-market; activation of trailing-stop. */
  readonly triggerPrice: Decimal | null;
  readonly timeInForce: TimeInForce | null;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  /** Only trailing-stop: how far the stop follows the best price. */
  readonly callbackPercent?: Percent;
}

/**
 * Life of an order. `unknown`: we sent it and do not know; it may be live. Only evidence from the venue ends it.
 * `intended` after a restart is treated as unknown: the byte may have left before the crash.
 */
export type OrderStatus =
  | 'intended'
  | 'sent'
  | 'unknown'
  | 'open'
  | 'partially_filled'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'absent';

/** Facts that move an order. `absent`: expiry has passed and the venue, asked twice, does not know it. */
export type OrderFact =
  | 'sent'
  | 'not-sent'
  | 'accepted'
  | 'rejected'
  | 'reply-lost'
  | 'part-filled'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'absent';

/** One order as the engine knows it. */
export interface Order {
  readonly request: OrderRequest;
  readonly positionId: PositionId;
  readonly leg: OrderLeg;
  readonly attempt: number;
  readonly status: OrderStatus;
  readonly venueOrderId: VenueOrderId | null;
  readonly filled: Decimal;
  /** Average fill price from fills; null until the first. */
  readonly averagePrice: Decimal | null;
  readonly intendedAt: UnixMs;
  /** Wall time after which the venue refuses a late copy of the request; null when it offers no expiry. */
  readonly expiresAt: UnixMs | null;
  readonly updatedAt: UnixMs;
  /** In words, with the venue's code: why it was rejected, what is not known. */
  readonly note: string | null;
}

/** One execution. Identity: venue + symbol + tradeId (+ leg where a venue needs it, folded into tradeId). */
export interface Fill {
  readonly venue: VenueKey;
  readonly symbol: Symbol;
  readonly tradeId: string;
  readonly venueOrderId: VenueOrderId;
  /** Null when the venue's history does not carry it. */
  readonly clientOrderId: ClientOrderId | null;
  readonly side: OrderSide;
  readonly price: Decimal;
  /** Base units of this fill alone. */
  readonly amount: Decimal;
  /** In quote, where the venue says it itself; absent: amount times price. */
  readonly cost?: Decimal;
  /** Positive is paid. Null when the venue has not said (yet). */
  readonly fee: { readonly cost: Decimal; readonly currency: string } | null;
  readonly maker: boolean | null;
  readonly venueTime: UnixMs;
  readonly seenAt: UnixMs;
  /** Which way it was learnt first: the private stream, or a question by REST. Stamped where it enters the engine. */
  readonly source?: FillSource;
}
export type FillSource = 'stream' | 'sync';

/** Key under which a fill counts once, for ever. */
export const fillKey = (fill: Pick<Fill, 'venue' | 'symbol' | 'tradeId'>): string =>
  `${fill.venue}|${fill.symbol}|${fill.tradeId}`;
