import type { Random } from '#main/seams/seams';
import { randomText } from './random-text';

export interface ListenKey {
  readonly key: string;
  readonly account: string;
  expiresAt: number;
}

/** Listen keys of accounts: one per API key, alive for an hour after the last call about it. */
export function createListenKeys(options: {
  readonly random: Random;
  readonly lifeMs: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly expired: (key: ListenKey) => void;
}) {
  const byApiKey = new Map<string, ListenKey>();
  const { random, lifeMs, now } = options;
  const letters = () => randomText(random, 64).replace(/[-_]/g, 'x');

  return {
    /** The same key again while it lives. */
    start(apiKey: string, account: string): string {
      const known = byApiKey.get(apiKey);
      if (known !== undefined) {
        known.expiresAt = now() + lifeMs;
        return known.key;
      }
      const fresh: ListenKey = { key: letters(), account, expiresAt: now() + lifeMs };
      byApiKey.set(apiKey, fresh);
      return fresh.key;
    },
    /** Null when there is none to extend. */
    keepAlive(apiKey: string): string | null {
      const known = byApiKey.get(apiKey);
      if (known === undefined) return null;
      known.expiresAt = now() + lifeMs;
      return known.key;
    },
    close(apiKey: string): void {
      byApiKey.delete(apiKey);
    },
    /** The account behind a key that is alive. */
    accountOf(key: string | null): string | undefined {
      for (const one of byApiKey.values()) if (one.key === key) return one.account;
      return undefined;
    },
    /** Ends keys whose hour is over; called about once a second. */
    sweep(): void {
      for (const [apiKey, one] of byApiKey) {
        if (one.expiresAt > now()) continue;
        byApiKey.delete(apiKey);
        options.expired(one);
      }
    },
  };
}
export type ListenKeys = ReturnType<typeof createListenKeys>;
