import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRealSeams } from '#main/seams/index';
import type { Disk } from '#main/seams/seams';
import { createVault, Secret, VaultError, type VaultOptions } from '#main/secrets/index';
import type { Keychain } from '#main/secrets/keeping';
import { createKey, openKey, seal, unseal } from '#main/secrets/sealed-file';

const real = createRealSeams();
const COST = 2 ** 15;
const FILE = 'profile/keys.vault';

/** A disk in memory that also says whether anything was written. */
function memoryDisk() {
  const files = new Map<string, Uint8Array>();
  let writes = 0;
  const disk: Disk = {
    read: (path) => files.get(path) ?? null,
    write(path, data) {
      writes += 1;
      files.set(path, typeof data === 'string' ? Buffer.from(data) : data);
    },
    append: () => {},
    remove: (path) => void files.delete(path),
    exists: (path) => files.has(path),
    makeFolder: () => {},
    list: () => [],
    stream: () => {
      throw new Error('not here');
    },
  };
  return {
    disk,
    files,
    writes: () => writes,
    text: (path: string) => Buffer.from(files.get(path) ?? []).toString(),
  };
}

/** A keychain in memory; `broken` makes every call fail as on a machine without one. */
function fakeKeychain() {
  const entries = new Map<string, string>();
  const state = { broken: false, entries };
  const answer = <T>(value: () => T) =>
    state.broken ? Promise.reject(new Error('no D-Bus here')) : Promise.resolve(value());
  const keychain: Keychain = {
    getPassword: (service, account) => answer(() => entries.get(`${service}/${account}`) ?? null),
    setPassword: (service, account, text) => answer(() => void entries.set(`${service}/${account}`, text)),
    deletePassword: (service, account) => answer(() => entries.delete(`${service}/${account}`)),
  };
  return { ...state, state, load: async () => keychain };
}

const noKeychain = async (): Promise<Keychain> => {
  throw new Error('no keychain on this machine');
};
const world = memoryDisk;
const openVault = (disk: Disk, options: Partial<VaultOptions> = {}) =>
  createVault({
    seams: { ...real, disk },
    profileDir: 'profile',
    mode: 'practice',
    keychain: noKeychain,
    scryptCost: COST,
    ...options,
  });
const credentials = { apiKey: 'key-abcdefgh-1234', secret: 'CANARY-secret-9876', mode: 'practice' } as const;
const passphrase = () => 'correct horse';

describe('the passphrase vault', () => {
  it('gives back what was put, after a new start and an unlock', async () => {
    const { disk, text } = world();
    const vault = await openVault(disk, { passphrase });
    await vault.put('binance_future', { ...credentials, passphrase: 'third' });
    expect(vault).toMatchObject({ driver: 'passphrase', locked: false, note: null });
    const again = await openVault(disk);
    expect(again).toMatchObject({ driver: 'passphrase', locked: true });
    expect(again.note).toMatch(/locked.*passphrase/);
    expect(await again.list()).toMatchObject([{ name: 'binance_future', last4: '1234', mode: 'practice' }]);
    await expect(again.use('binance_future', () => 1)).rejects.toThrow(/locked/);
    await expect(again.put('binance_spot', credentials)).rejects.toThrow(/locked/);
    await again.unlock('correct horse');
    expect(await again.use('binance_future', (lent) => ({ ...lent }))).toEqual({
      ...credentials,
      passphrase: 'third',
    });
    expect(await again.use('binance_spot', () => 1)).toBeNull();
    for (const file of [FILE, 'profile/keys.json']) expect(text(file)).not.toMatch(/CANARY|abcdefgh/);
  });

  it('refuses a wrong passphrase in words and leaves the file byte for byte', async () => {
    const { disk, text, writes } = world();
    await (await openVault(disk, { passphrase })).put('binance_spot', credentials);
    const [before, count] = [text(FILE), writes()];
    const vault = await openVault(disk, { passphrase: () => 'wrong horse!' });
    expect(vault).toMatchObject({ driver: 'passphrase', locked: true });
    expect(vault.note).toMatch(/Wrong passphrase/);
    await expect(vault.unlock('still wrong')).rejects.toMatchObject({ code: 'wrong-passphrase' });
    expect([text(FILE), writes()]).toEqual([before, count]);
    await vault.unlock('correct horse');
    expect(await vault.use('binance_spot', (lent) => lent.secret)).toBe(credentials.secret);
  });

  it('never makes a new vault over one that is damaged or gone', async () => {
    const { disk, files, text } = world();
    await (await openVault(disk, { passphrase })).put('binance_spot', credentials);
    files.set(FILE, Buffer.from(text(FILE).slice(0, 100)));
    const damaged = await openVault(disk, { passphrase });
    expect(damaged.locked).toBe(true);
    await expect(damaged.unlock('correct horse')).rejects.toMatchObject({ code: 'unreadable' });
    expect(text(FILE)).toHaveLength(100);
    files.delete(FILE);
    const gone = await openVault(disk);
    await expect(gone.unlock('correct horse')).rejects.toThrow(/is gone, with the keys binance_spot/);
    expect(files.has(FILE)).toBe(false);
    await gone.remove('binance_spot');
    await gone.unlock('a new start');
    expect(await gone.list()).toEqual([]);
  });

  it('refuses a short passphrase', async () => {
    const vault = await openVault(world().disk);
    await expect(vault.unlock('short')).rejects.toThrow(/at least 8/);
  });

  it('removes a key for good', async () => {
    const { disk } = world();
    const vault = await openVault(disk, { passphrase });
    await vault.put('binance_spot', credentials);
    await vault.remove('binance_spot');
    await vault.remove('never there');
    expect(await vault.list()).toEqual([]);
    expect(await vault.use('binance_spot', () => 1)).toBeNull();
  });

  it('loses no key when many are put at once', async () => {
    const vault = await openVault(world().disk, { passphrase });
    const names = Array.from({ length: 8 }, (_, n) => `venue${n}_spot`);
    await Promise.all(names.map((name) => vault.put(name, { ...credentials, secret: `secret of ${name}` })));
    for (const name of names) expect(await vault.use(name, (lent) => lent.secret)).toBe(`secret of ${name}`);
  });
});

