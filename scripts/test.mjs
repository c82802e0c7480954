// `npm test`: every check there is, from a fresh clone, ending in one plain line of counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { checkNode, ensureBuilt, ensureInstalled, ROOT, say, withOwnNode } from './setup.mjs';

const OUT = join(ROOT, 'test-results');
const only = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const skipReasons = [];
const started = Date.now();

checkNode();
ensureInstalled();
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

const sections = [
  ['types', () => single('node', ['node_modules/typescript/bin/tsc', '--noEmit'])],
  ['lint', () => single('biome', ['check', '--error-on-warnings'], 'node', ['scripts/lint/taps.mjs'])],
  ['import table', () => single('depcruise', ['src', '--output-type', 'err'])],
  [
    'unit',
    () => vitest('unit', ['test', ...without('conformance', 'integration', 'simulation'), '--coverage']),
  ],
  ['integration', () => build() && vitest('integration', ['test/integration'])],
  ['conformance', () => vitest('conformance', ['test/conformance'])],
  ['end-to-end', () => build() && endToEnd()],
  // Days in virtual time want the processor for themselves, so they come last.
  ['simulation', () => vitest('simulation', ['test/simulation'])],
];

for (const [name, section] of sections) {
  if (only.length > 0 && !only.includes(name)) continue;
  const before = { ...total };
  const at = Date.now();
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
  section();
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((key) => total[key] - before[key]);
  say(
    `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${Math.round((Date.now() - at) / 1000)} s`,
  );
}

say(`\nAll sections took ${Math.round((Date.now() - started) / 1000)} s.`);
for (const reason of skipReasons) say(`skipped: ${reason}`);
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function execute(command, args, options = {}) {
  return spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...withOwnNode(), FORCE_COLOR: '0', NO_COLOR: '1', ...options.env },
    shell: process.platform === 'win32',
  });
}

/** Each command is one check: it passes or it fails. Words come in pairs: command, arguments, command, … */
function single(...words) {
  for (let index = 0; index < words.length; index += 2) {
    const done = execute(words[index], words[index + 1]);
    if (done.status === 0) total.passed++;
    else total.failed++;
  }
}

function without(...folders) {
  return folders.flatMap((folder) => ['--exclude', `test/${folder}/**`]);
}

function build() {
  ensureBuilt();
  return true;
}

function vitest(name, args) {
  const report = join(OUT, `${name}.json`);
  const done = execute('vitest', [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) {
    say(`The ${name} tests ended without a report.`);
    total.failed++;
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += result.numPassedTests;
  total.skipped += result.numPendingTests + result.numTodoTests;
  // A file that cannot be loaded has no tests to fail, and must not pass unseen.
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = result.numFailedTests + broken;
  total.failed += failed === 0 && done.status !== 0 ? 1 : failed;
  for (const file of result.testResults) {
    for (const test of file.assertionResults)
      if (test.status === 'skipped' || test.status === 'pending') skipReasons.push(test.fullName);
  }
}

function endToEnd() {
  const chromium = findChromium();
  if (!chromium.path) {
    say(chromium.words);
    total.failed++;
    return;
  }
  say(chromium.words);
  const report = join(OUT, 'end-to-end.json');
  const done = execute('playwright', ['test', '--config', 'test/e2e/playwright.config.ts'], {
    env: { WAVEDESK_CHROMIUM: chromium.path, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  if (!existsSync(report)) {
    say('The end-to-end tests ended without a report.');
    total.failed++;
    return;
  }
  const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += stats.expected + stats.flaky;
  total.failed += stats.unexpected === 0 && done.status !== 0 ? 1 : stats.unexpected;
  total.skipped += stats.skipped;
  const walk = (suite) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'skipped')
          skipReasons.push(
            `${spec.title}${test.annotations?.map((note) => `: ${note.description ?? ''}`).join('') ?? ''}`,
          );
      }
    }
    for (const child of suite.suites ?? []) walk(child);
  };
  suites.forEach(walk);
}
