import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle, MarketEvent, Quote, Timeframe } from '#shared/domain/market';

/** What this room needs of a venue; a venue's `data` fits as it is. */
export interface MarketSource {
  subscribe(channel: MarketChannel, listener: (event: MarketEvent) => void): () => void;
  candles(
    symbol: Symbol,
    timeframe: Timeframe,
    range: { readonly before?: UnixMs; readonly since?: UnixMs; readonly limit: number },
  ): Promise<readonly Candle[]>;
  /** In quote units; absent on spot. */
  openInterest?(symbol: Symbol): Promise<Decimal>;
}
export type QuoteKind = 'trades' | 'top' | 'ticker' | 'mark';
export type MarketChannel =
  | { readonly kind: QuoteKind | 'book'; readonly symbol: Symbol }
  | { readonly kind: 'candles'; readonly symbol: Symbol; readonly timeframe: Timeframe };

export interface MarketTimers {
  after(delayMs: number, run: () => void): () => void;
}

/** Where candles and last prices rest for the time without a network. The store fits as it is. */
export interface LocalMarket {
  saveCandles(venue: VenueKey, symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void;
  candles(venue: VenueKey, symbol: string, timeframe: Timeframe, limit: number): readonly Candle[];
  /** Replaces what is kept of these instruments. */
  savePrices(quotes: readonly Quote[]): void;
  prices(): readonly Quote[];
}

/** Venues that can be asked now. */
export class Sources {
  readonly #sources = new Map<VenueKey, MarketSource>();
  readonly #listeners = new Set<(venue: VenueKey) => void>();

  get(venue: VenueKey): MarketSource | undefined {
    return this.#sources.get(venue);
  }
  /** Puts a venue in, or takes it out with undefined. */
  set(venue: VenueKey, source: MarketSource | undefined): void {
    if (source === undefined) this.#sources.delete(venue);
    else this.#sources.set(venue, source);
    for (const listener of [...this.#listeners]) listener(venue);
  }
  onChange(listener: (venue: VenueKey) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export const instrumentKey = (venue: VenueKey, symbol: string): string => `${venue}|${symbol}`;
