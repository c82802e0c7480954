import type { Decimal, UnixMs } from '#shared/domain/basics';
import { add, mul } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent, Quote } from '#shared/domain/market';
import { instrumentKey, type MarketTimers } from './source';

/** Quotes leave in one message per frame of the screen. */
export const QUOTE_BATCH_MS = 16;
const HALF = '0.5' as Decimal;

/** A price with the wall time at which we saw it. */
export interface SeenPrice {
  readonly price: Decimal;
  readonly seenAt: UnixMs;
}

interface Entry {
  quote: Quote;
  lastSeenAt: UnixMs | null;
  topSeenAt: UnixMs | null;
}

/** Newest quote per instrument, and who wants to hear of it. */
export function createQuotes(timers: MarketTimers) {
  const entries = new Map<string, Entry>();
  const changed = new Set<Entry>();
  const listeners = new Set<{ tell: (quotes: readonly Quote[]) => void }>();
  let undoFlush: (() => void) | null = null;

  const flush = (): void => {
    undoFlush = null;
    const quotes = [...changed].map((entry) => entry.quote);
    changed.clear();
    for (const listener of [...listeners]) listener.tell(quotes);
  };

  return {
    /** Takes what an event says about the price of its instrument; older news never replaces newer. */
    apply(event: MarketEvent): void {
      const key = instrumentKey(event.venue, event.symbol);
      const entry = entries.get(key) ?? emptyEntry(event);
      if (!applyEvent(entry, event)) return;
      entries.set(key, entry);
      if (listeners.size === 0) return;
      changed.add(entry);
      undoFlush ??= timers.after(QUOTE_BATCH_MS, flush);
    },
    all: (): readonly Quote[] => [...entries.values()].map((entry) => entry.quote),
    get: (venue: VenueKey, symbol: Symbol): Quote | undefined =>
      entries.get(instrumentKey(venue, symbol))?.quote,
    /** Last trade, or the middle of the book while no trade is known. */
    price(venue: VenueKey, symbol: Symbol): SeenPrice | null {
      const entry = entries.get(instrumentKey(venue, symbol));
      if (entry === undefined) return null;
      const { last, bid, ask } = entry.quote;
      if (last !== null && entry.lastSeenAt !== null) return { price: last, seenAt: entry.lastSeenAt };
      if (bid === null || ask === null || entry.topSeenAt === null) return null;
      return { price: mul(add(bid, ask), HALF), seenAt: entry.topSeenAt };
    },
    /** Wall time of the newest best bid and ask; null when none is known. */
    topSeenAt: (venue: VenueKey, symbol: Symbol): UnixMs | null =>
      entries.get(instrumentKey(venue, symbol))?.topSeenAt ?? null,
    onQuotes(listener: (quotes: readonly Quote[]) => void): () => void {
      const entry = { tell: listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    close(): void {
      undoFlush?.();
      listeners.clear();
      changed.clear();
    },
  };
}
export type Quotes = ReturnType<typeof createQuotes>;

const emptyEntry = (event: MarketEvent): Entry => ({
  quote: {
    venue: event.venue,
    symbol: event.symbol,
    bid: null,
    ask: null,
    last: null,
    mark: null,
    change24h: null,
    volume24h: null,
    venueTime: null,
    seenAt: event.seenAt,
  },
  lastSeenAt: null,
  topSeenAt: null,
});

/** False when the event says nothing about the quote. */
function applyEvent(entry: Entry, event: MarketEvent): boolean {
  const part = partOf(entry, event);
  if (part === null) return false;
  const venueTime = later(entry.quote.venueTime, event.venueTime);
  entry.quote = { ...entry.quote, ...part, venueTime, seenAt: event.seenAt };
  return true;
}

function partOf(entry: Entry, event: MarketEvent): Partial<Quote> | null {
  switch (event.type) {
    case 'trade':
      entry.lastSeenAt = event.seenAt;
      return { last: event.price };
    case 'top':
      entry.topSeenAt = event.seenAt;
      return { bid: event.bid, ask: event.ask };
    case 'ticker': {
      const day = { change24h: event.change24h, volume24h: event.volume24h };
      // A ticker is told once a second; a trade that came within that time is the newer price.
      const tradeIsNewer = entry.lastSeenAt !== null && event.seenAt - entry.lastSeenAt < 1_000;
      if (tradeIsNewer) return day;
      entry.lastSeenAt = event.seenAt;
      return { ...day, last: event.last };
    }
    case 'mark':
      return { mark: event.mark };
    default:
      return null;
  }
}

const later = (a: UnixMs | null, b: UnixMs | null): UnixMs | null => {
  if (a === null) return b;
  return b === null || b < a ? a : b;
};
