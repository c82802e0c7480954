import type { Decimal, UnixMs } from '#shared/domain/basics';
import { type MarketKind, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import type { BookDelta } from '../core/book-sync';

/** A public frame as ours. `control`: an answer, or news that no topic waits for. */
export type PublicMessage =
  | { readonly kind: 'events'; readonly topic: string; readonly events: readonly MarketEvent[] }
  | { readonly kind: 'book'; readonly topic: string; readonly delta: BookDelta }
  /** Futures tell the hour of the next payment on a stream of its own. */
  | { readonly kind: 'funding'; readonly topic: string; readonly funding: FundingNews }
  | { readonly kind: 'confirmed'; readonly topics: readonly string[] }
  | { readonly kind: 'refused'; readonly topics: readonly string[]; readonly why: string }
  | { readonly kind: 'control' };

export interface FundingNews {
  readonly wire: string;
  readonly rate: Decimal;
  readonly nextFundingAt: UnixMs | null;
  readonly venueTime: UnixMs;
}

export interface DecodeContext {
  readonly market: MarketKind;
  /** Undefined for a symbol that MEXC never listed. */
  instrument(wireSymbol: string): Instrument | undefined;
  now(): UnixMs;
}

export const KEYS: Record<MarketKind, VenueKey> = {
  spot: venueKey('mexc', 'spot'),
  future: venueKey('mexc', 'future'),
};
