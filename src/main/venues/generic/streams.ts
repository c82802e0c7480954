import type { Timers, Undo } from '#main/seams/seams';
import { isAuth } from './outcome';

/** As the pool's own waits (decision C-08). */
const BACKOFF_MS = [5_000, 10_000, 20_000, 40_000, 60_000] as const;

export interface LoopParts {
  readonly timers: Timers;
  /** Resolves with the next news. */
  readonly next: () => Promise<unknown>;
  readonly take: (news: unknown) => void;
  /** It runs, for the first time or again: what happened meanwhile must be asked for. */
  readonly live?: () => void;
  /** A failed wait, or news that could not be read. */
  readonly trouble: (error: unknown) => void;
}

/**
 * ccxt's way of streaming: ask for the next news again and again. A failure waits 5, 10, 20, 40, 60 s; refused
 * credentials end it, as knocking again would only bring a ban.
 */
export function createLoop(parts: LoopParts): Undo {
  let over = false;
  let failures = 0;
  let isLive = false;
  let undoWait: Undo = () => {};
  const run = async (): Promise<void> => {
    while (!over) {
      try {
        const waiting = parts.next();
        if (!isLive) {
          isLive = true;
          parts.live?.();
        }
        const news = await waiting;
        if (over) return;
        failures = 0;
        try {
          parts.take(news);
        } catch (error) {
          parts.trouble(error);
        }
      } catch (error) {
        if (over) return;
        isLive = false;
        parts.trouble(error);
        if (isAuth(error)) return;
        const waitMs = BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)]!;
        await new Promise<void>((resolve) => {
          undoWait = parts.timers.after(waitMs, resolve);
        });
      }
    }
  };
  void run();
  return () => {
    over = true;
    undoWait();
  };
}

const KEPT = 2_000;
/**
 * ccxt hands snapshots on as if they were new trades, after each reconnection again. Names that were seen are not
 * new; what has no name cannot be told and passes.
 */
export function createSeen() {
  const seen = new Set<string>();
  return (name: string | null): boolean => {
    if (name === null) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    if (seen.size > KEPT) for (const oldest of seen) return seen.delete(oldest);
    return true;
  };
}
