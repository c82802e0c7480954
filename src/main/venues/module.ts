import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import type { ExchangeName, MarketKind } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { CcxtId } from './core/ccxt-signer';
import type { CredentialSource } from './core/credentials';
import type { FrameFact } from './core/frame-facts';
import type { Venue } from './venue';

/** Addresses of one environment by name, without a slash at the end. Each adapter names its own. */
export type Endpoints = Readonly<Record<string, string>>;

export interface VenueParts<E = Endpoints> {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly market: MarketKind;
  readonly endpoints: E;
  /** Left out: the venue has market data only. */
  readonly credentials?: CredentialSource;
}

/** Reads raw frames of one market, as `wavedesk decode` prints them. */
export interface FrameReader {
  /** One frame, text or bytes, public or private. @throws ProtocolError for one that is broken */
  read(frame: string | Uint8Array): readonly FrameFact[];
}

/** What an adapter's folder offers, as data: who knows one folder knows all. */
export interface VenueModule {
  readonly exchange: ExchangeName;
  readonly markets: readonly MarketKind[];
  /** The id under which ccxt knows the exchange; it signs for it. */
  readonly ccxt: CcxtId;
  readonly live: Endpoints;
  /** Null where the exchange has no testnet. */
  readonly testnet: Endpoints | null;
  /** What a key of this exchange consists of, for the form that asks for it. */
  readonly keyParts: readonly ('apiKey' | 'secret' | 'passphrase')[];
  /** Markets without a private side, with the words for whoever asks for it. Left out: every market has one. */
  readonly withoutAccount?: Readonly<Partial<Record<MarketKind, string>>>;
  create(parts: VenueParts): Venue;
  /**
   * A reader without a connection. `instruments` (from the exchange's own list) turn contracts into base units;
   * without them contract amounts are told as contracts, and say so.
   */
  reader(
    market: MarketKind,
    options: { now(): number; readonly instruments?: readonly Instrument[] },
  ): FrameReader;
}
