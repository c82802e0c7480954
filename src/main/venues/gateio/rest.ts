import type { Seams } from '#main/seams/seams';
import type { CredentialSource, WireRequest } from '../core/credentials';
import { fieldsOf, timeOf } from '../core/fields';
import { Rest as VenueRest } from '../core/rest';
import { errorCodeOf, toAnswer } from './answer';
import { EXPIRY_MS, type Method, type Params, type Section, Signer } from './auth';
import type { Endpoints } from './endpoints';

/** One request; `path` without /api/v4 and its section: "usdt/orders" of "futures". */
export interface RestCall {
  readonly access: 'public' | 'private';
  readonly section: Section;
  readonly method: Method;
  readonly path: string;
  readonly params?: Params;
  /** An order: Gate drops it when it comes late. */
  readonly expires?: boolean;
}

/** Asks for sizes as decimal text (2025-12-09): without it fractions of a contract are rounded down. */
const DECIMAL_SIZES = { 'X-Gate-Size-Decimal': '1' } as const;

/** REST of Gate, both markets. */
export class Rest extends VenueRest<RestCall> {
  readonly signer: Signer;

  constructor(seams: Seams, endpoints: Endpoints, credentials: CredentialSource) {
    // The signer's clock is this object's, which does not exist yet.
    const signer: Signer = new Signer(credentials, endpoints, () => this.now());
    super(seams, {
      name: 'Gate',
      what: (call) => `${call.method} ${call.section}/${call.path}`,
      build: async (call, now) => {
        const request =
          call.access === 'public'
            ? publicRequest(endpoints, call)
            : await signer.rest(call.section, call.method, call.path, call.params ?? {});
        const expiry = call.expires ? { 'X-Gate-Exptime': String(Math.floor(now() + EXPIRY_MS)) } : {};
        return { ...request, headers: { ...request.headers, ...DECIMAL_SIZES, ...expiry } };
      },
      toAnswer: (reply) => toAnswer(reply, () => this.now()),
      codeOf: errorCodeOf,
      clockCall: { access: 'public', section: 'spot', method: 'GET', path: 'time' },
      readClock: (data) => timeOf(fieldsOf(data, 'GET spot/time'), 'server_time'),
    });
    this.signer = signer;
  }
}

function publicRequest(endpoints: Endpoints, { section, path, method, params = {} }: RestCall): WireRequest {
  const query = new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const url = `${endpoints.rest}/api/v4/${section}/${path}${query === '' ? '' : `?${query}`}`;
  return { url, method, headers: {}, body: undefined };
}
