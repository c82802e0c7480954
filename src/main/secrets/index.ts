export { lastFour, Secret } from './secret';
export * from './types';
export { createVault, type VaultOptions } from './vault';
export { VaultError, type VaultErrorCode } from './vault-error';
