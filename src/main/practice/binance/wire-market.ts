import type { MatchEvent, Matching, MatchResult } from '#main/matching/types';
import type { Seams } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { type BookSequence, createBookSequence } from './book-sequence';
import { type Digits, digitsOf } from './format';
import { createOrderMeter, type OrderMeter, type WireLimits } from './limits';
import { createOrderLog, type OrderLog } from './order-log';
import type { Params } from './params';
import { randomText } from './random-text';
import { invalidSymbol, toWireError } from './wire-error';

/** Everything the handlers of one market share. */
export interface WireMarket {
  readonly kind: 'spot' | 'future';
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly limits: WireLimits;
  readonly log: OrderLog;
  readonly orders: OrderMeter;
  /** @throws WireError -1121 */
  symbolOf(params: Params): PracticeSymbol;
  byWire(wireSymbol: string): PracticeSymbol | undefined;
  byInner(symbol: string): PracticeSymbol | undefined;
  digits(symbol: PracticeSymbol): Digits;
  book(symbol: PracticeSymbol): BookSequence;
  /**
   * Runs a command of the engine and tells the world what came of it.
   * @throws WireError with Binance's code for the refusal
   */
  command<T>(symbol: PracticeSymbol, run: (matching: Matching, now: UnixMs) => MatchResult<T>): T;
  /** A client id as Binance makes one when the caller sent none. */
  freshClientId(): string;
  /** Ids of cancels under way, by order: the private stream tells a cancel under its own id. */
  readonly cancelIds: Map<number, string>;
  /** Every event of the engine but level changes, which only the books count. */
  onEvent(listener: (event: MatchEvent) => void): () => void;
  /** Reports an error that is nobody's refusal. */
  bug(error: unknown): void;
  close(): void;
}

export function createWireMarket(options: {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly limits: WireLimits;
  bug(error: unknown): void;
}): WireMarket {
  const { core, seams, limits, keys } = options;
  const kind = core.market;
  const wire = new Map(core.symbols.map((one) => [one.wireSymbol, one]));
  const inner = new Map(core.symbols.map((one) => [one.symbol, one]));
  const digits = new Map(core.symbols.map((one) => [one.symbol, digitsOf(kind, one)]));
  // High from the start, like the ids of a book that has lived for years.
  const firstId = seams.clock.now();
  const books = new Map(core.symbols.map((one) => [one.symbol, createBookSequence(firstId)]));
  const listeners = new Set<(event: MatchEvent) => void>();
  const known = <T>(value: T | undefined): T => {
    if (value === undefined) throw invalidSymbol();
    return value;
  };

  const undo = core.subscribe((event) => {
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
    kind,
    core,
    seams,
    keys,
    limits,
    log: createOrderLog(core),
    orders:
      kind === 'spot'
        ? createOrderMeter(limits, 86_400_000, '1 DAY')
        : createOrderMeter(limits, 60_000, '1 MINUTE'),
    symbolOf: (params) => known(wire.get(params.need('symbol'))),
    byWire: (wireSymbol) => wire.get(wireSymbol),
    byInner: (symbol) => inner.get(symbol),
    digits: (symbol) => known(digits.get(symbol.symbol)),
    book: (symbol) => known(books.get(symbol.symbol)),
    command(symbol, run) {
      const result = core.run((matching, now) => run(matching, now));
      if (!result.ok) throw toWireError(kind, result.code, symbol.minNotional);
      core.publish(result.events);
      return result.value;
    },
    cancelIds: new Map(),
    freshClientId: () => randomText(seams.random, 22),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    bug: options.bug,
    close: undo,
  };
}
