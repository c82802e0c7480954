// `npm run wavedesk -- <command>`: set-up speaks on stderr only, so that --json output stays clean.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, ROOT, withOwnNode } from './setup.mjs';

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (...args) => process.stderr.write(...args);
checkNode();
ensureInstalled();
ensureBuilt();
process.stdout.write = write;

const child = spawn('node', [join('out', 'main', 'cli.js'), ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: withOwnNode(),
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => process.stdin.isTTY || child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
