import { createHmac, createPrivateKey, sign as signBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Endpoints } from './endpoints';

/** What the vault hands out for one account. Held only for the moment of signing. */
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}
/** Reads the key anew each time; null when none is stored or the vault is locked. */
export type CredentialSource = () => Credentials | null | Promise<Credentials | null>;

/** A request ready for the wire. */
export interface SignedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export type SignedFamily = 'private' | 'fapiPrivate' | 'fapiPrivateV2' | 'fapiPrivateV3';
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Params = Readonly<Record<string, string>>;

/** How long after `timestamp` Binance still accepts a request. */
export const RECV_WINDOW_MS = 5_000;

interface CcxtBinance {
  apiKey: string;
  secret: string;
  nonce: () => number;
  sign(
    path: string,
    family: string,
    method: string,
    params: Record<string, string>,
  ): {
    url: string;
    method: string;
    headers: Record<string, string> | undefined;
    body: string | undefined;
  };
}

/** No key for the venue, or the vault is locked. */
export class NoCredentials extends Error {
  constructor() {
    super('no key is stored for this exchange');
    this.name = 'NoCredentials';
  }
}

/**
 * Signs for one account and shows the key to nobody: it is read from the source for each signature, and printing
 * or serialising the signer yields no part of it.
 */
export class Signer {
  readonly #source: CredentialSource;
  readonly #endpoints: Endpoints;
  readonly #now: () => number;
  #ccxt: Promise<CcxtBinance> | null = null;

  /** `now` is the venue's clock in ms, as well as we know it. */
  constructor(source: CredentialSource, endpoints: Endpoints, now: () => number) {
    this.#source = source;
    this.#endpoints = endpoints;
    this.#now = now;
  }

  /** A signed REST request, made by ccxt from its endpoint table. @throws NoCredentials */
  async rest(family: SignedFamily, method: Method, path: string, params: Params): Promise<SignedRequest> {
    const ccxt = await this.#loadCcxt();
    const { apiKey, secret } = await this.#read();
    ccxt.apiKey = apiKey;
    ccxt.secret = secret;
    try {
      const request = ccxt.sign(path, family, method, { ...params });
      return {
        url: request.url,
        method: request.method,
        headers: request.headers ?? {},
        body: request.body === '' ? undefined : request.body,
      };
    } finally {
      ccxt.apiKey = '';
      ccxt.secret = '';
    }
  }

  /** Parameters of a WS-API request with `apiKey`, `timestamp`, `recvWindow` and `signature`. @throws NoCredentials */
  async wsApi(params: Readonly<Record<string, string | number>>): Promise<Record<string, string | number>> {
    const { apiKey, secret } = await this.#read();
    const all = { ...params, apiKey, recvWindow: RECV_WINDOW_MS, timestamp: this.#now() };
    return { ...all, signature: signature(secret, wsApiPayload(all)) };
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }

  async #read(): Promise<Credentials> {
    const credentials = await this.#source();
    if (credentials === null) throw new NoCredentials();
    return credentials;
  }

  #loadCcxt(): Promise<CcxtBinance> {
    binanceClass ??= loadBinanceClass();
    this.#ccxt ??= binanceClass.then((Binance) => {
      const ccxt = new Binance({
        enableRateLimit: false,
        urls: { api: restUrls(this.#endpoints) },
        options: { recvWindow: RECV_WINDOW_MS },
      });
      ccxt.nonce = this.#now;
      return ccxt;
    });
    return this.#ccxt;
  }
}

let binanceClass: ReturnType<typeof loadBinanceClass> | null = null;

/** Loads what signs ahead of time, so that the first order does not wait for 33 MB of code. */
export async function prepareSigning(): Promise<void> {
  binanceClass ??= loadBinanceClass();
  await binanceClass;
}

/**
 * ccxt's whole index costs 100 MB and 0.4 s, its Binance class alone 33 MB and 0.1 s. Its export map names only
 * the index, so the file beside it is found by path; where that layout changes, the index still serves.
 */
async function loadBinanceClass(): Promise<new (options: object) => CcxtBinance> {
  try {
    const index = createRequire(import.meta.url).resolve('ccxt');
    const file = new URL('../js/src/binance.js', pathToFileURL(index)).href;
    const loaded = (await import(/* @vite-ignore */ file)) as {
      default: new (options: object) => CcxtBinance;
    };
    return loaded.default;
  } catch {
    const index = await import('ccxt');
    return index.binance as unknown as new (
      options: object,
    ) => CcxtBinance;
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

/** HMAC-SHA256 in hex for a plain secret; base64 for an RSA or Ed25519 private key in PEM. */
export function signature(secret: string, payload: string): string {
  if (!secret.includes('PRIVATE KEY')) return createHmac('sha256', secret).update(payload).digest('hex');
  const key = createPrivateKey(secret);
  const digest = key.asymmetricKeyType === 'rsa' ? 'sha256' : null;
  return signBytes(digest, Buffer.from(payload), key).toString('base64');
}
