import { createHmac } from 'node:crypto';
import { CcxtSigner } from '../core/ccxt-signer';
import { type CredentialSource, readCredentials, type WireRequest } from '../core/credentials';
import type { Endpoints } from './endpoints';

export type SignedFamily = 'spot' | 'contract';
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Params = Readonly<Record<string, string | number | boolean>>;

/** How long after its timestamp MEXC still accepts a request: said in each spot call, in seconds on futures. */
export const RECV_WINDOW_MS = { spot: 5_000, future: 10_000 } as const;

/** Signs for one account; the key is read for each signature and never shown. */
export class Signer {
  readonly #source: CredentialSource;
  readonly #now: () => number;
  readonly #ccxt: CcxtSigner;

  /** `now` is the venue's clock in ms, as well as we know it. */
  constructor(source: CredentialSource, endpoints: Endpoints, now: () => number) {
    this.#source = source;
    this.#now = now;
    const { spotRest, futureRest } = endpoints;
    const api = {
      spot: { public: spotRest, private: spotRest },
      contract: { public: `${futureRest}/api/v1/contract`, private: `${futureRest}/api/v1/private` },
    };
    this.#ccxt = new CcxtSigner(
      'mexc',
      { urls: { api }, options: { recvWindow: RECV_WINDOW_MS.spot } },
      source,
    );
  }

  /** A signed REST request, made by ccxt from its endpoint table. A list is a body of futures. @throws NoCredentials */
  async rest(
    family: SignedFamily,
    method: Method,
    path: string,
    params: Params | readonly unknown[],
  ): Promise<WireRequest> {
    const request = await this.#ccxt.sign([family, 'private'], method, path, params, this.#now);
    // ccxt names itself as the broker of every order; it is not part of what is signed.
    const { source: _broker, ...headers } = request.headers;
    if (family === 'spot') return { ...request, headers };
    return { ...request, headers: { ...headers, 'Recv-Window': String(RECV_WINDOW_MS.future / 1_000) } };
  }

  /** The frame that signs a futures socket in. @throws NoCredentials */
  async login(): Promise<string> {
    const { apiKey, secret } = await readCredentials(this.#source);
    const reqTime = String(this.#now());
    const param = { apiKey, reqTime, signature: signature(secret, apiKey + reqTime) };
    return JSON.stringify({ method: 'login', subscribe: true, param });
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
}

/** HMAC-SHA256 in lower-case hex. */
export const signature = (secret: string, payload: string): string =>
  createHmac('sha256', secret).update(payload).digest('hex');
