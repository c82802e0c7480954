// The five taps: clock, timers, network, disk and random are reached only through src/main/seams.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const FORBIDDEN_CALLS = new Map([
  ['Date.now', 'clock'],
  ['performance.now', 'clock'],
  ['process.hrtime', 'clock'],
  ['process.hrtime.bigint', 'clock'],
  ['setTimeout', 'timers'],
  ['setInterval', 'timers'],
  ['setImmediate', 'timers'],
  ['Math.random', 'random'],
  ['crypto.randomUUID', 'random'],
  ['crypto.getRandomValues', 'random'],
  ['randomUUID', 'random'],
  ['randomBytes', 'random'],
  ['randomInt', 'random'],
  ['fetch', 'network'],
]);
const FORBIDDEN_MODULES = new Map([
  ['fs', 'disk'],
  ['fs/promises', 'disk'],
  ['net', 'network'],
  ['tls', 'network'],
  ['dgram', 'network'],
  ['http', 'network'],
  ['https', 'network'],
  ['http2', 'network'],
  ['timers', 'timers'],
  ['timers/promises', 'timers'],
  ['perf_hooks', 'clock'],
  ['child_process', 'disk'],
  ['ws', 'network'],
]);
const RANDOM_IMPORTS = new Set([
  'randomUUID',
  'randomBytes',
  'randomInt',
  'randomFillSync',
  'getRandomValues',
  'webcrypto',
]);

/**
 * Every place in one source text that opens a tap by itself.
 * @returns {{ line: number, tap: string, what: string }[]}
 */
export function tapsIn(text, fileName = 'x.ts') {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const report = (node, tap, what) =>
    found.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, tap, what });
  const visit = (node) => {
    if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly) {
      const from = node.moduleSpecifier.text.replace(/^node:/, '');
      const names = node.importClause?.namedBindings;
      const values =
        names && ts.isNamedImports(names) ? names.elements.filter((each) => !each.isTypeOnly) : null;
      const anyValue = values === null || values.length > 0 || node.importClause?.name;
      if (FORBIDDEN_MODULES.has(from) && anyValue)
        report(node, FORBIDDEN_MODULES.get(from), `import of ${from}`);
      if (from === 'crypto') {
        for (const each of values ?? []) {
          const name = (each.propertyName ?? each.name).text;
          if (RANDOM_IMPORTS.has(name)) report(each, 'random', name);
        }
      }
    }
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText(source).replace(/^(globalThis|window|global)\./, '');
      if (FORBIDDEN_CALLS.has(callee)) report(node, FORBIDDEN_CALLS.get(callee), `${callee}()`);
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(node.arguments[0])) {
        const from = node.arguments[0].text.replace(/^node:/, '');
        if (FORBIDDEN_MODULES.has(from)) report(node, FORBIDDEN_MODULES.get(from), `import of ${from}`);
      }
    }
    if (ts.isNewExpression(node)) {
      const made = node.expression.getText(source).replace(/^(globalThis|window|global)\./, '');
      if (made === 'Date' && (node.arguments ?? []).length === 0) report(node, 'clock', 'new Date()');
      if (made === 'WebSocket' || made === 'EventSource') report(node, 'network', `new ${made}()`);
    }
    // Handing the function itself on opens the tap too: `schedule(setTimeout)`.
    const isReference =
      ts.isIdentifier(node) && ['setTimeout', 'setInterval', 'setImmediate', 'fetch'].includes(node.text);
    if (isReference && isValueUse(node)) report(node, FORBIDDEN_CALLS.get(node.text), node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isValueUse(node) {
  const parent = node.parent;
  if (ts.isCallExpression(parent)) return parent.expression !== node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return ts.isShorthandPropertyAssignment(parent) || (ts.isBinaryExpression(parent) && parent.right === node);
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** Every violation under src/main, outside the one room that may. */
export function tapsUnder(root) {
  const main = join(root, 'src', 'main');
  const found = [];
  for (const path of sources(main)) {
    if (path.startsWith(join(main, 'seams'))) continue;
    for (const hit of tapsIn(readFileSync(path, 'utf8'), path))
      found.push({ file: relative(root, path), ...hit });
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = tapsUnder(process.cwd());
  for (const { file, line, tap, what } of found) {
    process.stdout.write(
      `${file}:${line}: ${what} opens the ${tap} tap. Take it from the Seams that are handed in.\n`,
    );
  }
  process.exit(found.length === 0 ? 0 : 1);
}
