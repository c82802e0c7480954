import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { UnixMs } from '../domain/basics';
import { Mode } from '../domain/exchange';

const Name = z
  .string()
  .regex(/^([a-z]{3,12}_(spot|future)|signals)$/, 'must be a venue like binance_future, or signals');
const Text = z
  .string()
  .min(1)
  .max(10_000)
  .refine((value) => !/[\r\n\0]/.test(value.trim()), 'must be one line')
  .transform((value) => value.trim());

/** What may be said about a stored key. The key itself never leaves main. */
export interface KeyInfo {
  readonly name: string;
  readonly last4: string;
  readonly mode: Mode;
  readonly storedAt: UnixMs;
}
export interface VaultStatus {
  readonly driver: 'keychain' | 'passphrase' | 'none';
  readonly locked: boolean;
  /** Why there is no vault or why it is locked, and the next step. */
  readonly note: string | null;
  readonly keys: readonly KeyInfo[];
}

export const keys = {
  stream: oc.output(eventIterator(type<VaultStatus>())),
  /** `secret` is the token when name is 'signals' (apiKey then repeats its label). */
  store: oc
    .input(z.object({ name: Name, apiKey: Text, secret: Text, passphrase: Text.optional(), mode: Mode }))
    .output(type<KeyInfo>())
    .errors({ REFUSED: { data: type<{ readonly why: string }>() } }),
  remove: oc.input(z.object({ name: Name })).output(type<null>()),
  /** Opens the passphrase vault, creating it the first time. */
  unlock: oc
    .input(z.object({ passphrase: z.string().min(8).max(1000) }))
    .output(type<VaultStatus>())
    .errors({ REFUSED: { data: type<{ readonly why: string }>() } }),
};
