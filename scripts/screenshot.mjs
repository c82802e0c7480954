// Real screenshots of the running desk, for the README: `npm run screenshot`. Starts a desk of its own, waits until
// a wave has been traded, and looks at it at two sizes.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from './chromium.mjs';
import { ensureBuilt, ensureInstalled, ROOT, say, withOwnNode } from './setup.mjs';

const SIZES = [
  [1440, 900],
  [1024, 700],
];
const WAIT_FOR_TRADES_MS = 240_000;

ensureInstalled();
ensureBuilt();
const browserFound = findChromium();
if (!browserFound.path) throw new Error(browserFound.words);
const folder = join(ROOT, 'docs', 'pictures');
mkdirSync(folder, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), 'wavedesk-picture-'));
const desk = spawn(
  'node',
  ['out/main/headless.js', '--headless', '--port', '0', '--profile', profile, ...process.argv.slice(2)],
  {
    cwd: ROOT,
    env: withOwnNode(),
  },
);
const url = await new Promise((done, fail) => {
  let text = '';
  desk.stdout.on('data', (data) => {
    text += data;
    const found = /^Wavedesk ready (\S+)$/m.exec(text);
    if (found) done(found[1]);
  });
  desk.once('exit', () => fail(new Error(`the desk ended before it was ready:\n${text}`)));
});

const browser = await chromium.launch({
  executablePath: browserFound.path,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  for (const [width, height] of SIZES) {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(url);
    say(`Waiting for a protected position at ${width} × ${height} …`);
    await page
      .getByText(/Stop on [A-Z]/)
      .first()
      .waitFor({ timeout: WAIT_FOR_TRADES_MS });
    // A chart with an entry and a stop on it says more than one without.
    await page
      .getByRole('region', { name: 'Positions', exact: true })
      .getByRole('row')
      .nth(1)
      .getByRole('button')
      .first()
      .click();
    await page.waitForTimeout(8_000);
    await page.screenshot({ path: join(folder, `desk-${width}x${height}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  desk.kill('SIGINT');
  await new Promise((done) => desk.once('exit', done));
  rmSync(profile, { recursive: true, force: true });
}
say(`Pictures are in ${join('docs', 'pictures')}.`);
