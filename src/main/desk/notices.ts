/** Sentences for the person at the screen: some stay until the next start, some pass. */
export interface Notices {
  /** @param forMs how long it is shown; left out, until the desk stops */
  add(text: string, forMs?: number): void;
  current(): readonly string[];
}

export function createNotices(now: () => number): Notices {
  const until = new Map<string, number>();
  return {
    add: (text, forMs = Number.POSITIVE_INFINITY) => void until.set(text, now() + forMs),
    current() {
      for (const [text, end] of until) if (end <= now()) until.delete(text);
      return [...until.keys()];
    },
  };
}
