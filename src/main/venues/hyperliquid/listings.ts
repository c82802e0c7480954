import type { Instrument, Symbol } from '#shared/domain/instrument';
import { bad } from '../core/fields';
import { VenueError } from '../venue';

/** An instrument with what the wire calls it. */
export interface Listing {
  readonly instrument: Instrument;
  /** The number in actions: place in the universe for a perpetual, 10000 + index for a spot pair. */
  readonly asset: number;
  readonly sizeDecimals: number;
}

/** Two-way table of one market. On this exchange no name can be told from a symbol: kPEPE, @107. */
export class Listings {
  readonly #byCoin = new Map<string, Listing>();
  readonly #bySymbol = new Map<Symbol, Listing>();

  fill(listings: readonly Listing[]): void {
    for (const listing of listings) {
      this.#byCoin.set(listing.instrument.wireSymbol, listing);
      this.#bySymbol.set(listing.instrument.symbol, listing);
    }
  }
  get filled(): boolean {
    return this.#byCoin.size > 0;
  }
  /** Undefined for what we do not trade: builder-deployed markets, names we cannot spell. */
  ofCoin(coin: string): Listing | undefined {
    return this.#byCoin.get(coin);
  }
  /** @throws ProtocolError when the exchange speaks of a coin it never listed */
  known(coin: string): Instrument {
    const listing = this.#byCoin.get(coin);
    if (listing === undefined) throw bad('unknown symbol', coin);
    return listing.instrument;
  }
  /** Undefined for a symbol that is not listed. */
  find(symbol: Symbol): Listing | undefined {
    return this.#bySymbol.get(symbol);
  }
  /** @throws VenueError */
  ofSymbol(symbol: Symbol): Listing {
    const listing = this.#bySymbol.get(symbol);
    if (listing === undefined)
      throw new VenueError('unknown-symbol', `Hyperliquid lists no ${symbol}; load the instruments again`);
    return listing;
  }
}
