import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Browser,
  test as base,
  chromium,
  _electron as electron,
  expect,
  type Page,
} from '@playwright/test';

export const ROOT = resolve(import.meta.dirname, '../..');
export const PANELS = [
  'Watchlist',
  'Chart',
  'Signals',
  'Params',
  'Positions',
  'Orders',
  'History',
  'Connections',
  'Settings',
];
const NODE = join(ROOT, 'node_modules/.bin/node');
const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface RunningDesk {
  readonly page: Page;
  readonly process: ChildProcess;
  readonly url: string | null;
  /** Everything the process wrote so far. */
  output(): string;
  /** Asks it to stop and returns its exit code. */
  stop(): Promise<number | null>;
  /** kill -9 */
  kill(): Promise<void>;
  /** Its exit code, when it ends by itself. */
  readonly ended: Promise<number | null>;
  /** What a person does outside the page: the × of the window, or "Quit" in the menu. Electron only. */
  readonly outside?: (what: 'close' | 'quit') => Promise<void>;
}

export interface DeskFactory {
  readonly profile: string;
  start(args?: readonly string[]): Promise<RunningDesk>;
}

const electronBinary = (): string | null => {
  const marker = join(ROOT, 'node_modules/electron/path.txt');
  return existsSync(marker) ? join(ROOT, 'node_modules/electron/dist', readFileSync(marker, 'utf8')) : null;
};

/** A running desk on either host, with a profile folder of its own that outlives restarts within one test. */
export const test = base.extend<{ desk: DeskFactory; chrome: Browser }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function wants from its pattern
  chrome: async ({}, use) => {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const browser = await chromium.launch({
      ...(process.env.WAVEDESK_CHROMIUM ? { executablePath: process.env.WAVEDESK_CHROMIUM } : {}),
      args: [...BROWSER_ARGS, `--remote-debugging-port=${port}`],
    });
    Object.assign(browser, { debuggingUrl: `http://127.0.0.1:${port}` });
    await use(browser);
    await browser.close();
  },
  desk: async ({ chrome }, use, info) => {
    const profile = mkdtempSync(join(tmpdir(), 'wavedesk-e2e-'));
    const running: RunningDesk[] = [];
    const host = (info.project.metadata as { host: string }).host;
    const start = async (args: readonly string[] = []) => {
      const words = ['--profile', profile, ...args];
      const desk =
        host === 'headless' ? await startHeadless(chrome, words) : await startElectron(chrome, words);
      running.push(desk);
      return desk;
    };
    await use({ profile, start });
    for (const desk of running) await desk.kill();
    rmSync(profile, { recursive: true, force: true });
  },
});

function watch(child: ChildProcess) {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      text += data;
    });
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const line = async (pattern: RegExp): Promise<RegExpExecArray> => {
    await Promise.race([
      expect
        .poll(() => pattern.test(text), {
          timeout: 60_000,
          message: () => `no line ${pattern} in:\n${text}`,
        } as never)
        .toBe(true),
      ended,
    ]);
    const found = pattern.exec(text);
    if (!found) throw new Error(`The desk ended before it was ready:\n${text}`);
    return found;
  };
  return {
    line,
    ended,
    output: () => text,
    stop: async () => {
      child.kill('SIGINT');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function startHeadless(chrome: Browser, args: readonly string[]): Promise<RunningDesk> {
  const child = spawn(NODE, ['out/main/headless.js', '--headless', '--port', '0', ...args], { cwd: ROOT });
  const watched = watch(child);
  const [, url] = await watched.line(/^Wavedesk ready (\S+)$/m);
  const page = await chrome.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url as string);
  return {
    page,
    process: child,
    url: url as string,
    ...watched,
    kill: async () => {
      await watched.kill();
      await page.close();
    },
  };
}

async function startElectron(chrome: Browser, args: readonly string[]): Promise<RunningDesk> {
  const binary = electronBinary();
  if (binary) {
    const app = await electron.launch({ executablePath: binary, args: ['.', ...args], cwd: ROOT });
    const watched = watch(app.process());
    const outside = (what: 'close' | 'quit') =>
      app.evaluate(
        (electron, asked) =>
          asked === 'quit' ? electron.app.quit() : electron.BrowserWindow.getAllWindows()[0]?.close(),
        what,
      );
    return { page: await app.firstWindow(), process: app.process(), url: null, ...watched, outside };
  }
  const { debuggingUrl } = chrome as Browser & { debuggingUrl: string };
  const child = spawn(
    NODE,
    ['--import', './test/electron-stand-in/register.mjs', 'out/main/index.js', ...args],
    {
      cwd: ROOT,
      env: { ...process.env, WAVEDESK_CDP: debuggingUrl },
    },
  );
  const watched = watch(child);
  await watched.line(/^Stand-in window at/m);
  const other = await chromium.connectOverCDP(debuggingUrl);
  const page = other
    .contexts()[0]
    ?.pages()
    .find((each) => each.url().startsWith('http://wavedesk.localhost'));
  if (!page) throw new Error('The stand-in opened no page.');
  await page.setViewportSize({ width: 1440, height: 900 });
  return {
    page,
    process: child,
    url: null,
    ...watched,
    outside: async (what) => void child.stdin?.write(`${what}\n`),
    kill: async () => {
      await watched.kill();
      await page.close().catch(() => {});
    },
  };
}

/** Opens a panel wherever it is: on the desk, or behind its tab. */
export async function openPanel(page: Page, name: string) {
  const region = page.getByRole('region', { name, exact: true });
  const tab = page.getByRole('tab', { name, exact: true });
  await expect(region.or(tab).first()).toBeVisible();
  if (!(await region.isVisible())) await tab.click();
  await expect(region).toBeVisible();
  return region;
}

/** Runs `wavedesk doctor` on a profile that no desk uses any more. */
export async function doctor(
  profile: string,
): Promise<{ code: number | null; report: { ok: boolean; rows: number; problems: string[] } }> {
  const child = spawn(NODE, ['out/main/cli.js', 'doctor', '--json', '--profile', profile], { cwd: ROOT });
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    text += data;
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, report: JSON.parse(text) };
}
