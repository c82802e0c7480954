import type { Instrument } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import { bad, type Fields, fieldsOf, integerOf, listOf, textOf } from '../core/fields';
import { VenueError } from '../venue';
import type { Params } from './auth';
import type { Rest } from './rest';

export interface ListParts {
  readonly rest: Rest;
  /** Null for what we do not trade. @throws VenueError */
  instrumentOf(wireSymbol: string): Promise<Instrument | null>;
}

const MOST_PAGES = 100;

/**
 * All rows of a futures list, page by page. MEXC answers with a bare list or with {"resultList":[…],"totalPage":n};
 * either is taken. One row that cannot be read spoils the answer: it could be a stop or a fill.
 * @throws VenueError
 */
export async function askPages(
  rest: Rest,
  path: string,
  params: Params,
  pageSize: number,
): Promise<Fields[]> {
  const rows: Fields[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const data = await rest.ask({
      family: 'contract',
      method: 'GET',
      path,
      params: { ...params, page_num: page, page_size: pageSize },
    });
    const { list, pages } = readAnswer({ data }, `GET ${path}`, ({ data: said }) => readPage(said));
    rows.push(...list);
    if (pages === null ? list.length < pageSize : page >= pages) return rows;
  }
  throw new VenueError('bad-answer', `GET ${path}: more than ${MOST_PAGES} pages`);
}

function readPage(data: unknown): { list: Fields[]; pages: number | null } {
  if (data === null || data === undefined) return { list: [], pages: null };
  const whole = Array.isArray(data);
  const fields = whole ? {} : fieldsOf(data, 'page');
  const list = whole ? (data as unknown[]) : listOf(fields.resultList ?? [], 'resultList');
  return {
    list: list.map((row) => fieldsOf(row, 'row')),
    pages: whole || fields.totalPage === undefined ? null : integerOf(fields, 'totalPage'),
  };
}

/** Decodes rows of symbols we trade; the others are not ours to speak of. @throws VenueError */
export async function decodeRows<T>(
  parts: ListParts,
  what: string,
  rows: readonly Fields[],
  decode: (row: Fields, instrument: Instrument) => T,
): Promise<T[]> {
  const decoded: T[] = [];
  for (const row of rows) {
    const wire = readAnswer(row, what, (fields) => textOf(fields, 'symbol'));
    const instrument = await parts.instrumentOf(wire);
    if (instrument !== null) decoded.push(readAnswer(row, what, (fields) => decode(fields, instrument)));
  }
  return decoded;
}

/** The row, checked to be about the symbol asked for. @throws ProtocolError */
export function ofSymbol(row: Fields, wire: string): Fields {
  if (row.symbol !== wire) throw bad(`an answer about another symbol than ${wire}`, row);
  return row;
}
