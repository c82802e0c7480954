import { compareSignals, type Signal } from '#shared/domain/signal';

const MOST = 100;

/** The last snapshot, best first, at most 100. Each snapshot replaces the one before (M-022). */
export function createSignalBuffer() {
  let signals: readonly Signal[] = [];
  return {
    /** Keeps the moment a signal was first received, also when every snapshot repeats it. Returns the new ones. */
    replace(snapshot: readonly Signal[]): readonly Signal[] {
      const before = new Map(signals.map((signal) => [signal.id, signal.receivedAt]));
      signals = snapshot
        .map((signal) => ({ ...signal, receivedAt: before.get(signal.id) ?? signal.receivedAt }))
        .sort(compareSignals)
        .slice(0, MOST);
      return signals.filter((signal) => !before.has(signal.id));
    },
    signals: (): readonly Signal[] => signals,
  };
}
