import type { Seams } from '#main/seams/seams';
import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { CredentialSource } from '../core/credentials';
import { bad, type Fields, fieldsOf, listOf, textOf } from '../core/fields';
import { Rest as VenueRest } from '../core/rest';
import { VenueError } from '../venue';
import { errorCodeOf, toAnswer } from './answer';
import { type Method, type Params, Signer } from './auth';
import type { Endpoints } from './endpoints';

/** One request below /v5. Public ones take no key and are only for GET. */
export interface RestCall {
  readonly access: 'public' | 'signed';
  readonly method: Method;
  /** "order/create". */
  readonly path: string;
  readonly params?: Params;
}

/** REST of one market of Bybit. */
export class Rest extends VenueRest<RestCall> {
  readonly signer: Signer;

  constructor(seams: Seams, market: MarketKind, endpoints: Endpoints, credentials: CredentialSource) {
    const base = market === 'spot' ? endpoints.spotRest : endpoints.futureRest;
    // The signer's clock is this object's, which does not exist yet.
    const signer: Signer = new Signer(credentials, base, () => this.now());
    super(seams, {
      name: 'Bybit',
      what: (call) => `${call.method} ${call.path}`,
      build: (call) =>
        call.access === 'public'
          ? publicRequest(base, call)
          : signer.rest(call.method, `v5/${call.path}`, call.params ?? {}),
      toAnswer,
      codeOf: errorCodeOf,
      clockCall: { access: 'public', method: 'GET', path: 'market/time' },
      readClock,
    });
    this.signer = signer;
  }

  /**
   * All rows of a question that is answered in pages.
   * @throws VenueError; an answer that leads nowhere is one too, because a row left out could be a stop
   */
  async pages(call: RestCall): Promise<readonly Fields[]> {
    const rows: Fields[] = [];
    let cursor = '';
    for (let page = 0; page < MOST_PAGES; page++) {
      const params = { ...call.params, ...(cursor === '' ? {} : { cursor }) };
      const { list, next } = readPage(await this.ask({ ...call, params }), call.path);
      rows.push(...list);
      if (next === '' || list.length === 0) return rows;
      if (next === cursor)
        throw new VenueError('bad-answer', `GET ${call.path}: a page names itself as the next`);
      cursor = next;
    }
    throw new VenueError('bad-answer', `GET ${call.path}: more than ${MOST_PAGES} pages`);
  }
}

const MOST_PAGES = 200;

function readPage(data: unknown, path: string): { readonly list: readonly Fields[]; readonly next: string } {
  try {
    const fields = fieldsOf(data, 'result');
    const list = listOf(fields.list, 'list').map((row) => fieldsOf(row, 'row'));
    return { list, next: typeof fields.nextPageCursor === 'string' ? fields.nextPageCursor : '' };
  } catch (error) {
    throw new VenueError(
      'bad-answer',
      `GET ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A cursor comes encoded and goes back as it came; ccxt leaves signed queries as they are in the same way. */
function publicRequest(base: string, call: RestCall) {
  const query = Object.entries(call.params ?? {})
    .map(([name, value]) => `${name}=${name === 'cursor' ? String(value) : encodeURIComponent(value)}`)
    .join('&');
  const url = `${base}/v5/${call.path}${query === '' ? '' : `?${query}`}`;
  return { url, method: call.method, headers: {}, body: undefined };
}

// {"timeSecond":"1688639403","timeNano":"1688639403423213947"}
function readClock(data: unknown): UnixMs {
  const nano = textOf(fieldsOf(data, 'time'), 'timeNano');
  if (!/^\d{19}$/.test(nano)) throw bad('not a time in ns', nano);
  return unixMs(Number(nano.slice(0, 13)));
}
