import type { ClientOrderId, Decimal, UnixMs, VenueOrderId } from '#shared/domain/basics';
import type { AnyExchange, MarketKind, VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle, MarketEvent, Timeframe } from '#shared/domain/market';
import type { Fill, OrderRequest, OrderStatus } from '#shared/domain/order';

/**
 * The port every exchange implements, by capability. What a venue cannot do is absent from its object, never a
 * method that throws.
 */
export interface Venue {
  readonly key: VenueKey;
  readonly exchange: AnyExchange;
  readonly market: MarketKind;
  readonly reference: ReferenceData;
  readonly data: MarketData;
  readonly trading?: Trading;
  readonly account?: Account;
  close(): Promise<void>;
}

export interface ReferenceData {
  /** @throws VenueError */
  instruments(): Promise<readonly Instrument[]>;
  serverTime(): Promise<UnixMs>;
  /**
   * Measures how far the venue's clock is ahead of ours. A difference above 1 s is made up for in signatures from
   * then on. @throws VenueError
   */
  measureClock?(): Promise<ClockReading>;
}
export interface ClockReading {
  /** Venue minus ours, ms; right to about half the round trip. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export type Channel =
  | {
      readonly kind: 'trades' | 'top' | 'ticker' | 'mark' | 'book' | 'liquidations' | 'interest';
      readonly symbol: Symbol;
    }
  | { readonly kind: 'candles'; readonly symbol: Symbol; readonly timeframe: Timeframe };

export interface MarketData {
  /** Kinds of channel this market offers; asking for another one is a mistake of the caller. */
  readonly channels: ReadonlySet<Channel['kind']>;
  /**
   * Starts (or shares) a stream; returns its undo. 'book' delivers a snapshot first, then gapless deltas; after a
   * gap or reconnect a new snapshot comes.
   */
  subscribe(channel: Channel, listener: (event: MarketEvent) => void): () => void;
  /** Oldest first, the open candle last with closed = false. At most 1,000. */
  candles(
    symbol: Symbol,
    timeframe: Timeframe,
    range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
  ): Promise<readonly Candle[]>;
  /** Open interest in quote units; absent on spot. */
  openInterest?(symbol: Symbol): Promise<Decimal>;
}

/** What became of sending an order. `unknown` means: it may be live. Never send again on it. */
export type PlaceOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: VenueOrderId; readonly status: OrderStatus }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'not-sent'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  /** The venue says it has no such open order (it may have filled). */
  | { readonly kind: 'not-open'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

export interface VenueOrder {
  readonly venueOrderId: VenueOrderId;
  readonly clientOrderId: ClientOrderId | null;
  readonly symbol: Symbol;
  readonly status: OrderStatus;
  readonly filled: Decimal;
  readonly averagePrice: Decimal | null;
  readonly side: 'buy' | 'sell';
  readonly amount: Decimal | null;
  readonly triggerPrice: Decimal | null;
  readonly reduceOnly: boolean;
  readonly updatedAt: UnixMs;
}
/** Answer to "do you know this order?". A failed question is thrown as VenueError, never 'absent'. */
export type OrderLookup =
  | { readonly kind: 'found'; readonly order: VenueOrder }
  | { readonly kind: 'absent' };

export interface Trading {
  /** How long after sending the venue may still accept the request, ms; null when it offers no expiry. */
  readonly requestExpiryMs: number | null;
  place(request: OrderRequest): Promise<PlaceOutcome>;
  /** Looks in the family the order belongs to (plain or conditional). */
  cancel(request: OrderRequest): Promise<CancelOutcome>;
  /** Asks every order family by client id. */
  find(request: OrderRequest): Promise<OrderLookup>;
  /** All families; all symbols when none is named. */
  openOrders(symbol?: Symbol): Promise<readonly VenueOrder[]>;
  setLeverage?(symbol: Symbol, leverage: number): Promise<void>;
  /** The leverage the account really has on the symbol, whoever set it. @throws VenueError */
  leverage?(symbol: Symbol): Promise<number>;
}

export interface Balance {
  readonly asset: string;
  readonly free: Decimal;
  readonly locked: Decimal;
}
export interface VenuePosition {
  readonly symbol: Symbol;
  /** Signed base units: negative is short. */
  readonly amount: Decimal;
  readonly entryPrice: Decimal | null;
  readonly liquidationPrice: Decimal | null;
}

/** Facts from the private stream. */
export type AccountEvent =
  | { readonly type: 'fill'; readonly fill: Fill }
  | {
      readonly type: 'order';
      readonly order: VenueOrder;
      readonly note: string | null;
      readonly seenAt: UnixMs;
    }
  | { readonly type: 'balances'; readonly balances: readonly Balance[]; readonly seenAt: UnixMs }
  | { readonly type: 'positions'; readonly positions: readonly VenuePosition[]; readonly seenAt: UnixMs }
  /** The stream (re)started: what happened meanwhile must be asked for. */
  | { readonly type: 'resumed'; readonly seenAt: UnixMs };

export interface Account {
  /** One private socket, shared; returns its undo. */
  subscribe(listener: (event: AccountEvent) => void): () => void;
  /** Fills at or after `since` (venue time), oldest first, all pages. */
  fillsSince(symbol: Symbol, since: UnixMs): Promise<readonly Fill[]>;
  balances(): Promise<readonly Balance[]>;
  /** Absent on spot. Only symbols with a position. */
  positions?(): Promise<readonly VenuePosition[]>;
}

export type VenueErrorCode =
  | 'network'
  | 'rate-limited'
  | 'banned'
  | 'auth'
  | 'clock'
  | 'bad-answer'
  | 'unknown-symbol'
  | 'unsupported'
  | 'refused';

/** A question to a venue that got no usable answer. `retryAfterMs` when the venue named one. */
export class VenueError extends Error {
  constructor(
    readonly code: VenueErrorCode,
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'VenueError';
  }
}

/** A frame the decoder could not read. `excerpt` is at most 100 characters. */
export class ProtocolError extends Error {
  constructor(
    message: string,
    readonly excerpt: string,
  ) {
    super(message);
    this.name = 'ProtocolError';
  }
}
