import { createHmac } from 'node:crypto';
import { CcxtSigner } from '../core/ccxt-signer';
import { type CredentialSource, readCredentials, type WireRequest } from '../core/credentials';
import { type Endpoints, isDemo } from './endpoints';

export type Method = 'GET' | 'POST';
export type Params = Readonly<Record<string, unknown>>;

/** How long before or after its timestamp Bitget accepts a request; it is not adjustable. */
export const TIMESTAMP_WINDOW_MS = 30_000;

/** Signs for one account; the key is read for each signature and never shown. */
export class Signer {
  readonly #source: CredentialSource;
  readonly #now: () => number;
  readonly #ccxt: CcxtSigner;
  readonly #demo: boolean;

  /** `now` is the venue's clock in ms, as well as we know it. */
  constructor(source: CredentialSource, endpoints: Endpoints, now: () => number) {
    this.#source = source;
    this.#now = now;
    this.#demo = isDemo(endpoints);
    const options = { urls: { api: { spot: endpoints.rest, mix: endpoints.rest, uta: endpoints.rest } } };
    this.#ccxt = new CcxtSigner('bitget', options, source);
  }

  /** A signed REST request, made by ccxt: `path` without "/api/". @throws NoCredentials */
  async rest(method: Method, path: string, params: Params): Promise<WireRequest> {
    const request = await this.#ccxt.sign(['private', 'mix'], method, path, params, this.#now);
    return { ...request, headers: ours(request.headers, this.#demo) };
  }

  /** The frame that signs in on a private socket. @throws NoCredentials */
  async login(): Promise<string> {
    const { apiKey, secret, passphrase } = await readCredentials(this.#source);
    // Seconds: the documentation's prose says milliseconds, its code and all that work send seconds.
    const timestamp = String(Math.floor(this.#now() / 1000));
    const args = [
      { apiKey, passphrase: passphrase ?? '', timestamp, sign: loginSignature(secret, timestamp) },
    ];
    return JSON.stringify({ op: 'login', args });
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
}

/** ccxt adds a broker's code of its own to every request; a user of ours trades for nobody else. */
function ours(headers: WireRequest['headers'], demo: boolean): WireRequest['headers'] {
  const { 'X-CHANNEL-API-CODE': _broker, ...rest } = headers;
  return demo ? { ...rest, paptrading: '1' } : rest;
}

/** Base64 of HMAC-SHA256 over timestamp, "GET" and "/user/verify". */
export const loginSignature = (secret: string, timestamp: string): string =>
  createHmac('sha256', secret).update(`${timestamp}GET/user/verify`).digest('base64');
