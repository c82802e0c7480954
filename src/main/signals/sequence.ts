/** Counts frames that a counting server sent and we never saw. Every frame is a whole snapshot, so a gap costs news, not state. */
export interface Sequence {
  /** @returns how many numbers were skipped just before this one */
  see(seq: number | null): number;
  /** A new connection: the server may have started to count anew. */
  restart(): void;
  /** Null while no frame carried a number. */
  missed(): number | null;
}

export function createSequence(): Sequence {
  let last: number | null = null;
  let missed: number | null = null;
  return {
    see(seq) {
      if (seq === null) return 0;
      const skipped = last === null || seq <= last ? 0 : seq - last - 1;
      last = seq;
      missed = (missed ?? 0) + skipped;
      return skipped;
    },
    restart() {
      last = null;
    },
    missed: () => missed,
  };
}
