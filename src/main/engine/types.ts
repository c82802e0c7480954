import type {
  ClientOrderId,
  Decimal,
  Moment,
  OrderSide,
  PositionId,
  UnixMs,
  VenueOrderId,
} from '#shared/domain/basics';
import type { Decision, Wave } from '#shared/domain/decision';
import type { ExchangeName, Mode, VenueKey } from '#shared/domain/exchange';
import type { MarketFacts } from '#shared/domain/facts';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { JournalRecord } from '#shared/domain/journal';
import type { Fill, FillSource, Order, OrderRequest, OrderStatus } from '#shared/domain/order';
import type { EffectiveParams } from '#shared/domain/params';
import type { CloseReason, Position } from '#shared/domain/position';
import type { ProviderMode } from '#shared/domain/provider';
import type { QuoteLine, QuotingStatus } from '#shared/domain/quoting';
import type { Settings } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';
import type { RiskUse } from './at-work';
import type { Layer, StoredFills } from './sightings';

/** What was known about one signal's market when its wave was decided. Null is unknown, and its filter passes. */
export type SignalFacts = MarketFacts;

/** Evidence about one order, from a reply, the private stream or a question. */
export type OrderEvidence =
  /** The shell has handed the request to the venue; whether it arrived is not known yet. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'accepted' | 'cancelled' | 'expired'; readonly venueOrderId: VenueOrderId | null }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'not-sent'; readonly message: string }
  | { readonly kind: 'reply-lost'; readonly message: string }
  /** Status as the venue shows it; `filled` may run ahead of the fills we have, which then must be fetched. */
  | {
      readonly kind: 'seen';
      readonly venueOrderId: VenueOrderId;
      readonly status: OrderStatus;
      readonly filled: Decimal;
    }
  /** Asked after expiry, all families, and not there. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'question-failed'; readonly message: string };

export type EngineEvent =
  /** A wave was found: its signals (already in selection order per exchange), what was known, what it runs on. */
  | {
      readonly type: 'wave';
      readonly waveTime: UnixMs;
      readonly signals: readonly {
        readonly signal: Signal;
        readonly venue: VenueKey | null;
        readonly facts: SignalFacts;
      }[];
      readonly params: Readonly<Partial<Record<ExchangeName, EffectiveParams>>>;
      /** How this provider is followed; absent means auto. */
      readonly provider?: {
        readonly mode: ProviderMode;
        readonly approveWithinMs: number;
        readonly maxAgeMs: number;
      };
    }
  /** Another key: what was learnt about the account before is not about this one. */
  | { readonly type: 'account-changed'; readonly venue: VenueKey }
  /** The wave ended without any signal. */
  | {
      readonly type: 'no-wave';
      readonly waveTime: UnixMs;
      readonly status: 'not_found' | 'failed';
      readonly note: string | null;
    }
  | { readonly type: 'wave-started'; readonly waveTime: UnixMs }
  | {
      readonly type: 'price';
      readonly venue: VenueKey;
      readonly symbol: Symbol;
      readonly price: Decimal;
      /** Best bid and ask of the same moment, where known. */
      readonly bid?: Decimal | null;
      readonly ask?: Decimal | null;
    }
  | { readonly type: 'order'; readonly clientOrderId: ClientOrderId; readonly evidence: OrderEvidence }
  /** Answer to a cancel: the order is gone, was not open, or we do not know. */
  | {
      readonly type: 'cancel-reply';
      readonly clientOrderId: ClientOrderId;
      readonly outcome: 'cancelled' | 'not-open' | 'unknown';
      readonly message: string | null;
    }
  | { readonly type: 'fill'; readonly fill: Fill }
  | { readonly type: 'balances'; readonly venue: VenueKey; readonly free: Readonly<Record<string, Decimal>> }
  /** The venue's positions, whole list, signed amounts. */
  | {
      readonly type: 'venue-positions';
      readonly venue: VenueKey;
      readonly positions: readonly {
        readonly symbol: Symbol;
        readonly amount: Decimal;
        readonly entryPrice?: Decimal | null;
      }[];
    }
  /** Answer to 'ask-held': the signed amount the venue shows, zero when it lists none, 'unknown' when it did not say. */
  | { readonly type: 'held'; readonly positionId: PositionId; readonly amount: Decimal | 'unknown' }
  /** All open orders of the venue, every family. */
  | {
      readonly type: 'venue-orders';
      readonly venue: VenueKey;
      readonly orders: readonly {
        readonly clientOrderId: ClientOrderId | null;
        readonly venueOrderId: VenueOrderId;
        readonly symbol: Symbol;
        readonly status: OrderStatus;
        readonly filled: Decimal;
        readonly reduceOnly: boolean;
        readonly triggerPrice: Decimal | null;
        readonly amount: Decimal | null;
        /** Absent: not told, so the order is never taken for a stop of ours. */
        readonly side?: OrderSide;
        readonly updatedAt?: UnixMs;
      }[];
    }
  /**
   * Equity of an account class now and at the start of the market's UTC day; null is unknown. Once told, it has to
   * be told again at least every five minutes: without it no entry is made.
   */
  | {
      readonly type: 'equity';
      readonly equityUsd: Decimal | null;
      readonly dayOpeningUsd: Decimal | null;
      /** Highest equity since a person last said "count from here"; absent: the fall from it is not watched. */
      readonly peakUsd?: Decimal | null;
      /** Positions closed at a loss one after the other, newest first; absent: not watched. */
      readonly lossStreak?: number;
      /** True: the paper account's. */
      readonly paper?: boolean;
    }
  /** Average true range in quote, for the optional ATR distance of the trailing stop. */
  | { readonly type: 'atr'; readonly venue: VenueKey; readonly symbol: Symbol; readonly value: Decimal }
  /** The leverage that really is set at the venue. */
  | {
      readonly type: 'leverage';
      readonly venue: VenueKey;
      readonly symbol: Symbol;
      readonly leverage: Decimal;
    }
  | { readonly type: 'link'; readonly venue: VenueKey; readonly up: boolean }
  | { readonly type: 'wake'; readonly key: string }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'close-position'; readonly positionId: PositionId; readonly reason: CloseReason }
  /** The passive quoting strategy runs with these lines from now on, or stops. */
  | { readonly type: 'quoting'; readonly lines: readonly QuoteLine[] | null; readonly cause: string }
  /** Best bid and ask of a market that is quoted. */
  | {
      readonly type: 'quote-mid';
      readonly venue: VenueKey;
      readonly symbol: Symbol;
      readonly bid: Decimal;
      readonly ask: Decimal;
    }
  /** A person answers an approval card. */
  | { readonly type: 'approve'; readonly signalId: number; readonly yes: boolean }
  /** The rest of a wave is called off, or goes on. */
  | { readonly type: 'pause-wave'; readonly waveTime: UnixMs; readonly on: boolean }
  /** Every open position of a wave is closed at market, reduce-only. */
  | { readonly type: 'flatten-wave'; readonly waveTime: UnixMs }
  | { readonly type: 'kill'; readonly on: boolean; readonly cause: string }
  /** Entries stop, orders under way are cancelled, every open position is closed at market, reduce-only. */
  | { readonly type: 'flatten-all'; readonly cause: string }
  /** First event after a start: repair what the last run left unfinished. */
  | { readonly type: 'recover' };

