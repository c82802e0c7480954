import type { Seams } from '#main/seams/seams';
import { unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { CredentialSource } from '../core/credentials';
import { fieldsOf, timeOf } from '../core/fields';
import { Rest as VenueRest } from '../core/rest';
import { errorCodeOf, toAnswer } from './answer';
import { type Method, type Params, type SignedFamily, Signer } from './auth';
import type { Endpoints } from './endpoints';

export type Family = 'public' | SignedFamily;

/** One request. Family 'public' takes no key and is only for GET. */
export interface RestCall {
  readonly family: Family;
  readonly method: Method;
  readonly path: string;
  /** A list is the body of a futures call that wants one. */
  readonly params?: Params | readonly unknown[];
}

/** REST of MEXC spot or its USDT perpetuals. */
export class Rest extends VenueRest<RestCall> {
  readonly signer: Signer;

  constructor(seams: Seams, market: MarketKind, endpoints: Endpoints, credentials: CredentialSource) {
    const publicBase =
      market === 'spot' ? `${endpoints.spotRest}/api/v3` : `${endpoints.futureRest}/api/v1/contract`;
    // The signer's clock is this object's, which does not exist yet.
    const signer: Signer = new Signer(credentials, endpoints, () => this.now());
    super(seams, {
      name: 'MEXC',
      what: (call) => `${call.method} ${call.path}`,
      build: (call) =>
        call.family === 'public'
          ? publicRequest(publicBase, call)
          : signer.rest(call.family, call.method, call.path, call.params ?? {}),
      toAnswer: (reply) => toAnswer(reply, market),
      codeOf: errorCodeOf,
      clockCall: { family: 'public', method: 'GET', path: market === 'spot' ? 'time' : 'ping' },
      readClock: (data) =>
        market === 'spot'
          ? timeOf(fieldsOf(data, 'GET time'), 'serverTime')
          : unixMs(timeOf({ data }, 'data')),
    });
    this.signer = signer;
  }
}

function publicRequest(base: string, call: RestCall) {
  const entries = Object.entries(call.params ?? {}).map(([name, value]) => [name, String(value)] as const);
  const query = new URLSearchParams(entries as [string, string][]).toString();
  const url = `${base}/${call.path}${query === '' ? '' : `?${query}`}`;
  return { url, method: call.method, headers: {}, body: undefined };
}
