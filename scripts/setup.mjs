// What both README commands need before anything else runs: a fitting Node, the packages, the build.
// Plain JavaScript without packages, because it runs before they are there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules', '.bin');
const OLDEST_NODE = 20;

export const say = (line) => process.stdout.write(`${line}\n`);

/** Runs a command with the project's own Node first on the path; ends this process when it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: ROOT,
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
    env: withOwnNode(),
    shell: process.platform === 'win32',
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
  });
  if (done.status !== 0 && !options.mayFail) {
    if (options.quiet) process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    process.stderr.write(`\n${options.failure ?? `${command} ${args.join(' ')} failed.`}\n`);
    process.exit(1);
  }
  return done;
}

/** The environment in which `node` is the project's own Node 24. */
export const withOwnNode = () => ({ ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` });

export function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  process.stderr.write(
    `Wavedesk needs Node ${OLDEST_NODE} or newer to install itself; this is ${process.version}. Get it from nodejs.org, then try again.\n`,
  );
  process.exit(1);
}

/** Installs exactly what the lock file names, once per lock file. */
export function ensureInstalled() {
  const stamp = join(ROOT, 'node_modules', '.wavedesk-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const node = join(BIN, process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(stamp) && existsSync(node) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing packages (first time, about a minute) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    quiet: true,
    failure: 'The packages could not be installed: see the lines above. Is the npm registry reachable?',
  });
  // npm may hold back install scripts; this one only links the right Node binary and is named in package.json.
  if (!existsSync(node))
    run('npm', ['rebuild', 'node'], { quiet: true, failure: 'The Node 24 package could not be set up.' });
  writeFileSync(stamp, lock);
}

/** Builds main, preload and renderer when a source is newer than the last build. */
export function ensureBuilt() {
  const stamp = join(ROOT, 'out', '.built');
  const sources = ['src', 'resources', 'package-lock.json', 'electron.vite.config.ts'];
  const newest = Math.max(...sources.map((name) => newestIn(join(ROOT, name))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest) return;
  say('Building the desk …');
  run(join(BIN, 'electron-vite'), ['build', '--logLevel', 'warn'], {
    quiet: true,
    failure: 'The build failed: see the lines above.',
  });
  writeFileSync(stamp, '');
}

function newestIn(path) {
  const about = statSync(path);
  if (!about.isDirectory()) return about.mtimeMs;
  return Math.max(about.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
