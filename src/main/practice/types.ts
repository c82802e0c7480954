import type { Decimal, OrderSide, UnixMs } from '#shared/domain/basics';
import type { Candle, Timeframe } from '#shared/domain/market';
import type { MatchEvent, MatchFill, Matching, MatchOrderView, MatchSymbol } from '../matching/types';

/** Market time: wall time times speed from an origin, stopped while the practice exchange is not running. */
export interface MarketClock {
  now(): UnixMs;
  readonly speed: number;
  /** Runs at a market time (at once when it is past). Returns its undo. */
  at(time: UnixMs, run: () => void): () => void;
}

export interface PracticeSymbol extends MatchSymbol {
  /** "BTCUSDT" on both markets. */
  readonly wireSymbol: string;
}

export interface PracticeCandle extends Candle {
  readonly quoteVolume: number;
  readonly trades: number;
  readonly takerBase: number;
  readonly takerQuote: number;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
}

export interface Ticker24h {
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly last: Decimal;
  readonly lastAmount: Decimal;
  readonly volume: Decimal;
  readonly quoteVolume: Decimal;
  readonly openTime: UnixMs;
  readonly closeTime: UnixMs;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly count: number;
}
export interface MarkPrice {
  readonly mark: Decimal;
  readonly index: Decimal;
  readonly fundingRate: Decimal;
  readonly nextFundingAt: UnixMs;
}
export interface PublicTrade {
  readonly tradeId: number;
  readonly price: Decimal;
  readonly amount: Decimal;
  /** Side of the aggressor. */
  readonly side: OrderSide;
  readonly at: UnixMs;
}

/** What the wire is told, in order. Matching events pass through; the rest is about candles and marks. */
export type CoreEvent =
  | { readonly type: 'match'; readonly event: MatchEvent }
  | {
      readonly type: 'candle';
      readonly symbol: string;
      readonly timeframe: Timeframe;
      readonly candle: PracticeCandle;
    }
  | { readonly type: 'mark'; readonly symbol: string; readonly mark: MarkPrice };

/** One funding payment: positive was received, negative was paid, in the quote asset. */
export interface FundingRecord {
  readonly symbol: string;
  readonly amount: Decimal;
  readonly rate: Decimal;
  readonly at: UnixMs;
}

/** What an account did, oldest first. Survives a restart; bounded to the newest thousands. */
export interface AccountHistory {
  /** Newest image of every order, open, waiting and ended alike. */
  readonly orders: readonly MatchOrderView[];
  readonly fills: readonly MatchFill[];
  readonly funding: readonly FundingRecord[];
}

/**
 * One market (spot or USD-M) of the practice exchange, without any wire: a living book, its history and its
 * accounts. Wires (one per exchange protocol) sit on top and share it.
 */
export interface PracticeCore {
  readonly market: 'spot' | 'future';
  readonly clock: MarketClock;
  readonly symbols: readonly PracticeSymbol[];
  /** Commands go through these, so that events reach every listener and the account state is saved first. */
  run<T>(command: (matching: Matching, now: UnixMs) => T): T;
  /** Publishes the events a command returned; `run` callers pass them on. */
  publish(events: readonly MatchEvent[]): void;
  readonly matching: Pick<Matching, 'book' | 'order' | 'openOrders' | 'account'>;
  /** For allOrders, myTrades, userTrades, algo history and income. */
  history(account: string, symbol?: string): AccountHistory;
  /** Ascending; the open candle last. */
  candles(
    symbol: string,
    timeframe: Timeframe,
    range: { readonly start?: UnixMs; readonly end?: UnixMs; readonly limit: number },
  ): readonly PracticeCandle[];
  ticker24h(symbol: string): Ticker24h;
  trades(symbol: string, limit: number): readonly PublicTrade[];
  /** Futures only. */
  /** Now, or at an earlier market time. */
  mark(symbol: string, at?: UnixMs): MarkPrice;
  /** Futures only; base units. Now, or at an earlier market time. */
  openInterest(symbol: string, at?: UnixMs): Decimal;
  subscribe(listener: (event: CoreEvent) => void): () => void;
}

/** A demo credential of the practice exchange. */
export interface PracticeKey {
  /** Hyperliquid: the wallet's address. */
  readonly apiKey: string;
  /** Hyperliquid: the wallet's private key. */
  readonly secret: string;
  readonly passphrase?: string;
  readonly account: string;
}
