// The browser for end-to-end tests and screenshots: an installed one, else Playwright's own, else Debian's.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { say } from './setup.mjs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {{ path: string | null, words: string }} words say what was found, or what to do */
export function findChromium() {
  const installed = [process.env.WAVEDESK_CHROMIUM, ...INSTALLED].find((path) => path && existsSync(path));
  if (installed) return { path: installed, words: `Browser: ${installed}` };
  const own = playwrightsOwn();
  if (own) return { path: own, words: `Browser: Playwright’s own, ${own}` };
  if (isDebianRoot()) {
    say('No browser found; installing Debian’s chromium with apt …');
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
    if (existsSync('/usr/bin/chromium'))
      return { path: '/usr/bin/chromium', words: 'Browser: /usr/bin/chromium, just installed' };
  }
  return {
    path: null,
    words:
      'No browser for the end-to-end tests. Install Chrome or Chromium, or run: npx playwright install chromium',
  };
}

function playwrightsOwn() {
  try {
    const { chromium } = createRequire(import.meta.url)('@playwright/test');
    const path = chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

export function isDebianRoot() {
  return (
    process.getuid?.() === 0 &&
    existsSync('/usr/bin/apt-get') &&
    /debian|ubuntu/i.test(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '')
  );
}
