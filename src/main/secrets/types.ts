import type { KeyInfo } from '#shared/contract/keys';
import type { Mode } from '#shared/domain/exchange';

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string;
  readonly mode: Mode;
}

/** Where keys rest. There is no way to read one back but `use`, which lends it to a function. */
export interface Vault {
  readonly driver: 'keychain' | 'passphrase' | 'none';
  readonly locked: boolean;
  /** Why there is no vault, or why it is locked, and the next step; null when all is well. */
  readonly note: string | null;
  /** @throws Error in words when locked, absent or refused by the keychain. */
  put(name: string, credentials: Credentials): Promise<void>;
  list(): Promise<readonly KeyInfo[]>;
  /** Lends the key of that name; null when there is none. */
  use<T>(name: string, lend: (credentials: Credentials) => T): Promise<T | null>;
  remove(name: string): Promise<void>;
  /** Opens the passphrase vault, creating it the first time. @throws Error on a wrong passphrase; the file is untouched. */
  unlock(passphrase: string): Promise<void>;
}
