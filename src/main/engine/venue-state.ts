import type { Decimal, VenueOrderId } from '#shared/domain/basics';
import { ZERO } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { EngineEvent } from './types';

/** What is known about one venue now. Lost at a restart on purpose: it must be learned again. */
export interface VenueView {
  up: boolean;
  ordersSeen: boolean;
  free: Readonly<Record<string, Decimal>> | null;
  /** Cost of entries intended since the last word on balances. */
  reserved: Decimal;
  /** Symbols seen with a position that is not ours: wall time of the first of the looks in a row. */
  external: Map<Symbol, number>;
  /** The venue's lists of the look under way; null until that list has come. */
  readonly look: {
    positions: { readonly held: ReadonlySet<Symbol>; readonly at: number } | null;
    orders: { readonly rows: readonly SeenRow[]; readonly at: number } | null;
  };
  readonly emptyOrders: EmptyWatch;
  readonly emptyPositions: EmptyWatch;
  /** Own stop orders that no record here knows, from the last list, and when that came (wall). */
  strays: readonly SeenRow[];
  straysAt: number;
  /** Orders that look like zombies: since when, and what was already said or done about them. */
  readonly suspects: Map<VenueOrderId, Suspect>;
  /** Wall time of the first zombie scan since the account was opened here; null before it. */
  firstScanAt: number | null;
  /** Whether the first run on this account, which only reports, is over; known over restarts. */
  firstRunOver: boolean;
}

export type SeenRow = Extract<EngineEvent, { type: 'venue-orders' }>['orders'][number];

/** An empty list after a full one is believed only when it came three times in a row. */
export interface EmptyWatch {
  wasFull: boolean;
  empties: number;
}

export interface Suspect {
  readonly since: number;
  reported: boolean;
  cancelling: boolean;
}

/** A venue nothing was heard of yet. */
export const freshView = (): VenueView => ({
  up: false,
  ordersSeen: false,
  free: null,
  reserved: ZERO,
  external: new Map(),
  look: { positions: null, orders: null },
  emptyOrders: { wasFull: false, empties: 0 },
  emptyPositions: { wasFull: false, empties: 0 },
  strays: [],
  straysAt: 0,
  suspects: new Map(),
  firstScanAt: null,
  firstRunOver: false,
});
