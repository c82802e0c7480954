import type { Timers, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { type BookDelta, type BookSnapshot, type BookStep, BookSync, type SequenceRule } from './book-sync';

export interface BookFeedParts {
  readonly venue: VenueKey;
  readonly sequence: SequenceRule;
  readonly symbol: Symbol;
  readonly timers: Pick<Timers, 'after'>;
  now(): UnixMs;
  /** @throws when the venue did not answer; it is asked again after a wait */
  fetch(): Promise<BookSnapshot>;
}

/** Waits before asking for a snapshot again; the last one repeats. A snapshot costs weight, a storm of them a ban. */
const RETRY_MS: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

/**
 * Runs one book: fetches a snapshot whenever the sequence asks for one and emits a snapshot followed by gapless
 * deltas. `start` at every (re)connect.
 */
export function createBookFeed(parts: BookFeedParts, emit: (event: MarketEvent) => void) {
  const { venue, symbol, timers } = parts;
  const sync = new BookSync(parts.sequence);
  let generation = 0;
  let failures = 0;
  let started = false;
  let undoWait: Undo = () => {};

  const base = () => ({ venue, symbol, seenAt: parts.now() });
  const toEvent = (step: Exclude<BookStep, { kind: 'fetch' }>): MarketEvent =>
    step.kind === 'snapshot'
      ? { ...base(), type: 'book-snapshot', venueTime: null, ...step.snapshot }
      : { ...base(), type: 'book-delta', ...step.delta };

  const take = (steps: readonly BookStep[]): void => {
    for (const step of steps) {
      if (step.kind !== 'fetch') emit(toEvent(step));
      // The answer was older than the stream: a moment later it will not be.
      else if (step.reason === 'old-snapshot') fetchLater();
      else fetchNow();
    }
  };
  const fetchLater = (): void => {
    undoWait();
    const waitMs = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!;
    undoWait = timers.after(waitMs, fetchNow);
  };
  const fetchNow = (): void => {
    undoWait();
    const mine = ++generation;
    parts.fetch().then(
      (snapshot) => {
        if (mine !== generation) return;
        const steps = sync.snapshot(snapshot);
        if (steps[0]?.kind === 'snapshot') failures = 0;
        take(steps);
      },
      () => {
        // Told by the silence of the book and by the link's age; the next try says more than this one.
        if (mine === generation) fetchLater();
      },
    );
  };

  return {
    start(): void {
      started = true;
      take(sync.start());
    },
    delta(delta: BookDelta): void {
      if (started) take(sync.delta(delta));
    },
    close(): void {
      started = false;
      generation++;
      undoWait();
    },
  };
}
