import type { VaultStatus } from '#shared/contract/keys';
import type { Vault } from '../secrets/index';

/** What may be said about the vault and its keys; secrets never pass through here. */
export async function vaultStatus(vault: Vault): Promise<VaultStatus> {
  return { driver: vault.driver, locked: vault.locked, note: vault.note, keys: await vault.list() };
}
