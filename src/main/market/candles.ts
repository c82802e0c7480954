import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, type MarketEvent, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { CandleBuffer, CLOSED_KEPT } from './candle-buffer';
import { instrumentKey, type MarketTimers, type Sources } from './source';

/** A question about a hole that failed is asked again after this long. */
const RETRY_MS = 5_000;

/** One shared candle stream: a buffer without holes behind it, any number of listeners in front. */
function createCandleFeed(
  sources: Sources,
  timers: MarketTimers,
  subject: { readonly venue: VenueKey; readonly symbol: Symbol; readonly timeframe: Timeframe },
  tell: (candle: Candle) => void,
) {
  const { venue, symbol, timeframe } = subject;
  const buffer = new CandleBuffer(TIMEFRAME_MS[timeframe]);
  let undoStream: () => void = () => {};
  let undoRetry: () => void = () => {};
  let filling = false;
  let closed = false;
  let newest: Candle | null = null;

  const load = async (since: UnixMs | null): Promise<void> => {
    const source = sources.get(venue);
    if (filling || closed || source === undefined) return;
    filling = true;
    try {
      const limit = since === null ? CLOSED_KEPT + 1 : 1_000;
      const got = await source.candles(symbol, timeframe, since === null ? { limit } : { since, limit });
      if (closed) return;
      const news = buffer.fill(got);
      // History is asked for by page; only what a listener missed since it began is told.
      if (since !== null) for (const candle of news) tell(candle);
      if (newest !== null) buffer.force(newest);
      if (buffer.open !== null) tell(buffer.open);
    } catch {
      // The stream goes on meanwhile; what is missing is asked for again.
      undoRetry();
      if (!closed) undoRetry = timers.after(RETRY_MS, () => void load(since));
    } finally {
      filling = false;
    }
  };
  const receive = (event: MarketEvent): void => {
    if (event.type !== 'candle' || event.timeframe !== timeframe) return;
    newest = event.candle;
    if (filling) return;
    const step = buffer.take(event.candle);
    if (step.kind === 'tell') tell(step.candle);
    if (step.kind === 'hole') void load(step.since);
  };

  return {
    buffer,
    start(): void {
      undoStream();
      const source = sources.get(venue);
      undoStream = source?.subscribe({ kind: 'candles', symbol, timeframe }, receive) ?? (() => {});
      const last = buffer.closed.at(-1);
      if (source !== undefined)
        void load(last === undefined ? null : ((last.openTime + TIMEFRAME_MS[timeframe]) as UnixMs));
    },
    close(): void {
      closed = true;
      undoStream();
      undoRetry();
    },
  };
}

/** Writes closed candles down. Must not throw. */
type KeepCandles = (
  venue: VenueKey,
  symbol: Symbol,
  timeframe: Timeframe,
  candles: readonly Candle[],
) => void;

interface Shared {
  readonly venue: VenueKey;
  readonly feed: ReturnType<typeof createCandleFeed>;
  readonly listeners: Set<{ tell: (candle: Candle) => void }>;
}

/** Candle streams shared by instrument and timeframe; the last listener closes one. */
export function createCandles(sources: Sources, timers: MarketTimers, keep: KeepCandles = () => {}) {
  const shared = new Map<string, Shared>();
  sources.onChange((venue) => {
    for (const entry of shared.values()) if (entry.venue === venue) entry.feed.start();
  });

  const open = (key: string, venue: VenueKey, symbol: Symbol, timeframe: Timeframe): Shared => {
    const listeners = new Set<{ tell: (candle: Candle) => void }>();
    const feed = createCandleFeed(sources, timers, { venue, symbol, timeframe }, (candle) => {
      if (candle.closed) keep(venue, symbol, timeframe, [candle]);
      for (const listener of [...listeners]) listener.tell(candle);
    });
    const entry: Shared = { venue, feed, listeners };
    shared.set(key, entry);
    return entry;
  };

  return {
    /** Each change of the open candle and each close. Returns its undo. */
    listen(venue: VenueKey, symbol: Symbol, timeframe: Timeframe, listener: (candle: Candle) => void) {
      const key = `${instrumentKey(venue, symbol)}|${timeframe}`;
      const known = shared.get(key);
      const entry = known ?? open(key, venue, symbol, timeframe);
      const mine = { tell: listener };
      entry.listeners.add(mine);
      if (known === undefined) entry.feed.start();
      return () => {
        if (!entry.listeners.delete(mine) || entry.listeners.size > 0) return;
        entry.feed.close();
        shared.delete(key);
      };
    },
    /** The last closed candles without a hole and the open one; undefined while nobody listens. */
    buffer: (venue: VenueKey, symbol: Symbol, timeframe: Timeframe): CandleBuffer | undefined =>
      shared.get(`${instrumentKey(venue, symbol)}|${timeframe}`)?.feed.buffer,
    close(): void {
      for (const entry of shared.values()) entry.feed.close();
      shared.clear();
    },
  };
}
