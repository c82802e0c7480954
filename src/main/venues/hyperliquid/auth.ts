import { CcxtSigner } from '../core/ccxt-signer';
import { type CredentialSource, readCredentials } from '../core/credentials';
import { chainOf, type Endpoints } from './endpoints';

/** What an action asks for; the order of its keys is part of what is signed. */
export type Action = Readonly<Record<string, unknown>> & { readonly type: string };

export interface SignedAction {
  readonly action: Action;
  readonly nonce: number;
  readonly signature: { readonly r: string; readonly s: string; readonly v: number };
  readonly expiresAfter?: number;
}

/** How long after its signature the exchange still acts on an order. */
export const EXPIRES_AFTER_MS = 5_000;

/**
 * Signs actions of one account. The key of a Hyperliquid account has two halves: the account's address, which suffices
 * to read everything, and the private key of a wallet that may sign for it.
 */
export class Signer {
  readonly #source: CredentialSource;
  readonly #ccxt: CcxtSigner;
  #lastNonce = 0;

  constructor(source: CredentialSource, endpoints: Endpoints) {
    this.#source = source;
    const options = { options: { sandboxMode: chainOf(endpoints) === 'Testnet' } };
    this.#ccxt = new CcxtSigner('hyperliquid', options, source);
  }

  /**
   * The account's address in small letters, as the exchange compares it.
   * @throws NoCredentials, Error in words for what is no address
   */
  async address(): Promise<string> {
    const { apiKey } = await readCredentials(this.#source);
    const address = apiKey.trim().toLowerCase();
    if (!/^0x[0-9a-f]{40}$/.test(address))
      throw new Error('the account address must be 0x and 40 hex digits; copy it from the exchange again');
    return address;
  }

  /**
   * An action as /exchange takes it; `now` is the venue's clock in ms. Where an action may come late, `expiresAfterMs`
   * makes the exchange drop it.
   * @throws NoCredentials, Error in words for a private key that is none
   */
  async sign(action: Action, now: number, expiresAfterMs: number | null): Promise<SignedAction> {
    const { secret } = await readCredentials(this.#source);
    if (!/^(0x)?[0-9a-fA-F]{64}$/.test(secret.trim()))
      throw new Error('the private key of the signing wallet must be 64 hex digits, with or without 0x');
    const nonce = this.#nextNonce(now);
    const expiresAfter = expiresAfterMs === null ? undefined : Math.round(now + expiresAfterMs);
    return this.#ccxt.withKey((exchange) => {
      exchange.privateKey = exchange.privateKey.trim();
      // The member is there in every ccxt that knows the exchange; without it nothing may leave.
      if (exchange.signL1Action === undefined) throw new Error('this ccxt cannot sign for Hyperliquid');
      const signature = exchange.signL1Action(action, nonce, undefined, expiresAfter);
      return { action, nonce, signature, ...(expiresAfter === undefined ? {} : { expiresAfter }) };
    });
  }

  /** Each is used once: the exchange keeps the 100 highest of a signer and refuses a known one. */
  #nextNonce(now: number): number {
    this.#lastNonce = Math.max(this.#lastNonce + 1, Math.round(now));
    return this.#lastNonce;
  }

  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
}
