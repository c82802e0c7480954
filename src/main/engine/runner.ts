import type { Moment } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord } from '#shared/domain/journal';
import { createErrands, type VenuePort } from './errands';
import type { Engine, EngineEvent, Intent } from './types';

export type { VenuePort } from './errands';

export interface RunnerOptions {
  readonly engine: Engine;
  /** Puts records on disk before it returns. @throws when the disk refuses; then nothing is sent. */
  readonly record: (records: readonly JournalRecord[], at: Moment) => void;
  readonly now: () => Moment;
  readonly wake: {
    readonly wall: (afterMs: number, run: () => void) => () => void;
    readonly market: (afterMs: number, run: () => void) => () => void;
  };
  readonly venues: ReadonlyMap<VenueKey, VenuePort>;
  /** Called once per change: never `on` twice, never `off` without `on`. */
  readonly watch: (venue: VenueKey, symbol: Symbol, on: boolean) => void;
  /**
   * Runs soon, after what waits on input. Given, news of an account waits for it, so that a burst of fills is written
   * in few transactions instead of one each: a disk that syncs in 10 ms could not follow otherwise.
   */
  readonly soon?: (run: () => void) => void;
  /** For people and the log: something outside the engine failed. Never contains keys. */
  readonly onError: (text: string) => void;
}

export interface Runner {
  post(event: EngineEvent): void;
  /** Handles what waits for more to come, now. */
  flush(): void;
  /** Resolves when no event waits and no question or order is under way. Planned wakes do not count. */
  idle(): Promise<void>;
  /** Takes no more events, drops all wakes, waits for what is under way. */
  stop(): Promise<void>;
}

/**
 * A timer counts from the beginning of the turn of the event loop that set it, so it fires some ms early by the clock. Above
 * this the clock was set back instead, and nobody waits for a time to come again.
 */
const EARLY_MS = 1_000;

/** Events of one transaction at most. */
const MOST_AT_ONCE = 200;
const mayWait = ({ type }: EngineEvent): boolean => type === 'fill' || type === 'order';

/** Serial loop around the engine: handle, write, then do. An intent is on disk before its first byte leaves. */
export function createRunner(options: RunnerOptions): Runner {
  const { engine, now, onError } = options;
  const queue: EngineEvent[] = [];
  const wakes = new Map<string, () => void>();
  const watched = new Set<string>();
  let unsaved: readonly JournalRecord[] = [];
  let busy = false;
  /** Later events join the ones that wait: their order is never changed. */
  let gathering = false;
  let stopped = false;

  const post = (event: EngineEvent): void => {
    if (stopped) return;
    queue.push(event);
    if (busy || gathering) return;
    if (options.soon === undefined || !mayWait(event)) drain();
    else {
      gathering = true;
      options.soon(() => {
        gathering = false;
        if (!busy) drain();
      });
    }
  };
  const errands = createErrands({ venues: options.venues, post, onError, after: options.wake.wall, now });

  /** Takes what waits for more to come, now. */
  const gathered = (): void => {
    if (!busy && queue.length > 0) drain();
  };

  function drain(): void {
    busy = true;
    try {
      while (queue.length > 0) turn(queue.splice(0, options.soon === undefined ? 1 : MOST_AT_ONCE));
    } finally {
      busy = false;
    }
  }

  /** Events of one moment: all decided, then all written, then all done. */
  function turn(events: readonly EngineEvent[]): void {
    const at = now();
    const records: JournalRecord[] = [];
    const intents: Intent[] = [];
    for (const event of events) {
      const output = engine.handle(event, at);
      records.push(...output.records);
      intents.push(...output.intents);
    }
    const done = save(records, at);
    const forVenues = intents.filter((intent) => doHere(intent, at));
    if (done) errands.run(forVenues);
    else notSent(forVenues);
  }

  /** Images that could not be written are kept and go first next time, so that the journal has no hole. */
  function save(records: readonly JournalRecord[], at: Moment): boolean {
    const all = unsaved.length === 0 ? records : [...unsaved, ...records];
    if (all.length === 0) return true;
    const failedBefore = unsaved.length > 0;
    try {
      options.record(all, at);
      unsaved = [];
      return true;
    } catch (error) {
      unsaved = all;
      const text = error instanceof Error ? error.message : String(error);
      onError(`The journal could not be written, so nothing was sent: ${text}`);
      if (!failedBefore) queue.unshift({ type: 'kill', on: true, cause: 'the journal could not be written' });
      return false;
    }
  }

  /** What was not written was not sent: said as such for orders, as not known for cancels. */
  function notSent(intents: readonly Intent[]): void {
    for (const intent of intents) {
      if (intent.kind === 'place')
        queue.push({
          type: 'order',
          clientOrderId: intent.request.clientOrderId,
          evidence: { kind: 'not-sent', message: 'the journal could not be written' },
        });
      if (intent.kind === 'cancel')
        queue.push({
          type: 'cancel-reply',
          clientOrderId: intent.request.clientOrderId,
          outcome: 'unknown',
          message: 'the journal could not be written',
        });
      if (intent.kind === 'ask-order')
        queue.push({
          type: 'order',
          clientOrderId: intent.request.clientOrderId,
          evidence: { kind: 'question-failed', message: 'the journal could not be written' },
        });
    }
  }

  /** Wakes and watches never leave the machine; they are done at once. True for what goes to a venue. */
  function doHere(intent: Intent, at: Moment): boolean {
    switch (intent.kind) {
      case 'wake':
        setWake(intent.key, intent.afterMs, intent.clock, at[intent.clock] + intent.afterMs);
        return false;
      case 'cancel-wake':
        dropWake(intent.key);
        return false;
      case 'watch':
        setWatch(intent.venue, intent.symbol, intent.on);
        return false;
      default:
        return true;
    }
  }

  /** Watching is counted outside; the engine only says what it wants now, so each wish goes out once. */
  function setWatch(venue: VenueKey, symbol: Symbol, on: boolean): void {
    const key = `${venue}|${symbol}`;
    if (watched.has(key) === on) return;
    if (on) watched.add(key);
    else watched.delete(key);
    attempt(() => options.watch(venue, symbol, on), `prices of ${symbol}`);
  }

  function attempt(run: () => void, what: string): void {
    try {
      run();
    } catch (error) {
      onError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The engine compares clocks, so a wake that came before its time would find nothing to do and never come again. */
  function setWake(key: string, afterMs: number, clock: 'wall' | 'market', due: number): void {
    dropWake(key);
    const undo = options.wake[clock](afterMs, () => {
      wakes.delete(key);
      const earlyMs = due - now()[clock];
      if (earlyMs >= 1 && earlyMs <= EARLY_MS) setWake(key, earlyMs, clock, due);
      else post({ type: 'wake', key });
    });
    wakes.set(key, undo);
  }
  function dropWake(key: string): void {
    wakes.get(key)?.();
    wakes.delete(key);
  }

  return {
    post,
    flush: gathered,
    async idle() {
      gathered();
      await errands.settled();
    },
    async stop() {
      // What came is written, also in the last moment.
      gathered();
      stopped = true;
      for (const undo of wakes.values()) undo();
      wakes.clear();
      await errands.settled();
    },
  };
}
