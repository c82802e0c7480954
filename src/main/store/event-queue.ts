import type { JournalRecord } from '#shared/domain/journal';
import type { Timers, Undo } from '../seams/seams';
import type { Store } from './types';

/** At most so many wait; more are written at once instead of dropped. */
const QUEUE = 1_000;
const BATCH = 100;
const WRITE_AFTER_MS = 5_000;

type Fact = Parameters<Store['recordAll']>[0][number];
type EventRecord = Extract<JournalRecord, { readonly kind: 'event' }>;

export interface EventQueueOptions {
  readonly record: Store['recordAll'];
  readonly timers: Pick<Timers, 'after' | 'soon'>;
  /** What could not be written waits for the next try. */
  onError(error: unknown): void;
}
export interface EventQueue {
  /** Each event keeps its own moment. What is worse than info is on disk when this returns, and all before it. */
  add(record: EventRecord, at: Fact['at']): void;
  waiting(): number;
  /** Everything that waits, now: at the end, and before something that must come after it. */
  flush(): void;
  /** Flushes, and writes directly what still comes. */
  close(): void;
}

/**
 * Collects events that only inform, so that a busy second costs one write and not a hundred (M-112). Never for
 * facts about money: those are recorded at once, by whoever acts on them.
 */
export function createEventQueue({ record, timers, onError }: EventQueueOptions): EventQueue {
  const waiting: Fact[] = [];
  let timer: Undo | null = null;
  let dueSoon = false;
  let closed = false;

  /** Writes the oldest batch; false when the disk refused and it still waits. */
  const writeBatch = (): boolean => {
    const batch = waiting.slice(0, BATCH);
    try {
      record(batch);
    } catch (error) {
      onError(error);
      return false;
    }
    waiting.splice(0, batch.length);
    return true;
  };
  const plan = (): void => {
    if (closed || waiting.length === 0) return;
    if (waiting.length < BATCH) timer ??= timers.after(WRITE_AFTER_MS, onTime);
    else if (!dueSoon) {
      dueSoon = true;
      timers.soon(onFull);
    }
  };
  const onTime = (): void => {
    timer = null;
    flush();
    // After a refusal the next try is a whole period away, however many wait.
    if (waiting.length > 0 && !closed) timer ??= timers.after(WRITE_AFTER_MS, onTime);
  };
  const onFull = (): void => {
    dueSoon = false;
    if (waiting.length >= BATCH && writeBatch()) plan();
    else if (waiting.length > 0) timer ??= timers.after(WRITE_AFTER_MS, onTime);
  };
  const flush = (): void => {
    while (waiting.length > 0 && writeBatch());
  };

  return {
    add(event, at) {
      waiting.push({ record: event, at });
      const quiet = event.severity === 'debug' || event.severity === 'info';
      if (closed || !quiet || waiting.length > QUEUE) flush();
      plan();
    },
    waiting: () => waiting.length,
    flush,
    close() {
      closed = true;
      timer?.();
      flush();
    },
  };
}
