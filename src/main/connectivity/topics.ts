import type { Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { StreamStatus } from '#shared/domain/connection';

type Listener = (message: unknown, seenAt: number) => void;
interface Topic {
  readonly listeners: Map<symbol, Listener>;
  lastMessageAt: UnixMs | null;
  refused: string | null;
  silent: boolean;
}

/** Who wants what on one link. `failed` hears of a listener that threw; the others are not affected. */
export function createTopics(failed: (topic: string, error: unknown) => void) {
  const topics = new Map<string, Topic>();
  return {
    add(name: string, listener: Listener, changed: () => void): Undo {
      let topic = topics.get(name);
      if (topic === undefined) {
        topic = { listeners: new Map(), lastMessageAt: null, refused: null, silent: false };
        topics.set(name, topic);
      }
      // The same function may want a topic twice; each use is counted by itself.
      const use = Symbol(name);
      topic.listeners.set(use, listener);
      changed();
      const { listeners } = topic;
      return () => {
        if (!listeners.delete(use)) return;
        if (listeners.size === 0) topics.delete(name);
        changed();
      };
    },
    deliver(name: string, message: unknown, seenAt: UnixMs): void {
      const topic = topics.get(name);
      if (topic === undefined) return;
      topic.lastMessageAt = seenAt;
      for (const listener of topic.listeners.values()) {
        try {
          listener(message, seenAt);
        } catch (error) {
          failed(name, error);
        }
      }
    },
    /** Null takes the refusal back. False when nothing changed. */
    refuse(name: string, why: string | null): boolean {
      const topic = topics.get(name);
      if (topic === undefined || topic.refused === why) return false;
      topic.refused = why;
      return true;
    },
    /** Exactly these topics are silent. */
    silence(names: ReadonlySet<string>): void {
      for (const [name, topic] of topics) topic.silent = names.has(name);
    },
    names: (): readonly string[] => [...topics.keys()],
    /** It has brought something since somebody wanted it, on whichever connection. */
    hasSpoken: (name: string): boolean => topics.get(name)?.lastMessageAt != null,
    isRefused: (name: string): boolean => topics.get(name)?.refused != null,
    users: (): number => [...topics.values()].reduce((sum, topic) => sum + topic.listeners.size, 0),
    streams: (): readonly StreamStatus[] =>
      [...topics].map(([name, { listeners, lastMessageAt, refused, silent }]) => ({
        name,
        users: listeners.size,
        lastMessageAt,
        refused,
        silent,
      })),
  };
}
export type Topics = ReturnType<typeof createTopics>;
