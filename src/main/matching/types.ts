import type { Decimal, OrderSide, UnixMs } from '#shared/domain/basics';
import type { OrderType, TimeInForce } from '#shared/domain/order';

/** Static rules of one traded symbol inside the matching engine. All prices in quote, amounts in base. */
export interface MatchSymbol {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly market: 'spot' | 'future';
  readonly tickSize: Decimal;
  readonly stepSize: Decimal;
  readonly minAmount: Decimal;
  readonly maxAmount: Decimal;
  readonly minNotional: Decimal;
  /** Fractions: 0.0005 is 5 basis points. */
  readonly makerFee: Decimal;
  readonly takerFee: Decimal;
  /** Futures only; fraction of notional below which a position is liquidated. */
  readonly maintenanceRate: Decimal;
  readonly maxLeverage: number;
}

export interface MatchOrder {
  readonly account: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  /** Base units; null with closePosition, or with quoteAmount on a spot market order. */
  readonly amount: Decimal | null;
  /** Spot market order by value in quote. */
  readonly quoteAmount?: Decimal;
  readonly price: Decimal | null;
  readonly triggerPrice: Decimal | null;
  /** Which price fires a trigger. Default 'last'. */
  readonly triggerBy?: 'last' | 'mark';
  /** Trailing stop: callback in percent (0.5 = 0.5 %). */
  readonly callbackPercent?: Decimal;
  readonly timeInForce: TimeInForce | null;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
}

export type RejectCode =
  | 'unknown-symbol'
  | 'bad-tick'
  | 'bad-step'
  | 'too-small'
  | 'too-large'
  | 'notional-too-small'
  | 'insufficient-balance'
  | 'insufficient-margin'
  | 'duplicate-client-id'
  | 'post-only-would-take'
  | 'would-trigger-at-once'
  | 'reduce-only-rejected'
  | 'no-liquidity'
  | 'bad-price'
  | 'unknown-order'
  | 'bad-leverage';

export type MatchStatus =
  | 'new'
  | 'partially-filled'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected'
  | 'waiting'
  | 'triggered';

/** Image of an order after a change. `waiting`: a conditional order whose trigger has not fired. */
export interface MatchOrderView extends MatchOrder {
  readonly orderId: number;
  readonly status: MatchStatus;
  readonly filled: Decimal;
  readonly filledQuote: Decimal;
  readonly createdAt: UnixMs;
  readonly updatedAt: UnixMs;
  readonly expireReason: string | null;
  /** Id of the ordinary order a conditional one became. */
  readonly childOrderId: number | null;
}

export interface MatchFill {
  /** Consecutive per symbol, from 1. */
  readonly tradeId: number;
  readonly account: string;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly price: Decimal;
  readonly amount: Decimal;
  readonly fee: Decimal;
  readonly feeAsset: string;
  readonly maker: boolean;
  /** Futures: profit this fill realised, before fee. "0" on spot and on increases. */
  readonly realised: Decimal;
  readonly at: UnixMs;
}

/** What happened, in order. A pure consequence of the commands so far. */
export type MatchEvent =
  | { readonly type: 'order'; readonly order: MatchOrderView }
  | { readonly type: 'fill'; readonly fill: MatchFill; readonly order: MatchOrderView }
  | {
      readonly type: 'trade';
      readonly symbol: string;
      readonly tradeId: number;
      readonly price: Decimal;
      readonly amount: Decimal;
      readonly aggressor: OrderSide;
      readonly at: UnixMs;
    }
  /** New absolute amount at a price; "0" when the level is gone. */
  | {
      readonly type: 'level';
      readonly symbol: string;
      readonly side: 'bid' | 'ask';
      readonly price: Decimal;
      readonly amount: Decimal;
    }
  /** Spot: free and locked. Futures: free + locked is the wallet balance, locked the initial margin at entry cost. */
  | {
      readonly type: 'balance';
      readonly account: string;
      readonly asset: string;
      readonly free: Decimal;
      readonly locked: Decimal;
    }
  | {
      readonly type: 'position';
      readonly account: string;
      readonly symbol: string;
      readonly amount: Decimal;
      readonly entryPrice: Decimal;
      readonly realised: Decimal;
    }
  /** `amount` is what the account received; negative is paid. */
  | {
      readonly type: 'funding';
      readonly account: string;
      readonly symbol: string;
      readonly amount: Decimal;
      readonly rate: Decimal;
    }
  | { readonly type: 'liquidation'; readonly account: string; readonly symbol: string };

