// What docs/spec.md promises, joined with what the tests showed. Pure: text and parsed reports in, rows out.

const NUMBER = /\bM-\d{3}\b/g;
const LINE = /^- \*\*(M-\d{3})\*\* (\S.*)$/;

/** The numbers a test name carries, each once. */
export const numbersIn = (name) => [...new Set(name.match(NUMBER) ?? [])];

/**
 * The promises of docs/spec.md, in order.
 * @throws Error naming the line when a number comes twice or a line of the list is malformed
 */
export function parseSpec(markdown) {
  const promises = new Map();
  for (const [index, line] of markdown.split('\n').entries()) {
    const match = LINE.exec(line);
    if (match === null) {
      if (/^\s*[-*] .*\bM-\d/.test(line))
        throw new Error(`docs/spec.md line ${index + 1} is not "- **M-000** text": ${line.slice(0, 60)}`);
      continue;
    }
    const [, id, text] = match;
    if (promises.has(id)) throw new Error(`docs/spec.md line ${index + 1}: ${id} stands there twice`);
    promises.set(id, { id, text: text.trim() });
  }
  return [...promises.values()];
}

const OUTCOMES = { passed: 'passed', failed: 'failed' };

/**
 * Tests of a vitest JSON report. A file that could not be loaded counts as one failed test that carries every number
 * of its source, so that a broken file cannot leave a promise proven.
 */
export function testsOfVitest(report, fileNameOf = (path) => path, sourceOf = () => '') {
  return report.testResults.flatMap((file) => {
    const name = fileNameOf(file.name);
    if (file.status === 'failed' && file.assertionResults.length === 0)
      return [
        {
          name: [name, 'could not be loaded', ...numbersIn(sourceOf(file.name))].join(' › '),
          outcome: 'failed',
        },
      ];
    return file.assertionResults.map((test) => ({
      name: [name, ...test.ancestorTitles.filter((title) => title !== ''), test.title].join(' › '),
      outcome: OUTCOMES[test.status] ?? 'skipped',
    }));
  });
}

const PLAYWRIGHT_OUTCOMES = { expected: 'passed', flaky: 'passed', unexpected: 'failed' };

/** Tests of a Playwright JSON report; a spec that ran on two hosts is two tests. */
export function testsOfPlaywright(report) {
  const walk = (suite, path) => [
    ...(suite.specs ?? []).flatMap((spec) =>
      spec.tests.map((test) => ({
        name: [...path, spec.title, ...(test.projectName ? [`on ${test.projectName}`] : [])].join(' › '),
        outcome: PLAYWRIGHT_OUTCOMES[test.status] ?? 'skipped',
      })),
    ),
    ...(suite.suites ?? []).flatMap((child) => walk(child, [...path, child.title])),
  ];
  return report.suites.flatMap((suite) => walk(suite, [`test/e2e/${suite.title}`]));
}

/** Tests of either report, told apart by what only one of them has. */
export function testsOf(report, fileNameOf, sourceOf) {
  if (Array.isArray(report?.testResults)) return testsOfVitest(report, fileNameOf, sourceOf);
  if (Array.isArray(report?.suites)) return testsOfPlaywright(report);
  return [];
}

/** One row per promise. Proven: a test with its number passed and none failed; a skipped test shows nothing. */
export function joinSpec(promises, tests) {
  const byNumber = new Map(promises.map(({ id }) => [id, []]));
  const strangers = [];
  for (const test of tests)
    for (const id of numbersIn(test.name)) {
      const known = byNumber.get(id);
      if (known === undefined) strangers.push(`${id} is not in docs/spec.md: ${test.name}`);
      else known.push(test);
    }
  const rows = promises.map(({ id, text }) => {
    const mine = byNumber.get(id);
    const outcomes = mine.map((test) => test.outcome);
    const proven = outcomes.includes('passed') && !outcomes.includes('failed');
    return {
      id,
      text,
      status: proven ? 'proven' : 'open',
      tests: [...new Set(mine.map(({ name }) => name))],
    };
  });
  return { rows, strangers };
}

const SHOWN_TEXT = 78;
const shortened = (text) => (text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT - 1).trimEnd()}…` : text);

/** The table for people, with a closing line of counts. */
export function tableOf(rows) {
  const lines = rows.map(
    ({ id, status, text, tests }) =>
      `${id}  ${status.padEnd(6)}  ${shortened(text).padEnd(SHOWN_TEXT)}  ${String(tests.length).padStart(4)}`,
  );
  const proven = rows.filter((row) => row.status === 'proven').length;
  return [
    `${'line'.padEnd(5)}  ${'status'.padEnd(6)}  ${'promise'.padEnd(SHOWN_TEXT)}  tests`,
    ...lines,
    `${rows.length} promises: ${proven} proven, ${rows.length - proven} open`,
  ].join('\n');
}
