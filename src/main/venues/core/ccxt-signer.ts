import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type CredentialSource, readCredentials, type WireRequest } from './credentials';

/** The part of a ccxt exchange that we use: its endpoint table and its signatures. It never sends anything for us. */
export interface CcxtExchange {
  apiKey: string;
  secret: string;
  password: string;
  walletAddress: string;
  privateKey: string;
  nonce: () => number;
  milliseconds: () => number;
  sign(
    path: string,
    family: unknown,
    method: string,
    params: Record<string, unknown> | unknown[],
  ): {
    url: string;
    method: string;
    headers: Record<string, string> | undefined;
    body: string | undefined;
  };
  /** Hyperliquid alone: signs an action with `privateKey`. The vault's address goes without 0x. */
  signL1Action?(
    action: object,
    nonce: number,
    vaultAddress: string | undefined,
    expiresAfter: number | undefined,
  ): { readonly r: string; readonly s: string; readonly v: number };
}
type CcxtClass = new (options: object) => CcxtExchange;

/** ccxt's ids of our six exchanges. */
export type CcxtId = 'binance' | 'bybit' | 'mexc' | 'gate' | 'bitget' | 'hyperliquid';

const KEY_FIELDS = ['apiKey', 'secret', 'password', 'walletAddress', 'privateKey'] as const;

const classes = new Map<CcxtId, Promise<CcxtClass>>();

/** Loads one exchange's class ahead of time, so that the first order does not wait for megabytes of code. */
export function loadCcxtClass(id: CcxtId): Promise<CcxtClass> {
  let loading = classes.get(id);
  if (loading === undefined) {
    loading = importClass(id);
    classes.set(id, loading);
  }
  return loading;
}

/**
 * ccxt's whole index costs 100 MB and 0.4 s, one exchange's class alone 33 MB and 0.1 s. Its export map names only
 * the index, so the file beside it is found by path; where that layout changes, the index still serves.
 */
async function importClass(id: CcxtId): Promise<CcxtClass> {
  try {
    const index = createRequire(import.meta.url).resolve('ccxt');
    const file = new URL(`../js/src/${id}.js`, pathToFileURL(index)).href;
    return ((await import(/* @vite-ignore */ file)) as { default: CcxtClass }).default;
  } catch {
    return (await import('ccxt'))[id] as unknown as CcxtClass;
  }
}

/**
 * Signs REST calls of one account with ccxt and shows the key to nobody: it is read from the source for each
 * signature, and printing or serialising the signer yields no part of it.
 */
export class CcxtSigner {
  readonly #id: CcxtId;
  readonly #options: object;
  readonly #source: CredentialSource;
  #exchange: Promise<CcxtExchange> | null = null;

  /** `options` goes to ccxt's constructor: urls of the endpoint table, receive window. */
  constructor(id: CcxtId, options: object, source: CredentialSource) {
    this.#id = id;
    this.#options = options;
    this.#source = source;
  }

  /** `family` and `path` as in ccxt's endpoint table; a list is a body that is a list; `now` is the venue's clock in ms. @throws NoCredentials */
  async sign(
    family: unknown,
    method: string,
    path: string,
    params: Readonly<Record<string, unknown>> | readonly unknown[],
    now: () => number,
  ): Promise<WireRequest> {
    return this.withKey((exchange) => {
      exchange.nonce = now;
      exchange.milliseconds = now;
      const request = exchange.sign(path, family, method, copyOf(params));
      return {
        url: request.url,
        method: request.method,
        headers: request.headers ?? {},
        body: request.body === '' ? undefined : request.body,
      };
    });
  }

  /** Runs with the account's key in place; before and after it the exchange holds none. @throws NoCredentials */
  async withKey<T>(run: (exchange: CcxtExchange) => T): Promise<T> {
    const exchange = await this.#load();
    const { apiKey, secret, passphrase } = await readCredentials(this.#source);
    Object.assign(exchange, {
      apiKey,
      secret,
      password: passphrase ?? '',
      walletAddress: apiKey,
      privateKey: secret,
    });
    try {
      return run(exchange);
    } finally {
      for (const name of KEY_FIELDS) exchange[name] = '';
    }
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }

  #load(): Promise<CcxtExchange> {
    this.#exchange ??= loadCcxtClass(this.#id).then(
      (Exchange) => new Exchange({ enableRateLimit: false, ...this.#options }),
    );
    return this.#exchange;
  }
}

/** ccxt writes into what it signs. */
const copyOf = (params: Readonly<Record<string, unknown>> | readonly unknown[]) =>
  Array.isArray(params) ? [...(params as readonly unknown[])] : { ...(params as Record<string, unknown>) };
