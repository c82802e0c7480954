import type { Decimal, UnixMs } from '#shared/domain/basics';
import { fromNumber } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import { createGate } from './gate';
import type { Quotes, SeenPrice } from './quotes';
import { instrumentKey, type MarketTimers, type Sources } from './source';
import type { Watching } from './watching';

/** What a venue's answers say about one instrument; null is unknown. */
export interface AskedFacts {
  readonly lastPrice: SeenPrice | null;
  readonly openInterestUsd: Decimal | null;
  readonly hourVolumeUsd: Decimal | null;
  readonly fiveMinuteChangePercent: number | null;
}
const NOTHING: AskedFacts = {
  lastPrice: null,
  openInterestUsd: null,
  hourVolumeUsd: null,
  fiveMinuteChangePercent: null,
};

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

  const ask = async (venue: VenueKey, symbol: Symbol): Promise<AskedFacts> => {
    const source = sources.get(venue);
    if (source === undefined) return NOTHING;
    const known = <T>(question: () => Promise<T>): Promise<T | null> => gate(question).catch(() => null);
    const [minutes, hours, openInterestUsd] = await Promise.all([
      known(() => source.candles(symbol, '1m', { limit: 6 })),
      known(() => source.candles(symbol, '1h', { limit: 1 })),
      source.openInterest === undefined ? null : known(async () => source.openInterest!(symbol)),
    ]);
    return {
      lastPrice: priceOf(minutes, now()),
      openInterestUsd,
      hourVolumeUsd: volumeOf(hours),
      fiveMinuteChangePercent: changeOf(minutes),
    };
  };
  const askOnce = (venue: VenueKey, symbol: Symbol): Promise<AskedFacts> => {
    const key = instrumentKey(venue, symbol);
    const before = kept.get(key);
    if (before !== undefined && now() - before.at < KEPT_MS) return before.answer;
    const answer = ask(venue, symbol);
    kept.set(key, { at: now(), answer });
    // An answer with holes is not worth keeping.
    void answer.then((facts) => {
      if (facts.fiveMinuteChangePercent === null || facts.hourVolumeUsd === null) kept.delete(key);
    });
    return answer;
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
    async of(venue: VenueKey, symbol: Symbol, withinMs: number) {
      lease(venue, symbol);
      const [asked] = await Promise.all([
        within(askOnce(venue, symbol), NOTHING),
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

const priceOf = (minutes: readonly Candle[] | null, seenAt: UnixMs): SeenPrice | null => {
  const last = minutes?.at(-1);
  return last === undefined || !(last.close > 0) ? null : { price: fromNumber(last.close), seenAt };
};

/** Quote volume of the running hour; candles count base units, so it is priced at the close. */
const volumeOf = (hours: readonly Candle[] | null): Decimal | null => {
  const hour = hours?.at(-1);
  return hour === undefined ? null : fromNumber(hour.volume * hour.close);
};

const changeOf = (minutes: readonly Candle[] | null): number | null => {
  const before = minutes?.at(-6)?.close;
  const last = minutes?.at(-1)?.close;
  return before === undefined || last === undefined || !(before > 0)
    ? null
    : ((last - before) / before) * 100;
};
