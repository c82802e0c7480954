import type { Decimal, Moment, Percent, SignalId, UnixMs } from '#shared/domain/basics';
import type { Decision, ReasonCode, SignalFate, Wave } from '#shared/domain/decision';
import type { ExchangeName, VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { JournalRecord, JournalRow, Severity } from '#shared/domain/journal';
import type { Candle, Quote, Timeframe } from '#shared/domain/market';
import type { Fill, Order } from '#shared/domain/order';
import type { ParamsVersion, StoredParams } from '#shared/domain/params';
import type { Position } from '#shared/domain/position';
import type { ProviderMode } from '#shared/domain/provider';
import type { Settings } from '#shared/domain/settings';
import type { ParamName, Signal } from '#shared/domain/signal';

export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
}
export interface HistoryQuery {
  readonly text?: string;
  readonly from?: UnixMs;
  readonly to?: UnixMs;
  readonly offset: number;
  readonly limit: number;
}

export interface EventQuery extends HistoryQuery {
  readonly type?: string;
  readonly severity?: Severity | string;
  readonly symbol?: string;
  readonly exchange?: string;
  /** Everything about one signal, from its arrival to the close of its position. */
  readonly correlationId?: string;
  readonly positionId?: string;
  /** Only rows before this one in the list: the next page of a long scroll, as fast as the first. */
  readonly olderThan?: { readonly at: UnixMs; readonly seq: number };
  /** A text is looked for in the newest so many rows only; left out, in all, which takes 1 s for a million. */
  readonly searchNewest?: number;
}
export interface EventPage extends Page<JournalRow> {
  /** Rows up to this one were not searched: `searchNewest` ended before them. */
  readonly notSearchedUpTo?: number;
}

/** Text finds part of a symbol or exchange, or a whole signal id; `from` and `to` are about `decidedAt`. */
export interface LedgerQuery extends HistoryQuery {
  readonly reason?: ReasonCode;
  readonly fate?: SignalFate;
  readonly symbol?: string;
  readonly exchange?: ExchangeName;
  readonly providerMode?: ProviderMode;
  readonly waveTime?: UnixMs;
  /** Only rows after this one in the list: the next page of a long scroll, as fast as the first. */
  readonly olderThan?: { readonly at: UnixMs; readonly signalId: SignalId };
}
/** One line of the ledger; the whole decision comes by `decisions({ signalId })`. */
export interface LedgerRow {
  readonly signalId: SignalId;
  readonly symbol: Signal['symbol'];
  readonly exchange: ExchangeName;
  readonly side: Signal['action'];
  readonly waveTime: UnixMs;
  readonly fate: SignalFate;
  readonly reason: ReasonCode | null;
  /** Week and month score together. */
  readonly score: number;
  readonly decidedAt: UnixMs;
  readonly price: Decimal | null;
}
export interface LedgerPage extends Page<LedgerRow> {
  /** How many decisions of the whole ledger have each fate and each reason, whatever is filtered; absent is none. */
  readonly reasons: Readonly<Partial<Record<ReasonCode | SignalFate, number>>>;
}

/** The seven fields of one params row; percentages with exactly 4 places. */
export interface ParamsFields {
  readonly exchangeId: number;
  readonly maxTrades: number | null;
  readonly stopLoss: Percent | null;
  readonly trailingActivation: Percent | null;
  readonly trailingDistance: Percent | null;
  readonly updatedAt: UnixMs;
  readonly createdAt: UnixMs;
}
/** Absent and null values stay as they are. Percentages are rounded half-up to 4 places. */
export type ParamsPartial = {
  readonly [K in ParamName]?: (K extends 'maxTrades' ? number : Decimal | Percent) | null;
};
/** Who changed params; left out, a wave of which nothing more is known. */
export interface ParamsAuthor {
  readonly source?: ParamsVersion['source'];
  readonly waveTime?: UnixMs;
  readonly signalId?: SignalId;
}

