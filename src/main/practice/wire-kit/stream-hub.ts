import type { Timers } from '#main/seams/seams';
import type { StreamSource } from './stream-sources';

export interface Subscriber<F = string> {
  /** A message of a stream, printed once for all. */
  deliver(stream: string, frame: F): void;
}

/** A stream by its name, with the way to start it. */
export interface Stream {
  readonly name: string;
  /** Least wall time between two messages. */
  readonly everyMs: number;
  open(): StreamSource;
}

interface Running<F> {
  readonly source: StreamSource;
  readonly everyTicks: number;
  readonly subscribers: Set<Subscriber<F>>;
}

/**
 * The public streams of one market. A stream runs while somebody listens; all are pushed by one timer in wall time,
 * so that a fast market cannot flood a reader. The timer runs while there is a stream. `print` makes frames; left out: JSON.
 */
export function createStreamHub<F = string>(
  timers: Timers,
  pushMs: number,
  print: (message: unknown) => F = JSON.stringify as (message: unknown) => F,
) {
  const running = new Map<string, Running<F>>();
  // One tick of the push clock; every pace of a stream is a multiple of it.
  let tick = 0;
  let stop: (() => void) | null = null;
  const push = (): void => {
    tick += 1;
    for (const [name, { source, everyTicks, subscribers }] of running) {
      if (tick % everyTicks !== 0) continue;
      for (const message of source.take()) {
        const frame = print(message);
        for (const subscriber of [...subscribers]) subscriber.deliver(name, frame);
      }
    }
  };
  const rest = (): void => {
    if (running.size > 0) return;
    stop?.();
    stop = null;
  };

  return {
    subscribe(stream: Stream, subscriber: Subscriber<F>): void {
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
    unsubscribe(name: string, subscriber: Subscriber<F>): void {
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
export type StreamHub<F = string> = ReturnType<typeof createStreamHub<F>>;