/** What the shell should do, in this order, after the records are on disk. */
export type Intent =
  | { readonly kind: 'place'; readonly request: OrderRequest }
  | { readonly kind: 'cancel'; readonly request: OrderRequest }
  /** Answered with an 'order' event, and 'fill' events for fills we lack. */
  | { readonly kind: 'ask-order'; readonly request: OrderRequest }
  | { readonly kind: 'ask-fills'; readonly venue: VenueKey; readonly symbol: Symbol; readonly since: UnixMs }
  /** What the venue holds of one instrument now: always answered with 'held', at a spot venue with 'unknown'. */
  | {
      readonly kind: 'ask-held';
      readonly venue: VenueKey;
      readonly symbol: Symbol;
      readonly positionId: PositionId;
    }
  /** Open orders, positions and balances: answered with the three venue events; a failed question answers nothing. */
  | { readonly kind: 'reconcile'; readonly venue: VenueKey }
  | {
      readonly kind: 'set-leverage';
      readonly venue: VenueKey;
      readonly symbol: Symbol;
      readonly leverage: number;
    }
  /** Come back with 'wake' after this long on this clock; the same key replaces the earlier wake. */
  | {
      readonly kind: 'wake';
      readonly key: string;
      readonly afterMs: number;
      readonly clock: 'wall' | 'market';
    }
  | { readonly kind: 'cancel-wake'; readonly key: string }
  /** Keep prices of this instrument flowing while wanted. */
  | { readonly kind: 'watch'; readonly venue: VenueKey; readonly symbol: Symbol; readonly on: boolean };

