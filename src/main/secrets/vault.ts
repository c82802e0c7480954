import type { KeyInfo } from '#shared/contract/keys';
import type { Mode } from '#shared/domain/exchange';
import type { Seams } from '../seams/seams';
import {
  createKeychainKeeping,
  createSessionKeeping,
  type Keeping,
  type Keychain,
  loadKeychain,
  openVaultFile,
  vaultFileIn,
} from './keeping';
import { type KeyListFile, openKeyList } from './key-list';
import { lastFour } from './secret';
import type { Credentials, Vault } from './types';
import { VaultError } from './vault-error';

export interface VaultOptions {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'random' | 'disk'>;
  readonly profileDir: string;
  /** The desk's mode: a key of another mode is refused, going in and coming out. */
  readonly mode: Mode;
  /** Asked once at start where a passphrase vault is in use; null leaves it locked until `unlock`. */
  readonly passphrase?: () => string | null;
  /** 'auto' keeps to what the profile used before, else takes the keychain where one answers. Default 'auto'. */
  readonly driver?: 'keychain' | 'passphrase' | 'auto';
  /** Stands in for the operating system's keychain in tests. */
  readonly keychain?: () => Promise<Keychain>;
  /** scrypt's N for a new vault file; at least 2^15. */
  readonly scryptCost?: number;
}

interface State {
  readonly driver: Vault['driver'];
  /** Null while locked. */
  readonly keeping: Keeping | null;
  readonly note: string | null;
}

const words = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
const SHORTEST_PASSPHRASE = 8;

/**
 * Opens the place where this profile's keys rest. Never falls back to plain text, never starts empty over keys
 * that are out of reach: what cannot be opened stays as it is, and `note` says why and what to do.
 */
