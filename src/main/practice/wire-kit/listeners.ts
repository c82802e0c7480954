/** Hands private events to whoever listens for an account. */
export interface Listeners {
  tell(account: string, event: Readonly<Record<string, unknown>>): void;
  /** Returns its undo. */
  add(account: string, listener: (event: Readonly<Record<string, unknown>>) => void): () => void;
}

export function createListeners(): Listeners {
  const byAccount = new Map<string, Set<(event: Readonly<Record<string, unknown>>) => void>>();
  return {
    tell(account, event) {
      for (const listener of byAccount.get(account) ?? []) listener(event);
    },
    add(account, listener) {
      const mine = byAccount.get(account) ?? new Set();
      byAccount.set(account, mine);
      mine.add(listener);
      return () => void mine.delete(listener);
    },
  };
}
