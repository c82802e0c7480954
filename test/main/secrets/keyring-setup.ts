import { spawnSync } from 'node:child_process';

const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const missing = (): string[] =>
  [
    ['dbus-run-session', 'dbus'],
    ['gnome-keyring-daemon', 'gnome-keyring'],
  ].flatMap(([program, name]) => (has(program!) ? [] : [name!]));

/**
 * Sees to it that a real gnome-keyring can be started on a private D-Bus session: on Debian as root it installs
 * what is missing, and says so. Returns null when all is there, else the reason why not.
 */
export function prepareKeyring(): string | null {
  if (process.platform !== 'linux') return 'the Secret Service is a Linux thing';
  const wanted = missing();
  if (wanted.length === 0) return null;
  const needs = `needs ${wanted.join(' and ')}`;
  if (process.geteuid?.() !== 0 || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) {
    return `${needs}, and only root on Debian can install it here`;
  }
  console.log(`keyring test: installing ${wanted.join(' ')} with apt-get`);
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...wanted], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 120_000,
    }).status === 0;
  if (!install()) {
    spawnSync('apt-get', ['update'], { stdio: 'ignore', timeout: 120_000 });
    install();
  }
  return missing().length === 0 ? null : `${needs}, and apt-get could not install it`;
}
