export type VaultErrorCode =
  | 'locked'
  | 'refused'
  | 'wrong-passphrase'
  | 'unreadable'
  | 'no-answer'
  | 'failed';

/** Says in words what is wrong with the vault and what to do; never carries any part of a secret. */
export class VaultError extends Error {
  constructor(
    readonly code: VaultErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'VaultError';
  }
}
