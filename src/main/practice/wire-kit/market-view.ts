import type { MatchEvent, Matching, MatchResult, RejectCode } from '#main/matching/types';
import type { Seams } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { type BookSequence, createBookSequence } from './book-sequence';
import { createOrderLog, type OrderLog } from './order-log';

/** One market of the practice exchange as a wire sees it, whatever protocol it speaks. */
export interface MarketView {
  readonly kind: 'spot' | 'future';
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly log: OrderLog;
  /** By the exchange's own name of it. */
  byWire(wireSymbol: string): PracticeSymbol | undefined;
  byInner(symbol: string): PracticeSymbol | undefined;
  nameOf(symbol: PracticeSymbol): string;
  /** Update ids of a symbol's book, counted from the first time it is asked for and while somebody is there. */
  book(symbol: PracticeSymbol): BookSequence;
  /**
   * Runs a command of the engine and tells the world what came of it.
   * @throws what `refuse` makes of a refusal
   */
  command<T>(symbol: PracticeSymbol, run: (matching: Matching, now: UnixMs) => MatchResult<T>): T;
  /** Every event of the engine but level changes, which only the books count. */
  onEvent(listener: (event: MatchEvent) => void): () => void;
  /** Listens to the market until undone. While nobody is there the market costs this wire nothing. */
  wake(): () => void;
  /** Reports an error that is nobody's refusal. */
  bug(error: unknown): void;
  close(): void;
}

export interface MarketViewOptions {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  nameOf(symbol: PracticeSymbol): string;
  /** Whether a fill-or-kill that was killed is part of an account's history. */
  readonly tellKilled: boolean;
  refuse(code: RejectCode, symbol: PracticeSymbol): Error;
  bug(error: unknown): void;
}

export function createMarketView(options: MarketViewOptions): MarketView {
  const { core, seams, keys, nameOf } = options;
  const wire = new Map(core.symbols.map((one) => [nameOf(one), one]));
  const inner = new Map(core.symbols.map((one) => [one.symbol, one]));
  // High from the start, like the ids of a book that has lived for years.
  const firstId = seams.clock.now();
  const books = new Map<string, BookSequence>();
  const listeners = new Set<(event: MatchEvent) => void>();
  let visitors = 0;
  let asleep: (() => void) | null = null;

  const listen = (): (() => void) =>
    core.subscribe((event) => {
      if (event.type !== 'match') return;
      const inside = event.event;
      // By far the most of all events, and nobody else wants them.
      if (inside.type === 'level') {
        books.get(inside.symbol)?.level(inside.side, inside.price, inside.amount);
        return;
      }
      for (const listener of listeners) listener(inside);
    });

  return {
    kind: core.market,
    core,
    seams,
    keys,
    log: createOrderLog(core, options.tellKilled),
    byWire: (wireSymbol) => wire.get(wireSymbol),
    byInner: (symbol) => inner.get(symbol),
    nameOf,
    book(symbol) {
      let book = books.get(symbol.symbol);
      if (book === undefined) {
        book = createBookSequence(firstId);
        books.set(symbol.symbol, book);
      }
      return book;
    },
    command(symbol, run) {
      const result = core.run((matching, now) => run(matching, now));
      if (!result.ok) throw options.refuse(result.code, symbol);
      core.publish(result.events);
      return result.value;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    wake() {
      if (visitors === 0) {
        // Changes went by uncounted: a snapshot from before must not fit what comes now.
        for (const book of books.values()) book.skip();
        asleep = listen();
      }
      visitors += 1;
      let there = true;
      return () => {
        if (!there) return;
        there = false;
        visitors -= 1;
        if (visitors > 0) return;
        asleep?.();
        asleep = null;
      };
    },
    bug: options.bug,
    close() {
      asleep?.();
      asleep = null;
      listeners.clear();
    },
  };
}
