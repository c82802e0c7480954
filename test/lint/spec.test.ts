import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinSpec,
  numbersIn,
  parseSpec,
  type ShownTest,
  tableOf,
  testsOf,
} from '../../scripts/spec-table.mjs';

// Numbers are put together here, because a number in a source file or a name would claim a promise.
const id = (number: number): string => `M-${String(number).padStart(3, '0')}`;
const [ONE, TWO, THREE] = [id(901), id(902), id(903)] as const;
const PAGE = `# Promises\n\nAbout ${ONE}.\n\n- **${ONE}** first thing\n- **${TWO}** second thing: a, b\n`;

const vitestReport = (...tests: readonly (readonly [title: string, status: string])[]) => ({
  testResults: [
    {
      name: '/here/test/a.test.ts',
      status: 'passed',
      assertionResults: tests.map(([title, status]) => ({ ancestorTitles: ['', 'a room'], title, status })),
    },
  ],
});
const statusesOf = (tests: readonly ShownTest[]): Record<string, string> =>
  Object.fromEntries(joinSpec(parseSpec(PAGE), tests).rows.map(({ id, status }) => [id, status]));

describe('the list of promises', () => {
  it('is read in order, and prose is not taken for a promise', () => {
    expect(parseSpec(PAGE)).toEqual([
      { id: ONE, text: 'first thing' },
      { id: TWO, text: 'second thing: a, b' },
    ]);
  });
  it('is refused with its line when a number comes twice or a line is malformed', () => {
    expect(() => parseSpec(`${PAGE}- **${ONE}** again`)).toThrow(`line 7: ${ONE} stands there twice`);
    expect(() => parseSpec(`- ${ONE} without stars`)).toThrow('line 1 is not');
    expect(() => parseSpec(`- **${ONE}**without a blank`)).toThrow('line 1 is not');
  });
  it('of this project has every number from 1 to 119 once, in order, and points to no other folder', () => {
    const text = readFileSync('docs/spec.md', 'utf8');
    const ids = parseSpec(text).map((promise) => promise.id);
    expect(ids.slice(0, 119)).toEqual(Array.from({ length: 119 }, (_, index) => id(index + 1)));
    expect(ids).toEqual([...ids].sort());
    expect(text).not.toContain('../');
  });
});

describe('numbers in test names', () => {
  it('are found wherever they stand, several of them, each once', () => {
    expect(numbersIn(`room › ${TWO} ${ONE}: is so, as ${ONE} says`)).toEqual([TWO, ONE]);
  });
  it('are not seen in other words', () => {
    expect(numbersIn('XM-901 M-9012 M-90 m-901 M901')).toEqual([]);
  });
  it('of this project all stand in docs/spec.md', () => {
    const known = new Set(parseSpec(readFileSync('docs/spec.md', 'utf8')).map((promise) => promise.id));
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' });
    const strangers = files
      .filter((name) => /\.(test|spec)\.ts$/.test(name))
      .flatMap((name) => numbersIn(readFileSync(join('test', name), 'utf8')).map((number) => [name, number]))
      .filter(([, number]) => !known.has(number!));
    expect(strangers).toEqual([]);
  });
});

