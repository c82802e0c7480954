import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareKeyring } from './keyring-setup';

const reason = prepareKeyring();
if (reason !== null) console.log(`keyring test: skipped, it ${reason}`);
const title = `a real gnome-keyring on a private D-Bus session${reason === null ? '' : ` (skipped: ${reason})`}`;

const here = dirname(fileURLToPath(import.meta.url));
// Inside the project, so that the child finds its packages.
const out = join(here, '../../../node_modules/.wavedesk-keyring');
const world = mkdtempSync(join(tmpdir(), 'wavedesk-keyring-'));

/** Runs the steps in one session; with `unlock` the keyring is opened first, as a login would. */
function session(steps: readonly string[], unlock: boolean, profile = 'profile') {
  const child = `"${process.execPath}" "${join(out, 'keyring-child.js')}" "${join(world, profile)}"`;
  const open = `printf 'session-password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1`;
  const script = [...(unlock ? [open] : []), ...steps.map((step) => `${child} ${step}`)].join(' && ');
  const { DISPLAY: _display, DBUS_SESSION_BUS_ADDRESS: _bus, ...env } = process.env;
  const ran = spawnSync('dbus-run-session', ['--', 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...env, HOME: world, XDG_RUNTIME_DIR: world, XDG_DATA_HOME: join(world, 'data') },
  });
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<'driver' | 'locked' | 'note' | 'result', unknown>);
}

describe.skipIf(reason !== null)(title, () => {
  beforeAll(async () => {
    await build({
      configFile: false,
      logLevel: 'silent',
      build: { ssr: join(here, 'keyring-child.ts'), outDir: out, emptyOutDir: true },
    });
  }, 30_000);
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
    rmSync(world, { recursive: true, force: true });
  });

  it('keeps a key across processes and sessions, lends it, and forgets it', { timeout: 60_000 }, () => {
    const [put, used] = session(['put', 'use'], true);
    expect(put).toMatchObject({ driver: 'keychain', locked: false, note: null });
    expect(put?.result).toMatchObject([{ name: 'binance_spot', last4: '4242', mode: 'practice' }]);
    expect(used).toMatchObject({ driver: 'keychain', result: true });
    // A new daemon reads it from the keyring's own encrypted file.
    const [later, removed, gone] = session(['use', 'remove', 'use'], true);
    expect([later?.result, removed?.result, gone?.result]).toEqual([true, null, null]);
  });

  it('leaves nothing of the key in the profile', { timeout: 60_000 }, () => {
    session(['put'], true, 'canary');
    const files = readdirSync(join(world, 'canary'));
    expect(files).toEqual(['keys.json']);
    for (const file of files) {
      const text = readFileSync(join(world, 'canary', file), 'utf8');
      expect(text).not.toMatch(/CANARY|canary-key/);
    }
  });

  it('stays with the keychain, locked and in words, when it does not answer later', {
    timeout: 60_000,
  }, () => {
    session(['put'], true, 'later');
    const before = readFileSync(join(world, 'later', 'keys.json'), 'utf8');
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
    const ran = spawnSync(
      process.execPath,
      [join(out, 'keyring-child.js'), join(world, 'later'), 'put-refused'],
      {
        encoding: 'utf8',
        env: environment,
      },
    );
    const seen = JSON.parse(ran.stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({ driver: 'keychain', locked: true });
    expect(seen.note).toMatch(/does not answer.*left there.*unlock the keychain/);
    expect(seen.result).toBe(seen.note);
    expect(readFileSync(join(world, 'later', 'keys.json'), 'utf8')).toBe(before);
    expect(session(['use'], true, 'later')[0]?.result).toBe(true);
  });
});
