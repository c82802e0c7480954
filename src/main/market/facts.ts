import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type AskedFacts, askFacts, type Known, NO_FACTS } from './asked-facts';
import { createGate } from './gate';
import type { Quotes, SeenPrice } from './quotes';
import { instrumentKey, type MarketTimers, type Sources } from './source';
import type { Watching } from './watching';

/** Questions under way at once over all instruments of a wave. */
const PARALLEL = 4;
/** A decision does not wait longer for the venue's answers; what is not there by then is unknown. */
const ASK_WITHIN_MS = 8_000;
/** Two signals on one instrument in a wave share an answer; older ones would carry an old price. */
const KEPT_MS = 3_000;
/** A wave's instruments stay watched this long, so that an entry finds its price fresh. */
const LEASE_MS = 60_000;
/** A price this young needs no waiting. */
const FRESH_MS = 2_000;

export interface FactsParts {
  readonly sources: Sources;
  readonly quotes: Quotes;
  readonly watching: Watching;
  readonly timers: MarketTimers;
  now(): UnixMs;
}

/** Answers what is known about an instrument now, by stream and by question, within a bounded time. */
export function createFacts(parts: FactsParts) {
  const { sources, quotes, watching, timers, now } = parts;
  const gate = createGate(PARALLEL);
  const kept = new Map<string, { at: UnixMs; answer: Promise<AskedFacts> }>();
  const leases = new Set<() => void>();

  const known: Known = (question) => gate(question).catch(() => null);
  const askOnce = (venue: VenueKey, symbol: Symbol, signalAt?: UnixMs): Promise<AskedFacts> => {
    const source = sources.get(venue);
    if (source === undefined) return Promise.resolve(NO_FACTS);
    for (const [key, { at }] of kept) if (now() - at >= KEPT_MS) kept.delete(key);
    const key = `${instrumentKey(venue, symbol)}|${signalAt ?? 'now'}`;
    const before = kept.get(key);
    if (before !== undefined) return before.answer;
    const entry = { at: now(), answer: askFacts(source, symbol, signalAt, known, now) };
    kept.set(key, entry);
    // An answer with holes is not worth keeping.
    void entry.answer.then((facts) => {
      const holes = facts.fiveMinuteChangePercent === null || facts.hourVolumeUsd === null;
      if (holes && kept.get(key) === entry) kept.delete(key);
    });
    return entry.answer;
  };
  const lease = (venue: VenueKey, symbol: Symbol): void => {
    const undoWatch = watching.want(venue, symbol, 'full');
    const end = (): void => {
      leases.delete(end);
      undoTimer();
      undoWatch();
    };
    const undoTimer = timers.after(LEASE_MS, end);
    leases.add(end);
  };
  /** Resolves when bid and ask are fresh, or the time is over. */
  const freshTop = (venue: VenueKey, symbol: Symbol, withinMs: number): Promise<void> =>
    new Promise((resolve) => {
      const isFresh = (): boolean => {
        const seenAt = quotes.topSeenAt(venue, symbol);
        return seenAt !== null && now() - seenAt <= FRESH_MS;
      };
      if (isFresh() || sources.get(venue) === undefined) return resolve();
      const done = (): void => {
        undoTimer();
        undoQuotes();
        resolve();
      };
      const undoTimer = timers.after(withinMs, done);
      const undoQuotes = quotes.onQuotes(() => {
        if (isFresh()) done();
      });
    });
  const within = <T>(promise: Promise<T>, fallback: T): Promise<T> =>
    new Promise((resolve) => {
      const undo = timers.after(ASK_WITHIN_MS, () => resolve(fallback));
      void promise.then((value) => {
        undo();
        resolve(value);
      });
    });

  return {
    /** `signalAt` is market time; volume and change are then the signal's own. */
    async of(venue: VenueKey, symbol: Symbol, withinMs: number, signalAt?: UnixMs) {
      lease(venue, symbol);
      const [asked] = await Promise.all([
        within(askOnce(venue, symbol, signalAt), NO_FACTS),
        freshTop(venue, symbol, withinMs),
      ]);
      const quote = quotes.get(venue, symbol);
      const price = newer(quotes.price(venue, symbol), asked.lastPrice);
      return {
        price: price?.price ?? null,
        priceSeenAt: price?.seenAt ?? null,
        bid: quote?.bid ?? null,
        ask: quote?.ask ?? null,
        openInterestUsd: asked.openInterestUsd,
        hourVolumeUsd: asked.hourVolumeUsd,
        fiveMinuteChangePercent: asked.fiveMinuteChangePercent,
      };
    },
    close(): void {
      for (const end of [...leases]) end();
    },
  };
}

const newer = (a: SeenPrice | null, b: SeenPrice | null): SeenPrice | null => {
  if (a === null || b === null) return a ?? b;
  return a.seenAt >= b.seenAt ? a : b;
};
