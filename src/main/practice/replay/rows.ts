import { parse } from 'csv-parse/sync';
import { type Place, ReplayError } from './replay-error';

/** One row of a file, with the line it stands on. */
export interface Row {
  readonly place: Place;
  readonly cells: readonly unknown[];
}

const LONGEST_JSON_ROW = 10_000;
const CSV = { relax_column_count: true, skip_empty_lines: true, trim: true, info: true } as const;

async function* texts(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  for await (const block of blocks) yield decoder.decode(block, { stream: true });
  yield decoder.decode();
}

/** Rows of a CSV or of a JSON array of arrays, told apart by the first character. @throws ReplayError */
export async function* readRows(file: string, blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const source = texts(blocks);
  let head = '';
  // Not `for await`: leaving that loop would close the source behind the first block.
  for (let next = await source.next(); !next.done; next = await source.next()) {
    head += next.value;
    if (head.trim().length > 0) break;
  }
  const rest = (async function* () {
    yield head.replace(/^\uFEFF/, '');
    yield* source;
  })();
  if (
    head
      .replace(/^\uFEFF/, '')
      .trimStart()
      .startsWith('[')
  )
    yield* jsonRows(file, rest);
  else yield* csvRows(file, rest);
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Whole lines at a time: no field of market data holds a line break. */
async function* csvRows(file: string, source: AsyncIterable<string>): AsyncGenerator<Row> {
  let kept = '';
  let linesBefore = 0;
  const rows = function* (text: string): Generator<Row> {
    let parsed: Parsed[];
    try {
      parsed = parse(text, CSV) as unknown as Parsed[];
    } catch (error) {
      // The parser counts lines from the start of this block.
      const words = error instanceof Error ? error.message : String(error);
      const said = words.replace(/line (\d+)/i, (_, line: string) => `line ${Number(line) + linesBefore}`);
      throw new ReplayError(`${file}: expected a readable CSV: ${said}`);
    }
    for (const { record, info } of parsed)
      yield { place: { file, line: info.lines + linesBefore }, cells: record };
    linesBefore += text.split('\n').length - 1;
  };
  for await (const text of source) {
    kept += text;
    const cut = kept.lastIndexOf('\n') + 1;
    if (cut === 0) continue;
    const block = kept.slice(0, cut);
    kept = kept.slice(cut);
    yield* rows(block);
  }
  if (kept.trim().length > 0) yield* rows(kept);
}

/** Finds the inner arrays of `[[…],[…]]` without holding the file in memory. */
async function* jsonRows(file: string, source: AsyncIterable<string>): AsyncGenerator<Row> {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let row = '';
  let line = 1;
  const fail = (what: string): never => {
    throw new ReplayError(`${file}: line ${line}: expected ${what}`);
  };
  for await (const text of source) {
    for (const char of text) {
      if (char === '\n') line++;
      if (depth >= 2) row += char;
      if (row.length > LONGEST_JSON_ROW) fail('rows like [ms, id, type, side, price, amount, cost]');
      if (quoted) {
        if (escaped) escaped = false;
        else if (char === '\\') escaped = true;
        else if (char === '"') quoted = false;
      } else if (char === '"') quoted = true;
      else if (char === '[') {
        depth++;
        if (depth === 2) row = '[';
      } else if (char === ']') {
        depth--;
        if (depth < 0) fail('no more after the end of the list');
        if (depth === 1) {
          yield { place: { file, line }, cells: jsonCells(file, line, row) };
          row = '';
        }
      } else if (depth < 2 && !/[\s,]/.test(char)) {
        fail(`a list of rows [[ms, id, type, side, price, amount, cost], …], found "${char}"`);
      }
    }
  }
  if (depth !== 0) fail('"]": the file ends in the middle of the list');
}

function jsonCells(file: string, line: number, text: string): readonly unknown[] {
  try {
    return JSON.parse(text) as readonly unknown[];
  } catch {
    throw new ReplayError(`${file}: line ${line}: expected a JSON row, found ${text.slice(0, 60)}`);
  }
}