describe('a promise', () => {
  const passed = { name: `${ONE} holds`, outcome: 'passed' } as const;
  it('is proven by a test that passed', () => {
    expect(statusesOf([passed])).toEqual({ [ONE]: 'proven', [TWO]: 'open' });
  });
  it.each([
    ['only a skipped test', [{ name: `${ONE} holds`, outcome: 'skipped' }]],
    ['only a failed test', [{ name: `${ONE} holds`, outcome: 'failed' }]],
    ['a failed test beside a passed one', [passed, { name: `${TWO} ${ONE} too`, outcome: 'failed' }]],
    ['no test', []],
    ['a passed test with another number', [{ name: `${TWO} holds`, outcome: 'passed' }]],
  ] as const)('stays open with %s', (_, tests) => {
    expect(statusesOf(tests)[ONE]).toBe('open');
  });
  it('is proven by any set of tests exactly when one of its own passed and none of them failed', () => {
    const test = fc.record({
      ids: fc.uniqueArray(fc.constantFrom(ONE, TWO)),
      outcome: fc.constantFrom('passed', 'failed', 'skipped'),
    });
    fc.assert(
      fc.property(fc.array(test, { maxLength: 6 }), (tests) => {
        const statuses = statusesOf(
          tests.map(({ ids, outcome }) => ({ name: `${ids.join(' ')} x`, outcome })),
        );
        for (const each of [ONE, TWO]) {
          const own = tests.filter(({ ids }) => ids.includes(each)).map(({ outcome }) => outcome);
          const proven = own.some((outcome) => outcome === 'passed') && own.every((o) => o !== 'failed');
          expect(statuses[each]).toBe(proven ? 'proven' : 'open');
        }
      }),
    );
  });
  it('names its tests, and a number that nobody promised is told with the test', () => {
    const { rows, strangers } = joinSpec(parseSpec(PAGE), [
      passed,
      { name: `${THREE} and ${ONE}`, outcome: 'passed' },
    ]);
    expect(rows[0]).toEqual({
      id: ONE,
      text: 'first thing',
      status: 'proven',
      tests: [`${ONE} holds`, `${THREE} and ${ONE}`],
    });
    expect(strangers).toEqual([`${THREE} is not in docs/spec.md: ${THREE} and ${ONE}`]);
  });
});

describe('reports', () => {
  it('of vitest give file, path of titles and outcome', () => {
    const report = vitestReport([`${ONE} is so`, 'passed'], ['b', 'failed'], ['c', 'pending'], ['d', 'todo']);
    expect(testsOf(report, (path) => path.replace('/here/', ''))).toEqual([
      { name: `test/a.test.ts › a room › ${ONE} is so`, outcome: 'passed' },
      { name: 'test/a.test.ts › a room › b', outcome: 'failed' },
      { name: 'test/a.test.ts › a room › c', outcome: 'skipped' },
      { name: 'test/a.test.ts › a room › d', outcome: 'skipped' },
    ]);
  });
  it('of a file that could not be loaded fail every number in it', () => {
    const report = { testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }] };
    const tests = testsOf(report, undefined, () => `it('${ONE} is so')`);
    expect(tests).toHaveLength(1);
    expect(statusesOf([...tests, { name: ONE, outcome: 'passed' }])[ONE]).toBe('open');
  });
  it('of Playwright give one test a host, through nested suites', () => {
    const spec = (title: string, ...statuses: readonly string[]) => ({
      title,
      tests: statuses.map((status, index) => ({
        status,
        projectName: index === 0 ? 'headless' : 'electron',
      })),
    });
    const report = {
      suites: [
        {
          title: 'desk.spec.ts',
          specs: [spec(`${ONE} is so`, 'expected', 'skipped')],
          suites: [{ title: 'inner', specs: [spec('b', 'unexpected'), spec('c', 'flaky')] }],
        },
      ],
    };
    expect(testsOf(report)).toEqual([
      { name: `test/e2e/desk.spec.ts › ${ONE} is so › on headless`, outcome: 'passed' },
      { name: `test/e2e/desk.spec.ts › ${ONE} is so › on electron`, outcome: 'skipped' },
      { name: 'test/e2e/desk.spec.ts › inner › b › on headless', outcome: 'failed' },
      { name: 'test/e2e/desk.spec.ts › inner › c › on headless', outcome: 'passed' },
    ]);
  });
  it('of anything else hold no tests', () => {
    for (const other of [null, 5, {}, { testResults: 'x' }]) expect(testsOf(other)).toEqual([]);
  });
});

describe('the table', () => {
  it('has a line a promise, cuts long texts, and ends with the counts', () => {
    const long = `${'word '.repeat(40)}end`;
    const rows = joinSpec(parseSpec(`${PAGE}- **${THREE}** ${long}`), [
      { name: ONE, outcome: 'passed' },
    ]).rows;
    const lines = tableOf(rows).split('\n');
    expect(lines[1]).toMatch(new RegExp(`^${ONE} {2}proven {2}first thing +1$`));
    expect(lines[3]).toContain('…');
    expect(lines[3]).not.toContain('end');
    expect(lines.at(-1)).toBe('3 promises: 1 proven, 2 open');
  });
});
