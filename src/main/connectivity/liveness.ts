import type { Clock, Timers } from '#main/seams/seams';

const LOOK_EVERY_MS = 1_000;
/** How long a topic that was asked for again may take at most. */
const MOST_PATIENCE_MS = 5_000;

export interface LivenessParts {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The longest silence of a topic in ms; null when it promises nothing. */
  longestSilenceMs(topic: string): number | null;
  /** These topics are silent for too long, for the first time: they are to be asked for again. */
  askAgain(topics: readonly string[]): void;
  /** All of the silent topics of now; empty when every promise is kept. Called when that changes. */
  silent(topics: readonly string[]): void;
  /** Asking again did not help. */
  hopeless(topic: string, silentMs: number): void;
}
interface Watched {
  heardAt: number;
  askedAgainAt: number | null;
}

/** Finds topics that promise data and bring none, on a connection whose ping and other topics may be well. */
export function createLiveness(parts: LivenessParts) {
  const { clock, timers } = parts;
  const watched = new Map<string, Watched>();
  let told = '';

  const look = (): void => {
    const now = clock.monotonic();
    const fresh: string[] = [];
    const silent: string[] = [];
    for (const [topic, one] of watched) {
      const limit = parts.longestSilenceMs(topic);
      const silentMs = now - one.heardAt;
      if (limit === null || silentMs <= limit) continue;
      silent.push(topic);
      if (one.askedAgainAt === null) {
        one.askedAgainAt = now;
        fresh.push(topic);
      } else if (now - one.askedAgainAt > Math.min(limit, MOST_PATIENCE_MS)) {
        parts.hopeless(topic, silentMs);
        return;
      }
    }
    const text = silent.join(' ');
    if (text !== told) parts.silent(silent);
    told = text;
    if (fresh.length > 0) parts.askAgain(fresh);
  };
  const undo = timers.every(LOOK_EVERY_MS, look);

  return {
    /** Exactly these topics are to be watched; new ones count from now. */
    watch(topics: readonly string[]): void {
      const wanted = new Set(topics);
      for (const topic of watched.keys()) if (!wanted.has(topic)) watched.delete(topic);
      for (const topic of topics)
        if (!watched.has(topic)) watched.set(topic, { heardAt: clock.monotonic(), askedAgainAt: null });
    },
    heard(topic: string): void {
      const one = watched.get(topic);
      if (one === undefined) return;
      one.heardAt = clock.monotonic();
      one.askedAgainAt = null;
    },
    stop: undo,
  };
}
export type Liveness = ReturnType<typeof createLiveness>;
