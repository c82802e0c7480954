// `npm start`: everything from a fresh clone to a running desk, in words.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, ROOT, run, say, withOwnNode } from './setup.mjs';

const ELECTRON_FETCH_MS = 120_000;
const args = process.argv.slice(2);

checkNode();
ensureInstalled();
ensureBuilt();

const electron = args.includes('--headless') || args.includes('--help') ? null : findElectron();
const [command, first] = electron ? [electron, '.'] : ['node', join('out', 'main', 'headless.js')];
const child = spawn(command, [first, ...args], {
  cwd: ROOT,
  stdio: 'inherit',
  env: withOwnNode(),
  shell: process.platform === 'win32',
});
// Ctrl-C reaches the whole group; a signal to this process alone must be handed on, and the desk's answer waited for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => process.stdin.isTTY || child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

/** Path of the Electron binary, or null after one line that says why the headless desk runs instead. */
function findElectron() {
  const instead = (why) => {
    say(`No window: ${why}. Running the headless desk instead; open its address in a browser.`);
    return null;
  };
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return instead('this machine has no display');
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return instead('Electron’s sandbox does not run as root');
  const folder = join(ROOT, 'node_modules', 'electron');
  const marker = join(folder, 'path.txt');
  if (!existsSync(marker)) {
    say('Fetching Electron (first time) …');
    run('node', [join(folder, 'install.js')], { quiet: true, mayFail: true, timeoutMs: ELECTRON_FETCH_MS });
  }
  if (!existsSync(marker)) return instead('the Electron binary is not here and could not be fetched');
  return join(folder, 'dist', readFileSync(marker, 'utf8'));
}
