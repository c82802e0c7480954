import type { CandlePage, InstrumentRef } from '#shared/contract/market';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { MarketFacts } from '#shared/domain/facts';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle, Quote, Timeframe } from '#shared/domain/market';
import type { MarketConnection } from './connection';

export type { MarketConnection, MarketFacts };

/** Latest prices with age, candles, facts for decisions. The desk and the api rely on exactly this face. */
export interface Market {
  quotes(): readonly Quote[];
  quote(venue: VenueKey, symbol: Symbol): Quote | undefined;
  /** Changed quotes, newest per instrument, at most one call per 16 ms. */
  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void;
  /** Every price that may move a stop, unmerged: last trades of watched instruments. */
  onPrice(listener: (venue: VenueKey, symbol: Symbol, price: Decimal, seenAt: UnixMs) => void): () => void;
  /** Keeps quotes of one instrument flowing; counted, so pair on with off. */
  watch(venue: VenueKey, symbol: Symbol, on: boolean): void;
  /** One window's list, replacing that owner's earlier one; an empty list releases it. */
  watchList(owner: string, instruments: readonly InstrumentRef[]): void;
  /** Last prices of earlier runs, marked as kept; those of watched instruments are written down every 30 s. */
  lastKnown(): readonly Quote[];
  /** From the venue, else from the local store (offline true). @throws Error in words when neither has any. */
  candlePage(input: {
    readonly venue: VenueKey;
    readonly symbol: Symbol;
    readonly timeframe: Timeframe;
    readonly before?: UnixMs | undefined;
    readonly limit: number;
  }): Promise<CandlePage>;
  /** The open candle as it changes and each close; shared stream, returns its undo. */
  onCandle(
    venue: VenueKey,
    symbol: Symbol,
    timeframe: Timeframe,
    listener: (candle: Candle) => void,
  ): () => void;
  /**
   * Waits at most `withinMs` wall for a first price when there is none; unknown parts come back null. `signalAt` is
   * the signal's market time (the opening of its candle): hour volume and five-minute change are then about it.
   */
  factsFor(venue: VenueKey, symbol: Symbol, withinMs: number, signalAt?: UnixMs): Promise<MarketFacts>;
  /**
   * Average true range by Wilder over the last closed candles, in quote units; null until it is known. The first
   * question starts the candles, and they flow on while somebody asks at least every ten minutes wall.
   */
  atr(venue: VenueKey, symbol: Symbol, timeframe?: Timeframe, n?: number): number | null;
  isConnected(venue: VenueKey): boolean;
  getConnectionStatus(venue: VenueKey): MarketConnection;
  setInstruments(instruments: readonly Instrument[]): void;
  /** Last price of BASE/USDT on that venue, for valuing balances; null when unknown. Starts watching it. */
  lastPriceInUsd(venue: VenueKey, asset: string): Decimal | null;
  close(): void;
}
