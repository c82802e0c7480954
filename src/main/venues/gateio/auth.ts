import { createHmac } from 'node:crypto';
import { CcxtSigner } from '../core/ccxt-signer';
import { type CredentialSource, readCredentials, type WireRequest } from '../core/credentials';
import type { Endpoints } from './endpoints';

export type Method = 'GET' | 'POST' | 'DELETE';
export type Section = 'spot' | 'futures';
export type Params = Readonly<Record<string, unknown>>;

/** How long after it was signed Gate may still act on an order of ours (X-Gate-Exptime). */
export const EXPIRY_MS = 5_000;

/** `auth` of one private subscription. */
export interface ChannelAuth {
  readonly method: 'api_key';
  readonly KEY: string;
  readonly SIGN: string;
}

/** Signs for one account; the key is read for each signature and never shown. */
export class Signer {
  readonly #source: CredentialSource;
  readonly #now: () => number;
  readonly #ccxt: CcxtSigner;

  /** `now` is the venue's clock in ms, as well as we know it. */
  constructor(source: CredentialSource, endpoints: Endpoints, now: () => number) {
    this.#source = source;
    this.#now = now;
    const base = `${endpoints.rest}/api/v4`;
    this.#ccxt = new CcxtSigner(
      'gate',
      { urls: { api: { private: { spot: base, futures: base } } } },
      source,
    );
  }

  /** A signed REST request, made by ccxt from its endpoint table. @throws NoCredentials */
  rest(section: Section, method: Method, path: string, params: Params): Promise<WireRequest> {
    return this.#ccxt.sign(['private', section], method, path, params, this.#now);
  }

  /** Proves one subscription; each private channel is subscribed with its own. @throws NoCredentials */
  async channel(channel: string, event: string, timeSeconds: number): Promise<ChannelAuth> {
    const { apiKey, secret } = await readCredentials(this.#source);
    return { method: 'api_key', KEY: apiKey, SIGN: channelSignature(secret, channel, event, timeSeconds) };
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
}

/** HMAC-SHA512 in hex over channel, event and time in seconds; the payload is not part of it. */
export const channelSignature = (
  secret: string,
  channel: string,
  event: string,
  timeSeconds: number,
): string =>
  createHmac('sha512', secret).update(`channel=${channel}&event=${event}&time=${timeSeconds}`).digest('hex');
