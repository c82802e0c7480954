import { create } from 'zustand';
import { toRef } from './market';
import { client } from './session';

/** Closes of the last day in 15-minute steps, oldest first, by market id. Absent is unknown. */
export const useSparks = create<{ readonly closes: ReadonlyMap<string, readonly number[]> }>(() => ({
  closes: new Map(),
}));

const STEPS = 96;
const REFRESH_MS = 5 * 60_000;
const BETWEEN_MS = 120;

/** Loads the little charts of these markets one after another and keeps them fresh; answers how to stop. */
export function loadSparks(ids: readonly string[]): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const load = async () => {
    for (const id of ids) {
      const ref = toRef(id);
      if (stopped) return;
      if (ref === null) continue;
      try {
        const page = await client().market.candles({ ...ref, timeframe: '15m', limit: STEPS });
        const closes = page.candles.map((candle) => candle.close);
        useSparks.setState((state) => ({ closes: new Map(state.closes).set(id, closes) }));
      } catch {
        // No line is drawn then: an old or invented one would mislead.
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
    if (!stopped) timer = setTimeout(load, REFRESH_MS);
  };
  void load();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
