import { join } from 'node:path';
import { z } from 'zod';
import { UnixMs } from '#shared/domain/basics';
import { Mode } from '#shared/domain/exchange';
import type { Seams } from '../seams/seams';
import { VaultError } from './vault-error';

const KeyEntry = z.strictObject({
  /** Where the key itself rests. A key stays known, though out of reach, when another driver is in use. */
  driver: z.enum(['keychain', 'passphrase']),
  last4: z.string().max(4),
  mode: Mode,
  storedAt: UnixMs,
});
const KeyList = z.strictObject({
  version: z.literal(1),
  /** Tells this profile's keychain entries from those of another profile. */
  profileId: z.string().regex(/^[0-9a-f]{16}$/),
  keys: z.record(z.string(), KeyEntry),
});
export type KeyEntry = z.infer<typeof KeyEntry>;

/** What may be known about the keys without opening anything: `keys.json` in the profile. Holds no secret. */
export interface KeyListFile {
  readonly profileId: string;
  get(name: string): KeyEntry | undefined;
  entries(): readonly (readonly [string, KeyEntry])[];
  set(name: string, entry: KeyEntry | null): void;
}

/**
 * Reads the list, or starts one that is first written with the first key.
 * @throws VaultError 'unreadable' when the file is there but damaged; it is never written over.
 */
export function openKeyList(
  { disk, random }: Pick<Seams, 'disk' | 'random'>,
  profileDir: string,
): KeyListFile {
  const path = join(profileDir, 'keys.json');
  const bytes = disk.read(path);
  const list = bytes === null ? null : decodeList(path, bytes);
  const profileId = list?.profileId ?? Buffer.from(random.bytes(8)).toString('hex');
  const keys = new Map(Object.entries(list?.keys ?? {}));
  return {
    profileId,
    get: (name) => keys.get(name),
    entries: () => [...keys],
    set(name, entry) {
      const next = new Map(keys);
      if (entry === null) next.delete(name);
      else next.set(name, entry);
      const file = { version: 1, profileId, keys: Object.fromEntries(next) };
      disk.write(path, `${JSON.stringify(file, null, 1)}\n`, 0o600);
      if (entry === null) keys.delete(name);
      else keys.set(name, entry);
    },
  };
}

function decodeList(path: string, bytes: Uint8Array): z.infer<typeof KeyList> {
  try {
    return KeyList.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    throw new VaultError(
      'unreadable',
      `The list of keys ${path} is damaged. It was left as it is: restore it from a backup, or move it away and enter the keys again.`,
    );
  }
}
