import type { Seams } from '../seams/index';

export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
  readonly seams: Seams;
  /** Resolves when the person asks the process to stop. */
  readonly untilStopped: Promise<void>;
}

/** A command's exit code: 0 done, 1 failed, 2 wrong usage. */
export type Command = (argv: string[], io: CommandIo) => Promise<0 | 1 | 2>;
