import { CcxtSigner } from '../core/ccxt-signer';
import { type CredentialSource, readCredentials, type WireRequest } from '../core/credentials';
import { signature } from '../core/signature';

export type Method = 'GET' | 'POST';
export type Params = Readonly<Record<string, string | number | boolean>>;

/** How long after its timestamp Bybit still accepts a request. */
export const RECV_WINDOW_MS = 5_000;
/** How long the signature of a socket holds before it is used; 10 s bear a clock that is a little off. */
const AUTH_AHEAD_MS = 10_000;

/** Signs for one account; the key is read for each signature and never shown. */
export class Signer {
  readonly #source: CredentialSource;
  readonly #now: () => number;
  readonly #ccxt: CcxtSigner;

  /** `base` serves /v5; `now` is the venue's clock in ms, as well as we know it. */
  constructor(source: CredentialSource, base: string, now: () => number) {
    this.#source = source;
    this.#now = now;
    const options = {
      urls: { api: { private: base } },
      options: { recvWindow: RECV_WINDOW_MS },
    };
    this.#ccxt = new CcxtSigner('bybit', options, source);
  }

  /** A signed REST request, made by ccxt from its endpoint table. @throws NoCredentials */
  async rest(method: Method, path: string, params: Params): Promise<WireRequest> {
    const request = await this.#ccxt.sign('private', method, path, params, this.#now);
    // ccxt names itself as the broker of every order. No order of a user is another's business.
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name !== 'Referer'),
    );
    return { ...request, headers };
  }

  /** The frame that signs a socket in. @throws NoCredentials */
  async socket(reqId: string): Promise<string> {
    const { apiKey, secret } = await readCredentials(this.#source);
    const expires = Math.round(this.#now()) + AUTH_AHEAD_MS;
    return JSON.stringify({
      req_id: reqId,
      op: 'auth',
      args: [apiKey, expires, socketSignature(secret, expires)],
    });
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
}

export const socketSignature = (secret: string, expires: number): string =>
  signature(secret, `GET/realtime${expires}`);
