import type { InstrumentRef } from '#shared/contract/market';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { instrumentKey, type QuoteKind, type Sources } from './source';

/** Full: what decisions and trailing stops need. Light: what a row of a long list shows. */
export type Level = 'full' | 'light';
const KINDS: Record<Level, readonly QuoteKind[]> = {
  full: ['trades', 'top', 'ticker', 'mark'],
  light: ['ticker', 'top'],
};
/** Rows of all lists together that get everything; beyond, sockets would pass the venues' limits of streams. */
const FULL_ROWS = 40;

interface OwnedList {
  readonly instruments: readonly InstrumentRef[];
  undos: readonly (() => void)[];
}

interface Watched {
  readonly venue: VenueKey;
  readonly symbol: Symbol;
  readonly users: Record<Level, number>;
  readonly streams: Map<QuoteKind, () => void>;
}

/** Which quote streams run: counted per instrument, opened and closed by need. */
export function createWatching(sources: Sources, receive: (event: MarketEvent) => void) {
  const watched = new Map<string, Watched>();
  const lists = new Map<string, OwnedList>();

  const refresh = (entry: Watched): void => {
    const source = sources.get(entry.venue);
    const wanted = new Set(source === undefined ? [] : wantedKinds(entry));
    for (const [kind, undo] of entry.streams) {
      if (wanted.has(kind)) continue;
      entry.streams.delete(kind);
      undo();
    }
    for (const kind of wanted) {
      if (entry.streams.has(kind) || source === undefined) continue;
      try {
        entry.streams.set(kind, source.subscribe({ kind, symbol: entry.symbol }, receive));
      } catch {
        // An exchange that does not list it has nothing to stream: its quote stays unknown, which refuses entries.
      }
    }
  };
  sources.onChange((venue) => {
    for (const entry of watched.values()) {
      if (entry.venue !== venue) continue;
      // The streams were the old source's; a new one knows nothing of them.
      for (const undo of entry.streams.values()) undo();
      entry.streams.clear();
      refresh(entry);
    }
  });

  /** Keeps the instrument's quotes flowing until its undo is called. */
  const want = (venue: VenueKey, symbol: Symbol, level: Level): (() => void) => {
    const key = instrumentKey(venue, symbol);
    const entry: Watched = watched.get(key) ?? {
      venue,
      symbol,
      users: { full: 0, light: 0 },
      streams: new Map(),
    };
    watched.set(key, entry);
    entry.users[level]++;
    refresh(entry);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      entry.users[level]--;
      refresh(entry);
      if (entry.users.full + entry.users.light === 0) watched.delete(key);
    };
  };

  /** Wants every list anew, each window with its share of full rows. What stays wanted keeps its streams. */
  const share = (): void => {
    const before = [...lists.values()].flatMap((list) => list.undos);
    const fullRows = Math.floor(FULL_ROWS / Math.max(lists.size, 1));
    for (const list of lists.values())
      list.undos = list.instruments.map(({ venue, symbol }, at) =>
        want(venue, symbol, at < fullRows ? 'full' : 'light'),
      );
    for (const undo of before) undo();
  };

  return {
    want,
    /** Replaces one window's list; an empty one releases it. */
    setList(owner: string, instruments: readonly InstrumentRef[]): void {
      const left = lists.get(owner);
      lists.delete(owner);
      if (instruments.length > 0) lists.set(owner, { instruments, undos: [] });
      share();
      for (const undo of left?.undos ?? []) undo();
    },
    /** Symbols of a venue whose quotes flow for anybody. */
    symbols: (venue: VenueKey): readonly Symbol[] =>
      [...watched.values()].flatMap((entry) =>
        entry.venue === venue && entry.streams.size > 0 ? [entry.symbol] : [],
      ),
    /** What is on the lists of all windows, each instrument once. */
    listed(): readonly InstrumentRef[] {
      const all = [...lists.values()].flatMap((list) => list.instruments);
      return [...new Map(all.map((ref) => [instrumentKey(ref.venue, ref.symbol), ref])).values()];
    },
    close(): void {
      for (const entry of watched.values()) for (const undo of entry.streams.values()) undo();
      watched.clear();
      lists.clear();
    },
  };
}
export type Watching = ReturnType<typeof createWatching>;

function wantedKinds({ venue, users }: Watched): readonly QuoteKind[] {
  if (users.full === 0) return users.light === 0 ? [] : KINDS.light;
  return venue.endsWith('_spot') ? KINDS.full.filter((kind) => kind !== 'mark') : KINDS.full;
}
