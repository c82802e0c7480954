import type { UnixMs } from '#shared/domain/basics';
import type { Level } from '#shared/domain/market';

/** One decoded change of a book. `previousLast` where the venue names the predecessor (Binance futures' `pu`). */
export interface BookDelta {
  readonly first: number;
  readonly last: number;
  readonly previousLast: number | null;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly venueTime: UnixMs;
}
export interface BookSnapshot {
  readonly last: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What the book's owner must do next, in order. */
export type BookStep =
  | { readonly kind: 'snapshot'; readonly snapshot: BookSnapshot }
  | { readonly kind: 'delta'; readonly delta: BookDelta }
  /** The book is not to be trusted; bring a new snapshot. */
  | { readonly kind: 'fetch'; readonly reason: 'start' | 'gap' | 'old-snapshot' };

/** What to do with a delta, given the last update applied; each exchange has its own rule. */
export type SequenceRule = (
  applied: number,
  delta: BookDelta,
  afterSnapshot: boolean,
) => 'drop' | 'apply' | 'gap';

/** Deltas kept while a snapshot is on its way: ten minutes of a busy book at 100 ms. */
const MOST_BUFFERED = 6_000;

/**
 * Turns a delta stream and REST snapshots into one snapshot followed by gapless deltas. No clock, no network.
 * Begin with `start`; answer each 'fetch' step with `snapshot` sooner or later.
 */
export class BookSync {
  readonly #sequence: SequenceRule;
  #buffer: BookDelta[] = [];
  #applied: number | null = null;
  #afterSnapshot = false;
  #asked = false;

  constructor(sequence: SequenceRule) {
    this.#sequence = sequence;
  }

  /** The stream (re)started: nothing known before counts any more. */
  start(): BookStep[] {
    this.#buffer = [];
    this.#applied = null;
    return this.#fetch('start');
  }

  /** Takes the next delta of the stream. */
  delta(delta: BookDelta): BookStep[] {
    if (this.#applied === null) return this.#keep(delta);
    const step = this.#advance(delta);
    if (step !== 'gap') return step === 'drop' ? [] : [{ kind: 'delta', delta }];
    this.#buffer = [delta];
    this.#applied = null;
    return this.#fetch('gap');
  }

  /** Takes the snapshot that a 'fetch' step asked for. One that nobody asked for is ignored. */
  snapshot(snapshot: BookSnapshot): BookStep[] {
    if (!this.#asked || this.#applied !== null) return [];
    const steps: BookStep[] = [{ kind: 'snapshot', snapshot }];
    this.#applied = snapshot.last;
    this.#afterSnapshot = true;
    for (const delta of this.#buffer) {
      const step = this.#advance(delta);
      if (step === 'apply') steps.push({ kind: 'delta', delta });
      if (step === 'gap') return this.#tryAgain(snapshot.last);
    }
    this.#buffer = [];
    this.#asked = false;
    return steps;
  }

  #advance(delta: BookDelta): 'drop' | 'apply' | 'gap' {
    const step = this.#sequence(this.#applied!, delta, this.#afterSnapshot);
    if (step === 'apply') {
      this.#applied = delta.last;
      this.#afterSnapshot = false;
    }
    return step;
  }

  /** Nothing of a snapshot that the buffer does not continue is shown. */
  #tryAgain(snapshotLast: number): BookStep[] {
    this.#applied = null;
    // What ends at or before the snapshot can be of no use to a later one.
    this.#buffer = this.#buffer.filter((delta) => delta.last > snapshotLast);
    return [{ kind: 'fetch', reason: 'old-snapshot' }];
  }

  #keep(delta: BookDelta): BookStep[] {
    if (this.#buffer.length >= MOST_BUFFERED) this.#buffer = [];
    this.#buffer.push(delta);
    return [];
  }

  #fetch(reason: 'start' | 'gap'): BookStep[] {
    this.#asked = true;
    return [{ kind: 'fetch', reason }];
  }
}
