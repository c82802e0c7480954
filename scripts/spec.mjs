// `npm run spec [-- --json]`: which promises of docs/spec.md the newest test results prove.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkNode, ensureInstalled, ROOT, run } from './setup.mjs';
import { joinSpec, parseSpec, tableOf, testsOf } from './spec-table.mjs';

const RESULTS = join(ROOT, 'test-results');
/** Written by this command alone, when `npm test` has left nothing. */
const OWN = 'spec.json';
const json = process.argv.includes('--json');
const unknown = process.argv.slice(2).filter((word) => word !== '--json' && word !== '--help');
/** Everything but the table goes here, so that --json leaves nothing else on stdout. */
const note = (line) => process.stderr.write(`${line}\n`);

if (process.argv.includes('--help') || unknown.length > 0) {
  note('npm run spec [-- --json]   joins docs/spec.md with the newest results of npm test');
  process.exit(unknown.length > 0 ? 2 : 0);
}
const promises = parseSpec(readFileSync(join(ROOT, 'docs', 'spec.md'), 'utf8'));
const { rows, strangers } = joinSpec(promises, readResults().flatMap(testsIn));
process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${tableOf(rows)}\n`);
for (const stranger of strangers) note(stranger);
process.exitCode = strangers.length > 0 ? 1 : 0;

/** Result files of `npm test`; without any, those of a run of our own over the unit tests that carry numbers. */
function readResults() {
  const names = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => name.endsWith('.json')) : [];
  const left = names.filter((name) => name !== OWN);
  if (left.length > 0) {
    rmSync(join(RESULTS, OWN), { force: true });
    tellAge(left);
    return left;
  }
  if (names.includes(OWN) && !olderThanSources([OWN])) return [OWN];
  checkNode();
  // An installation that is there is used as it is: others may be working on it.
  if (!existsSync(join(ROOT, 'node_modules', '.bin', 'vitest'))) installQuietly();
  note(
    'There are no results of npm test here: running the unit tests that carry a number, which takes minutes …',
  );
  mkdirSync(RESULTS, { recursive: true });
  rmSync(join(RESULTS, OWN), { force: true });
  // A failing test is no failure of this command: its line is open.
  run(
    'vitest',
    [
      'run',
      'test',
      '-t',
      'M-\\d{3}',
      '--exclude',
      'test/conformance/**',
      '--exclude',
      'test/integration/**',
      '--reporter=json',
      `--outputFile=${join(RESULTS, OWN)}`,
    ],
    { quiet: true, mayFail: true },
  );
  if (existsSync(join(RESULTS, OWN))) return [OWN];
  note('The unit tests ended without a report: try npm test.');
  return process.exit(1);
}

/** Says so when the sources are newer than what is shown. */
function tellAge(names) {
  const at = new Date(Math.min(...names.map((name) => statSync(join(RESULTS, name)).mtimeMs)));
  note(`Results of npm test at ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC: ${names.join(', ')}`);
  if (olderThanSources(names)) note('Sources have changed since: run npm test again for the present state.');
}

function olderThanSources(names) {
  const oldest = Math.min(...names.map((name) => statSync(join(RESULTS, name)).mtimeMs));
  return ['src', 'test'].some((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true }).some(
      (name) => statSync(join(ROOT, folder, name)).mtimeMs > oldest,
    ),
  );
}

/** The install's progress would otherwise stand on stdout before the JSON. */
function installQuietly() {
  const write = process.stdout.write;
  process.stdout.write = (text) => process.stderr.write(text);
  try {
    ensureInstalled();
  } finally {
    process.stdout.write = write;
  }
}

function testsIn(name) {
  const report = JSON.parse(readFileSync(join(RESULTS, name), 'utf8'));
  return testsOf(
    report,
    (path) => relative(ROOT, path).replaceAll('\\', '/'),
    (path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''),
  );
}
