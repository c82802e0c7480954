import type { Seams } from '#main/seams/seams';
import type { MarketKind } from '#shared/domain/exchange';
import type { Reply } from '../core/answer';
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
  readonly params?: Params;
}

/** Weight a minute per address (exchangeInfo). */
const WEIGHT_LIMIT: Record<MarketKind, number> = { spot: 6_000, future: 2_400 };

/** REST of Binance spot or USD-M. */
export class Rest extends VenueRest<RestCall> {
  readonly signer: Signer;

  constructor(seams: Seams, market: MarketKind, endpoints: Endpoints, credentials: CredentialSource) {
    const publicBase = market === 'spot' ? `${endpoints.spotRest}/api/v3` : `${endpoints.futureRest}/fapi/v1`;
    // The signer's clock is this object's, which does not exist yet.
    const signer: Signer = new Signer(credentials, endpoints, () => this.now());
    super(seams, {
      name: 'Binance',
      what: (call) => `${call.method} ${call.path}`,
      build: (call) =>
        call.family === 'public'
          ? publicRequest(publicBase, call)
          : signer.rest(call.family, call.method, call.path, call.params ?? {}),
      toAnswer,
      codeOf: errorCodeOf,
      clockCall: { family: 'public', method: 'GET', path: 'time' },
      readClock: (data) => timeOf(fieldsOf(data, 'GET time'), 'serverTime'),
      usedShare: (reply) => usedShare(reply, market),
    });
    this.signer = signer;
  }
}

function publicRequest(base: string, call: RestCall) {
  const query = new URLSearchParams(call.params ?? {}).toString();
  const url = `${base}/${call.path}${query === '' ? '' : `?${query}`}`;
  return { url, method: call.method, headers: {}, body: undefined };
}

function usedShare(reply: Reply, market: MarketKind): number | null {
  const header = reply.header('x-mbx-used-weight-1m');
  return header === null ? null : Number(header) / WEIGHT_LIMIT[market];
}
