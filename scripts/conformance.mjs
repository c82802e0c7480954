// `npm run conformance [-- --json]`: which ccxt method works against the practice exchange, by exchange and market.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixOf, tableOf } from './conformance-table.mjs';
import { checkNode, ensureInstalled, ROOT, run } from './setup.mjs';

const REPORT = join(ROOT, 'test-results', 'conformance.json');
const words = process.argv.slice(2);
if (words.includes('--help') || words.some((word) => !['--json', '--fresh'].includes(word))) {
  process.stderr.write(
    'npm run conformance [-- --json] [-- --fresh]   the matrix of the last run; --fresh runs the suite first\n',
  );
  process.exit(words.includes('--help') ? 0 : 2);
}
checkNode();
ensureInstalled();
if (words.includes('--fresh') || !existsSync(REPORT)) {
  process.stderr.write('Running the conformance suite …\n');
  run('vitest', ['run', 'test/conformance', '--reporter=json', `--outputFile.json=${REPORT}`], {
    mayFail: true,
    quiet: true,
  });
}
const cells = matrixOf(JSON.parse(readFileSync(REPORT, 'utf8')));
process.stdout.write(words.includes('--json') ? `${JSON.stringify(cells)}\n` : `${tableOf(cells)}\n`);
process.exitCode = cells.some((cell) => cell.result === 'failed') ? 1 : 0;
