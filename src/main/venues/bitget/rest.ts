import type { Seams } from '#main/seams/seams';
import type { CredentialSource, WireRequest } from '../core/credentials';
import { fieldsOf, timeOf } from '../core/fields';
import { Rest as VenueRest } from '../core/rest';
import { errorCodeOf, toAnswer } from './answer';
import { type Method, type Params, Signer } from './auth';
import type { Endpoints } from './endpoints';

/** One request. Without a signature it is only for GET. */
export interface RestCall {
  readonly signed: boolean;
  readonly method: Method;
  /** "v2/mix/order/detail". */
  readonly path: string;
  readonly params?: Params;
}

/** REST of Bitget, spot and futures alike. */
export class Rest extends VenueRest<RestCall> {
  readonly signer: Signer;

  constructor(seams: Seams, endpoints: Endpoints, credentials: CredentialSource) {
    // The signer's clock is this object's, which does not exist yet.
    const signer: Signer = new Signer(credentials, endpoints, () => this.now());
    super(seams, {
      name: 'Bitget',
      what: (call) => `${call.method} ${call.path}`,
      build: (call) =>
        call.signed ? signer.rest(call.method, call.path, call.params ?? {}) : publicRequest(endpoints, call),
      toAnswer,
      codeOf: errorCodeOf,
      clockCall: { signed: false, method: 'GET', path: 'v2/public/time' },
      readClock: (data) => timeOf(fieldsOf(data, 'GET time'), 'serverTime'),
    });
    this.signer = signer;
  }
}

export const publicGet = (path: string, params?: Params): RestCall => ({
  signed: false,
  method: 'GET',
  path,
  ...(params === undefined ? {} : { params }),
});
export const signedGet = (path: string, params: Params): RestCall => ({
  signed: true,
  method: 'GET',
  path,
  params,
});
export const signedPost = (path: string, params: Params): RestCall => ({
  signed: true,
  method: 'POST',
  path,
  params,
});

function publicRequest({ rest }: Endpoints, call: RestCall): WireRequest {
  const texts = Object.entries(call.params ?? {}).map(([name, value]) => [name, String(value)]);
  const query = new URLSearchParams(texts).toString();
  const url = `${rest}/api/${call.path}${query === '' ? '' : `?${query}`}`;
  return { url, method: call.method, headers: {}, body: undefined };
}
