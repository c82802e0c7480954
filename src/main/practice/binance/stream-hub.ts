import type { Timers } from '#main/seams/seams';
import type { StreamName } from './stream-name';
import { createSource, type StreamSource } from './stream-sources';
import type { WireMarket } from './wire-market';

export interface Subscriber {
  /** A message of a stream, printed once for all. */
  deliver(stream: string, json: string): void;
}

interface Running {
  readonly source: StreamSource;
  readonly everyTicks: number;
  readonly subscribers: Set<Subscriber>;
}

/**
 * The public streams of one market. A stream runs while somebody listens; all are pushed by one timer in wall time,
 * so that a fast market cannot flood a reader.
 */
export function createStreamHub(market: WireMarket, timers: Timers) {
  const running = new Map<string, Running>();
  // One tick of the push clock; every pace of a stream is a multiple of it.
  const tickMs = market.limits.pushMs;
  let tick = 0;
  const stop = timers.every(tickMs, () => {
    tick += 1;
    for (const [name, { source, everyTicks, subscribers }] of running) {
      if (tick % everyTicks !== 0) continue;
      for (const message of source.take()) {
        const json = JSON.stringify(message);
        for (const subscriber of [...subscribers]) subscriber.deliver(name, json);
      }
    }
  });

  return {
    subscribe(stream: StreamName, subscriber: Subscriber): void {
      let entry = running.get(stream.name);
      if (entry === undefined) {
        entry = {
          source: createSource(market, stream),
          everyTicks: Math.max(1, Math.round(stream.everyMs / tickMs)),
          subscribers: new Set(),
        };
        running.set(stream.name, entry);
      }
      entry.subscribers.add(subscriber);
    },
    unsubscribe(name: string, subscriber: Subscriber): void {
      const entry = running.get(name);
      if (entry === undefined || !entry.subscribers.delete(subscriber)) return;
      if (entry.subscribers.size > 0) return;
      running.delete(name);
      entry.source.close();
    },
    close(): void {
      stop();
      for (const { source } of running.values()) source.close();
      running.clear();
    },
  };
}
export type StreamHub = ReturnType<typeof createStreamHub>;
