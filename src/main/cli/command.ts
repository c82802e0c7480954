import type { Seams } from '../seams/index';

export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
  readonly seams: Seams;
  /** What is piped into the process, in whatever blocks it comes. */
  readonly input: AsyncIterable<string | Uint8Array>;
  /** Resolves when the person asks the process to stop. */
  readonly untilStopped: Promise<void>;
}

/** A command's exit code: 0 done, 1 failed, 2 wrong usage. */
export type Command = (argv: string[], io: CommandIo) => Promise<0 | 1 | 2>;

/** Wrong usage, in words; shown with the command's usage text. */
export class UsageError extends Error {}
