/** What the vault hands out for one account. Held only for the moment of signing. */
export interface Credentials {
  /** Hyperliquid: the address of the account, which is no secret. */
  readonly apiKey: string;
  /** Hyperliquid: the private key of the wallet that may sign for it. */
  readonly secret: string;
  /** Bitget alone asks for one. */
  readonly passphrase?: string;
}
/** Reads the key anew each time; null when none is stored or the vault is locked. */
export type CredentialSource = () => Credentials | null | Promise<Credentials | null>;

/** A request ready for the wire. */
export interface WireRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** No key for the venue, or the vault is locked. */
export class NoCredentials extends Error {
  constructor() {
    super('no key is stored for this exchange');
    this.name = 'NoCredentials';
  }
}

/** @throws NoCredentials */
export async function readCredentials(source: CredentialSource): Promise<Credentials> {
  const credentials = await source();
  if (credentials === null) throw new NoCredentials();
  return credentials;
}