export type MatchResult<T> =
  | { readonly ok: true; readonly value: T; readonly events: readonly MatchEvent[] }
  | { readonly ok: false; readonly code: RejectCode; readonly message: string };

export interface AccountView {
  /** As in the balance event. What a futures order may use is free + the sum of unrealised. */
  readonly balances: Readonly<Record<string, { readonly free: Decimal; readonly locked: Decimal }>>;
  /** Futures: one per symbol that ever had a position or a leverage set; amount "0" when flat. */
  readonly positions: readonly {
    readonly symbol: string;
    readonly amount: Decimal;
    readonly entryPrice: Decimal;
    readonly leverage: number;
    readonly liquidationPrice: Decimal | null;
    readonly unrealised: Decimal;
    readonly realised: Decimal;
    readonly margin: Decimal;
  }[];
}

/**
 * Price-time priority matching for accounts, plus an outside market that rests quotes and sends aggressors under
 * the reserved account "market" (unlimited funds, no events of its own but level and trade).
 * Pure: no clock, no randomness; every command takes `now`.
 */
export interface Matching {
  addSymbol(symbol: MatchSymbol): void;
  openAccount(account: string): void;
  deposit(account: string, asset: string, amount: Decimal, now: UnixMs): readonly MatchEvent[];
  place(order: MatchOrder, now: UnixMs): MatchResult<MatchOrderView>;
  cancel(
    account: string,
    symbol: string,
    ref: { readonly orderId: number } | { readonly clientOrderId: string },
    now: UnixMs,
  ): MatchResult<MatchOrderView>;
  setLeverage(account: string, symbol: string, leverage: number): MatchResult<number>;
  /** The outside market trades at `price`: eats resting orders through the price and prints a trade. */
  marketTrade(
    symbol: string,
    side: OrderSide,
    price: Decimal,
    amount: Decimal,
    now: UnixMs,
  ): readonly MatchEvent[];
  /** Replaces the outside market's resting quotes; never crosses an account's resting order without filling it. */
  marketQuotes(
    symbol: string,
    bids: readonly (readonly [Decimal, Decimal])[],
    asks: readonly (readonly [Decimal, Decimal])[],
    now: UnixMs,
  ): readonly MatchEvent[];
  /** New mark price: fires mark triggers, checks liquidation. */
  mark(symbol: string, price: Decimal, now: UnixMs): readonly MatchEvent[];
  /** Applies a funding payment to every position of the symbol. */
  funding(symbol: string, rate: Decimal, now: UnixMs): readonly MatchEvent[];
  book(
    symbol: string,
    depth: number,
  ): {
    readonly bids: readonly (readonly [Decimal, Decimal])[];
    readonly asks: readonly (readonly [Decimal, Decimal])[];
  };
  /**
   * An open order, or one of the latest ended ones. A conditional order and its market order share a client id:
   * without `family` the newest is meant.
   */
  order(
    account: string,
    symbol: string,
    ref: { readonly orderId: number } | { readonly clientOrderId: string },
    family?: 'plain' | 'conditional',
  ): MatchOrderView | undefined;
  openOrders(account: string, symbol?: string): readonly MatchOrderView[];
  account(account: string): AccountView;
  /** Plain JSON data; `restore` brings back accounts, open orders, positions and counters (not outside quotes). */
  snapshot(): unknown;
  restore(snapshot: unknown): void;
}
