import type { LinkUse } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import type { BookDelta, BookSnapshot, SequenceRule } from './book-sync';
import { KeptBook } from './kept-book';

/** A message of a book stream that brings its own snapshots. An exchange may hang more on it, for its check. */
export type PushedBook =
  | { readonly kind: 'snapshot'; readonly snapshot: BookSnapshot; readonly venueTime: UnixMs | null }
  | { readonly kind: 'delta'; readonly delta: BookDelta };

export interface PushedBookParts<M extends PushedBook> {
  readonly venue: VenueKey;
  readonly seams: Pick<Seams, 'clock' | 'timers'>;
  readonly sequence: SequenceRule;
  /**
   * Begins the exchange's own check of one book (a checksum). It is told every message in order, after the book has
   * taken it, and answers whether the book is what the exchange has. Left out: only the sequence counts.
   */
  startCheck?(): (message: M, book: KeptBook) => boolean;
}

/** Waits for a snapshot that was asked for before asking again; the last one repeats. */
const ASK_AGAIN_MS: readonly number[] = [5_000, 10_000, 30_000, 60_000];

interface Reader {
  tell(event: MarketEvent): void;
  /** It has had a snapshot since the book was last begun. */
  ready: boolean;
}
type Book = { readonly add: (tell: Reader['tell']) => Undo };

/**
 * The books of one socket on which the exchange sends a snapshot after subscribing and deltas from then on. After a
 * gap, a failed check or a crossed book the topic is asked for anew, and nothing is told until the next snapshot.
 * Readers of one topic share one book; each begins with a snapshot.
 */
export function createPushedBooks<M extends PushedBook>(parts: PushedBookParts<M>) {
  const books = new Map<string, Book>();
  return {
    subscribe(link: LinkUse, topic: string, symbol: Symbol, listener: (event: MarketEvent) => void): Undo {
      let book = books.get(topic);
      if (book === undefined) {
        book = openBook(parts, link, topic, symbol, () => books.delete(topic));
        books.set(topic, book);
      }
      return book.add(listener);
    },
  };
}

function openBook<M extends PushedBook>(
  parts: PushedBookParts<M>,
  link: LinkUse,
  topic: string,
  symbol: Symbol,
  unused: () => void,
): Book {
  const { clock, timers } = parts.seams;
  const readers = new Set<Reader>();
  const kept = new KeptBook();
  /** The last update in the book; null while there is none to be trusted. */
  let applied: number | null = null;
  let afterSnapshot = false;
  let venueTime: UnixMs | null = null;
  let check = parts.startCheck?.();
  let asked = 0;
  let undoWait: Undo = () => {};

  const base = () => ({ venue: parts.venue, symbol, seenAt: clock.now() });
  const whole = (last: number): MarketEvent => ({
    ...base(),
    type: 'book-snapshot',
    venueTime,
    last,
    bids: [...kept.bids],
    asks: [...kept.asks],
  });
  const forget = (): void => {
    applied = null;
    undoWait();
    for (const reader of readers) reader.ready = false;
  };
  /** A snapshot is due, because the topic is new to the socket or was asked for again. */
  const expectSnapshot = (): void => {
    forget();
    undoWait = timers.after(ASK_AGAIN_MS[Math.min(asked++, ASK_AGAIN_MS.length - 1)]!, askAnew);
  };
  const askAnew = (): void => {
    expectSnapshot();
    link.resubscribe(topic);
  };
  const isIntact = (message: M): boolean => !kept.isCrossed() && check?.(message, kept) !== false;

  const takeSnapshot = (message: M, snapshot: BookSnapshot): void => {
    undoWait();
    check = parts.startCheck?.();
    kept.replace(snapshot.bids, snapshot.asks);
    if (!isIntact(message)) {
      askAnew();
      return;
    }
    asked = 0;
    applied = snapshot.last;
    afterSnapshot = true;
    const event = whole(snapshot.last);
    for (const reader of [...readers]) {
      reader.ready = true;
      reader.tell(event);
    }
  };
  const takeDelta = (message: M, delta: BookDelta): void => {
    if (applied === null) return;
    const step = parts.sequence(applied, delta, afterSnapshot);
    if (step === 'drop') return;
    if (step === 'apply') kept.change(delta.bids, delta.asks);
    if (step === 'gap' || !isIntact(message)) {
      askAnew();
      return;
    }
    applied = delta.last;
    afterSnapshot = false;
    venueTime = delta.venueTime;
    const event: MarketEvent = { ...base(), type: 'book-delta', ...delta };
    for (const reader of [...readers]) if (reader.ready) reader.tell(event);
  };
  const take = (message: M): void => {
    if (message.kind === 'delta') {
      takeDelta(message, message.delta);
      return;
    }
    venueTime = message.venueTime;
    takeSnapshot(message, message.snapshot);
  };

  // A renewed connection goes on where the old one was; a new one begins with a snapshot of its own.
  const undoLive = link.onLive((_connects, planned) => {
    if (planned) return;
    asked = 0;
    expectSnapshot();
  });
  // The socket may know the topic already, from a reader who left a moment ago: then none comes by itself.
  expectSnapshot();
  const undoWant = link.want(topic, (message) => take(message as M));

  return {
    add(tell) {
      const reader: Reader = { tell, ready: false };
      readers.add(reader);
      // The exchange sends no second snapshot to one who comes late. Told a turn later, when the caller has its undo.
      timers.soon(() => {
        if (!readers.has(reader) || reader.ready || applied === null) return;
        reader.ready = true;
        reader.tell(whole(applied));
      });
      return () => {
        if (!readers.delete(reader) || readers.size > 0) return;
        undoWait();
        undoLive();
        undoWant();
        unused();
      };
    },
  };
}
