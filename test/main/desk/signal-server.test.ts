import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPool } from '#main/connectivity/index';
import { createExchanges } from '#main/desk/exchanges';
import { createSimulatedSeams } from '#main/seams/index';
import { createVault } from '#main/secrets/index';
import type { Keychain } from '#main/secrets/keeping';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';

const TOKEN = 'correct-horse-battery-staple-0123456789';

async function createWorld() {
  const seams = createSimulatedSeams(1, Date.UTC(2026, 0, 1));
  const kept = new Map<string, string>();
  const keychain: Keychain = {
    setPassword: async (service, name, value) => void kept.set(`${service}|${name}`, value),
    getPassword: async (service, name) => kept.get(`${service}|${name}`) ?? null,
    deletePassword: async (service, name) => kept.delete(`${service}|${name}`),
  };
  const vault = await createVault({
    seams,
    profileDir: '/profile',
    mode: 'testnet',
    keychain: async () => keychain,
  });
  const exchanges = await createExchanges({
    seams,
    pool: createPool({ seams }),
    vault,
    mode: 'testnet',
    seed: 1,
    speed: 1,
    replayFile: null,
    profileDir: '/profile',
    notice: () => {},
  });
  return { seams, vault, exchanges, kept };
}

describe('the signal server of a desk', () => {
  it('M-012 has its address from the settings and its token from the vault, and there is none without one', async () => {
    const { vault, exchanges, kept } = await createWorld();
    const settings = { ...DEFAULT_SETTINGS, signalServer: { url: 'wss://signals.example.org' } };
    expect(await exchanges.signalServer(settings)).toBeNull();
    await vault.put('signals', { apiKey: '', secret: TOKEN, mode: 'testnet' });
    expect(vault.driver).toBe('keychain');
    expect([...kept.values()].join()).toContain(TOKEN);
    expect(await exchanges.signalServer(settings)).toEqual({
      url: 'wss://signals.example.org',
      token: TOKEN,
    });
    await exchanges.close();
  });

  it('M-012 leaves its token in no file', async () => {
    const { seams, vault } = await createWorld();
    await vault.put('signals', { apiKey: '', secret: TOKEN, mode: 'testnet' });
    const files = seams.disk
      .paths()
      .map((path) => new TextDecoder().decode(seams.disk.read(path) ?? undefined));
    expect(files.length).toBeGreaterThan(0);
    expect(files.join()).not.toContain(TOKEN);
  });

  it('M-012 is never told by the environment: only the two hosts read it, for the place of the profile', () => {
    const readers = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .filter((name) => /process\.env|process\['env'\]/.test(readFileSync(join('src', name), 'utf8')))
      .map((name) => name.replaceAll('\\', '/'));
    expect(readers.sort()).toEqual(['main/headless/index.ts', 'main/index.ts']);
    for (const name of readers)
      expect(readFileSync(join('src', name), 'utf8').match(/process\.env/g)).toHaveLength(1);
  });
});
