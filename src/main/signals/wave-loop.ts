import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Signal } from '#shared/domain/signal';
import { checksBetween, expectedWave, nextCheck, signalsOfWave } from './waves';

const SECOND = 1_000;
const LOOK_EVERY_MS = SECOND;
const SEARCH_FOR_MS = 120 * SECOND;
const AFTER_ERROR_MS = 10 * SECOND;
/** Also with nothing to do we look at the clock this often: after a sleep a timer may come as late as it was long. */
const CLOCK_CHECK_MS = 30 * SECOND;
/** A sleep of weeks is recorded for its last week only. */
const RECORDED_SLEEP_MS = 7 * 24 * 3_600 * SECOND;

export interface WaveLoopOptions {
  /** All times here are market time. `at` runs at once when the time is past. */
  readonly market: { now(): UnixMs; at(time: UnixMs, run: () => void): () => void };
  checkMinutes(): readonly number[];
  /** Whether a wave has any record already; it is then never touched again. */
  processed(waveTime: UnixMs): boolean;
  requestSignals(): void;
  snapshot(): readonly Signal[];
  /** Comes first for each wave and must have it on disk when it returns: it is the promise to do it only once. */
  onStarted(waveTime: UnixMs): void;
  /** Best first, never empty. */
  onWave(waveTime: UnixMs, signals: readonly Signal[]): void | Promise<void>;
  /** Nothing came in 120 s (note null), or the computer slept through it (note "asleep"). Final. */
  onNotFound(waveTime: UnixMs, note: string | null): void;
  /** What went wrong; with the wave when it was started and could not be handed on. The loop goes on after 10 s. */
  onError?(error: unknown, waveTime: UnixMs | null): void;
}
export interface WaveLoopState {
  readonly nextCheckAt: UnixMs | null;
  readonly nextWaveTime: UnixMs | null;
  /** The wave being looked for now. */
  readonly searching: UnixMs | null;
}
export interface WaveLoop {
  start(): void;
  stop(): void;
  state(): WaveLoopState;
}

/** Finds each wave once, at its check minute, by the market's clock (domain section 3). */
export function createWaveLoop(options: WaveLoopOptions): WaveLoop {
  const { market, onError = () => {} } = options;
  const finished = new Set<UnixMs>();
  let generation = 0;
  let running = false;
  let undo = (): void => {};
  /** Checks up to here have been dealt with; follows the clock when it is set back. */
  let checkedTo = unixMs(0);
  let search: { readonly waveTime: UnixMs; readonly until: number } | null = null;
  /** The look at start: ends with the first wave found, or 120 s after the first snapshot. */
  let firstLook: { until: number } | null = null;

  const isFinished = (waveTime: UnixMs): boolean => finished.has(waveTime) || options.processed(waveTime);
  const finish = (waveTime: UnixMs, now: UnixMs): void => {
    finished.add(waveTime);
    for (const known of finished) if (known < now - RECORDED_SLEEP_MS) finished.delete(known);
  };
  const handOn = (waveTime: UnixMs, signals: readonly Signal[]): void => {
    // Never tried again, whatever happens in there: half of it may have been done.
    const failed = (error: unknown): void => onError(error, waveTime);
    try {
      Promise.resolve(options.onWave(waveTime, signals)).catch(failed);
    } catch (error) {
      failed(error);
    }
  };

  const look = (waveTime: UnixMs): readonly Signal[] => signalsOfWave(options.snapshot(), waveTime);
  const continueSearch = (now: UnixMs): void => {
    if (search === null) return;
    const { waveTime, until } = search;
    // Only an expected wave is ever handed on, and that is at most 31 minutes old: the 2 h of M-046 hold by this.
    const slept = now > until && expectedWave(now) !== waveTime;
    const found = slept ? [] : look(waveTime);
    if (found.length > 0) {
      search = null;
      handOn(waveTime, found);
    } else if (now >= until) {
      options.onNotFound(waveTime, slept ? 'asleep' : null);
      search = null;
    } else options.requestSignals();
  };
  const begin = (waveTime: UnixMs, now: UnixMs): void => {
    options.onStarted(waveTime);
    finish(waveTime, now);
    firstLook = null;
    search = { waveTime, until: now + SEARCH_FOR_MS };
    continueSearch(now);
  };
  const continueChecks = (now: UnixMs): void => {
    const from = unixMs(Math.max(checkedTo, now - RECORDED_SLEEP_MS));
    const current = expectedWave(now);
    let isDue = false;
    for (const check of checksBetween(from, now, options.checkMinutes())) {
      const waveTime = expectedWave(check);
      if (waveTime === current) isDue = true;
      else if (!isFinished(waveTime)) {
        options.onNotFound(waveTime, 'asleep');
        finish(waveTime, now);
      }
    }
    if (isDue && !isFinished(current)) begin(current, now);
    checkedTo = now;
  };
  const continueFirstLook = (now: UnixMs): void => {
    if (firstLook === null) return;
    const waveTime = expectedWave(now);
    const found = isFinished(waveTime) ? [] : look(waveTime);
    if (found.length > 0) {
      options.onStarted(waveTime);
      finish(waveTime, now);
      firstLook = null;
      handOn(waveTime, found);
      return;
    }
    if (options.snapshot().length > 0) firstLook.until = Math.min(firstLook.until, now + SEARCH_FOR_MS);
    if (now >= firstLook.until || isFinished(waveTime)) firstLook = null;
    else options.requestSignals();
  };

  const step = (): void => {
    const now = market.now();
    try {
      continueSearch(now);
      if (search === null) continueChecks(now);
      if (search === null) continueFirstLook(now);
    } catch (error) {
      onError(error, null);
      again(now + AFTER_ERROR_MS);
      return;
    }
    if (search !== null || firstLook !== null) again(now + LOOK_EVERY_MS);
    else
      again(
        Math.min(nextCheck(now, options.checkMinutes()) ?? Number.POSITIVE_INFINITY, now + CLOCK_CHECK_MS),
      );
  };
  const again = (time: number): void => {
    const mine = ++generation;
    const cancel = market.at(unixMs(time), () => {
      if (mine === generation) step();
    });
    // The market may have passed `time` already, and a later step be planned.
    if (mine === generation) undo = cancel;
  };

  return {
    start: () => {
      if (running) return;
      running = true;
      checkedTo = market.now();
      firstLook = { until: Number.POSITIVE_INFINITY };
      step();
    },
    stop: () => {
      running = false;
      generation++;
      undo();
    },
    state: () => {
      const nextCheckAt = nextCheck(market.now(), options.checkMinutes());
      return {
        nextCheckAt,
        nextWaveTime: nextCheckAt === null ? null : expectedWave(nextCheckAt),
        searching: search?.waveTime ?? null,
      };
    },
  };
}
