// `npm run bench [name …]`: timings as ratios against a yardstick in the same run. Never part of the tests.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureInstalled, ROOT, run, say } from './setup.mjs';

checkNode();
ensureInstalled();
const wanted = process.argv.slice(2);
const names = readdirSync(join(ROOT, 'bench'))
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''));
for (const name of wanted) {
  if (!names.includes(name)) {
    process.stderr.write(`There is no bench "${name}". There are: ${names.join(', ')}.\n`);
    process.exit(2);
  }
}
for (const name of names.sort()) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say(`\n── ${name}`);
  run('node', ['--expose-gc', join('bench', 'run.mjs'), name]);
}
