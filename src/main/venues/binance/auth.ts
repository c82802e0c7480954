import { CcxtSigner } from '../core/ccxt-signer';
import { type CredentialSource, readCredentials, type WireRequest } from '../core/credentials';
import { signature } from '../core/signature';
import type { Endpoints } from './endpoints';

export type SignedFamily = 'private' | 'fapiPrivate' | 'fapiPrivateV2' | 'fapiPrivateV3';
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Params = Readonly<Record<string, string>>;

/** How long after `timestamp` Binance still accepts a request. */
export const RECV_WINDOW_MS = 5_000;

/** Signs for one account; the key is read for each signature and never shown. */
export class Signer {
  readonly #source: CredentialSource;
  readonly #now: () => number;
  readonly #ccxt: CcxtSigner;

  /** `now` is the venue's clock in ms, as well as we know it. */
  constructor(source: CredentialSource, endpoints: Endpoints, now: () => number) {
    this.#source = source;
    this.#now = now;
    const options = { urls: { api: restUrls(endpoints) }, options: { recvWindow: RECV_WINDOW_MS } };
    this.#ccxt = new CcxtSigner('binance', options, source);
  }

  /** A signed REST request, made by ccxt from its endpoint table. @throws NoCredentials */
  rest(family: SignedFamily, method: Method, path: string, params: Params): Promise<WireRequest> {
    return this.#ccxt.sign(family, method, path, params, this.#now);
  }

  /** Parameters of a WS-API request with `apiKey`, `timestamp`, `recvWindow` and `signature`. @throws NoCredentials */
  async wsApi(params: Readonly<Record<string, string | number>>): Promise<Record<string, string | number>> {
    const { apiKey, secret } = await readCredentials(this.#source);
    const all = { ...params, apiKey, recvWindow: RECV_WINDOW_MS, timestamp: this.#now() };
    return { ...all, signature: signature(secret, wsApiPayload(all)) };
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
}

const restUrls = (endpoints: Endpoints): Record<string, string> => ({
  private: `${endpoints.spotRest}/api/v3`,
  fapiPrivate: `${endpoints.futureRest}/fapi/v1`,
  fapiPrivateV2: `${endpoints.futureRest}/fapi/v2`,
  fapiPrivateV3: `${endpoints.futureRest}/fapi/v3`,
});

/** All parameters sorted by name, `k=v` joined by `&`, not percent-encoded (spot WS-API documentation). */
export const wsApiPayload = (params: Readonly<Record<string, string | number>>): string =>
  Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