export async function createVault(options: VaultOptions): Promise<Vault> {
  const { seams, profileDir, mode, scryptCost } = options;
  let list: KeyListFile;
  try {
    list = openKeyList(seams, profileDir);
  } catch (cause) {
    return createDeadVault(words(cause));
  }
  const vaultFile = vaultFileIn(profileDir);
  const session = createSessionKeeping();
  const sessionInfos = new Map<string, KeyInfo>();
  const restsIn = (driver: Vault['driver']) => list.entries().filter(([, entry]) => entry.driver === driver);

  const openFile = async (passphrase: string): Promise<Keeping> => {
    if (passphrase.length < SHORTEST_PASSPHRASE) {
      throw new VaultError('refused', `A passphrase needs at least ${SHORTEST_PASSPHRASE} characters.`);
    }
    if (!seams.disk.exists(vaultFile) && restsIn('passphrase').length > 0) {
      throw new VaultError(
        'unreadable',
        `The vault file ${vaultFile} is gone, with the keys ${restsIn('passphrase')
          .map(([name]) => name)
          .join(', ')}. Put it back from a backup, or remove these keys.`,
      );
    }
    return openVaultFile(seams, vaultFile, passphrase, scryptCost);
  };

  async function startKeychain(): Promise<State | string> {
    try {
      const keychain = await (options.keychain ?? loadKeychain)();
      const keeping = createKeychainKeeping(keychain, `Wavedesk ${list.profileId}`, seams.timers);
      await keeping.probe();
      return { driver: 'keychain', keeping, note: null };
    } catch (cause) {
      return words(cause);
    }
  }

  async function startPassphrase(why: string): Promise<State> {
    const passphrase = options.passphrase?.() ?? null;
    const known = seams.disk.exists(vaultFile) || restsIn('passphrase').length > 0;
    if (passphrase === null) {
      return known
        ? {
            driver: 'passphrase',
            keeping: null,
            note: 'The keys are locked. Enter the passphrase to trade with them.',
          }
        : {
            driver: 'none',
            keeping: session,
            note: `${why}Keys entered now are forgotten when Wavedesk stops. Choose a passphrase to keep them.`,
          };
    }
    try {
      return { driver: 'passphrase', keeping: await openFile(passphrase), note: null };
    } catch (cause) {
      return { driver: 'passphrase', keeping: null, note: words(cause) };
    }
  }

  async function start(): Promise<State> {
    const wanted = options.driver ?? 'auto';
    const before =
      restsIn('keychain').length > 0
        ? 'keychain'
        : seams.disk.exists(vaultFile) || restsIn('passphrase').length > 0
          ? 'passphrase'
          : null;
    const target = wanted === 'auto' ? before : wanted;
    if (target === 'passphrase') return startPassphrase('');
    const keychain = await startKeychain();
    if (typeof keychain !== 'string') return keychain;
    if (before === 'keychain' && target === 'keychain') {
      const note = `${keychain}. The keys of this profile rest in it and were left there: unlock the keychain and start Wavedesk again.`;
      return { driver: 'keychain', keeping: null, note };
    }
    return target === 'keychain'
      ? {
          driver: 'none',
          keeping: session,
          note: `${keychain}. Keys entered now are forgotten when Wavedesk stops.`,
        }
      : startPassphrase(`${keychain}. `);
  }

  let state = await start();

  /** Says aloud when keys of this profile rest where we are not looking. */
  function elsewhere(): string | null {
    const far = list.entries().filter(([, entry]) => entry.driver !== state.driver);
    if (far.length === 0) return null;
    const names = far.map(([name, entry]) => `${name} (${entry.driver})`).join(', ');
    return `These keys rest elsewhere and are out of reach here: ${names}. They were left as they are.`;
  }
  function keeping(): Keeping {
    if (state.keeping === null) throw new VaultError('locked', state.note ?? 'The keys are locked.');
    return state.keeping;
  }
  function demandMode(name: string, keyMode: Mode): void {
    // The token of the signal server is no exchange key: it can move no money.
    if (name === 'signals' || keyMode === mode) return;
    throw new VaultError('refused', `A ${keyMode} key is refused in ${mode} mode (${name}).`);
  }
  const infoOf = (name: string): KeyInfo | null => {
    if (state.driver === 'none') return sessionInfos.get(name) ?? null;
    const entry = list.get(name);
    if (entry === undefined || entry.driver !== state.driver) return null;
    return { name, last4: entry.last4, mode: entry.mode, storedAt: entry.storedAt };
  };
  async function store(name: string, info: KeyInfo, text: string): Promise<void> {
    await keeping().put(name, text);
    const { last4, mode: keyMode, storedAt } = info;
    if (state.driver === 'none') sessionInfos.set(name, info);
    else list.set(name, { driver: state.driver, last4, mode: keyMode, storedAt });
  }

  // One change at a time: the vault file is read, changed and written whole.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = last.then(run, run);
    last = turn.catch(() => {});
    return turn;
  }

  return {
    get driver() {
      return state.driver;
    },
    get locked() {
      return state.keeping === null;
    },
    get note() {
      return [state.note, elsewhere()].filter((line) => line !== null).join(' ') || null;
    },
    put: (name, credentials) =>
      inTurn(async () => {
        demandMode(name, credentials.mode);
        const shown = name === 'signals' ? credentials.secret : credentials.apiKey;
        const storedAt = seams.clock.now();
        const info = { name, last4: lastFour(shown), mode: credentials.mode, storedAt };
        await store(name, info, JSON.stringify(credentials));
      }),
    list: async () => {
      const names = state.driver === 'none' ? [...sessionInfos.keys()] : list.entries().map(([name]) => name);
      return names.sort().flatMap((name) => infoOf(name) ?? []);
    },
    use: (name, lend) =>
      inTurn(async () => {
        if (infoOf(name) === null) return null;
        const text = await keeping().get(name);
        if (text === null) {
          throw new VaultError(
            'failed',
            `The ${state.driver} vault no longer holds the key ${name}. Enter it again.`,
          );
        }
        const credentials = decodeCredentials(name, text);
        demandMode(name, credentials.mode);
        return lend(credentials);
      }),
    remove: (name) =>
      inTurn(async () => {
        sessionInfos.delete(name);
        await session.remove(name);
        const entry = list.get(name);
        if (entry === undefined) return;
        const lost = entry.driver === 'passphrase' && !seams.disk.exists(vaultFile);
        if (!lost) {
          if (entry.driver !== state.driver) {
            throw new VaultError(
              'refused',
              `The key ${name} rests in the ${entry.driver} vault, which is not in use.`,
            );
          }
          await keeping().remove(name);
        }
        list.set(name, null);
      }),
    unlock: (passphrase) =>
      inTurn(async () => {
        if (state.driver === 'keychain') {
          throw new VaultError(
            'refused',
            'The keys of this profile rest in the keychain; it takes no passphrase here.',
          );
        }
        const opened = await openFile(passphrase);
        state = { driver: 'passphrase', keeping: opened, note: null };
        for (const [name, text] of session.texts) await store(name, sessionInfos.get(name)!, text);
        for (const name of [...session.texts.keys()]) await session.remove(name);
        sessionInfos.clear();
      }),
  };
}

function decodeCredentials(name: string, text: string): Credentials {
  try {
    return JSON.parse(text) as Credentials;
  } catch {
    throw new VaultError('failed', `What the vault holds for ${name} is damaged. Enter the key again.`);
  }
}

/** A vault whose list of keys cannot be read: everything is refused, nothing is written. */
function createDeadVault(note: string): Vault {
  const refuse = async (): Promise<never> => {
    throw new VaultError('unreadable', note);
  };
  return {
    driver: 'none',
    locked: true,
    note,
    put: refuse,
    list: async () => [],
    use: refuse,
    remove: refuse,
    unlock: refuse,
  };
}
