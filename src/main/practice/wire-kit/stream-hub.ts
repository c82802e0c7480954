import type { Timers } from '#main/seams/seams';
import type { StreamSource } from './stream-sources';

export interface Subscriber {
  /** A message of a stream, printed once for all. */
  deliver(stream: string, json: string): void;
}

/** A stream by its name, with the way to start it. */
export interface Stream {
  readonly name: string;
  /** Least wall time between two messages. */
  readonly everyMs: number;
  open(): StreamSource;
}

interface Running {
  readonly source: StreamSource;
  readonly everyTicks: number;
  readonly subscribers: Set<Subscriber>;
}

/**
 * The public streams of one market. A stream runs while somebody listens; all are pushed by one timer in wall time,
 * so that a fast market cannot flood a reader. The timer runs while there is a stream.
 */
export function createStreamHub(timers: Timers, pushMs: number) {
  const running = new Map<string, Running>();
  // One tick of the push clock; every pace of a stream is a multiple of it.
  let tick = 0;
  let stop: (() => void) | null = null;
  const push = (): void => {
    tick += 1;
    for (const [name, { source, everyTicks, subscribers }] of running) {
      if (tick % everyTicks !== 0) continue;
      for (const message of source.take()) {
        const json = JSON.stringify(message);
        for (const subscriber of [...subscribers]) subscriber.deliver(name, json);
      }
    }
  };
  const rest = (): void => {
    if (running.size > 0) return;
    stop?.();
    stop = null;
  };

  return {
    subscribe(stream: Stream, subscriber: Subscriber): void {
      let entry = running.get(stream.name);
      if (entry === undefined) {
        entry = {
          source: stream.open(),
          everyTicks: Math.max(1, Math.round(stream.everyMs / pushMs)),
          subscribers: new Set(),
        };
        running.set(stream.name, entry);
        stop ??= timers.every(pushMs, push);
      }
      entry.subscribers.add(subscriber);
    },
    unsubscribe(name: string, subscriber: Subscriber): void {
      const entry = running.get(name);
      if (entry === undefined || !entry.subscribers.delete(subscriber)) return;
      if (entry.subscribers.size > 0) return;
      running.delete(name);
      entry.source.close();
      rest();
    },
    close(): void {
      for (const { source } of running.values()) source.close();
      running.clear();
      rest();
    },
  };
}
export type StreamHub = ReturnType<typeof createStreamHub>;