export interface EngineOutput {
  readonly records: readonly JournalRecord[];
  readonly intents: readonly Intent[];
}

/** What a restart needs; every part is the last image in the journal. */
export interface EngineStart {
  readonly mode: Mode;
  /** Short, [a-z0-9]{4}: tells our orders from those of another installation. Part of every client order id. */
  readonly installPrefix: string;
  readonly settings: Settings;
  readonly positions: readonly Position[];
  /** Orders of open positions, and any that is not ended. */
  readonly orders: readonly Order[];
  /** Keys of fills already applied to those orders. */
  readonly fillKeys: readonly string[];
  readonly fills: readonly Fill[];
  readonly executedSignalIds: ReadonlySet<number>;
  readonly processedWaves: ReadonlySet<number>;
  readonly waves: readonly Wave[];
  readonly decisions: readonly Decision[];
  readonly instruments: readonly Instrument[];
  readonly killed: boolean;
  /** Accounts on which the cleaning of left-over orders has had its first run; absent: none. */
  readonly reportedAccounts?: ReadonlySet<VenueKey>;
  /** Per venue: how long after sending a request may still be accepted (ms); absent or null when it never expires. */
  readonly requestExpiryMs?: Readonly<Partial<Record<VenueKey, number | null>>>;
  /** Market times at which positions were opened lately, closed ones included; absent: counted from what is here. */
  readonly openedAt?: readonly UnixMs[];
  /** True when equity was told in an earlier run: entries wait for its first word. */
  readonly equityExpected?: boolean;
  /** What the store knows of fills applied in earlier runs; the keys above are checked first. */
  readonly storedFills?: StoredFills;
}

/** How many fills of this run were applied and how many were known already, and by which of the four layers. */
export interface CaptureCount {
  applied: number;
  repeated: number;
  readonly byLayer: Record<Layer, number>;
}
export type Captured = Readonly<Record<FillSource, CaptureCount>>;
export type { RiskUse } from './at-work';

/** Events in, records and intents out. Owns no socket, no clock, no disk. */
export interface Engine {
  handle(event: EngineEvent, at: Moment): EngineOutput;
  /** New instruments replace old ones of the same venue and symbol. */
  setInstruments(instruments: readonly Instrument[]): void;
  positions(): readonly Position[];
  orders(): readonly Order[];
  /** A copy of the counts as they stand. */
  captured(): Captured;
  quoting(): QuotingStatus;
  /** Whether entries are stopped: by a person (survives a restart), or by a broken invariant, with its cause. */
  /** How much of each cap of an account class is in use. */
  riskUse(paper: boolean, at: { readonly wall: number; readonly market: number }): RiskUse;
  standing(): { readonly killed: boolean; readonly halted: string | null };
}
