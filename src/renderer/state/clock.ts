import { useSyncExternalStore } from 'react';
import { clocksAt, useDesk } from './desk';

export interface Clocks {
  readonly wall: number;
  readonly market: number;
}

/** One timer for every age and countdown on the desk. */
const listeners = new Set<() => void>();
let clocks: Clocks | null = null;
let stop: (() => void) | undefined;

function tick(): void {
  clocks = clocksAt(useDesk.getState(), performance.now());
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (stop === undefined) {
    const timer = setInterval(tick, 1000);
    const undo = useDesk.subscribe(() => clocks === null && tick());
    stop = () => {
      clearInterval(timer);
      undo();
      stop = undefined;
    };
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop?.();
  };
}

/** The engine's wall and market clock, ticking once a second; null before it is known. */
export const useClocks = (): Clocks | null =>
  useSyncExternalStore(subscribe, () => (clocks ??= clocksAt(useDesk.getState(), performance.now())));