describe('where a key belongs', () => {
  it('refuses a live key in practice mode, going in and coming out', async () => {
    const { disk } = world();
    const practice = await openVault(disk, { passphrase });
    await expect(practice.put('binance_spot', { ...credentials, mode: 'live' })).rejects.toThrow(
      'A live key is refused in practice mode (binance_spot).',
    );
    const live = await openVault(disk, { passphrase, mode: 'live' });
    await live.put('binance_spot', { ...credentials, mode: 'live' });
    for (const mode of ['practice', 'paper', 'testnet'] as const) {
      const other = await openVault(disk, { passphrase, mode });
      await expect(other.use('binance_spot', () => 'lent')).rejects.toMatchObject({ code: 'refused' });
    }
  });

  it('believes the mode that is sealed with the key, not the one in the readable list', async () => {
    const { disk, files, text } = world();
    const live = await openVault(disk, { passphrase, mode: 'live' });
    await live.put('binance_spot', { ...credentials, mode: 'live' });
    files.set('profile/keys.json', Buffer.from(text('profile/keys.json').replace('"live"', '"practice"')));
    const practice = await openVault(disk, { passphrase });
    await expect(practice.use('binance_spot', () => 'lent')).rejects.toThrow(/live key is refused/);
  });

  it('takes the token of the signal server in any mode and shows the end of the token', async () => {
    const { disk } = world();
    const vault = await openVault(disk, { passphrase });
    await vault.put('signals', { apiKey: 'signals', secret: 'token-of-server-wxyz', mode: 'live' });
    expect(await vault.list()).toMatchObject([{ last4: 'wxyz' }]);
    expect(await vault.use('signals', (lent) => lent.secret)).toBe('token-of-server-wxyz');
  });
});

describe('without keychain and passphrase', () => {
  it('keeps keys for the session only, says so, and writes nothing', async () => {
    const { disk, files } = world();
    const vault = await openVault(disk);
    expect(vault).toMatchObject({ driver: 'none', locked: false });
    expect(vault.note).toMatch(/no keychain on this machine.*forgotten when Wavedesk stops/);
    await vault.put('binance_spot', credentials);
    expect(await vault.use('binance_spot', (lent) => lent.secret)).toBe(credentials.secret);
    expect(files.size).toBe(0);
    expect(await (await openVault(disk)).list()).toEqual([]);
  });

  it('takes the keys of the session into the vault once a passphrase is chosen', async () => {
    const { disk } = world();
    const vault = await openVault(disk);
    await vault.put('binance_spot', credentials);
    await vault.unlock('correct horse');
    expect(vault).toMatchObject({ driver: 'passphrase', locked: false, note: null });
    const again = await openVault(disk, { passphrase });
    expect(await again.use('binance_spot', (lent) => lent.secret)).toBe(credentials.secret);
  });
});

