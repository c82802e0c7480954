import type { Moment, UnixMs } from '#shared/domain/basics';
import type { Decision, Wave } from '#shared/domain/decision';
import type { ExchangeName, VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { JournalRecord, JournalRow } from '#shared/domain/journal';
import type { Candle, Timeframe } from '#shared/domain/market';
import type { Fill, Order } from '#shared/domain/order';
import type { StoredParams } from '#shared/domain/params';
import type { Position } from '#shared/domain/position';
import type { Settings } from '#shared/domain/settings';

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

/** The one writing connection. Everything is synchronous: when `record` returns, the rows are on disk. */
export interface Store {
  /** Appends and projects in one transaction. @throws StoreError when the disk refuses; nothing was written. */
  record(records: readonly JournalRecord[], at: Moment): readonly JournalRow[];
  /** Called after each commit, in order. */
  onCommit(listener: (rows: readonly JournalRow[]) => void): () => void;
  /** A value that survives restarts and is no fact (install prefix, layout). */
  getMeta(key: string): string | null;
  setMeta(key: string, value: string): void;

  settings(): Settings | null;
  params(): readonly StoredParams[];
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

  /** Newest first. Text matches symbol, exchange, order ids and status. */
  searchFills(query: HistoryQuery): Page<Fill>;
  searchOrders(query: HistoryQuery): Page<Order>;
  searchEvents(
    query: HistoryQuery & { readonly severity?: string; readonly type?: string },
  ): Page<JournalRow>;
  /** Rows from `seq` on, oldest first. */
  journal(fromSeq: number, limit: number): readonly JournalRow[];

  /** Last known candles and instruments, so that charts open offline. Not part of the journal. */
  saveCandles(venue: VenueKey, symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void;
  candles(venue: VenueKey, symbol: string, timeframe: Timeframe, limit: number): readonly Candle[];
  saveInstruments(instruments: readonly Instrument[]): void;
  instruments(exchange?: ExchangeName): readonly Instrument[];

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
