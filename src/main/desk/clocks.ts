import type { UnixMs } from '#shared/domain/basics';
import { CLOCK_WARNING_MS, type VenueClock } from '#shared/domain/connection';
import type { VenueKey } from '#shared/domain/exchange';
import type { Timers } from '../seams/index';
import type { Venue } from '../venues/index';

const EVERY_MS = 30 * 60_000;
/** After a measurement that failed, or says little because the answer was slow (a start is a busy moment). */
const AGAIN_MS = 60_000;
const SLOW_MS = 500;

export interface ClocksParts {
  readonly venues: ReadonlyMap<VenueKey, Pick<Venue, 'reference'>>;
  readonly timers: Timers;
  readonly now: () => UnixMs;
  /** A difference has become large enough to be warned about; said once until it is small again. */
  warn(venue: VenueKey, text: string): void;
}

/** Measures the clock of every exchange at the start and every 30 minutes; its adapter signs by what was found. */
export function createClocks({ venues, timers, now, warn }: ClocksParts) {
  // A paper account goes by the clock of its exchange.
  const keys = [...venues]
    .filter(([key, { reference }]) => !key.endsWith('_paper') && reference.measureClock !== undefined)
    .map(([key]) => key);
  const clocks = new Map<VenueKey, VenueClock>(
    keys.map((venue) => [
      venue,
      { venue, offsetMs: null, roundTripMs: null, measuredAt: null, problem: null },
    ]),
  );
  const undos = new Map<VenueKey, () => void>();
  const warned = new Set<VenueKey>();
  let list: readonly VenueClock[] = [...clocks.values()];
  let over = false;

  const put = (clock: VenueClock): void => {
    clocks.set(clock.venue, clock);
    list = [...clocks.values()];
  };
  const judge = (venue: VenueKey, offsetMs: number): void => {
    if (Math.abs(offsetMs) <= CLOCK_WARNING_MS) warned.delete(venue);
    else if (!warned.has(venue)) {
      warned.add(venue);
      warn(venue, warningText(venue, offsetMs));
    }
  };
  const measure = async (venue: VenueKey): Promise<void> => {
    let nextMs = EVERY_MS;
    try {
      const { offsetMs, roundTripMs } = await venues.get(venue)!.reference.measureClock!();
      if (over) return;
      put({ venue, offsetMs, roundTripMs, measuredAt: now(), problem: null });
      judge(venue, offsetMs);
      if (roundTripMs > SLOW_MS) nextMs = AGAIN_MS;
    } catch (error) {
      if (over) return;
      nextMs = AGAIN_MS;
      put({ ...clocks.get(venue)!, problem: error instanceof Error ? error.message : String(error) });
    }
    undos.set(
      venue,
      timers.after(nextMs, () => void measure(venue)),
    );
  };

  return {
    /** Measures all now, and from then on by itself. Resolves when the first round is over. */
    start: (): Promise<unknown> => Promise.all(keys.map(measure)),
    /** The same list until a measurement. */
    all: (): readonly VenueClock[] => list,
    /** Warnings that stand now, for people. */
    warnings: (): readonly string[] =>
      [...warned].map((venue) => warningText(venue, clocks.get(venue)?.offsetMs ?? 0)),
    close(): void {
      over = true;
      for (const undo of undos.values()) undo();
    },
  };
}

const warningText = (venue: VenueKey, offsetMs: number): string =>
  `The clock of this computer is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? 'behind' : 'ahead of'} that of ${venue}. Orders are signed with the exchange's time; set the computer's clock, or waves and ages are off by as much.`;
