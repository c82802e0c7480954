import { join } from 'node:path';
import type { Seams } from '../seams/seams';
import { createKey, type OpenKey, openKey, seal, unseal } from './sealed-file';
import { VaultError } from './vault-error';

/** A place that keeps one text per name. The text holds secrets: it goes nowhere else. */
export interface Keeping {
  put(name: string, text: string): Promise<void>;
  get(name: string): Promise<string | null>;
  remove(name: string): Promise<void>;
}

/** Keeps texts until the process ends; where there is neither keychain nor passphrase. */
export function createSessionKeeping(): Keeping & { readonly texts: ReadonlyMap<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    put: async (name, text) => void texts.set(name, text),
    get: async (name) => texts.get(name) ?? null,
    remove: async (name) => void texts.delete(name),
  };
}

/** The part of the keytar API that we use. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null | undefined>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/**
 * The operating system's keychain. The package's own keytar shim is not used: on Linux it falls back without a
 * word to the kernel's keyring, which forgets every key at the next boot. This asks for the Secret Service or fails.
 * @throws Error where the native part cannot be loaded.
 */
export async function loadKeychain(): Promise<Keychain> {
  const { AsyncEntry } = await import('keytar');
  const entry = (service: string, account: string) =>
    new AsyncEntry(service, account, { linux: { store: 'secret-service' } });
  return {
    getPassword: async (service, account) => entry(service, account).getPassword(),
    setPassword: async (service, account, password) => entry(service, account).setPassword(password),
    deletePassword: async (service, account) => entry(service, account).deletePassword(),
  };
}

/** A keychain may be waiting for a person at a dialog that nobody sees. */
const ANSWER_WITHIN_MS = 20_000;
const PROBE_WITHIN_MS = 5_000;

function within<T>(timers: Seams['timers'], ms: number, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const undo = timers.after(ms, () => reject(new Error(`no answer within ${ms / 1000} s`)));
    ask().then(resolve, reject).finally(undo);
  });
}

/** Keeps each text as one keychain entry of the service, its name as the account. */
export function createKeychainKeeping(
  keychain: Keychain,
  service: string,
  timers: Seams['timers'],
): Keeping & { probe(): Promise<void> } {
  const ask = async <T>(ms: number, run: () => Promise<T>): Promise<T> => {
    try {
      return await within(timers, ms, run);
    } catch (cause) {
      throw new VaultError(
        'no-answer',
        `The keychain of this computer does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  };
  return {
    probe: async () => void (await ask(PROBE_WITHIN_MS, () => keychain.getPassword(service, 'probe'))),
    put: (name, text) => ask(ANSWER_WITHIN_MS, () => keychain.setPassword(service, name, text)),
    get: async (name) => (await ask(ANSWER_WITHIN_MS, () => keychain.getPassword(service, name))) ?? null,
    remove: async (name) => void (await ask(ANSWER_WITHIN_MS, () => keychain.deletePassword(service, name))),
  };
}

type Texts = Record<string, string>;

export const vaultFileIn = (profileDir: string): string => join(profileDir, 'keys.vault');

/**
 * Opens the vault file, or makes it when there is none. Afterwards only the derived key stays in memory: each
 * text is decrypted for its moment of use.
 * @throws VaultError 'wrong-passphrase' or 'unreadable'; the file is untouched.
 */
export async function openVaultFile(
  { disk, random }: Pick<Seams, 'disk' | 'random'>,
  path: string,
  passphrase: string,
  cost?: number,
): Promise<Keeping> {
  const readText = (): string | null => {
    const bytes = disk.read(path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  const found = readText();
  const open: OpenKey =
    found === null ? await createKey(passphrase, random, cost) : await openKey(found, passphrase);
  const write = (texts: Texts): void => disk.write(path, seal(JSON.stringify(texts), open, random), 0o600);
  if (found === null) write({});

  const read = (): Texts => {
    const text = readText();
    if (text === null)
      throw new VaultError('unreadable', `The vault file ${path} is gone. Put it back from a backup.`);
    return JSON.parse(unseal(text, open.key)) as Texts;
  };
  return {
    put: async (name, text) => write({ ...read(), [name]: text }),
    get: async (name) => {
      const texts = read();
      return Object.hasOwn(texts, name) ? (texts[name] ?? null) : null;
    },
    async remove(name) {
      const { [name]: _gone, ...rest } = read();
      write(rest);
    },
  };
}