/** The one writing connection. Everything is synchronous: when `record` returns, the rows are on disk. */
export interface Store {
  /** Appends and projects in one transaction. @throws StoreError when the disk refuses; nothing was written. */
  record(records: readonly JournalRecord[], at: Moment): readonly JournalRow[];
  /** The same for facts of different moments, in the order they are to be written. */
  recordAll(facts: readonly { readonly record: JournalRecord; readonly at: Moment }[]): readonly JournalRow[];
  /** Called after each commit, in order. */
  onCommit(listener: (rows: readonly JournalRow[]) => void): () => void;
  /** A value that survives restarts and is no fact (install prefix, layout). */
  getMeta(key: string): string | null;
  setMeta(key: string, value: string): void;

  settings(): Settings | null;
  /** What was said about each exchange; one about which nothing was ever said is not listed. */
  params(): readonly StoredParams[];
  /** Null when there is no row. */
  getParams(exchangeId: number): ParamsFields | null;
  getAllParams(): ReadonlyMap<number, ParamsFields>;
  /** True when the row says so now; false, with a warning, when nothing was provided or it failed. Never throws. */
  updateParams(exchangeId: number, partial: ParamsPartial, at: Moment, author?: ParamsAuthor): boolean;
  /** Newest first, one per effective change. */
  paramsHistory(
    exchange: ExchangeName,
    page: { readonly offset: number; readonly limit: number },
  ): Page<ParamsVersion>;
  positions(filter: { readonly open?: boolean; readonly limit?: number }): readonly Position[];
  orders(filter: {
    readonly positionId?: string;
    readonly open?: boolean;
    readonly limit?: number;
  }): readonly Order[];
  fills(filter: {
    readonly positionId?: string;
    readonly since?: UnixMs;
    readonly limit?: number;
  }): readonly Fill[];
  waves(limit: number): readonly Wave[];
  decisions(filter: {
    readonly waveTime?: UnixMs;
    readonly signalId?: number;
    readonly limit?: number;
  }): readonly Decision[];
  executedSignalIds(): ReadonlySet<number>;
  lastFillTime(venue: VenueKey): UnixMs | null;
  hasFill(fill: Pick<Fill, 'venue' | 'symbol' | 'tradeId'>): boolean;
  /** Fills like it within a second: all of them for one without a trade id, else only those without one. */
  fillsLike(fill: Fill): readonly Fill[];
  /** Symbols with a fill at or after `since`, with the time of the newest. */
  tradedSince(venue: VenueKey, since: UnixMs): readonly { readonly symbol: Symbol; readonly at: UnixMs }[];

  /** Newest first. Text matches symbol, exchange, order ids and status. */
  searchFills(query: HistoryQuery): Page<Fill>;
  searchOrders(query: HistoryQuery): Page<Order>;
  searchEvents(query: EventQuery): EventPage;
  /** Every decision there ever was, newest first, as light rows. */
  ledger(query: LedgerQuery): LedgerPage;
  /** Rows from `seq` on, oldest first. */
  journal(fromSeq: number, limit: number): readonly JournalRow[];

  /** Last known candles and instruments, so that charts open offline. Not part of the journal. */
  saveCandles(venue: VenueKey, symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void;
  candles(venue: VenueKey, symbol: string, timeframe: Timeframe, limit: number): readonly Candle[];
  /** Last prices of watched instruments; replaces what is kept of these. */
  savePrices(quotes: readonly Quote[]): void;
  prices(): readonly Quote[];
  saveInstruments(instruments: readonly Instrument[]): void;
  instruments(exchange?: ExchangeName): readonly Instrument[];

  /**
   * Examines in slices what was too large to be examined before the start; does nothing when it was not. Tells each
   * problem as it is found. Returns how to stop, which comes before `close`.
   */
  examineRest(tell: (problem: string) => void): () => void;
  /** Chain intact and projections equal to what the journal rebuilds; else what differs. */
  verify(): {
    readonly ok: boolean;
    readonly rows: number;
    readonly headHash: string;
    readonly problems: readonly string[];
  };
  close(): void;
}

export type StoreErrorCode = 'locked' | 'newer-version' | 'not-writable' | 'corrupt' | 'full' | 'io';
/** Says in words what is wrong with the file and what to do next. */
export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'StoreError';
  }
}
