import { ORPCError } from '@orpc/client';
import { create } from 'zustand';
import type { VaultStatus } from '#shared/contract/keys';
import type { Mode } from '#shared/domain/exchange';
import { follow } from './follow';
import { client } from './session';

/** What may be known about keys here: names and last four characters. The keys themselves never come back. */
export const useVault = create<{ readonly vault: VaultStatus | null }>(() => ({ vault: null }));

export function startKeys(): void {
  follow(
    (to, signal) => to.keys.stream(undefined, { signal }),
    (vault) => {
      useVault.setState({ vault });
      return undefined;
    },
  );
}

export interface KeyDraft {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string;
  readonly mode: Mode;
}
/** Stores a key; answers null, or why not in words. The draft is not kept. */
export const storeKey = (draft: KeyDraft): Promise<string | null> =>
  reasonOf(() => client().keys.store(draft));
export const removeKey = (name: string): Promise<string | null> =>
  reasonOf(() => client().keys.remove({ name }));
export const unlockVault = (passphrase: string): Promise<string | null> =>
  reasonOf(() => client().keys.unlock({ passphrase }));

async function reasonOf(call: () => Promise<unknown>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** The engine's own words for a refusal. Field values are never repeated: they may be keys. */
export function whyRefused(error: unknown): string {
  if (error instanceof ORPCError && typeof error.data === 'object' && error.data !== null) {
    const data = error.data as { why?: unknown; issues?: readonly { message?: unknown }[] };
    if (typeof data.why === 'string') return data.why;
    const first = data.issues?.[0]?.message;
    if (typeof first === 'string') return `Not accepted: ${first}.`;
  }
  return error instanceof Error ? error.message : String(error);
}
