import type { Timers, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';

export type Side = 'old' | 'new';
type Mark = number | string | null;
interface Message {
  readonly value: unknown;
  readonly seenAt: UnixMs;
}
interface Held extends Message {
  readonly mark: number;
}
interface Progress {
  /** Highest numbered message delivered. */
  last: number;
  /** Messages of the new connection that the old one has not reached yet. */
  held: Held[];
  joined: boolean;
  undoHold: Undo;
}
export interface HandoverParts {
  readonly timers: Timers;
  readonly holdMs: number;
  mark(topic: string, message: unknown): Mark;
  deliver(topic: string, message: unknown, seenAt: UnixMs): void;
}

/**
 * Two connections carry the same topics for a moment: makes one stream of them. Numbered messages are delivered once
 * and in order: those of the new connection wait until the old one has come as far (or the wait is over). Named ones
 * are delivered once, whichever connection brings them first. What has neither number nor name comes from both.
 */
export function createHandover({ timers, holdMs, mark, deliver }: HandoverParts) {
  const numbered = new Map<string, Progress>();
  const names = new Map<string, Set<string>>();
  const heard = new Set<string>();
  let over = false;

  const progressOf = (topic: string): Progress => {
    let progress = numbered.get(topic);
    if (progress === undefined) {
      progress = { last: Number.NEGATIVE_INFINITY, held: [], joined: false, undoHold: () => {} };
      numbered.set(topic, progress);
    }
    return progress;
  };
  const pass = (topic: string, progress: Progress, { value, seenAt, mark: place }: Held): void => {
    if (place <= progress.last) return;
    progress.last = place;
    deliver(topic, value, seenAt);
  };
  const join = (topic: string, progress: Progress): void => {
    progress.undoHold();
    progress.joined = true;
    for (const message of progress.held.splice(0)) pass(topic, progress, message);
  };
  const takeNumbered = (side: Side, topic: string, message: Held): void => {
    const progress = progressOf(topic);
    if (progress.joined) pass(topic, progress, message);
    else if (side === 'old') {
      pass(topic, progress, message);
      const first = progress.held[0];
      if (first !== undefined && first.mark <= progress.last) join(topic, progress);
    }
    // The new connection is not ahead of the old one: nothing lies between them.
    else if (message.mark <= progress.last) join(topic, progress);
    else {
      if (progress.held.length === 0) progress.undoHold = timers.after(holdMs, () => join(topic, progress));
      progress.held.push(message);
    }
  };
  const isKnown = (topic: string, name: string): boolean => {
    let known = names.get(topic);
    if (known === undefined) {
      known = new Set();
      names.set(topic, known);
    }
    const size = known.size;
    return known.add(name).size === size;
  };

  return {
    take(side: Side, topic: string, value: unknown, seenAt: UnixMs): void {
      if (side === 'new') heard.add(topic);
      const place = over ? null : mark(topic, value);
      if (typeof place === 'number') takeNumbered(side, topic, { value, seenAt, mark: place });
      else if (place === null || !isKnown(topic, place)) deliver(topic, value, seenAt);
    },
    /** The new connection has brought something of the topic. */
    hasHeard: (topic: string): boolean => heard.has(topic),
    /** The old connection is gone: nothing is to be waited for. Twins of what it brought are still dropped. */
    oldGone(): void {
      for (const [topic, progress] of numbered) join(topic, progress);
    },
    /** The new connection is gone, with what it had brought ahead of the old one, which brings it too. */
    newGone(): void {
      over = true;
      for (const progress of numbered.values()) {
        progress.undoHold();
        progress.held = [];
      }
    },
  };
}
export type Handover = ReturnType<typeof createHandover>;
