import type { DeskClient } from '../app/client';
import { DROPPED, whileLive } from './session';

const AGAIN_MS = [200, 1000, 3000, 5000];

/**
 * Reads a stream for as long as the window lives: from the start after each reconnection, after an error and
 * when `onItem` answers 'restart'. `onTrouble` gets the reason in words, and null once items flow again.
 */
export function follow<T>(
  open: (client: DeskClient, signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onItem: (item: T) => 'restart' | undefined,
  onTrouble: (why: string | null) => void = () => undefined,
): () => void {
  return whileLive(async (client, signal) => {
    for (let failures = 0; !signal.aborted; ) {
      // One stream's own end, so that leaving the loop early also closes it in the engine.
      const stream = new AbortController();
      const stop = () => signal.reason !== DROPPED && stream.abort();
      signal.addEventListener('abort', stop, { once: true });
      let restart = false;
      try {
        for await (const item of await open(client, stream.signal)) {
          if (signal.aborted) return;
          if (onItem(item) === 'restart') {
            restart = true;
            break;
          }
          if (failures > 0) onTrouble(null);
          failures = 0;
        }
      } catch (error) {
        if (signal.aborted) return;
        onTrouble(error instanceof Error ? error.message : String(error));
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
      if (!restart) await pause(AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)] as number, signal);
    }
  });
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
