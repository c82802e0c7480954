export interface Promised {
  id: string;
  text: string;
}
export interface ShownTest {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
}
export interface SpecRow extends Promised {
  status: 'proven' | 'open';
  tests: string[];
}
export function numbersIn(name: string): string[];
export function parseSpec(markdown: string): Promised[];
export function testsOf(
  report: unknown,
  fileNameOf?: (path: string) => string,
  sourceOf?: (path: string) => string,
): ShownTest[];
export function joinSpec(
  promises: readonly Promised[],
  tests: readonly ShownTest[],
): { rows: SpecRow[]; strangers: string[] };
export function tableOf(rows: readonly SpecRow[]): string;