describe('the keychain', () => {
  it('is taken where it answers, one entry per key, under a service of the profile', async () => {
    const { disk } = world();
    const keychain = fakeKeychain();
    const vault = await openVault(disk, { keychain: keychain.load });
    await vault.put('binance_spot', credentials);
    expect(vault).toMatchObject({ driver: 'keychain', locked: false, note: null });
    expect([...keychain.entries.keys()][0]).toMatch(/^Wavedesk [0-9a-f]{16}\/binance_spot$/);
    const again = await openVault(disk, { keychain: keychain.load });
    expect(await again.use('binance_spot', (lent) => lent.apiKey)).toBe(credentials.apiKey);
    await expect(again.unlock('correct horse')).rejects.toThrow(/rest in the keychain/);
  });

  it('is not exchanged behind the back for another place when it stops answering', async () => {
    const { disk, text } = world();
    const keychain = fakeKeychain();
    await (await openVault(disk, { keychain: keychain.load })).put('binance_spot', credentials);
    const before = text('profile/keys.json');
    keychain.state.broken = true;
    const gone = await openVault(disk, { keychain: keychain.load, passphrase });
    expect(gone).toMatchObject({ driver: 'keychain', locked: true });
    expect(gone.note).toMatch(/no D-Bus here.*left there/);
    expect(await gone.list()).toMatchObject([{ name: 'binance_spot' }]);
    await expect(gone.put('binance_spot', credentials)).rejects.toMatchObject({ code: 'locked' });
    expect(text('profile/keys.json')).toBe(before);
    expect(keychain.entries.size).toBe(1);
  });

  it('says aloud that keys stay behind when another driver is chosen', async () => {
    const { disk } = world();
    const keychain = fakeKeychain();
    await (await openVault(disk, { keychain: keychain.load })).put('binance_spot', credentials);
    const moved = await openVault(disk, { keychain: keychain.load, driver: 'passphrase', passphrase });
    expect(moved.note).toMatch(/rest elsewhere.*binance_spot \(keychain\).*left as they are/);
    expect(await moved.use('binance_spot', () => 1)).toBeNull();
    expect(keychain.entries.size).toBe(1);
  });

  it('says so when it no longer holds a key it should', async () => {
    const { disk } = world();
    const keychain = fakeKeychain();
    const vault = await openVault(disk, { keychain: keychain.load });
    await vault.put('binance_spot', credentials);
    keychain.entries.clear();
    await expect(vault.use('binance_spot', () => 1)).rejects.toThrow(/no longer holds/);
  });

  it('refuses everything over a damaged list of keys and leaves it', async () => {
    const { disk, files, text, writes } = world();
    files.set('profile/keys.json', Buffer.from('{"version":1'));
    const vault = await openVault(disk, { keychain: fakeKeychain().load });
    expect(vault).toMatchObject({ driver: 'none', locked: true });
    expect(vault.note).toMatch(/damaged.*left as it is/);
    await expect(vault.put('binance_spot', credentials)).rejects.toBeInstanceOf(VaultError);
    expect([text('profile/keys.json'), writes()]).toEqual(['{"version":1', 0]);
  });
});

describe('a sealed file', () => {
  it('gives back any content, and never the same bytes for it twice', async () => {
    const key = await createKey('passphrase', real.random, COST);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (content) => {
        const text = seal(content, key, real.random);
        expect(unseal(text, key.key)).toBe(Buffer.from(content).toString());
        expect(seal(content, key, real.random)).not.toBe(text);
      }),
    );
  });

  it('is refused whole when any byte is changed, added or cut', async () => {
    const key = await createKey('passphrase', real.random, COST);
    const text = seal('{"binance_spot":"secret"}', key, real.random);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.integer({ min: 32, max: 126 }),
        fc.constantFrom('change', 'insert', 'cut', 'drop'),
        (place, code, how) => {
          const letter = String.fromCharCode(code);
          const broken = {
            change: text.slice(0, place) + letter + text.slice(place + 1),
            insert: text.slice(0, place) + letter + text.slice(place),
            cut: text.slice(0, place),
            drop: text.slice(0, place) + text.slice(place + 1),
          }[how];
          fc.pre(broken !== text);
          expect(() => unseal(broken, key.key)).toThrow(VaultError);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('opens with its passphrase, however its accents were typed, and with no other', async () => {
    const key = await createKey('caf\u00e9 au lait', real.random, COST);
    const text = seal('content', key, real.random);
    expect((await openKey(text, 'cafe\u0301 au lait')).content).toBe('content');
    await expect(openKey(text, 'cafe au lait')).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  it('is refused when it asks for a cheap or a ruinous derivation', async () => {
    const text = seal('x', await createKey('passphrase', real.random, COST), real.random);
    for (const n of [2 ** 10, 2 ** 30, COST + 1]) {
      await expect(openKey(text.replace(`"n": ${COST}`, `"n": ${n}`), 'passphrase')).rejects.toMatchObject({
        code: 'unreadable',
      });
    }
  });
});

describe('a secret', () => {
  it('shows dots and four characters however it is printed', () => {
    const secret = new Secret('CANARY-secret-9876');
    const prints = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      `${secret}${''}`,
      inspect([secret], { showHidden: true, depth: 9 }),
    ];
    for (const print of prints) {
      expect(print).toContain('•••• 9876');
      expect(print).not.toContain('CANARY');
    }
    expect(secret.reveal()).toBe('CANARY-secret-9876');
    expect(Object.keys(secret)).toEqual([]);
  });

  it('shows nothing of a short text', () => {
    expect(String(new Secret('hunter2'))).toBe('••••');
  });
});
