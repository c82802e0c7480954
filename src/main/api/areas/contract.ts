import { implement } from '@orpc/server';
import { contract } from '#shared/contract/index';

/** Who calls: one id per open window, so that windows do not share what they watch. */
export interface CallContext {
  readonly window: string;
}

/** The contract, waiting for its handlers. */
export const os = implement(contract).$context<CallContext>();

/** Words of whatever was thrown, for a declared error's data. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** exactOptionalPropertyTypes: a key that zod parsed as undefined must be absent for the store. */
export function clean<T extends object>(input: T) {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== ''),
  ) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
