import type { CandlePage, InstrumentRef } from '#shared/contract/market';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle, Quote, Timeframe } from '#shared/domain/market';

/** What was known about one instrument when asked. Null is unknown. */
export interface MarketFacts {
  readonly instrument: Instrument | null;
  readonly price: Decimal | null;
  /** Wall time of the price. */
  readonly priceSeenAt: UnixMs | null;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly openInterestUsd: Decimal | null;
  /** Quote volume of the 1 h candle that holds now. */
  readonly hourVolumeUsd: Decimal | null;
  readonly fiveMinuteChangePercent: number | null;
}

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
  /** The screen's list, replacing its earlier one. */
  watchList(instruments: readonly InstrumentRef[]): void;
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
  /** Waits at most `withinMs` wall for a first price when there is none; unknown parts come back null. */
  factsFor(venue: VenueKey, symbol: Symbol, withinMs: number): Promise<MarketFacts>;
  setInstruments(instruments: readonly Instrument[]): void;
  /** Last price of BASE/USDT on that venue, for valuing balances; null when unknown. Starts watching it. */
  lastPriceInUsd(venue: VenueKey, asset: string): Decimal | null;
  close(): void;
}
